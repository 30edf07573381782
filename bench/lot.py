"""A batch of Factur-X by the jobs, as the server renders them: two at once beside one at once."""

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
from cordeau.core.jobs import Job, Worker
from cordeau.documents.rendu import arreter
from cordeau.facturation.commands.emission import emettre

#: Documents rendered between two looks at the clock.
PAR_TOUR = 10


def besoin(documents: int) -> int:
    """How many drafts a batch takes, with the rounds for nothing."""
    return 2 * PAR_TOUR * (_tours(documents) + 2)


def mesurer(instance: Instance, documents: int, factures: Sequence[UUID]) -> Iterator[Mesure]:
    """As many documents by one worker as by two, in turn; and what their processes hold."""
    database = Database(instance.url)
    _emettre(database, instance, factures)
    worker = Worker(database, make_handlers(instance.settings))
    tours = _tours(documents)
    with _memoire_des_enfants() as pics:
        deux, un = alterner([_tour(worker, 2), _tour(worker, 1)], tours)
    arreter()
    database.dispose()
    nom = f"Lot de {2 * tours * PAR_TOUR} Factur-X, deux à la fois / un"
    yield Mesure(nom, None, tours, _chacun(deux), _chacun(un), objectif="≤ 0,59")
    pic = Duree(max(pics), max(pics))
    yield Mesure("Mémoire des processus de rendu", None, 1, pic, pic, "Mo", objectif="≤ 800 Mo")


def _tours(documents: int) -> int:
    return max(documents // PAR_TOUR // 2, 1)


def _emettre(database: Database, instance: Instance, factures: Sequence[UUID]) -> None:
    """Leave these factures, and nothing else, to be rendered."""
    le = aujourd_hui()
    with database.write() as session:
        session.execute(delete(Job))
        for cle in factures:
            emettre(session, cle, actor=instance.acteur, le=le)


def _tour(worker: Worker, fils: int) -> Geste:
    def rendre(combien: int) -> None:
        for _ in range(combien):
            assert worker.run_one(), "no document left to render"

    def tour() -> None:
        with ThreadPoolExecutor(fils) as ouvriers:
            list(ouvriers.map(rendre, [PAR_TOUR // fils] * fils))

    return tour


def _chacun(tour: Duree) -> Duree:
    return Duree(tour.mediane / PAR_TOUR, tour.au_mieux / PAR_TOUR)


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
