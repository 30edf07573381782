"""Asks the application as somebody, and takes back whatever it wrote."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from cordeau.core.db import Database
from tests.droits.identites import Identite


def sans_garder(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on what a request writes reaches the base, then is undone: the base serves again."""
    ecrire = database.write

    @contextmanager
    def defaire() -> Iterator[Session]:
        with ecrire() as session:
            yield session
            session.flush()
            session.rollback()

    monkeypatch.setattr(database, "write", defaire)


def demander(
    client: TestClient, qui: Identite, methode: str, url: str, corps: dict[str, Any]
) -> Response:
    """One request, under the identity given: a token on the API, a cookie on the pages."""
    entetes = {"If-Match": "*"}
    if url.startswith("/api/") and qui.jeton:
        entetes["Authorization"] = f"Bearer {qui.jeton}"
    elif qui.cookie:
        entetes |= {"Cookie": f"cordeau_session={qui.cookie}", **qui.entetes}
    return client.request(methode, url, headers=entetes, follow_redirects=False, **corps)
