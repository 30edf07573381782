"""What the editor's page shows: rows as typed, their computed amounts, the panel beside them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from cordeau.chantiers.queries import FiltresChantier, list_chantiers, list_clients_proposes
from cordeau.core.dates import aujourd_hui
from cordeau.core.errors import DomainError, SaisieError
from cordeau.core.listing import LIMITE_MAX, Demande
from cordeau.core.money import ZERO
from cordeau.devis import queries
from cordeau.devis.controle import controler
from cordeau.devis.forms import AU_DESSUS, DevisForm, LigneForm, erreurs_de, niveaux
from cordeau.devis.models import Devis
from cordeau.devis.rules import Chiffrage
from cordeau.devis.states import UNITES, StatutDevis, TypeLigne
from cordeau.entreprise.queries import entreprise_or_blank
from cordeau.entreprise.taux import TAUX_TVA
from cordeau.web.formats import saisie
from cordeau.web.templating import rendre

#: « lignes[2].quantite ».
LIGNE = re.compile(r"lignes\[(\d+)\]")
#: Rows offered to a page without script.
VIERGES = 3
TAUX = tuple(saisie(t.taux) for t in TAUX_TVA)
LIBELLES_TYPES: Mapping[TypeLigne, str] = {
    TypeLigne.LIGNE: "Ligne",
    TypeLigne.LOT: "Lot",
    TypeLigne.TEXTE: "Texte",
    TypeLigne.SOUS_TOTAL: "Sous-total",
    TypeLigne.OPTION: "Option",
}


@dataclass(frozen=True, slots=True)
class LigneVue:
    """A row of the grid: what was typed, what was computed of it, what is wrong with it."""

    form: LigneForm
    niveau: int = 0
    numero: str = ""
    montant_ht: Decimal | None = None
    #: Messages by field: quantite, prixUnitaireHT…
    erreurs: Mapping[str, str] = field(default_factory=dict)


def rendre_editeur(
    request: Request,
    session: Session,
    devis: Devis,
    *,
    form: DevisForm | None = None,
    refus: DomainError | None = None,
) -> Response:
    """The editor, with what was typed when it was refused; read only once accepted."""
    chiffrage = queries.chiffrer_devis(devis)
    tape = form if form is not None and not form.est_court else None
    erreurs = erreurs_de(refus) if isinstance(refus, SaisieError) else {}
    fige = devis.statut == StatutDevis.ACCEPTE
    contexte: dict[str, Any] = {"chiffrage": chiffrage, "unites": UNITES}
    if not fige:
        contexte = {
            "erreurs": erreurs,
            "resume": _resumer(erreurs),
            "points": controler(devis, chiffrage, entreprise_or_blank(session), aujourd_hui()),
            **_grille(devis, chiffrage, tape, erreurs),
            **choix(session, devis, tape),
        }
    return rendre(
        request,
        "devis/fige.html" if fige else "devis/modifier.html",
        status_code=200 if refus is None else refus.status,
        rubrique="devis",
        devis=devis,
        refus=refus,
        **contexte,
    )


def _grille(
    devis: Devis, chiffrage: Chiffrage, tape: DevisForm | None, erreurs: Mapping[str, str]
) -> dict[str, Any]:
    """The rows and the totals: those of the devis, or what was typed, not yet computed."""
    return {
        "form": tape or DevisForm.lire(devis),
        "lignes": _lignes_tapees(tape, erreurs) if tape else _lignes_du_devis(devis, chiffrage),
        "chiffrage": None if tape else chiffrage,
        "lots": [] if tape else marges_des_lots(chiffrage),
        "vierges": [LigneVue(LigneForm(parent=AU_DESSUS))] * VIERGES,
        "modeles_de_ligne": [LigneVue(LigneForm(type=genre)) for genre in TypeLigne],
    }


def choix(session: Session, devis: Devis, tape: DevisForm | None) -> dict[str, Any]:
    """What the lists of the page propose."""
    client_id = (tape.client_choisi if tape else None) or devis.client_id
    return {
        "clients": list_clients_proposes(session, client_id),
        "chantiers": _chantiers(session, devis, client_id),
        "unites": [(unite.value, libelle) for unite, (libelle, _code) in UNITES.items()],
        "taux": TAUX,
        "types_de_ligne": list(LIBELLES_TYPES.items()),
        "zero": ZERO,
    }


def marges_des_lots(chiffrage: Chiffrage) -> list[tuple[str, Decimal | None, Decimal]]:
    """Each top-level lot by name, with its margin in percent and in euros."""
    noms = {r.saisie.cle: f"{r.numero} {r.saisie.designation}" for r in chiffrage.lignes}
    return [
        (noms[cle], marge.taux, marge.montant) for cle, marge in chiffrage.marge_par_lot.items()
    ]


def _chantiers(session: Session, devis: Devis, client_id: UUID) -> list[tuple[str, str]]:
    """The chantiers a devis may name: the latest of its client, and its own."""
    filtres = FiltresChantier(client_id=client_id)
    page = list_chantiers(session, Demande(limite=LIMITE_MAX), filtres)
    proposes = {chantier.id: chantier for chantier in page.elements}
    if devis.chantier is not None and devis.client_id == client_id:
        proposes[devis.chantier.id] = devis.chantier
    return [(str(cle), f"{c.code} · {c.nom}") for cle, c in proposes.items()]


def _lignes_du_devis(devis: Devis, chiffrage: Chiffrage) -> list[LigneVue]:
    return [
        LigneVue(LigneForm.lire(ligne), rangee.niveau, rangee.numero, rangee.montant_ht)
        for ligne, rangee in zip(devis.lignes, chiffrage.lignes, strict=True)
    ]


def _lignes_tapees(form: DevisForm, erreurs: Mapping[str, str]) -> list[LigneVue]:
    """The rows as they were sent; their amounts are those of nothing yet."""
    try:
        lignes: Sequence[LigneForm] = form.lignes()
    except SaisieError:
        return []
    return [
        LigneVue(_connue(ligne), niveau, erreurs=_erreurs_de_ligne(erreurs, rang))
        for rang, (ligne, niveau) in enumerate(zip(lignes, niveaux(lignes), strict=True))
    ]


def _resumer(erreurs: Mapping[str, str]) -> list[dict[str, str]]:
    """The messages at the head of the page: a field by its name, a row by its rank."""
    resume: dict[str, dict[str, str]] = {}
    for champ, message in erreurs.items():
        trouve = LIGNE.match(champ)
        cle = f"Ligne {int(trouve[1]) + 1}" if trouve else champ
        nom = "" if trouve or champ == "lignes" else champ
        texte = f"{cle}\u00a0: {message}" if trouve else message
        resume.setdefault(cle, {"champ": nom, "message": texte})
    return list(resume.values())


def _connue(ligne: LigneForm) -> LigneForm:
    """A row of no kind we know is shown as a priced one."""
    return ligne if ligne.type in set(TypeLigne) else replace(ligne, type=TypeLigne.LIGNE)


def _erreurs_de_ligne(erreurs: Mapping[str, str], rang: int) -> dict[str, str]:
    prefixe = f"lignes[{rang}]."
    return {
        champ.removeprefix(prefixe): message
        for champ, message in erreurs.items()
        if champ.startswith(prefixe)
    }
