"""Panels: what an upper context shows on the page of a lower one, without the lower knowing it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Panneau:
    """A section of a page: the template of its owner, included with `panneau` set to this."""

    titre: str
    template: str
    contexte: Mapping[str, Any]
