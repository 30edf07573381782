"""Serving an instance: one process on SQLite, as many as wanted on MariaDB."""

import gc
import logging
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from cordeau import migrate
from cordeau.app import QUOTIDIENS, create_app, make_handlers
from cordeau.auth.passwords import tirer_code
from cordeau.auth.queries import est_administree
from cordeau.core.db import Database
from cordeau.core.errors import ConflitError
from cordeau.core.jobs import Worker
from cordeau.core.log import configure_logging
from cordeau.core.settings import Settings
from cordeau.core.verrou import seul_sur_la_base
from cordeau.exploitation.logiciel import noter_version
from cordeau.exploitation.marquage import exiger_restauration_finie
from cordeau.exploitation.reprise_registre import est_annoncee
from cordeau.exploitation.restauration import achever
from cordeau.facturation.reprise import reste_a_reprendre
from cordeau.gestion import est_sans_table, exiger_schema, ouvrir_a_jour, veiller_aux_gardes

log = logging.getLogger(__name__)

#: Time given to requests in hand when the server is asked to stop.
ARRET_SECONDES = 10


def serve(settings: Settings, host: str, port: int, *, with_worker: bool) -> None:
    """Serve pages and API until stopped."""
    with seul_sur_la_base(settings), _ecouter(host, port) as prise:
        app = create_app(settings, with_worker=with_worker)
        exiger_restauration_finie(settings)
        _preparer_schema(app.state.database)
        achever(settings, app.state.database)
        veiller_aux_gardes(app.state.database)
        _veiller_au_registre(settings, app.state.database)
        noter_version(app.state.database)
        adresse = _adresse(host, prise.getsockname()[1])
        sys.stdout.write(f"Cordeau est ouvert sur {adresse}\n")
        _annoncer_installation(app, adresse)
        sys.stdout.flush()
        configure_logging()
        _oublier_le_chargement()
        config = uvicorn.Config(
            app,
            log_config=None,
            server_header=False,
            forwarded_allow_ips=[str(reseau) for reseau in settings.proxies],
            timeout_graceful_shutdown=ARRET_SECONDES,
        )
        uvicorn.Server(config).run(sockets=[prise])


def work(settings: Settings) -> None:
    """Run jobs until stopped; on SQLite, only when nobody serves the base."""
    with seul_sur_la_base(settings), ouvrir_a_jour(settings) as database:
        worker = Worker(database, make_handlers(settings), QUOTIDIENS)
        for demande in (signal.SIGINT, signal.SIGTERM):
            signal.signal(demande, lambda *_: worker.stop())
        sys.stdout.write("Les travaux différés sont exécutés ici.\n")
        sys.stdout.flush()
        configure_logging()
        worker.run()


def _oublier_le_chargement() -> None:
    """Leave what is loaded out of garbage collection: it lasts as long as the process."""
    gc.collect()
    gc.freeze()


@contextmanager
def _ecouter(host: str, port: int) -> Iterator[socket.socket]:
    famille = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's delay off (40 ms on an answer in two parts) only when told it is TCP
    with socket.socket(famille, socket.SOCK_STREAM, socket.IPPROTO_TCP) as prise:
        prise.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            prise.bind((host, port))
            prise.listen()
        except (OSError, OverflowError) as error:
            raise ConflitError(
                f"L’adresse {host}, port {port}, ne peut pas être ouverte : {error}. "
                "Choisissez un autre port avec --port."
            ) from error
        yield prise


def _preparer_schema(database: Database) -> None:
    """A new embedded base is made at once; any other is migrated only when asked."""
    if database.is_sqlite and est_sans_table(database):
        migrate.upgrade(database)
    exiger_schema(database)


def _veiller_au_registre(settings: Settings, database: Database) -> None:
    """Say when rows have no entry: an upgrade is not over, or somebody wrote them."""
    with database.read() as session:
        if not reste_a_reprendre(session):
            return
    suite = (
        "lancez « cordeau ledger verify » : aucune mise à jour ne l’explique.\n"
        if not est_annoncee(settings)
        else "une mise à jour n’a pas fini. Arrêtez les serveurs et lancez « cordeau migrate » "
        "avant d’émettre.\n"
    )
    sys.stderr.write(
        "ATTENTION : des documents, règlements ou fichiers ne sont pas au registre ; " + suite
    )


def _annoncer_installation(app: FastAPI, adresse: str) -> None:
    """Draw the code that lets the first administrator in, as long as there is none."""
    with app.state.database.read() as session:
        if est_administree(session):
            return
    app.state.installation_code = tirer_code(3)
    sys.stdout.write(
        f"Première installation : ouvrez {adresse}/installation\n"
        f"Code d’installation : {app.state.installation_code}\n"
    )


def _adresse(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
