"""People and programs that use the application in tests: a browser signed in, an API token."""

import re
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from cordeau.auth import commands
from cordeau.auth.models import Utilisateur
from cordeau.auth.queries import find_user
from cordeau.core.db import Database
from cordeau.core.permissions import SYSTEME, Role

MOT_DE_PASSE = "le chantier avance bien"
#: What a program sends that replaces a row whatever its version.
TOUTE_VERSION = {"If-Match": "*"}
CSRF = re.compile(r'name="csrf"\s+value="([^"]+)"')


class Navigateur(TestClient):
    """A browser; `soumettre` sends a form as a page would."""

    def soumettre(
        self,
        url: str,
        champs: Mapping[str, Any] | None = None,
        *,
        suivre: bool = False,
        depuis: str = "",
        fichiers: Mapping[str, Any] | None = None,
    ) -> Response:
        """Post a form with the token of the page `depuis` (by default any page with a form)."""
        return self.post(
            url,
            data={"csrf": self.jeton(depuis), **(champs or {})},
            files=fichiers,
            follow_redirects=suivre,
        )

    def jeton(self, depuis: str = "") -> str:
        """The anti-forgery token written in a page; the page must hold a form."""
        page = self.get(depuis or "/logout")
        trouve = CSRF.search(page.text)
        assert trouve, f"aucun formulaire dans {page.url} (statut {page.status_code})"
        return trouve.group(1)


def un_utilisateur(database: Database, role: Role | str) -> Utilisateur:
    """The person who holds this role, made on first use."""
    email = f"{Role(role)}@exemple.fr"
    with database.write() as session:
        return find_user(session, email) or commands.ajouter_utilisateur(
            session,
            email=email,
            nom=f"Camille {Role(role).capitalize()}",
            role=Role(role),
            password=MOT_DE_PASSE,
            actor=SYSTEME,
        )


def connecter(client: TestClient, app: FastAPI, role: Role | str) -> None:
    """Give a browser the session cookie of the person who holds this role."""
    user = un_utilisateur(app.state.database, role)
    with app.state.database.write() as session:
        cookie = commands.ouvrir_session(session, email=user.email, password=MOT_DE_PASSE)
    assert cookie is not None
    client.cookies.set("cordeau_session", cookie)


def porter_jeton(client: TestClient, app: FastAPI, role: Role | str) -> None:
    """Give a program the API token of the person who holds this role."""
    user = un_utilisateur(app.state.database, role)
    with app.state.database.write() as session:
        jeton = commands.creer_jeton(session, user, actor=SYSTEME)
    client.headers["Authorization"] = f"Bearer {jeton}"
