"""The lock of a data folder: with SQLite, one process works at a time."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from cordeau.core.errors import ConflitError
from cordeau.core.settings import Settings

VERROU = "cordeau.verrou"


@contextmanager
def seul_sur_la_base(settings: Settings) -> Iterator[None]:
    """Hold the data folder: two processes writing one SQLite base would starve each other."""
    if not settings.is_sqlite:
        yield
        return
    with (settings.data / VERROU).open("w") as fichier:
        try:
            fcntl.flock(fichier, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ConflitError(
                f"Un autre Cordeau travaille déjà sur {settings.data}. Avec SQLite, un seul "
                "processus à la fois : « cordeau serve » exécute aussi les travaux différés."
            ) from error
        yield
