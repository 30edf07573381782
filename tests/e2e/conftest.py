"""One server on the demonstration firm, one browser, for all the tests of this folder."""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from cordeau import demo, migrate
from cordeau.core.dates import aujourd_hui
from cordeau.core.db import Database
from cordeau.core.permissions import Role
from tests.e2e.surveillance import Surveillance

BUREAU, TELEPHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 780}
DELAI_MS = 15_000
DEMARRAGE_SECONDES = 60


@dataclass(frozen=True, slots=True)
class Serveur:
    """The application in a process of its own, and who may sign in."""

    url: str
    data: Path
    mots_de_passe: dict[Role, str]

    def email(self, role: Role) -> str:
        """The name a person with this role signs in with."""
        return f"{role}@guerin.example"

    @property
    def base(self) -> Database:
        """The base behind the pages, to be closed by who opens it."""
        return Database(f"sqlite:///{self.data / 'cordeau.db'}")


@pytest.fixture(scope="session")
def serveur() -> Iterator[Serveur]:
    """`cordeau serve` on a free port, over a new demonstration."""
    with tempfile.TemporaryDirectory(prefix="cordeau-e2e-") as dossier:
        data = Path(dossier)
        mots_de_passe = _preparer_base(data)
        with demarrer(data) as (adresse, _):
            yield Serveur(adresse, data, mots_de_passe)


@contextmanager
def demarrer(data: Path) -> Iterator[tuple[str, Path]]:
    """`cordeau serve` on this folder: its address, and the file of what it says."""
    journal = data / "journal"
    with journal.open("w") as sortie:
        processus = subprocess.Popen(
            [sys.executable, "-m", "cordeau", "serve", "--port", "0", "--sans-worker"],
            env={**os.environ, "CORDEAU_DATA": str(data), "CORDEAU_DATABASE_URL": ""},
            stdout=sortie,
            stderr=subprocess.STDOUT,
        )
    try:
        yield _attendre_adresse(processus, journal), journal
    finally:
        processus.terminate()
        processus.wait(timeout=20)


def _preparer_base(data: Path) -> dict[Role, str]:
    database = Database(f"sqlite:///{data / 'cordeau.db'}")
    migrate.upgrade(database)
    logins = demo.charger(database, le=aujourd_hui())
    database.dispose()
    return {login.role: login.mot_de_passe for login in logins}


def _attendre_adresse(processus: "subprocess.Popen[bytes]", journal: Path) -> str:
    """The address the server prints once it listens."""
    limite = time.monotonic() + DEMARRAGE_SECONDES
    while not (adresse := re.search(r"http://\S+", journal.read_text())):
        assert processus.poll() is None, f"le serveur s’est arrêté : {journal.read_text()}"
        assert time.monotonic() < limite, f"le serveur ne démarre pas : {journal.read_text()}"
        time.sleep(0.05)
    return adresse.group()


#: Opens a watched tab: a role signed in (None: a visitor), a size, options of the browser.
Ouvreur = Callable[..., Surveillance]


@pytest.fixture
def onglet(chromium: Browser, serveur: Serveur) -> Iterator[Ouvreur]:
    """`onglet(Role.ADMIN, TELEPHONE)`: closed, and found without fault, at the end of the test."""
    with ExitStack() as pile:
        ouverts: list[Surveillance] = []

        def ouvrir(
            role: Role | None = None,
            taille: dict[str, int] | None = None,
            *,
            javascript: bool = True,
        ) -> Surveillance:
            contexte = chromium.new_context(
                base_url=serveur.url,
                locale="fr-FR",
                timezone_id="Europe/Paris",
                viewport=taille or BUREAU,  # type: ignore[arg-type]
                reduced_motion="reduce",
                java_script_enabled=javascript,
                accept_downloads=True,
            )
            pile.callback(contexte.close)
            contexte.set_default_timeout(DELAI_MS)
            ouverts.append(Surveillance(contexte))
            if role is not None:
                _se_connecter(contexte, serveur, role)
            return ouverts[-1]

        yield ouvrir
        for surveillance in ouverts:
            assert not surveillance.fautes


def _se_connecter(contexte: BrowserContext, serveur: Serveur, role: Role) -> None:
    """Sign in by the form, outside of any tab: only the cookie is kept."""
    page = contexte.request.get("/login")
    jeton = re.search(r'name="csrf"\s+value="([^"]+)"', page.text())
    assert jeton
    reponse = contexte.request.post(
        "/login",
        form={
            "csrf": jeton.group(1),
            "username": serveur.email(role),
            "password": serveur.mots_de_passe[role],
        },
    )
    assert reponse.ok
    assert "/login" not in reponse.url
