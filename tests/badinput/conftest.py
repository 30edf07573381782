"""How far to go through the catalogue."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from tests.badinput.banc import Banc, dresser

#: One payload in so many for each field of a short run.
PAS = 16


@pytest.fixture
def pas(request: pytest.FixtureRequest) -> int:
    """`--catalogue=complet` tries every payload on every field."""
    return 1 if request.config.getoption("--catalogue") == "complet" else PAS


@pytest.fixture
def banc(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> Iterator[Banc]:
    """A firm to ill-treat."""
    with TestClient(app) as client:
        yield dresser(app, client, monkeypatch)
