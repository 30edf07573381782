"""The firm over the API."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from cordeau.auth.deps import CurrentUser, exiger_confirmation, requires
from cordeau.core.permissions import Permission
from cordeau.entreprise import commands, queries
from cordeau.entreprise.models import Entreprise
from cordeau.entreprise.schemas import EntrepriseSchema, entreprise_schema
from cordeau.web.deps import ReadSession, UnitOfWork
from cordeau.web.preconditions import IfMatch, expected_revision
from cordeau.web.route import CordeauRoute
from cordeau.web.schemas import etag, repondre

router = APIRouter(prefix="/api/v1/entreprise", route_class=CordeauRoute, tags=["Entreprise"])


@router.get(
    "",
    dependencies=[requires(Permission.ENTREPRISE_LIRE)],
    response_model=EntrepriseSchema,
    summary="L’identité et les réglages de l’entreprise",
)
def lire(session: ReadSession) -> Response:
    """The firm; blank before anybody described it."""
    return _repondre(queries.entreprise_or_blank(session))


@router.put(
    "",
    dependencies=[requires(Permission.ENTREPRISE_ECRIRE)],
    response_model=EntrepriseSchema,
    summary="Modifier l’identité et les réglages",
)
def definir(
    request: Request,
    uow: UnitOfWork,
    saisie: EntrepriseSchema,
    actor: CurrentUser,
    if_match: IfMatch = None,
) -> Response:
    """Record what is given; the rest keeps its value."""
    if queries.touche_la_banque(uow, saisie.champs()):
        exiger_confirmation(request)
    entreprise = commands.definir(
        uow, saisie.champs(), actor=actor, revision_attendue=expected_revision(if_match)
    )
    return _repondre(entreprise)


def _repondre(entreprise: Entreprise) -> Response:
    return repondre(entreprise_schema(entreprise), headers=etag(entreprise.revision))
