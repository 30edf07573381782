"""What the application says of itself: its health and the documentation of its API."""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import text

from cordeau import __version__
from cordeau.auth.deps import public
from cordeau.core.jobs import EtatJob, count_by_state
from cordeau.web.deps import ReadSession
from cordeau.web.route import CordeauRoute
from cordeau.web.schemas import JsonResponse
from cordeau.web.templating import rendre

router = APIRouter(route_class=CordeauRoute)

#: What a monitor counts; a job given up asks for nothing more.
ETATS = (EtatJob.EN_ATTENTE, EtatJob.EN_COURS, EtatJob.FAIT, EtatJob.MORT)
ARRETE = "arrêté"
OUVRIER_ARRETE = "Les travaux différés ne se font plus : redémarrez Cordeau."


@router.get("/sante", dependencies=[public], include_in_schema=False)
def sante(request: Request, session: ReadSession) -> Response:
    """200 when the database answers and the worker of this process works; how jobs stand."""
    session.execute(text("SELECT 1"))
    etats = count_by_state(session)
    ouvrier = _ouvrier(request)
    return JsonResponse(
        {
            "statut": OUVRIER_ARRETE if ouvrier == ARRETE else "ok",
            "version": __version__,
            "base": session.get_bind().dialect.name,
            "ouvrier": ouvrier,
            "jobs": {etat.value: etats.get(etat, 0) for etat in ETATS},
        },
        status_code=503 if ouvrier == ARRETE else 200,
    )


def _ouvrier(request: Request) -> str:
    """The worker of this process, which may have none."""
    etat = request.app.state
    if not etat.with_worker:
        return "ailleurs"
    return "vivant" if etat.worker.is_alive else ARRETE


@router.get("/api/docs", dependencies=[public], include_in_schema=False)
def api_docs(request: Request) -> Response:
    """The API, explained and tried out, served locally under the same CSP as every page."""
    return rendre(request, "api_docs.html", rubrique="")
