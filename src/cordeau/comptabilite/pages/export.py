"""The page of the export, and its file."""

from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import Response

from cordeau.auth.deps import CurrentUser, compter, requires
from cordeau.comptabilite.queries import Periode, lire_export_jde
from cordeau.comptabilite.reponses import repondre_export
from cordeau.comptabilite.rules import totaliser_jde
from cordeau.comptabilite.schemas import FormatExport, PeriodeDep, ProfilJde
from cordeau.core.permissions import Permission
from cordeau.core.quotas import Geste
from cordeau.web.deps import DatabaseDep, ReadSession, Today
from cordeau.web.route import CordeauRoute
from cordeau.web.templating import rendre

router = APIRouter(route_class=CordeauRoute)
#: Rows shown on the page; the file holds them all.
APERCU = 20


@router.get("/export/jde", dependencies=[requires(Permission.EXPORT_LIRE)])
def jde(
    request: Request,
    session: ReadSession,
    database: DatabaseDep,
    actor: CurrentUser,
    periode: PeriodeDep,
    today: Today,
    format: FormatExport | None = None,  # noqa: A002 (the published address)
    profil: ProfilJde = ProfilJde.SIMPLE,
) -> Response:
    """Choose a period and see what it holds; with `format`, download it."""
    if format is not None:
        compter(request, Geste.EXPORT, str(actor.id))
        export = lire_export_jde(session, periode, today)
        return repondre_export(database, export, periode, profil=profil, genre=format, actor=actor)
    if not request.query_params.keys() & {"du", "au"}:
        periode = Periode(_debut_du_mois(today), today)
    export = lire_export_jde(session, periode, today)
    return rendre(
        request,
        "comptabilite/jde.html",
        rubrique="exports",
        periode=periode,
        totaux=totaliser_jde(export.lignes),
        apercu=export.lignes[:APERCU],
        sans_code=export.sans_code,
    )


def _debut_du_mois(jour: date) -> date:
    return jour.replace(day=1)
