"""Asks the application as somebody, and takes back whatever it wrote."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import event
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from cordeau.core.db import Database
from tests.droits.identites import Identite

_ECRITURE = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM|REPLACE INTO)\s+`?(\w+)")


class Ecritures:
    """The tables that the last request would have changed for good."""

    def __init__(self) -> None:
        self.validees: set[str] = set()
        self._en_cours: set[str] = set()

    def oublier(self, *_: Any) -> None:
        """The transaction was undone."""
        self._en_cours = set()

    def noter(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        """A statement runs."""
        trouve = _ECRITURE.match(statement)
        if trouve:
            self._en_cours.add(trouve.group(1))

    def valider(self) -> None:
        """The transaction would be committed here."""
        self.validees |= self._en_cours

    def prendre(self) -> set[str]:
        """What was written since the last time this was asked."""
        vues, self.validees = self.validees, set()
        return vues


def sans_garder(database: Database, monkeypatch: pytest.MonkeyPatch) -> Ecritures:
    """From now on what a request writes reaches the base, then is undone: the base serves again."""
    ecritures, ecrire = Ecritures(), database.writing
    event.listen(database.engine, "before_cursor_execute", ecritures.noter)
    event.listen(database.engine, "rollback", ecritures.oublier)

    @contextmanager
    def defaire(session: Session, *args: Any, **options: Any) -> Iterator[None]:
        with ecrire(session, *args, **options):
            ecritures.oublier()
            yield
            session.flush()
            ecritures.valider()
            session.rollback()

    monkeypatch.setattr(database, "writing", defaire)
    return ecritures


def demander(
    client: TestClient, qui: Identite, methode: str, url: str, corps: dict[str, Any]
) -> Response:
    """One request, under the identity given: a token on the API, a cookie on the pages."""
    entetes = {"If-Match": "*", **entetes_de(qui, url), **corps.pop("headers", {})}
    return client.request(methode, url, headers=entetes, follow_redirects=False, **corps)


def entetes_de(qui: Identite, url: str) -> dict[str, str]:
    """What says who asks."""
    if url.startswith("/api/") and qui.jeton:
        return {"Authorization": f"Bearer {qui.jeton}"}
    if qui.cookie:
        return {"Cookie": f"cordeau_session={qui.cookie}", **qui.entetes}
    return {}
