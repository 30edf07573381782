"""Issuing in this process, without HTTP: sixteen writers at once, beside the rows they write."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from functools import partial
from uuid import UUID

from sqlalchemy import func, select

from bench import rejeu
from bench.instance import Instance
from bench.mesures import Duree, Geste, Mesure, alterner
from bench.rejeu import Connexion, Releve
from bench.releve import relever
from cordeau.core.dates import aujourd_hui
from cordeau.core.db import Database
from cordeau.core.numbering import Serie
from cordeau.facturation.commands.emission import emettre
from cordeau.facturation.models import Facture

ECRIVAINS = 16
#: Factures issued at each round, and those taken to see what issuing writes.
PAR_TOUR, RELEVEES = 2 * ECRIVAINS, 3


def besoin(tours: int) -> int:
    """How many drafts so many rounds take, those for nothing included."""
    return RELEVEES + 2 * PAR_TOUR * (tours + 2)


def mesurer(instance: Instance, devis: int, factures: Sequence[UUID], tours: int) -> Mesure:
    """Factures issued by Cordeau, then as many by bare SQL, round after round."""
    with relever(instance) as releveur:
        releve = releveur.emission(factures[:RELEVEES])
    a_emettre = iter(factures[RELEVEES:])
    database = Database(instance.url)
    with _ecrire_nu(instance, releve, factures[1]) as nu, ThreadPoolExecutor(ECRIVAINS) as fils:
        gestes = (partial(_emettre, database, instance), nu)
        cordeau, plancher = alterner([_tour(fils, a_emettre, geste) for geste in gestes], tours)
    _sans_trou(database)
    database.dispose()
    nom = f"Émettre, dans le processus, {ECRIVAINS} à la fois"
    return Mesure(
        nom, devis, tours * PAR_TOUR, _chacune(cordeau), _chacune(plancher), objectif="≤ 4"
    )


def _tour(
    fils: ThreadPoolExecutor, factures: Iterator[UUID], geste: Callable[[UUID], object]
) -> Geste:
    return lambda: list(fils.map(geste, [next(factures) for _ in range(PAR_TOUR)]))


def _chacune(tour: Duree) -> Duree:
    return Duree(tour.mediane / PAR_TOUR, tour.au_mieux / PAR_TOUR)


def _emettre(database: Database, instance: Instance, cle: UUID) -> None:
    le = aujourd_hui()
    database.transaction(lambda session: emettre(session, cle, actor=instance.acteur, le=le))


@contextmanager
def _ecrire_nu(
    instance: Instance, releve: Releve, ancienne: UUID
) -> Iterator[Callable[[UUID], None]]:
    """The same rows by hand, on a connection for each thread, SQLite's writers in a queue too."""
    fil = threading.local()
    ouvertes: list[Connexion] = []
    sqlite = instance.url.startswith("sqlite:")
    queue: AbstractContextManager[object] = threading.Lock() if sqlite else nullcontext()

    def ecrire(cle: UUID) -> None:
        if not hasattr(fil, "connexion"):
            fil.connexion = rejeu.ouvrir(instance.url)
            ouvertes.append(fil.connexion)
        with queue:
            rejeu.ecrire(fil.connexion, releve, {ancienne.hex: cle.hex})

    yield ecrire
    for connexion in ouvertes:
        with closing(connexion):
            pass


def _sans_trou(database: Database) -> None:
    """Every number taken was given: as many factures as the series went on."""
    le = aujourd_hui()
    with database.read() as session:
        rang = session.scalar(
            select(Serie.dernier_rang).where(Serie.prefixe == "FAC", Serie.annee == le.year)
        )
        emises = session.scalar(
            select(func.count(Facture.id)).where(
                Facture.numero_tri.between(f"FAC-{le.year}-", f"FAC-{le.year}-~"),
                Facture.emise_le.is_not(None),
                Facture.numero.not_like("%.%"),
            )
        )
    assert rang == emises, f"{rang} numbers taken, {emises} factures issued"
