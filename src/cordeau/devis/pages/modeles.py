"""The templates of devis."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from cordeau.auth.deps import CurrentUser, requires
from cordeau.core.permissions import Permission
from cordeau.devis import queries
from cordeau.devis.commands import modeles
from cordeau.web.deps import ReadSession, UnitOfWork
from cordeau.web.route import CordeauRoute
from cordeau.web.templating import rendre, voir_ailleurs

router = APIRouter(prefix="/devis/modeles", route_class=CordeauRoute)


@router.get("", dependencies=[requires(Permission.DEVIS_LIRE)])
def lister(request: Request, session: ReadSession) -> Response:
    """The templates, by name."""
    trouves = queries.list_modeles(session)
    return rendre(request, "devis/modeles.html", rubrique="devis", modeles=trouves)


@router.post("/{modele_id}/suppression", dependencies=[requires(Permission.DEVIS_ECRIRE)])
def suppression(request: Request, uow: UnitOfWork, modele_id: UUID, actor: CurrentUser) -> Response:
    """Remove a template."""
    modeles.supprimer_modele(uow, modele_id, actor=actor)
    return voir_ailleurs(request, "/devis/modeles", "Modèle supprimé.")
