"""Folding the movements of kept sums, every hour."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from cordeau.core.agregats import replier
from cordeau.core.dates import maintenant
from cordeau.core.db import Database
from cordeau.core.jobs import enqueue

JOB_REPLIER = "analytics.replier"
PERIODE = timedelta(hours=1)


def replier_agregats(database: Database, _parametres: Mapping[str, Any]) -> None:
    """Fold what there is, a handful at a time, then promise to come again."""
    while database.transaction(replier):
        pass
    suivante = maintenant() + PERIODE
    database.transaction(
        partial(
            enqueue,
            nom=JOB_REPLIER,
            parametres={},
            cle_unique=f"{JOB_REPLIER}:{suivante:%Y-%m-%dT%H}",
            apres=suivante,
        )
    )
