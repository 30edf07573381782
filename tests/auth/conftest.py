"""Who comes to the door."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from fastapi import FastAPI

from cordeau.auth.models import Utilisateur
from cordeau.core.permissions import Role
from tests.auth.builders import Visiteurs
from tests.gens import un_utilisateur


@pytest.fixture
def visiteurs(app: FastAPI) -> Iterator[Visiteurs]:
    """Browsers from any address."""
    with ExitStack() as pile:
        yield Visiteurs(app, pile)


@pytest.fixture
def camille(app: FastAPI) -> Utilisateur:
    """An administrator who has a password."""
    return un_utilisateur(app.state.database, Role.ADMIN)
