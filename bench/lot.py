"""A batch of Factur-X by the jobs: as the server renders them, beside one job at a time."""

import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import UUID

from sqlalchemy import delete

from bench.instance import Instance
from bench.mesures import Duree, Geste, Mesure, alterner
from cordeau.app import make_handlers
from cordeau.core.dates import aujourd_hui
from cordeau.core.db import Database
from cordeau.core.jobs import DE_FRONT, Job, Worker
from cordeau.documents.rendu import arreter
from cordeau.facturation.commands.emission import emettre

#: Documents rendered between two looks at the clock: work for two rendering processes, whether one
#: worker wears them out in turn or the server shares it between both.
PAR_TOUR = 100


def besoin(documents: int) -> int:
    """How many drafts a batch takes, with the rounds for nothing."""
    return 2 * _par_tour(documents) * (_tours(documents) + 2)


def mesurer(instance: Instance, documents: int, factures: Sequence[UUID]) -> Iterator[Mesure]:
    """As many documents by the server as by one worker, in turn; and what their processes hold."""
    database = Database(instance.url)
    _emettre(database, instance, factures)
    worker = Worker(database, make_handlers(instance.settings))
    tours, nombre = _tours(documents), _par_tour(documents)
    with _memoire_des_enfants() as pics:
        serveur, un = alterner([_tour(worker, DE_FRONT, nombre), _tour(worker, 1, nombre)], tours)
    database.dispose()
    nom = f"Lot de {2 * tours * nombre} Factur-X, le serveur / un à la fois"
    yield Mesure(nom, None, tours, _chacun(serveur, nombre), _chacun(un, nombre), objectif="≤ 0,59")
    pic = Duree(max(pics), max(pics))
    yield Mesure("Mémoire des processus de rendu", None, 1, pic, pic, "Mo", objectif="≤ 800 Mo")


def _par_tour(documents: int) -> int:
    return min(PAR_TOUR, documents // 2)


def _tours(documents: int) -> int:
    return documents // _par_tour(documents) // 2


def _emettre(database: Database, instance: Instance, factures: Sequence[UUID]) -> None:
    """Leave these factures, and nothing else, to be rendered."""
    le = aujourd_hui()
    with database.write() as session:
        session.execute(delete(Job))
        for cle in factures:
            emettre(session, cle, actor=instance.acteur, le=le)


def _tour(worker: Worker, fils: int, nombre: int) -> Geste:
    """As the server does: whoever is free takes the next one, in processes that wear out."""

    def tour() -> None:
        with ThreadPoolExecutor(fils) as ouvriers:
            rendus = ouvriers.map(lambda _rang: worker.run_one(), range(nombre))
            assert all(rendus), "no document left to render"
        arreter()  # each round pays for the processes it starts

    return tour


def _chacun(tour: Duree, nombre: int) -> Duree:
    return Duree(tour.mediane / nombre, tour.au_mieux / nombre)


@contextmanager
def _memoire_des_enfants() -> Iterator[list[float]]:
    """What the rendering processes hold together, seen ten times a second."""
    fini = threading.Event()
    vus = [0.0]
    autres = set(_enfants())  # the server of the base, for one

    def regarder() -> None:
        while not fini.is_set():
            vus.append(sum(map(_memoire, set(_enfants()) - autres)))
            time.sleep(0.1)

    fil = threading.Thread(target=regarder, daemon=True)
    fil.start()
    try:
        yield vus
    finally:
        fini.set()
        fil.join()


def _enfants() -> list[str]:
    enfants: list[str] = []
    for tache in Path("/proc/self/task").iterdir():
        with suppress(OSError):  # a thread that has just ended
            enfants += (tache / "children").read_text().split()
    return enfants


def _memoire(pid: str) -> float:
    try:
        lignes = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(ligne.split()[1]) / 1024 for ligne in lignes if ligne.startswith("VmRSS:"))
