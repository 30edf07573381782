"""Timing: each measure and its floor take turns, so that a busy machine slows both alike."""

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Geste = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Mesure:
    """One row of the table."""

    nom: str
    #: How many devis the base holds; none when it does not matter.
    devis: int | None
    fois: int
    cordeau: float
    plancher: float
    #: « ms » or « Mo ».
    unite: str = "ms"
    #: What the ratio, or the memory, should not exceed.
    objectif: str = ""

    @property
    def rapport(self) -> float:
        """How many times the floor."""
        return self.cordeau / self.plancher


def alterner(gestes: Sequence[Geste], fois: int) -> list[float]:
    """The median time of each gesture, in milliseconds, after two rounds for nothing."""
    temps: list[list[float]] = [[] for _ in gestes]
    gc.disable()
    for tour in range(fois + 2):
        for geste, durees in zip(gestes, temps, strict=True):
            debut = time.perf_counter()
            geste()
            if tour >= 2:
                durees.append((time.perf_counter() - debut) * 1000)
    gc.enable()
    return [statistics.median(durees) for durees in temps]
