"""Timing: each measure and its floor take turns, so that a busy machine slows both alike."""

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Geste = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Duree:
    """What a gesture takes, in milliseconds."""

    mediane: float
    #: First decile: what it takes when the machine is left alone.
    au_mieux: float


@dataclass(frozen=True, slots=True)
class Mesure:
    """One row of the table."""

    nom: str
    #: How many devis the base holds; none when it does not matter.
    devis: int | None
    fois: int
    cordeau: Duree
    plancher: Duree
    #: « ms » or « Mo ».
    unite: str = "ms"
    #: What the ratio, or the memory, should not exceed.
    objectif: str = ""
    #: « sqlite » or « mariadb »; empty when it does not matter.
    moteur: str = ""

    @property
    def rapport(self) -> float:
        """How many times the floor."""
        return self.cordeau.mediane / self.plancher.mediane

    @property
    def rapport_au_mieux(self) -> float:
        """The same of the fastest rounds."""
        return self.cordeau.au_mieux / self.plancher.au_mieux


def alterner(gestes: Sequence[Geste], fois: int) -> list[Duree]:
    """What each gesture takes, after two rounds for nothing."""
    temps: list[list[float]] = [[] for _ in gestes]
    gc.disable()
    for tour in range(fois + 2):
        for geste, durees in zip(gestes, temps, strict=True):
            debut = time.perf_counter()
            geste()
            if tour >= 2:
                durees.append((time.perf_counter() - debut) * 1000)
    gc.enable()
    return [Duree(statistics.median(durees), _decile(durees)) for durees in temps]


def _decile(durees: Sequence[float]) -> float:
    return sorted(durees)[len(durees) // 10]
