"""What the form of a facture shows: rows as typed, their computed amounts, the totals beside."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from cordeau.chantiers.queries import FiltresChantier, list_chantiers, list_clients_proposes
from cordeau.core.errors import SaisieError
from cordeau.core.listing import LIMITE_MAX, Demande
from cordeau.core.money import ZERO
from cordeau.devis.rules import Chiffrage
from cordeau.devis.states import UNITES, TypeLigne
from cordeau.entreprise.taux import TAUX_TVA
from cordeau.facturation.commands.brouillon import chiffrer_saisie
from cordeau.facturation.etapes import nom_du_document
from cordeau.facturation.forms import FactureForm, LigneForm, erreurs_de
from cordeau.facturation.models import Facture
from cordeau.web import formats
from cordeau.web.templating import rendre

#: Blank rows offered: all that a page without script can add at once.
VIERGES = 3
TAUX = tuple(formats.saisie(t.taux) for t in TAUX_TVA)
TYPES: Mapping[TypeLigne, str] = {
    TypeLigne.LIGNE: "Ligne",
    TypeLigne.LOT: "Lot",
    TypeLigne.TEXTE: "Texte",
    TypeLigne.SOUS_TOTAL: "Sous-total",
}
RUBRIQUE = "factures"


@dataclass(frozen=True, slots=True)
class LigneVue:
    """A row of the grid: what was typed, what was computed of it, what is wrong with it."""

    form: LigneForm
    montant: str = ""
    #: Messages by field: quantite, prixUnitaireHT…
    erreurs: Mapping[str, str] = field(default_factory=dict)


def rendre_editeur(
    request: Request,
    session: Session,
    form: FactureForm,
    lignes: Sequence[LigneForm],
    *,
    facture: Facture | None = None,
    refus: SaisieError | None = None,
) -> Response:
    """The form of a free facture, with what was typed when it was refused."""
    erreurs = erreurs_de(refus) if refus else {}
    chiffrage = None if refus else _chiffrer(form, lignes)
    return rendre(
        request,
        "facturation/editeur.html",
        status_code=200 if refus is None else refus.status,
        rubrique=RUBRIQUE,
        facture=facture,
        nom=nom_du_document(facture) if facture else "Nouvelle facture",
        form=form,
        lignes=list(_vues(lignes, chiffrage, erreurs)),
        vierges=[LigneVue(LigneForm())] * (VIERGES if not lignes else 1),
        erreurs=erreurs,
        totaux=totaux_affiches(chiffrage) if chiffrage else [],
        clients=list_clients_proposes(session, form.client_choisi),
        chantiers=list_chantiers_proposes(session, form.client_choisi),
        unites=[(unite.value, libelle) for unite, (libelle, _code) in UNITES.items()],
        taux=TAUX,
        types=list(TYPES.items()),
    )


def rendre_refus(
    request: Request,
    session: Session,
    form: FactureForm,
    refus: SaisieError,
    *,
    facture: Facture | None = None,
) -> Response:
    """The form again, as it was typed, with what is to correct."""
    try:
        lignes = form.lignes()
    except SaisieError:
        lignes = []
    return rendre_editeur(request, session, form, lignes, facture=facture, refus=refus)


def rendre_termes(
    request: Request,
    facture: Facture,
    form: FactureForm,
    *,
    refus: SaisieError | None = None,
) -> Response:
    """The terms and references of a draft whose rows come from a devis or a facture."""
    return rendre(
        request,
        "facturation/termes.html",
        status_code=200 if refus is None else refus.status,
        rubrique=RUBRIQUE,
        facture=facture,
        nom=nom_du_document(facture),
        form=form,
        erreurs=erreurs_de(refus) if refus else {},
    )


def montants_par_rang(lignes: Sequence[LigneForm], chiffrage: Chiffrage) -> list[str]:
    """The amount of each row sent, blank rows included."""
    rangees = iter(chiffrage.lignes)
    return ["" if ligne.est_vierge else _ecrit(next(rangees).montant_ht) for ligne in lignes]


def totaux_affiches(chiffrage: Chiffrage) -> list[dict[str, Any]]:
    """The totals as the panel shows them, term by term."""
    totaux = chiffrage.totaux
    termes: list[tuple[str, Decimal, str]] = []
    if totaux.remise_ht:
        termes.append(("Total avant remise", totaux.lignes_ht, ""))
        termes.append(("Remise", -totaux.remise_ht, ""))
    termes.append(("Total HT", totaux.montant_ht, "fort"))
    termes += [(f"TVA {formats.taux(t.taux)}", t.montant_tva, "") for t in totaux.par_taux]
    termes.append(("Total TTC", totaux.montant_ttc, "grand"))
    return [
        {"terme": terme, "valeur": formats.montant(valeur), "classe": classe}
        for terme, valeur, classe in termes
    ]


def _chiffrer(form: FactureForm, lignes: Sequence[LigneForm]) -> Chiffrage | None:
    """The amounts of a draft as it was last saved; none for a facture not begun."""
    if not lignes:
        return None
    noms = [champ.name for champ in fields(LigneForm)]
    colonnes = {f"ligne_{nom}": [getattr(ligne, nom) for ligne in lignes] for nom in noms}
    saisie = form.model_copy(update=colonnes).saisie()
    return chiffrer_saisie(saisie, saisie.taux_tva or ZERO)


def _vues(
    lignes: Sequence[LigneForm], chiffrage: Chiffrage | None, erreurs: Mapping[str, str]
) -> Iterator[LigneVue]:
    for rang, ligne in enumerate(lignes):
        montant = _ecrit(chiffrage.lignes[rang].montant_ht) if chiffrage else ""
        prefixe = f"lignes[{rang}]."
        fautes = {c.removeprefix(prefixe): m for c, m in erreurs.items() if c.startswith(prefixe)}
        yield LigneVue(ligne, montant, fautes)


def _ecrit(montant: Decimal | None) -> str:
    return "" if montant is None else formats.nombre(montant)


def list_chantiers_proposes(session: Session, client_id: UUID | None) -> list[tuple[str, str]]:
    """The chantiers a facture may name: the latest of its client, or of everybody."""
    filtres = FiltresChantier(client_id=client_id)
    page = list_chantiers(session, Demande(limite=LIMITE_MAX), filtres)
    return [(str(c.id), f"{c.code} · {c.nom} · {c.client.nom}") for c in page.elements]
