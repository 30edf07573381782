"""What every test may ask for: a base on each engine, the application, people who use it."""

import asyncio
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol, TypeVar
from uuid import UUID

import hypothesis
import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from playwright.sync_api import Browser
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from cordeau.app import create_app
from cordeau.auth import passwords
from cordeau.core.db import Database
from cordeau.core.jobs import Worker
from cordeau.core.permissions import Acteur, Role
from cordeau.core.settings import Environnement, Settings
from tests import gens, serveurs
from tests.journal import rejeu
from tests.navigateur import ouvrir_chromium

hypothesis.settings.register_profile(
    "cordeau",
    derandomize=True,
    deadline=None,
    max_examples=60,
    suppress_health_check=[
        hypothesis.HealthCheck.too_slow,
        hypothesis.HealthCheck.function_scoped_fixture,
    ],
)
hypothesis.settings.load_profile("cordeau")

MOTEURS = ("sqlite", "mariadb")
#: What a test may need from the machine, by marker, and a program it is known by.
OUTILS = {
    "chromium": ("Chromium", "chromium"),
    "poppler": ("poppler (pdftotext)", "pdftotext"),
    "galera": ("Galera avec HAProxy", "haproxy"),
}
ABSENT = "absent de cette machine : "
#: Where each test also checks that nothing was written without a trace.
CONTEXTES_SUIVIS = frozenset(
    {"auth", "chantiers", "clients", "devis", "entreprise", "facturation", "journal", "scenarios"}
)

