"""Builds the web application: the only place that wires the contexts together."""

import asyncio
import threading
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.staticfiles import StaticFiles

import cordeau.analytics.jobs
import cordeau.analytics.pages
import cordeau.auth.jobs
import cordeau.auth.pages.compte
import cordeau.auth.pages.connexion
import cordeau.auth.pages.jetons
import cordeau.auth.pages.mot_de_passe
import cordeau.auth.pages.second_facteur
import cordeau.auth.pages.utilisateurs
import cordeau.chantiers.api
import cordeau.chantiers.extensions
import cordeau.chantiers.pages
import cordeau.chantiers.panneaux
import cordeau.clients.api
import cordeau.clients.extensions
import cordeau.clients.pages.carnet
import cordeau.clients.pages.fiche
import cordeau.clients.pages.importation
import cordeau.clients.pages.liste
import cordeau.comptabilite.api
import cordeau.comptabilite.jobs
import cordeau.comptabilite.pages.clotures
import cordeau.comptabilite.pages.export
import cordeau.core.operations
import cordeau.devis.api
import cordeau.devis.api_versions
import cordeau.devis.extensions
import cordeau.devis.jobs
import cordeau.devis.pages.actions
import cordeau.devis.pages.fiche
import cordeau.devis.pages.liste
import cordeau.devis.pages.lot
import cordeau.devis.pages.modeles
import cordeau.devis.pages.redaction
import cordeau.devis.panneaux
import cordeau.entreprise.api
import cordeau.entreprise.pages.identite
import cordeau.entreprise.pages.installation
import cordeau.entreprise.pages.parametres
import cordeau.exploitation.jobs
import cordeau.exploitation.pages
import cordeau.facturation.api
import cordeau.facturation.api_reglements
import cordeau.facturation.comptes
import cordeau.facturation.jobs
import cordeau.facturation.pages.actions
import cordeau.facturation.pages.depuis_devis
import cordeau.facturation.pages.encaissement
import cordeau.facturation.pages.fiche
import cordeau.facturation.pages.liste
import cordeau.facturation.pages.lot
import cordeau.facturation.pages.redaction
import cordeau.facturation.pages.reglements
import cordeau.facturation.panneaux
import cordeau.health
import cordeau.historique.pages
import cordeau.notifications.acces
import cordeau.notifications.jobs
import cordeau.notifications.pages
from cordeau import __version__
from cordeau.analytics.jobs import JOB_REPLIER
from cordeau.auth.deps import est_connu
from cordeau.auth.jobs import JOB_MENAGE
from cordeau.auth.liens import JOB_LIEN
from cordeau.auth.presences import Presences
from cordeau.comptabilite.commands.ancrage import JOB_ANCRER
from cordeau.comptabilite.commands.archivage import JOB_ARCHIVER
from cordeau.comptabilite.commands.cloture import JOB_CLORE
from cordeau.core.db import Database
from cordeau.core.jobs import Handler, Worker
from cordeau.core.operations import JOB_OUBLIER
from cordeau.core.settings import Settings
from cordeau.devis.commands.envoi import JOB_JOINDRE
from cordeau.devis.commands.reponse import JOB_EXPIRER
from cordeau.entreprise.queries import page_context
from cordeau.exploitation.libelles import JOB_PURGER
from cordeau.facturation.commands.emission import JOB_RENDRE
from cordeau.notifications.commands import JOB_ENVOYER
from cordeau.web import errors, openapi
from cordeau.web.idempotency import CookiesRecents
from cordeau.web.middleware import Surround
from cordeau.web.templating import STATIC, create_environment

PACKAGE = Path(__file__).parent

#: Every route of the application, looked at in this order: API first, since programs ask the most.
#: A test walks what they declare.
ROUTERS: tuple[APIRouter, ...] = (
    cordeau.entreprise.api.router,
    cordeau.clients.api.router,
    cordeau.chantiers.api.router,
    cordeau.devis.api.router,
    cordeau.devis.api_versions.router,
    cordeau.facturation.api_reglements.router,
    cordeau.facturation.api.router,
    cordeau.comptabilite.api.router,
    cordeau.health.router,
    cordeau.auth.pages.connexion.router,
    cordeau.auth.pages.mot_de_passe.router,
    cordeau.auth.pages.compte.router,
    cordeau.auth.pages.second_facteur.router,
    cordeau.auth.pages.jetons.router,
    cordeau.auth.pages.utilisateurs.router,
    cordeau.entreprise.pages.installation.router,
    cordeau.entreprise.pages.identite.router,
    cordeau.entreprise.pages.parametres.router,
    cordeau.notifications.pages.router,
    cordeau.exploitation.pages.router,
    cordeau.historique.pages.router,
    cordeau.clients.pages.importation.router,
    cordeau.clients.pages.liste.router,
    cordeau.clients.pages.carnet.router,
    cordeau.clients.pages.fiche.router,
    cordeau.chantiers.pages.router,
    cordeau.devis.pages.liste.router,
    cordeau.devis.pages.lot.router,
    cordeau.devis.pages.modeles.router,
    cordeau.devis.pages.redaction.router,
    cordeau.devis.pages.actions.router,
    cordeau.devis.pages.fiche.router,
    cordeau.facturation.pages.liste.router,
    cordeau.facturation.pages.lot.router,
    cordeau.facturation.pages.depuis_devis.router,
    cordeau.facturation.pages.redaction.router,
    cordeau.facturation.pages.fiche.router,
    cordeau.facturation.pages.actions.router,
    cordeau.facturation.pages.encaissement.router,
    cordeau.facturation.pages.reglements.router,
    cordeau.comptabilite.pages.export.router,
    cordeau.comptabilite.pages.clotures.router,
    cordeau.analytics.pages.router,
)

