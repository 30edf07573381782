"""Reading the ledger again: every digest recomputed, every link followed, every anchor met.

Needs nothing but the base and public keys. What the entries tell of business rows is compared by
the contexts that own them (`Releveur`), batch by batch.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import Connection, String, select, type_coerce

from cordeau.core.registre.canonique import GENESE, empreinte_contenu, empreinte_entree
from cordeau.core.registre.models import EntreeRegistre, TeteRegistre
from cordeau.core.registre.states import Journal

#: Entries read and compared together.
LOT = 500
#: What a cell that no longer holds what it must makes of its reading.
ILLISIBLE = (AttributeError, KeyError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Anomalie:
    """One thing that is not as it was written."""

    journal: str
    #: Of the entry; 0 when the chain as a whole is meant.
    rang: int
    #: One word a program can test: `empreinte`, `trou`, `tete`, `ancre`, `ligne`…
    raison: str
    #: In French, for a person.
    detail: str


@dataclass(frozen=True, slots=True)
class Entree:
    """An entry, read and parsed."""

    journal: str
    rang: int
    evenement: str
    objet_id: str
    survenu_le: datetime
    empreinte: str
    contenu: Mapping[str, Any]


@dataclass(slots=True)
class Chaine:
    """What was read of a journal."""

    entrees: int = 0
    empreinte: str = GENESE
    #: Digest at each rank that an anchor names.
    reperes: dict[int, str] = field(default_factory=dict)


#: Compares a batch of entries of one journal with the rows they tell of.
Releveur = Callable[[Connection, Sequence[Entree]], Iterable[Anomalie]]

_E = EntreeRegistre.__table__.c
_LIRE = select(
    _E.rang,
    _E.evenement,
    type_coerce(_E.objet_id, String).label("objet_id"),  # as it stands: one bad cell is told
    type_coerce(_E.survenu_le, String).label("survenu_le"),
    _E.algorithme,
    _E.sel,
    _E.contenu,
    _E.contenu_sha256,
    _E.precedente,
    _E.empreinte,
)


def verifier_chaine(
    connection: Connection,
    journal: Journal,
    releveur: Releveur,
    chaine: Chaine,
    rangs_ancres: frozenset[int],
) -> Iterator[Anomalie]:
    """Everything wrong in one journal, first things first; `chaine` tells what was read."""
    for lot in _lots(connection, journal):
        entrees = []
        for row in lot:
            yield from _verifier_maillon(journal, row, chaine)
            entree = _lire(journal, row)
            if entree is None:
                yield Anomalie(journal, row.rang, "illisible", "l’écriture ne se lit plus")
                continue
            entrees.append(entree)
            if row.rang in rangs_ancres:
                chaine.reperes[row.rang] = row.empreinte
        yield from _relever(connection, releveur, entrees)
    yield from _verifier_tete(connection, journal, chaine)


def _relever(
    connection: Connection, releveur: Releveur, entrees: Sequence[Entree]
) -> Iterator[Anomalie]:
    """A batch compared with its rows; one by one when it cannot be, to name the one that is bad."""
    try:
        yield from list(releveur(connection, entrees))
    except ILLISIBLE as erreur:
        if len(entrees) == 1:
            detail = f"une ligne ne se lit plus : {erreur}"
            yield Anomalie(entrees[0].journal, entrees[0].rang, "illisible", detail)
            return
        for entree in entrees:
            yield from _relever(connection, releveur, [entree])


def _lots(connection: Connection, journal: Journal) -> Iterator[Sequence[Any]]:
    """The entries in order, so many at a time."""
    suite = _LIRE.where(_E.journal == journal).order_by(_E.rang).limit(LOT)
    lot = connection.execute(suite).all()
    while lot:
        yield lot
        lot = connection.execute(suite.where(_E.rang > lot[-1].rang)).all()


def _verifier_maillon(journal: Journal, row: Any, chaine: Chaine) -> Iterator[Anomalie]:
    """One entry: its rank, its link to the one before, both its digests."""
    if row.rang != chaine.entrees + 1:
        yield Anomalie(journal, row.rang, "trou", f"l’écriture {chaine.entrees + 1} manque")
    if row.precedente != chaine.empreinte:
        yield Anomalie(journal, row.rang, "chaine", "ne suit pas l’écriture précédente")
    try:
        contenu = empreinte_contenu(row.sel, row.contenu)
        empreinte = _recalculer(journal, row)
    except ILLISIBLE as erreur:
        yield Anomalie(journal, row.rang, "illisible", f"l’écriture ne se lit plus : {erreur}")
    else:
        if contenu != row.contenu_sha256:
            yield Anomalie(journal, row.rang, "contenu", "le contenu a été modifié")
        if empreinte != row.empreinte:
            yield Anomalie(journal, row.rang, "empreinte", "l’écriture a été modifiée")
    chaine.entrees, chaine.empreinte = row.rang, row.empreinte


def _recalculer(journal: Journal, row: Any) -> str:
    return empreinte_entree(
        algorithme=row.algorithme,
        journal=journal,
        rang=row.rang,
        evenement=row.evenement,
        objet_id=row.objet_id or "",
        survenu_le=lire_instant(row.survenu_le),
        precedente=row.precedente,
        contenu=row.contenu_sha256,
    )


def _lire(journal: Journal, row: Any) -> Entree | None:
    """The entry, or None when it is not what this ledger writes."""
    try:
        contenu = orjson.loads(row.contenu)
        instant = lire_instant(row.survenu_le)
    except ILLISIBLE:
        return None
    if not isinstance(contenu, dict):
        return None
    return Entree(
        journal,
        row.rang,
        row.evenement,
        row.objet_id or "",
        instant,
        row.empreinte,
        contenu,
    )


def lire_instant(brut: object) -> datetime:
    """An instant as a driver gives it; `ValueError` when it is none."""
    instant = brut if isinstance(brut, datetime) else datetime.fromisoformat(str(brut))
    return instant.replace(tzinfo=UTC)


def _verifier_tete(connection: Connection, journal: Journal, chaine: Chaine) -> Iterator[Anomalie]:
    """The head says how far the chain went: an entry taken off its end shows here."""
    tete = connection.execute(
        select(TeteRegistre.rang, TeteRegistre.empreinte).where(TeteRegistre.journal == journal)
    ).one_or_none()
    if tete is None:
        yield Anomalie(journal, 0, "tete", "la tête du journal manque")
    elif (tete.rang, tete.empreinte) != (chaine.entrees, chaine.empreinte):
        yield Anomalie(
            journal,
            chaine.entrees,
            "tete",
            f"le journal annonce {tete.rang} écritures, {chaine.entrees} sont là",
        )


def journaux_inconnus(connection: Connection) -> Iterator[Anomalie]:
    """Entries and heads of journals that this ledger does not keep."""
    connus = [journal.value for journal in Journal]
    for table in (EntreeRegistre, TeteRegistre):
        colonne = table.__table__.c.journal
        for journal in connection.scalars(select(colonne).where(colonne.not_in(connus)).distinct()):
            yield Anomalie(journal, 0, "journal", "ce journal n’existe pas")


def comparer(
    entree: Entree, partie: str, attendue: Mapping[str, Any] | None, lue: Mapping[str, Any] | None
) -> Iterator[Anomalie]:
    """Say what differs between a row as it was chained and the row as it stands."""
    if attendue == lue:
        return
    if attendue is None or lue is None:
        dit = "en trop" if attendue is None else "absente"
        yield Anomalie(entree.journal, entree.rang, "ligne", f"{partie} : ligne {dit}")
        return
    changees = [nom for nom, valeur in attendue.items() if lue.get(nom) != valeur]
    noms = ", ".join(changees)
    if changees:
        yield Anomalie(entree.journal, entree.rang, "ligne", f"{partie} modifiée : {noms}")
