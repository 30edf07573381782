"""The export over the API."""

from fastapi import APIRouter
from fastapi.responses import Response

from cordeau.auth.deps import CurrentUser, limiter, requires
from cordeau.comptabilite.queries import lire_export_jde
from cordeau.comptabilite.reponses import repondre_export
from cordeau.comptabilite.schemas import ExportJdeSchema, FormatExport, PeriodeDep, ProfilJde
from cordeau.core.permissions import Permission
from cordeau.core.quotas import Geste
from cordeau.web.deps import DatabaseDep, ReadSession, Today
from cordeau.web.route import CordeauRoute
from cordeau.web.schemas import LIMITEE

router = APIRouter(prefix="/api/v1/exports", route_class=CordeauRoute, tags=["Exports"])


@router.get(
    "/jde",
    dependencies=[requires(Permission.EXPORT_LIRE), limiter(Geste.EXPORT)],
    response_model=ExportJdeSchema,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}, **LIMITEE},
    summary="Factures et avoirs émis, pour JD Edwards",
)
def jde(
    session: ReadSession,
    database: DatabaseDep,
    actor: CurrentUser,
    periode: PeriodeDep,
    today: Today,
    format: FormatExport = FormatExport.JSON,  # noqa: A002 (the published address)
    profil: ProfilJde = ProfilJde.SIMPLE,
) -> Response:
    """JSON, or the CSV file whose first row names its columns.

    Les avoirs ont des montants négatifs ; `avertissements` nomme les clients sans code JD Edwards.
    """
    export = lire_export_jde(session, periode, today)
    return repondre_export(database, export, periode, profil=profil, genre=format, actor=actor)
