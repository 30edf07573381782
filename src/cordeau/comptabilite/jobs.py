"""What the accounting does by itself, each day."""

from collections.abc import Mapping
from typing import Any

from cordeau.comptabilite.commands.ancrage import ancrer_et_copier
from cordeau.core.dates import aujourd_hui
from cordeau.core.db import Database
from cordeau.core.jobs import Handler
from cordeau.core.settings import Settings


def make_anchorer(settings: Settings) -> Handler:
    """The daily job that signs the ledger with the key of this instance; done twice, signs once."""

    def ancrer(database: Database, _parametres: Mapping[str, Any]) -> None:
        ancrer_et_copier(database, settings, aujourd_hui())

    return ancrer
