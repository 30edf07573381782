"""What the accounting does by itself, each day."""

from collections.abc import Mapping
from typing import Any

from cordeau.comptabilite.commands.ancrage import ancrer_et_copier
from cordeau.comptabilite.commands.archivage import archiver_mois_passes
from cordeau.comptabilite.commands.cloture import clore_jours
from cordeau.core.dates import aujourd_hui
from cordeau.core.db import Database
from cordeau.core.jobs import Handler
from cordeau.core.permissions import SYSTEME
from cordeau.core.settings import Settings


def clore_les_jours(database: Database, _parametres: Mapping[str, Any]) -> None:
    """The daily job that adds up each past day; done twice, closes once."""
    while database.transaction(lambda session: clore_jours(session, aujourd_hui())):
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