Genre = TypeVar("Genre", bound=TestClient)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--engine` chooses the databases; the others say how far to go."""
    parser.addoption("--engine", choices=[*MOTEURS, "all"], default="all", help="base de données")
    parser.addoption("--exemples", type=int, default=3, help="demandes par opération de l’API")
    parser.addoption(
        "--catalogue", choices=["court", "complet"], default="court", help="mauvaises saisies"
    )
    parser.addoption("--editions", type=int, default=100, help="modifications tirées au hasard")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the markers."""
    config.addinivalue_line("markers", "hors_journal(raison): writes without the application")
    for marque, (outil, _programme) in OUTILS.items():
        config.addinivalue_line("markers", f"{marque}: needs {outil}")
    config.addinivalue_line("markers", "un_moteur: what it looks at is the same on both engines")
    config.stash[_RESSOURCES] = Ressources()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what was started."""
    config.stash[_RESSOURCES].arreter()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test of the base on each engine; what a browser does is the same on both."""
    if "moteur" in metafunc.fixturenames:
        choix = metafunc.config.getoption("--engine")
        marques = map(metafunc.definition.get_closest_marker, ("chromium", "un_moteur"))
        if any(marques):
            choix = "sqlite"
        metafunc.parametrize("moteur", MOTEURS if choix == "all" else [choix])


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what this machine cannot run, aloud; on the integration machine that is a failure."""
    chemins = f"{os.environ.get('PATH', '')}:/usr/sbin"  # out of an ordinary user's path
    for marque, (outil, programme) in OUTILS.items():
        if item.get_closest_marker(marque) and not shutil.which(programme, path=chemins):
            _manque(outil)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """One line for each thing that was missing."""
    manques: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", ()):
        raison = str(report.longrepr)
        if ABSENT in raison:
            outil = raison.split(ABSENT)[1].rstrip("')")
            manques[outil] = manques.get(outil, 0) + 1
    for outil, nombre in manques.items():
        terminalreporter.write_line(
            f"ATTENTION : {outil} manque, {nombre} tests NON EXÉCUTÉS. Faites « make test-deps ».",
            red=True,
            bold=True,
        )


class Ressources:
    """What lives as long as the test process: the servers, and one application per engine."""

    def __init__(self) -> None:
        self._pile = ExitStack()
        self._applications: dict[str, FastAPI] = {}

    @cached_property
    def sqlite(self) -> serveurs.BaseDeTest:
        """The embedded base."""
        return self._garder(serveurs.BaseSqlite())

    @cached_property
    def mariadb(self) -> serveurs.BaseDeTest:
        """The base on the server given, else on one of our own."""
        ouvrier = os.environ.get("PYTEST_XDIST_WORKER", "")
        url = serveurs.url_donnee(f"_{ouvrier}" if ouvrier else "")
        if url is None:
            if serveurs.chemin_mariadbd() is None:
                _manque("MariaDB")
            serveur = serveurs.ServeurMariadb()
            self._pile.callback(serveur.arreter)
            url = serveur.creer_base("cordeau_test")
        return self._garder(serveurs.BaseMariadb(url))

    def application(self, base: serveurs.BaseDeTest) -> FastAPI:
        """The application of this base: its routes are built once."""
        if base.url not in self._applications:
            data = Path(self._pile.enter_context(TemporaryDirectory(prefix="cordeau-data-")))
            app = create_app(make_settings(data, base.url))
            serveurs.sans_attendre_le_disque(app.state.database)
            self._applications[base.url] = app
        return self._applications[base.url]

    def arreter(self) -> None:
        """Stop everything."""
        for app in self._applications.values():
            app.state.database.dispose()
        self._pile.close()

    def _garder(self, base: serveurs.BaseDeTest) -> serveurs.BaseDeTest:
        self._pile.callback(base.arreter)
        return base


_RESSOURCES = pytest.StashKey[Ressources]()


def make_settings(data: Path, database_url: str) -> Settings:
    """The settings of an instance under test."""
    return Settings(
        data=data,
        database_url=database_url,
        secret_key="clé des tests",
        smtp_url="",
        base_url="http://testserver",
        environnement=Environnement.DEVELOPPEMENT,
    )


@pytest.fixture(scope="session", autouse=True)
def _mots_de_passe_rapides() -> None:
    """Digest passwords cheaply: their real cost has its own test."""
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
def base(moteur: str, request: pytest.FixtureRequest) -> serveurs.BaseDeTest:
    """A fresh base on one engine; a test that asks for it runs once on each."""
    base: serveurs.BaseDeTest = getattr(request.config.stash[_RESSOURCES], moteur)
    base.remettre_a_neuf()
    return base


@pytest.fixture(autouse=True)
def _rien_sans_trace(request: pytest.FixtureRequest) -> Iterator[None]:
    """After each test of a context: replaying the journal gives the very rows of the base.

    A test that writes without the application says so: `@pytest.mark.hors_journal("why")`.
    """
    contexte = Path(request.path).parent.name
    if (
        contexte not in CONTEXTES_SUIVIS
        or "base" not in request.fixturenames
        or request.getfixturevalue("moteur") != "sqlite"
        or request.node.get_closest_marker("hors_journal")
    ):
        yield
        return
    with serveurs.ouverte(request.getfixturevalue("base").url) as database:
        depart = rejeu.photographier(database)
    yield
    with serveurs.ouverte(request.getfixturevalue("base").url) as database:
        assert not rejeu.ecarts(database, depart)


@pytest.fixture
def database(base: serveurs.BaseDeTest) -> Iterator[Database]:
    """The base, as the application opens it."""
    database = serveurs.ouvrir(base.url)
    yield database
    database.dispose()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """One unit of work, committed at the end of the test.

    It holds SQLite's write lock once used: with a client of the application, open
    `database.write()` for as long as needed instead.
    """
    with database.write() as session:
        yield session


@pytest.fixture
def settings(app: FastAPI) -> Settings:
    """The settings of the application under test."""
    settings: Settings = app.state.settings
    return settings


@pytest.fixture
def app(base: serveurs.BaseDeTest, request: pytest.FixtureRequest) -> Iterator[FastAPI]:
    """The application on a fresh base; jobs run by `app.state.worker.run_one()`."""
    app = request.config.stash[_RESSOURCES].application(base)
    etat = dict(app.state._state)
    ouvrier = app.state.worker
    app.state.worker = Worker(ouvrier.database, ouvrier.handlers, ouvrier.quotidiens)
    if app.state.settings.is_sqlite:  # a lock serves one event loop: that of this test
        app.state.writer_gate = asyncio.Lock()
    yield app
    app.state.database.dispose()
    app.dependency_overrides.clear()
    app.state._state.clear()
    app.state._state.update(etat)


class Ouvreur(Protocol):
    """Opens a client of the application, closed with the test."""

    def __call__(self, genre: type[Genre]) -> Genre:
        """A new client of this kind."""


@pytest.fixture
def ouvrir_client(app: FastAPI) -> Iterator[Ouvreur]:
    """Open clients of the application, closed with the test."""
    with ExitStack() as pile:

        def ouvrir(genre: type[Genre]) -> Genre:
            client = genre(app)
            pile.enter_context(client)
            return client

        yield ouvrir


@pytest.fixture
def client_http(ouvrir_client: Ouvreur) -> gens.Navigateur:
    """An anonymous visitor."""
    return ouvrir_client(gens.Navigateur)


@pytest.fixture
def api(app: FastAPI, ouvrir_client: Ouvreur) -> Callable[..., TestClient]:
    """`api("comptable")`: a program that holds the token of a person with this role."""

    def ouvrir(role: Role | str = Role.ADMIN) -> TestClient:
        client = ouvrir_client(TestClient)
        gens.porter_jeton(client, app, role)
        return client

    return ouvrir


@pytest.fixture
def navigateur(app: FastAPI, ouvrir_client: Ouvreur) -> Callable[..., gens.Navigateur]:
    """`navigateur("commercial")`: a browser where a person with this role is signed in."""

    def ouvrir(role: Role | str = Role.ADMIN) -> gens.Navigateur:
        client = ouvrir_client(gens.Navigateur)
        gens.connecter(client, app, role)
        return client

    return ouvrir


@pytest.fixture
def acteur() -> Acteur:
    """An administrator who acts."""
    return Acteur(UUID(int=1), "Camille Vasseur", "camille@exemple.fr", Role.ADMIN)


def _manque(outil: str) -> None:
    """Skip a test for want of a tool; never on the integration machine."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{outil} manque : sur la machine d’intégration, aucun test n’est sauté.")
    pytest.skip(f"{ABSENT}{outil}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the whole process: Playwright starts only once in each."""
    with ouvrir_chromium() as navigateur:
        yield navigateur
