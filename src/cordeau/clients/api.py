"""Clients over the API."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from cordeau.auth.deps import CurrentUser, requires
from cordeau.clients import commands, queries
from cordeau.clients.models import Client
from cordeau.clients.schemas import (
    ClientCreation,
    ClientModification,
    ClientResume,
    ClientSchema,
    FiltresDep,
)
from cordeau.core.permissions import Permission
from cordeau.core.revisions import check_revision
from cordeau.web.deps import DemandeDep, ReadSession, UnitOfWork
from cordeau.web.preconditions import IfMatch, IfMatchRequis, expected_revision
from cordeau.web.route import CordeauRoute
from cordeau.web.schemas import ListeSchema, etag, repondre

router = APIRouter(prefix="/api/v1/clients", route_class=CordeauRoute, tags=["Clients"])

lecture = requires(Permission.CLIENT_LIRE)
ecriture = requires(Permission.CLIENT_ECRIRE)


@router.get(
    "",
    dependencies=[lecture],
    response_model=ListeSchema[ClientResume],
    summary="Les clients, par nom",
)
def lister(session: ReadSession, demande: DemandeDep, filtres: FiltresDep) -> Response:
    """Tris : `nom`, `creeLe`. Sans `archive`, les clients archivés sont compris."""
    page = queries.list_clients(session, demande, filtres)
    elements = [ClientResume.lire(client) for client in page.elements]
    return repondre(ListeSchema(elements=elements, suivant=page.suivant))


@router.post(
    "",
    dependencies=[ecriture],
    status_code=201,
    response_model=ClientSchema,
    summary="Ajouter un client",
)
def creer(uow: UnitOfWork, saisie: ClientCreation, actor: CurrentUser) -> Response:
    """Only the name is required."""
    client = commands.creer_client(uow, saisie.champs(), actor=actor)
    return _repondre(client, status_code=201)


@router.get(
    "/{client_id}",
    dependencies=[lecture],
    response_model=ClientSchema,
    summary="Un client, ses contacts et ses adresses de chantier",
)
def lire(session: ReadSession, client_id: UUID) -> Response:
    """One client."""
    return _repondre(queries.get_client(session, client_id, complet=True))


@router.put(
    "/{client_id}",
    dependencies=[ecriture],
    response_model=ClientSchema,
    summary="Modifier un client",
)
def modifier(
    uow: UnitOfWork,
    client_id: UUID,
    saisie: ClientModification,
    actor: CurrentUser,
    if_match: IfMatchRequis,
) -> Response:
    """Change what is given; the rest keeps its value."""
    client = queries.get_client(uow, client_id, for_update=True, complet=True)
    commands.modifier_client(
        uow,
        client,
        saisie.champs(),
        actor=actor,
        revision_attendue=expected_revision(if_match),
    )
    return _repondre(client)


@router.delete(
    "/{client_id}",
    dependencies=[ecriture],
    status_code=204,
    responses={200: {"model": ClientSchema, "description": "Archivé, car il a servi."}},
    summary="Supprimer un client, ou l’archiver s’il a servi",
)
def supprimer(
    uow: UnitOfWork, client_id: UUID, actor: CurrentUser, if_match: IfMatchRequis
) -> Response:
    """204 when deleted; 200 and the client, archived, when something refers to it."""
    client = queries.get_client(uow, client_id, for_update=True, complet=True)
    supprime = commands.supprimer_client(
        uow, client, actor=actor, revision_attendue=expected_revision(if_match)
    )
    return Response(status_code=204) if supprime else _relire(uow, client_id)


@router.post(
    "/{client_id}/archiver",
    dependencies=[ecriture],
    response_model=ClientSchema,
    summary="Archiver un client",
)
def archiver(
    uow: UnitOfWork, client_id: UUID, actor: CurrentUser, if_match: IfMatch = None
) -> Response:
    """Keep it for its documents, propose it no longer."""
    client = queries.get_client(uow, client_id, for_update=True, complet=True)
    check_revision(client.revision, expected_revision(if_match))
    commands.archiver(uow, client, actor=actor)
    return _repondre(client)


@router.post(
    "/{client_id}/restaurer",
    dependencies=[ecriture],
    response_model=ClientSchema,
    summary="Remettre un client archivé en service",
)
def restaurer(
    uow: UnitOfWork, client_id: UUID, actor: CurrentUser, if_match: IfMatch = None
) -> Response:
    """Propose it again."""
    client = queries.get_client(uow, client_id, for_update=True, complet=True)
    check_revision(client.revision, expected_revision(if_match))
    commands.restaurer(uow, client, actor=actor)
    return _repondre(client)


def _relire(uow: UnitOfWork, client_id: UUID) -> Response:
    return _repondre(queries.get_client(uow, client_id, complet=True))


def _repondre(client: Client, *, status_code: int = 200) -> Response:
    headers = etag(client.revision)
    if status_code == 201:
        headers["Location"] = f"/api/v1/clients/{client.id}"
    return repondre(ClientSchema.lire(client), status_code=status_code, headers=headers)
