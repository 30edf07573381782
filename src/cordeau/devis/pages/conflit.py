"""Two people wrote the same devis: what the page that compares them reads."""

from collections.abc import Iterable, Mapping

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from cordeau.core.errors import SaisieError
from cordeau.core.journal import list_history
from cordeau.devis.forms import DevisForm, LigneForm
from cordeau.devis.models import Devis
from cordeau.devis.pages.editeur import choix
from cordeau.devis.states import CHIFFREES, LIBELLES_UNITES
from cordeau.web.conflits import OUI_NON, REMISES, Conflit, LigneLue, lire_ligne, rendre_conflit

LIBELLES: Mapping[str, str] = {
    "objet": "Objet",
    "client_id": "Client",
    "chantier_id": "Chantier",
    "date_emission": "Émis le",
    "date_validite": "Valable jusqu’au",
    "taux_tva": "TVA par défaut (%)",
    "remise_type": "Remise",
    "remise_valeur": "Valeur de la remise",
    "autoliquidation": "Autoliquidation",
    "attestation_signee": "Attestation de TVA signée",
    "date_debut_travaux": "Début des travaux",
    "duree_travaux": "Durée des travaux",
    "hors_etablissement": "Signé chez le client",
    "dechets_quantite": "Déchets : quantité",
    "dechets_gestion": "Déchets : tri",
    "dechets_collecte": "Déchets : collecte",
    "dechets_cout": "Déchets : coût",
    "conditions": "Conditions",
}


def rendre(request: Request, session: Session, devis: Devis, form: DevisForm) -> Response:
    """The page of the choice, beside the devis as it is saved now."""
    proposes = choix(session, devis, form)
    chantier = devis.chantier
    textes = {
        "client_id": {**dict(proposes["clients"]), str(devis.client_id): devis.client.nom},
        "chantier_id": {
            **dict(proposes["chantiers"]),
            **({str(chantier.id): chantier.nom} if chantier else {}),
        },
        "remise_type": REMISES,
        **dict.fromkeys(("autoliquidation", "attestation_signee", "hors_etablissement"), OUI_NON),
    }
    return rendre_conflit(
        request,
        Conflit(
            quoi="ce devis",
            retour=f"/devis/{devis.id}/modifier",
            tape=form,
            enregistre=DevisForm.lire(devis),
            libelles=LIBELLES,
            historique=list_history(session, "devis", devis.id),
            textes=textes,
            mes_lignes=_lire(_tapees(form)),
            leurs_lignes=_lire(map(LigneForm.lire, devis.lignes)),
            rubrique="devis",
            garde=str(devis.id),
        ),
    )


def _tapees(form: DevisForm) -> list[LigneForm]:
    try:
        return form.lignes()
    except SaisieError:
        return []


def _lire(lignes: Iterable[LigneForm]) -> list[LigneLue]:
    return [lire_ligne(li, LIBELLES_UNITES, chiffree=li.type in CHIFFREES) for li in lignes]
