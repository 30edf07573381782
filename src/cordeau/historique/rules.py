"""Folding saves, and what a reader sees of a detail."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from cordeau.core.permissions import Permission
from cordeau.historique.libelles import PARTIES, RESERVES

Fait = TypeVar("Fait")

#: One value: table, column, before, after.
Champ = tuple[str, str, Any, Any]


@dataclass(frozen=True, slots=True)
class Bloc:
    """What was done to one row: C, M or S; its fields, before and after."""

    table: str
    operation: str
    cle: str
    champs: list[Champ] = field(default_factory=list)

    @property
    def est_une_partie(self) -> bool:
        """Whether this row belongs to a larger record."""
        return self.table in PARTIES


def plier_seances(
    faits: Sequence[Fait],
    *,
    memes: Callable[[Fait], object],
    instant: Callable[[Fait], datetime],
    duree: timedelta,
) -> list[list[Fait]]:
    """Neighbours of the same kind, all within this duration, latest first: a line of the page each.

    An editor that saves by itself is one action, not a hundred.
    """
    seances: list[list[Fait]] = []
    for fait in faits:
        if seances:
            derniere = seances[-1][0]
            if memes(derniere) == memes(fait) and instant(derniere) - instant(fait) <= duree:
                seances[-1].append(fait)
                continue
        seances.append([fait])
    return seances


def lire_blocs(
    groupes: Iterable[Mapping[str, Any]], *, peut: Callable[[Permission], bool]
) -> list[Bloc]:
    """The rows of a detail, without the fields this reader may not see."""
    blocs = [bloc for groupe in groupes for bloc in _blocs(groupe)]
    lus = [
        Bloc(b.table, b.operation, b.cle, [c for c in b.champs if _visible(c, peut)]) for b in blocs
    ]
    return [bloc for bloc in lus if bloc.champs or bloc.operation != "M"]


def _visible(champ: Champ, peut: Callable[[Permission], bool]) -> bool:
    droit = RESERVES.get(f"{champ[0]}.{champ[1]}")
    return droit is None or peut(droit)


def _blocs(groupe: Mapping[str, Any]) -> Iterable[Bloc]:
    table, operation = groupe["t"], groupe["o"]
    if operation == "M":
        champs = [(table, nom, avant, apres) for nom, (avant, apres) in groupe["v"].items()]
        yield Bloc(table, operation, groupe["k"], champs)
        return
    for cle, *valeurs in groupe["r"]:
        paires = [
            (nom, valeur)
            for nom, valeur in zip(groupe["c"], valeurs, strict=True)
            if valeur is not None
        ]
        creee = operation == "C"
        yield Bloc(
            table,
            operation,
            cle,
            [(table, n, None if creee else v, v if creee else None) for n, v in paires],
        )
