"""Two people changed the same thing: both versions side by side, and the choice between them.

One page for every form. It works without script: each field that differs is a choice under the
field's own name, everything else typed goes along hidden, and the form is sent again to where it
came from with the revision now saved.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any, Protocol

from fastapi import Request
from fastapi.responses import Response
from pydantic import BaseModel

from cordeau.core.errors import VersionPerimeeError
from cordeau.core.journal import Evenement
from cordeau.web.schemas import lire_nombre
from cordeau.web.templating import rendre

RIEN = "vide"
OUI_NON: Mapping[str, str] = {"1": "Oui", "": "Non"}
REMISES: Mapping[str, str] = {"": "Aucune", "POURCENTAGE": "En pour cent", "MONTANT": "En euros"}


@dataclass(frozen=True, slots=True)
class LigneLue:
    """A row of a document, as a person reads it."""

    titre: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Conflit:
    """What was typed, what is saved now, and how to read both."""

    #: « ce client », « ce devis ».
    quoi: str
    #: Where the saved version is seen.
    retour: str
    tape: BaseModel
    enregistre: BaseModel
    #: The fields a person sees, in the order of the form; the others go along.
    libelles: Mapping[str, str]
    #: The last saves, latest first.
    historique: Sequence[Evenement]
    #: Texts of the coded fields: client, kind…
    textes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    mes_lignes: Sequence[LigneLue] = ()
    leurs_lignes: Sequence[LigneLue] = ()
    rubrique: str = ""
    #: Under which name this machine keeps the typing, to be forgotten with it.
    garde: str = ""


@dataclass(frozen=True, slots=True)
class ChampVu:
    """A field that differs: both values, as sent and as read."""

    nom: str
    libelle: str
    mien: str
    sien: str
    mien_lu: str
    sien_lu: str


@dataclass(frozen=True, slots=True)
class LigneVue:
    """A row that differs; one side is absent when the row is only on the other."""

    rang: int
    mienne: LigneLue | None
    sienne: LigneLue | None


def rendre_conflit(request: Request, conflit: Conflit) -> Response:
    """The page where a person chooses (412)."""
    differents = _champs(conflit)
    choisis = {champ.nom for champ in differents}
    return rendre(
        request,
        "conflit.html",
        status_code=VersionPerimeeError.status,
        rubrique=conflit.rubrique,
        conflit=conflit,
        dernier=conflit.historique[0] if conflit.historique else None,
        champs=differents,
        lignes=aligner(conflit.mes_lignes, conflit.leurs_lignes),
        caches=_caches(conflit.tape, choisis | {"revision"}),
        revision=conflit.enregistre.model_dump()["revision"],
        adresse=request.url.path,
    )


class LigneTapee(Protocol):
    """A row of an editor, as typed."""

    @property
    def designation(self) -> str:
        """What it names."""

    @property
    def description(self) -> str:
        """The long text."""

    @property
    def quantite(self) -> str:
        """How many."""

    @property
    def unite(self) -> str:
        """The unit, by its code."""

    @property
    def prix_unitaire_ht(self) -> str:
        """The price of one."""

    @property
    def remise(self) -> str:
        """Percent taken off."""

    @property
    def taux_tva(self) -> str:
        """The VAT rate."""


def lire_ligne(ligne: LigneTapee, unites: Mapping[str, str], *, chiffree: bool = True) -> LigneLue:
    """A row as the page of the choice shows it; one that is not priced has no figures."""
    return LigneLue(
        ligne.designation.strip() or "Sans désignation",
        resumer(
            ligne.quantite if chiffree else "",
            unites.get(ligne.unite, ""),
            ligne.prix_unitaire_ht,
            ligne.remise,
            ligne.taux_tva,
            ligne.description,
        ),
    )


def resumer(quantite: str, unite: str, prix: str, remise: str, taux: str, description: str) -> str:
    """« 12 m² × 45,50 €, remise 5 %, TVA 10 % » and the long text, whatever way it was typed."""
    if not quantite.strip():
        return description.strip()
    parties = [f"{_nombre(quantite)}\u00a0{unite} × {_nombre(prix) or '…'}\u00a0€"]
    if remise.strip():
        parties.append(f"remise {_nombre(remise)}\u00a0%")
    if taux.strip():
        parties.append(f"TVA {_nombre(taux)}\u00a0%")
    chiffres = ", ".join(parties)
    return f"{chiffres} – {description.strip()}" if description.strip() else chiffres


def _nombre(texte: str) -> str:
    """The same number is written the same way."""
    try:
        return f"{Decimal(lire_nombre(texte.strip())).normalize():f}".replace(".", ",")
    except (ValueError, ArithmeticError):
        return texte.strip()


def marque(form: BaseModel) -> str:
    """What tells two states of a form apart, for what has no revision of its own."""
    contenu = form.model_dump_json(exclude={"revision"})
    return hashlib.sha256(contenu.encode()).hexdigest()[:16]


def aligner(miennes: Sequence[LigneLue], siennes: Sequence[LigneLue]) -> list[LigneVue]:
    """The rows that differ, those at the same place facing each other."""
    vues: list[LigneVue] = []
    comparees = SequenceMatcher(None, miennes, siennes, autojunk=False).get_opcodes()
    for nature, debut, fin, leur_debut, leur_fin in comparees:
        if nature == "equal":
            continue
        for pas in range(max(fin - debut, leur_fin - leur_debut)):
            mienne = miennes[debut + pas] if debut + pas < fin else None
            sienne = siennes[leur_debut + pas] if leur_debut + pas < leur_fin else None
            vues.append(LigneVue(max(debut, leur_debut) + pas + 1, mienne, sienne))
    return vues


def _champs(conflit: Conflit) -> list[ChampVu]:
    tape, enregistre = conflit.tape.model_dump(), conflit.enregistre.model_dump()
    return [
        ChampVu(
            nom,
            libelle,
            tape[nom],
            enregistre[nom],
            _lire(conflit, nom, tape[nom]),
            _lire(conflit, nom, enregistre[nom]),
        )
        for nom, libelle in conflit.libelles.items()
        if _nette(tape[nom]) != _nette(enregistre[nom])
    ]


def _nette(valeur: str) -> str:
    """Without what typing adds: a browser sends CRLF, people leave spaces."""
    return "\n".join(valeur.split("\r\n")).strip()


def _lire(conflit: Conflit, nom: str, valeur: str) -> str:
    return conflit.textes.get(nom, {}).get(valeur, valeur.strip()) or RIEN


def _caches(form: BaseModel, sauf: set[str]) -> list[tuple[str, str]]:
    """Everything typed that is not a choice, ready to be sent again; lists keep their order."""
    caches: list[tuple[str, str]] = []
    valeurs: dict[str, Any] = form.model_dump()
    for nom, valeur in valeurs.items():
        if nom not in sauf:
            caches += [(nom, v) for v in (valeur if isinstance(valeur, list) else [valeur])]
    return caches
