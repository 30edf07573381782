"""What the accounting does by itself, each day."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from cordeau.comptabilite.commands.ancrage import ancrer_et_copier
from cordeau.comptabilite.commands.archivage import archiver_mois_passes
from cordeau.comptabilite.commands.cloture import JOB_CLORE, clore_jours
from cordeau.core.dates import a_paris, aujourd_hui, debut_du_jour, maintenant
from cordeau.core.db import Database
from cordeau.core.jobs import Handler, enqueue
from cordeau.core.permissions import SYSTEME
from cordeau.core.settings import Settings

#: After midnight, before the day that is over is added up.
REPIT = timedelta(minutes=10)


def clore_les_jours(database: Database, _parametres: Mapping[str, Any]) -> None:
    """The daily job that adds up each past day; done twice, closes once.

    Just after midnight it puts itself off: what was begun the day before is let through.
    """
    le = a_paris(maintenant()).date()
    ouverture = debut_du_jour(le) + REPIT
    if maintenant() < ouverture:
        plus_tard = partial(
            enqueue, nom=JOB_CLORE, parametres={}, apres=ouverture, cle_unique=f"{JOB_CLORE}:{le}+"
        )
        database.transaction(plus_tard)
        return
    while database.transaction(lambda session: clore_jours(session, le)):
        pass


def make_anchorer(settings: Settings) -> Handler:
    """The daily job that signs the ledger with the key of this instance; done twice, signs once."""

    def ancrer(database: Database, _parametres: Mapping[str, Any]) -> None:
        ancrer_et_copier(database, settings, aujourd_hui())

    return ancrer


def make_archiver(settings: Settings) -> Handler:
    """The daily job that archives the months that are over; done twice, archives once."""

    def archiver(database: Database, _parametres: Mapping[str, Any]) -> None:
        archiver_mois_passes(database, settings, actor=SYSTEME, le=aujourd_hui())

    return archiver
