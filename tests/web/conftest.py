"""The application, with routes made to go wrong."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from tests.web import essais


@pytest.fixture
def routes_d_essai(app: FastAPI) -> Iterator[None]:
    """Add the trial routes for one test."""
    retirer = essais.ajouter(app)
    yield
    essais.Collisions.restantes = 0
    retirer()


@pytest.fixture
def temoin(app: FastAPI, routes_d_essai: None) -> Iterator[TestClient]:
    """A visitor who sees accidents as the network shows them."""
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client
