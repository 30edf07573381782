"""The rendering processes: started when first needed, lent to one thread at a time, replaced.

Our own few lines rather than `ProcessPoolExecutor`, which in Python 3.11 can neither stop a task
that lasts too long nor recycle its processes without a risk of standing still (gh-115634).
"""

import os
import signal
import threading
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.connection import Connection

from cordeau.documents.errors import RenduImpossibleError
from cordeau.documents.modele import Document
from cordeau.documents.travaux import Resultat, Travail

#: Documents in a row before a process is replaced: Typst's cache only grows.
DOCUMENTS_PAR_PROCESSUS = 64
#: Documents laid out at once.
PROCESSUS = 2
#: Seconds before a rendering is given up; 500 lines take less than two.
DELAI = 60.0


class ProcessusPerduError(Exception):
    """The process died before it answered."""


class DelaiDepasseError(Exception):
    """The process did not answer in time."""


class Ouvrier:
    """One rendering process."""

    def __init__(self) -> None:
        contexte = get_context("spawn")
        self._canal, autre = contexte.Pipe()
        self._processus = contexte.Process(target=_demarrer, args=(autre,), daemon=True)
        self._processus.start()
        autre.close()
        self.rendus = 0

    @property
    def pid(self) -> int | None:
        """Its number on this machine."""
        return self._processus.pid

    def rendre(self, travail: Travail, document: Document, delai: float) -> Resultat:
        """One document, or why it was not made."""
        self.rendus += 1
        try:
            self._canal.send((travail, document))
            if not self._canal.poll(delai):
                raise DelaiDepasseError
            resultat: Resultat = self._canal.recv()
        except (EOFError, OSError) as erreur:
            raise ProcessusPerduError from erreur
        return resultat

    def arreter(self) -> None:
        """End the process, at work or not."""
        self._canal.close()
        self._processus.kill()
        self._processus.join()


class Atelier:
    """The processes of this server, as many at once as it allows."""

    def __init__(self, places: int = PROCESSUS, delai: float = DELAI) -> None:
        self._places = threading.BoundedSemaphore(places)
        self._verrou = threading.Lock()
        #: Processes that wait for work, the last used at the end.
        self.libres: list[Ouvrier] = []
        self._delai = delai

    def rendre(self, travail: Travail, document: Document) -> Resultat:
        """One document; tried again once when the process dies."""
        with self._places:
            try:
                return self._essayer(travail, document)
            except ProcessusPerduError:
                return self._recommencer(travail, document)

    def _recommencer(self, travail: Travail, document: Document) -> Resultat:
        try:
            return self._essayer(travail, document)
        except ProcessusPerduError as erreur:
            message = "La mise en page s’est interrompue deux fois."
            raise RenduImpossibleError(message) from erreur

    def _essayer(self, travail: Travail, document: Document) -> Resultat:
        ouvrier = self._prendre()
        try:
            resultat = ouvrier.rendre(travail, document, self._delai)
        except DelaiDepasseError as erreur:
            ouvrier.arreter()
            message = f"La mise en page a dépassé {self._delai:.0f} secondes."
            raise RenduImpossibleError(message) from erreur
        except BaseException:
            ouvrier.arreter()
            raise
        self._rendre_disponible(ouvrier)
        return resultat

    def _prendre(self) -> Ouvrier:
        """The process last used, so that the others may stay cold; a new one when none is free."""
        with self._verrou:
            return self.libres.pop() if self.libres else Ouvrier()

    def _rendre_disponible(self, ouvrier: Ouvrier) -> None:
        if ouvrier.rendus >= DOCUMENTS_PAR_PROCESSUS:
            ouvrier.arreter()
            return
        with self._verrou:
            self.libres.append(ouvrier)

    def arreter(self) -> None:
        """End the idle processes; those at work end with the server."""
        with self._verrou:
            libres, self.libres = self.libres, []
        for ouvrier in libres:
            ouvrier.arreter()


def _demarrer(canal: Connection) -> None:
    """Entry point of the process, the only place where Typst is loaded.

    Ctrl C in a terminal reaches every process: this one leaves it to the server. Typst keeps to one
    thread: documents are laid out side by side, and its threads cost a third more processor time
    than they spare.
    """
    os.environ.setdefault("RAYON_NUM_THREADS", "1")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    import_module("cordeau.documents.ouvrier").servir(canal)
