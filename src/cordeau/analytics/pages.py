"""The dashboard, its workbook, and the search of the palette."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from cordeau.analytics.actions import actions_de
from cordeau.analytics.classeur import feuilles
from cordeau.analytics.recherche import chercher
from cordeau.analytics.rules import jour_en_lettres, nom_du_mois
from cordeau.analytics.tableau import lire_tableau
from cordeau.auth.deps import CurrentUser, limiter, requires
from cordeau.core.permissions import Permission
from cordeau.core.quotas import Geste
from cordeau.devis.etapes import LIBELLES as LIBELLES_DEVIS
from cordeau.web.deps import ReadSession, Today
from cordeau.web.route import CordeauRoute
from cordeau.web.schemas import JsonResponse
from cordeau.web.tableur import TYPES_MIME, FormatTableur, ecrire_classeur
from cordeau.web.templating import piece_jointe, rendre

router = APIRouter(route_class=CordeauRoute)


@router.get("/dashboard", dependencies=[requires(Permission.TABLEAU_LIRE)])
def dashboard(request: Request, session: ReadSession, actor: CurrentUser, today: Today) -> Response:
    """Where the firm stands today, as far as this person may know."""
    return rendre(
        request,
        "analytics/dashboard.html",
        rubrique="dashboard",
        tableau=lire_tableau(session, actor, today),
        jour=jour_en_lettres(today),
        mois=nom_du_mois(today),
        libelles_devis=LIBELLES_DEVIS,
        actions=actions_de(actor),
    )


@router.get(
    "/dashboard/export.xlsx",
    dependencies=[requires(Permission.FACTURE_LIRE), limiter(Geste.EXPORT)],
)
def exporter(session: ReadSession, actor: CurrentUser, today: Today) -> Response:
    """The same figures as a workbook."""
    classeur = ecrire_classeur(feuilles(lire_tableau(session, actor, today)))
    nom = f"tableau_de_bord_{today:%Y%m%d}.xlsx"
    return piece_jointe(classeur, nom, TYPES_MIME[FormatTableur.XLSX])


@router.get("/recherche", dependencies=[requires(Permission.TABLEAU_LIRE)])
def recherche(
    session: ReadSession, actor: CurrentUser, q: Annotated[str, Query(max_length=200)] = ""
) -> Response:
    """What the palette shows for these words."""
    elements = [
        {"icone": t.icone, "titre": t.titre, "genre": t.genre, "url": t.url}
        for t in chercher(session, actor, q)
    ]
    return JsonResponse({"elements": elements})