#: Contexts that hold templates, under their own prefix.
TEMPLATES: tuple[str, ...] = (
    "web",
    "auth",
    "historique",
    "entreprise",
    "notifications",
    "clients",
    "chantiers",
    "devis",
    "facturation",
    "comptabilite",
    "analytics",
    "exploitation",
)


#: What contexts add to the page of a client, in the order of the page.
PANNEAUX_CLIENT = (
    cordeau.devis.panneaux.panneau_client,
    cordeau.chantiers.panneaux.panneau_client,
    cordeau.facturation.panneaux.panneau_factures_client,
    cordeau.facturation.panneaux.panneau_reglements_client,
)
#: What contexts add to the page of a chantier.
PANNEAUX_CHANTIER = (
    cordeau.devis.panneaux.panneau_chantier,
    cordeau.facturation.panneaux.panneau_chantier,
)
#: What contexts add to the page of a devis.
PANNEAUX_DEVIS = (cordeau.facturation.panneaux.panneau_devis,)


def make_handlers(settings: Settings) -> Mapping[str, Handler]:
    """Every kind of job and who does it."""
    return {
        JOB_ENVOYER: cordeau.notifications.jobs.make_sender(settings),
        JOB_JOINDRE: cordeau.devis.jobs.joindre_pdf,
        JOB_EXPIRER: cordeau.devis.jobs.expirer_devis,
        JOB_ARCHIVER: cordeau.comptabilite.jobs.make_archiver(settings),
        JOB_CLORE: cordeau.comptabilite.jobs.clore_les_jours,
        JOB_ANCRER: cordeau.comptabilite.jobs.make_anchorer(settings),
        JOB_RENDRE: cordeau.facturation.jobs.rendre,
        JOB_OUBLIER: cordeau.core.operations.oublier,
        JOB_PURGER: cordeau.exploitation.jobs.purger_travaux,
        JOB_REPLIER: cordeau.analytics.jobs.replier_agregats,
        JOB_LIEN: cordeau.notifications.acces.make_link_writer(settings),
        JOB_MENAGE: cordeau.auth.jobs.faire_le_menage,
    }


#: Jobs to run once each Paris day.
QUOTIDIENS = (
    JOB_EXPIRER,
    JOB_CLORE,
    JOB_ARCHIVER,
    JOB_ANCRER,
    JOB_OUBLIER,
    JOB_PURGER,
    JOB_REPLIER,
    JOB_MENAGE,
)


def create_app(settings: Settings, *, with_worker: bool = False) -> FastAPI:
    """The application for these settings; `with_worker` also runs the jobs in a thread."""
    cordeau.clients.extensions.PANNEAUX[:] = PANNEAUX_CLIENT
    cordeau.clients.extensions.SOLDES[:] = [cordeau.facturation.comptes.ComptesClients()]
    cordeau.chantiers.extensions.PANNEAUX[:] = PANNEAUX_CHANTIER
    cordeau.devis.extensions.PANNEAUX[:] = PANNEAUX_DEVIS
    app = FastAPI(
        title="Cordeau",
        version=__version__,
        summary="Devis, chantiers, factures et règlements d’une entreprise du bâtiment.",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
    )
    app.state.settings = settings
    app.state.database = Database(settings.database_url)
    app.state.with_worker = with_worker
    app.state.operations_en_cours, app.state.cookies_recents = set(), CookiesRecents()
    app.state.worker = Worker(app.state.database, make_handlers(settings), QUOTIDIENS)
    app.state.presences = Presences(app.state.database)
    app.state.page_context, app.state.est_connu = page_context, est_connu
    app.state.templates = create_environment([PACKAGE / n / "templates" for n in TEMPLATES])
    app.state.writer_gate = asyncio.Lock() if settings.is_sqlite else _OpenGate()
    errors.register(app)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.add_middleware(Surround)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    for router in ROUTERS:  # flat: an included router is searched twice at each request
        app.router.routes.extend(router.routes)
    app.openapi = partial(openapi.decrire, app)  # type: ignore[method-assign]  # FastAPI's documented way
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    travaux: dict[str, Presences | Worker] = {"presences": app.state.presences}
    if app.state.with_worker:
        travaux["jobs"] = app.state.worker
    threads = [threading.Thread(target=t.run, name=n, daemon=True) for n, t in travaux.items()]
    for thread in threads:
        thread.start()
    yield
    for travail in travaux.values():
        travail.stop()
    for thread in threads:
        thread.join(timeout=30)
    app.state.database.dispose()


class _OpenGate(AbstractAsyncContextManager[None]):
    """No gate: MariaDB lets writers in together."""

    async def __aexit__(self, *_exc: object) -> None:
        """Nothing to release."""
