"""A real browser on the application: a server in a thread, Chromium, what it complains of."""

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright
from starlette.testclient import TestClient

from cordeau.core.permissions import Role
from tests import gens

Theme = Literal["light", "dark"]
#: A sandbox needs rights a container does not give; the rest keeps the browser from calling home.
OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
AXE = Path("src/cordeau/web/static/vendor/test/axe.min.js")
DEMARRAGE_SECONDES = 20


@contextmanager
def servir(app: FastAPI) -> Iterator[str]:
    """The address of the application, served on a free port of this machine."""
    prise = socket.socket()
    prise.bind(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_level="error", lifespan="off", ws="none")
    serveur = uvicorn.Server(config)
    fil = threading.Thread(target=serveur.run, kwargs={"sockets": [prise]}, daemon=True)
    fil.start()
    limite = time.monotonic() + DEMARRAGE_SECONDES
    while not serveur.started:
        if time.monotonic() > limite:
            raise RuntimeError("the server did not start")
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{prise.getsockname()[1]}"
    finally:
        serveur.should_exit = True
        fil.join(timeout=10)
        prise.close()


@contextmanager
def ouvrir_chromium() -> Iterator[Browser]:
    """Debian's Chromium, without its sandbox, which a container cannot give."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(OPTIONS)
        )
        try:
            yield chromium
        finally:
            chromium.close()


@dataclass
class Poste:
    """A person at her browser: signed in, and heard when the page complains."""

    adresse: str
    contexte: BrowserContext
    page: Page
    #: Errors of the console, of the page, of the content policy.
    plaintes: list[str] = field(default_factory=list)

    def aller(self, chemin: str) -> Page:
        """Open a page of the application."""
        self.page.goto(f"{self.adresse}{chemin}")
        return self.page

    def axe(self) -> list[str]:
        """What axe-core finds wrong in the page, in a line each."""
        self.page.evaluate(AXE.read_text("utf-8") + ";undefined")
        resultat: dict[str, Any] = self.page.evaluate("axe.run()")
        return [
            f"{v['id']} : {n['target']} {n['failureSummary']}"
            for v in resultat["violations"]
            for n in v["nodes"]
        ]


@contextmanager
def installer(
    chromium: Browser,
    app: FastAPI,
    adresse: str,
    *,
    role: Role | str = Role.ADMIN,
    largeur: int = 1440,
    theme: Theme = "light",
    **options: Any,
) -> Iterator[Poste]:
    """Sign a person in and give her a page."""
    contexte = chromium.new_context(
        viewport={"width": largeur, "height": 900},
        color_scheme=theme,
        locale="fr-FR",
        timezone_id="Europe/Paris",
        **options,
    )
    contexte.add_cookies([{"name": "cordeau_session", "value": _cookie(app, role), "url": adresse}])
    poste = Poste(adresse, contexte, contexte.new_page())
    poste.page.on("pageerror", lambda erreur: poste.plaintes.append(str(erreur)))
    poste.page.on("console", lambda m: poste.plaintes.append(m.text) if m.type == "error" else None)
    try:
        yield poste
    finally:
        contexte.close()


def apres_chargement(element: Locator) -> Locator:
    """The element once it is there and the scripts of its page ran: a test is faster than hands."""
    element.wait_for()
    element.page.wait_for_load_state("load")
    return element


def _cookie(app: FastAPI, role: Role | str) -> str:
    client = TestClient(app)
    gens.connecter(client, app, role)
    return str(client.cookies["cordeau_session"])
