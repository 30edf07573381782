"""The permitted moves of a document's life, declared once and refused aloud."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Generic, TypeVar

from cordeau.core.errors import ConflitError

Etat = TypeVar("Etat", bound=StrEnum)


class Transitions(Generic[Etat]):
    """A set of moves (from, to)."""

    def __init__(self, moves: Iterable[tuple[Etat, Etat]]) -> None:
        self.moves = frozenset(moves)

    def allows(self, source: Etat, target: Etat) -> bool:
        """Whether the move is permitted: decides whether a button shows."""
        return (source, target) in self.moves

    def check(self, source: Etat, target: Etat, refus: str) -> Etat:
        """The target state, or a refusal saying `refus`."""
        if not self.allows(source, target):
            raise ConflitError(refus)
        return target
