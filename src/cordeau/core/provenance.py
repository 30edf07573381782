"""Who acts and from where: travels with each unit of work, and the journal writes it down."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum

from cordeau.core.permissions import Acteur


class Origine(StrEnum):
    """By which door a change came in."""

    #: A page, by a person signed in.
    NAVIGATEUR = "NAVIGATEUR"
    #: The API, by a program holding a token.
    JETON = "JETON"
    #: The command line.
    CONSOLE = "CONSOLE"
    #: A job of the queue.
    TRAVAIL = "TRAVAIL"
    #: The software itself: demonstration, start.
    LOGICIEL = "LOGICIEL"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a unit of work comes from."""

    origine: Origine = Origine.LOGICIEL
    #: None: whoever the first fact recorded names, else the software.
    acteur: Acteur | None = None
    #: Address of the client machine, for pages and API.
    adresse: str = ""
    #: Identifier of the request, or of the job.
    requete: str = ""
    #: Route, command or kind of job: never a text that came from outside.
    lieu: str = ""


#: Under which key a session's `info` holds it.
CLE = "provenance"

_courante: ContextVar[Callable[[], Provenance]] = ContextVar("provenance", default=Provenance)


@contextmanager
def depuis(lire: Callable[[], Provenance]) -> Iterator[None]:
    """Say where the units of work opened in this block come from; each asks when it is opened."""
    jeton = _courante.set(lire)
    try:
        yield
    finally:
        _courante.reset(jeton)


def provenance_courante() -> Provenance:
    """Where a unit of work opened now comes from."""
    return _courante.get()()
