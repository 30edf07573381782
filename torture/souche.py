"""A process that has loaded Cordeau and forks each server from itself: a start costs no import.

What runs in the fork is the `cordeau` command itself, in a session of its own. Orders come as
JSON lines; each answer is one line.
"""

import ctypes
import json
import os
import resource
import signal
import sys
from collections.abc import Mapping
from typing import Any, NoReturn

import cordeau.gestion
import cordeau.serve  # noqa: F401 (the same)
from cordeau.cli.main import main

#: Have the kernel end a server when the process that forked it ends (prctl(2)).
PR_SET_PDEATHSIG = 1


def servir() -> None:
    """Obey until the pipe closes."""
    for ligne in sys.stdin:
        ordre = json.loads(ligne)
        reponse = _lancer(ordre) if ordre["ordre"] == "lancer" else _attendre(ordre["pid"])
        sys.stdout.write(f"{reponse}\n")
        sys.stdout.flush()


def _lancer(ordre: Mapping[str, Any]) -> int:
    """Fork, become the command; gives its process number."""
    pid = os.fork()
    return pid or _devenir(ordre)


def _devenir(ordre: Mapping[str, Any]) -> NoReturn:
    code = 70
    try:
        os.setsid()
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        _brancher(ordre["sortie"], ordre["erreurs"])
        for nom in [nom for nom in os.environ if nom.startswith("CORDEAU_")]:
            del os.environ[nom]
        os.environ.update(ordre["reglages"])
        if ordre["taille_maximale"] is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (ordre["taille_maximale"],) * 2)
        code = main(ordre["arguments"])
    except SystemExit as sortie:  # what was typed is not understood, or asks for help
        code = int(sortie.code or 0)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _brancher(sortie: str, erreurs: str) -> None:
    """Leave the pipe of orders to the parent; write to files."""
    rien = os.open(os.devnull, os.O_RDONLY)
    os.dup2(rien, 0)
    for rang, chemin in ((1, sortie), (2, erreurs)):
        os.dup2(os.open(chemin, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), rang)


def _attendre(pid: int) -> int:
    """The exit code of a process forked here, below zero for the signal that ended it."""
    _, etat = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(etat)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    servir()
