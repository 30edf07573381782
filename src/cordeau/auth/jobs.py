"""Forgetting what no longer serves: old sessions, links, counts."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from cordeau.auth import freins, sessions
from cordeau.auth.models import JetonApi, LienMotDePasse
from cordeau.core import limites
from cordeau.core.dates import maintenant
from cordeau.core.db import Database

JOB_MENAGE = "auth.menage"
#: An expired token stays on the page for a while: its owner reads why a program stopped.
JETON_MORT = timedelta(days=90)


def faire_le_menage(database: Database, _parametres: Mapping[str, Any]) -> None:
    """Once a day."""
    database.transaction(_oublier)


def _oublier(session: Session) -> None:
    instant = maintenant()
    sessions.purger(session, instant)
    freins.purger(session)
    limites.purger(session)
    session.execute(delete(LienMotDePasse).where(LienMotDePasse.expire_le < instant))
    session.execute(delete(JetonApi).where(JetonApi.expire_le < instant - JETON_MORT))
