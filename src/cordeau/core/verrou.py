"""Locks of folders: with SQLite one process works at a time; whoever writes aside takes turns."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from cordeau.core.errors import ConflitError
from cordeau.core.settings import Settings

VERROU = "cordeau.verrou"


@contextmanager
def seul_sur_la_base(settings: Settings) -> Iterator[None]:
    """Hold the data folder: two processes writing one SQLite base would starve each other."""
    if not settings.is_sqlite:
        yield
        return
    with _ouvrir(settings.data) as fichier:
        try:
            fcntl.flock(fichier, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ConflitError(
                f"Un autre Cordeau travaille déjà sur {settings.data}. Avec SQLite, un seul "
                "processus à la fois : « cordeau serve » exécute aussi les travaux différés."
            ) from error
        yield


@contextmanager
def chacun_son_tour(dossier: Path) -> Iterator[None]:
    """Wait until nobody else holds this folder, in this process or another."""
    descripteur = os.open(dossier, os.O_RDONLY)
    try:
        fcntl.flock(descripteur, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descripteur)


def _ouvrir(data: Path) -> TextIO:
    try:
        return (data / VERROU).open("w")
    except OSError as error:
        raise ConflitError(
            f"Rien ne peut être écrit dans {data} : {error.strerror}. Vérifiez que ce disque n’est "
            "ni plein ni en lecture seule, et que le compte de Cordeau a le droit d’y écrire."
        ) from error
