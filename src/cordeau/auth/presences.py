"""« Last seen » and « last use »: noted in memory, written by a thread of the server.

No request waits for it and none writes because of it: a GET changes nothing. What is not yet
written when the server dies is lost, a minute of a date that is five minutes vague.
"""

import logging
import threading
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from cordeau.auth.models import JetonApi, SessionWeb
from cordeau.auth.queries import Presence
from cordeau.auth.rules import PRESENCE
from cordeau.core.columns import UtcDateTime
from cordeau.core.dates import maintenant
from cordeau.core.db import Database

log = logging.getLogger(__name__)

PAUSE_SECONDS = 60.0

_VU = update(SessionWeb).where(SessionWeb.id == bindparam("qui"))
_UTILISE = update(JetonApi).where(JetonApi.id == bindparam("qui"))
_LE = bindparam("le", type_=UtcDateTime())


class Presences:
    """Who was there since the last writing."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._verrou = threading.Lock()
        self._sessions: dict[UUID, datetime] = {}
        self._jetons: dict[UUID, datetime] = {}
        self._arret = threading.Event()

    def noter(self, presence: Presence, *, par_jeton: bool) -> None:
        """Remember that this session or token served, when the base knows an older date."""
        instant = maintenant()
        if presence.vu_le is not None and instant - presence.vu_le < PRESENCE:
            return
        with self._verrou:
            (self._jetons if par_jeton else self._sessions)[presence.id] = instant

    def deposer(self) -> None:
        """Write what was noted."""
        with self._verrou:
            vus, self._sessions = self._sessions, {}
            utilises, self._jetons = self._jetons, {}
        if vus or utilises:
            self._database.transaction(lambda session: _ecrire(session, vus, utilises))

    def run(self) -> None:
        """Write each minute until stopped; trouble of any kind is logged and waited out."""
        while not self._arret.wait(PAUSE_SECONDS):
            try:
                self.deposer()
            except Exception:
                log.exception("presences not written")

    def stop(self) -> None:
        """Ask `run` to return."""
        self._arret.set()


def _ecrire(session: Session, vus: dict[UUID, datetime], utilises: dict[UUID, datetime]) -> None:
    for statement, colonne, dates in (
        (_VU, SessionWeb.vu_le, vus),
        (_UTILISE, JetonApi.utilise_le, utilises),
    ):
        if dates:
            session.connection().execute(
                statement.values({colonne: _LE}),
                [{"qui": qui, "le": le} for qui, le in sorted(dates.items())],
            )
