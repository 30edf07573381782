"""Two people wrote the same draft: what the page that compares them reads."""

from collections.abc import Iterable, Mapping

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from cordeau.chantiers.queries import list_clients_proposes
from cordeau.core.errors import SaisieError
from cordeau.core.journal import list_history
from cordeau.devis.states import LIBELLES_UNITES
from cordeau.facturation.commands.brouillon import CHAMPS_SIMPLES, est_libre
from cordeau.facturation.forms import FactureForm, LigneForm, lignes_de
from cordeau.facturation.models import Facture
from cordeau.facturation.pages.editeur import list_chantiers_proposes
from cordeau.web.conflits import OUI_NON, REMISES, Conflit, LigneLue, lire_ligne, rendre_conflit

LIBELLES: Mapping[str, str] = {
    "objet": "Objet",
    "client_id": "Client",
    "chantier_id": "Chantier",
    "date_echeance": "Échéance",
    "date_prestation": "Date des travaux",
    "reference_commande": "Référence de commande",
    "reference_acheteur": "Référence de l’acheteur",
    "taux_tva": "TVA par défaut (%)",
    "remise_type": "Remise",
    "remise_valeur": "Valeur de la remise",
    "autoliquidation": "Autoliquidation",
    "attestation_signee": "Attestation de TVA signée",
    "conditions": "Conditions",
}


def rendre(request: Request, session: Session, facture: Facture, form: FactureForm) -> Response:
    """The page of the choice, beside the draft as it is saved now."""
    libre = est_libre(facture)
    chantiers = [*list_chantiers_proposes(session, form.client_choisi)]
    chantiers += list_chantiers_proposes(session, facture.client_id)
    textes = {
        "client_id": {
            **dict(list_clients_proposes(session, form.client_choisi)),
            str(facture.client_id): facture.client.nom,
        },
        "chantier_id": dict(chantiers),
        "remise_type": REMISES,
        **dict.fromkeys(("autoliquidation", "attestation_signee"), OUI_NON),
    }
    return rendre_conflit(
        request,
        Conflit(
            quoi="ce brouillon",
            retour=f"/factures/{facture.id}/modifier",
            tape=form,
            enregistre=FactureForm.lire(facture),
            libelles=LIBELLES if libre else {nom: LIBELLES[nom] for nom in CHAMPS_SIMPLES},
            historique=list_history(session, "facture", facture.id),
            textes=textes,
            mes_lignes=_lire(_tapees(form)) if libre else (),
            leurs_lignes=_lire(lignes_de(facture)) if libre else (),
            rubrique="factures",
        ),
    )


def _tapees(form: FactureForm) -> list[LigneForm]:
    try:
        return form.lignes()
    except SaisieError:
        return []


def _lire(lignes: Iterable[LigneForm]) -> list[LigneLue]:
    return [lire_ligne(ligne, LIBELLES_UNITES) for ligne in lignes]
