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


@router.get("/sante", dependencies=[public], include_in_schema=False)
def sante(session: ReadSession) -> Response:
    """200 when the database answers; how many jobs wait, run, or died."""
    session.execute(text("SELECT 1"))
    etats = count_by_state(session)
    return JsonResponse(
        {
            "statut": "ok",
            "version": __version__,
            "base": session.get_bind().dialect.name,
            "jobs": {etat.value: etats.get(etat, 0) for etat in ETATS},
        }
    )


@router.get("/api/docs", dependencies=[public], include_in_schema=False)
def api_docs(request: Request) -> Response:
    """The API, explained and tried out, served locally under the same CSP as every page."""
    return rendre(request, "api_docs.html", rubrique="")
