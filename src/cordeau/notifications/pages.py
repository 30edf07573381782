"""Messages sent or kept, under Paramètres."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from cordeau.auth.deps import requires
from cordeau.core.permissions import Permission
from cordeau.notifications import queries
from cordeau.notifications.models import StatutMessage
from cordeau.web.deps import DemandeDep, ReadSession
from cordeau.web.route import CordeauRoute
from cordeau.web.templating import piece_jointe, rendre

router = APIRouter(
    prefix="/parametres/messages",
    route_class=CordeauRoute,
    dependencies=[requires(Permission.MESSAGE_LIRE)],
)


#: The chips of the list.
LIBELLES = {
    StatutMessage.A_ENVOYER: "À envoyer",
    StatutMessage.ENVOYE: "Envoyés",
    StatutMessage.CONSERVE: "Conservés",
    StatutMessage.ECHEC: "En échec",
}


@router.get("")
def lister(
    request: Request,
    session: ReadSession,
    demande: DemandeDep,
    statut: Annotated[tuple[StatutMessage, ...], Query()] = (),
) -> Response:
    """The messages that match, latest first."""
    page = queries.list_messages(session, demande, statut)
    return rendre(
        request,
        "notifications/liste.html",
        rubrique="parametres",
        messages=page.elements,
        suivant=page.suivant,
        statuts=LIBELLES,
    )


@router.get("/{message_id}")
def lire(request: Request, session: ReadSession, message_id: UUID) -> Response:
    """One message, as its addressee reads it."""
    return rendre(
        request,
        "notifications/message.html",
        rubrique="parametres",
        message=queries.get_message(session, message_id),
    )


@router.get("/pieces/{piece_id}")
def piece(session: ReadSession, piece_id: UUID) -> Response:
    """An attached file."""
    found = queries.get_piece(session, piece_id)
    return piece_jointe(found.contenu, found.nom, found.type_mime)
