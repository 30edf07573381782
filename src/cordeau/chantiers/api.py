"""Chantiers over the API."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from cordeau.auth.deps import CurrentUser, requires
from cordeau.chantiers import commands, queries
from cordeau.chantiers.models import Chantier
from cordeau.chantiers.schemas import (
    ChantierCreation,
    ChantierModification,
    ChantierSchema,
    FiltresDep,
    StatutSaisi,
)
from cordeau.core.permissions import Permission
from cordeau.core.revisions import check_revision
from cordeau.web.deps import DemandeDep, ReadSession, Today, UnitOfWork
from cordeau.web.preconditions import IfMatch, IfMatchRequis, expected_revision
from cordeau.web.route import CordeauRoute
from cordeau.web.schemas import ListeSchema, etag, repondre

RACINE = "/api/v1/chantiers"
router = APIRouter(prefix=RACINE, route_class=CordeauRoute, tags=["Chantiers"])


@router.get(
    "",
    dependencies=[requires(Permission.CHANTIER_LIRE)],
    response_model=ListeSchema[ChantierSchema],
    summary="Les chantiers",
)
def lister(session: ReadSession, demande: DemandeDep, filtres: FiltresDep) -> Response:
    """One page of chantiers; sorts: `dateDebut`, `nom`, `code`."""
    page = queries.list_chantiers(session, demande, filtres)
    elements = [ChantierSchema.model_validate(chantier) for chantier in page.elements]
    return repondre(ListeSchema(elements=elements, suivant=page.suivant))


@router.post(
    "",
    dependencies=[requires(Permission.CHANTIER_ECRIRE)],
    response_model=ChantierSchema,
    status_code=201,
    summary="Ouvrir un chantier",
)
def ouvrir(uow: UnitOfWork, saisie: ChantierCreation, actor: CurrentUser, today: Today) -> Response:
    """Open a chantier, planned unless another state is asked for."""
    chantier = commands.ouvrir_chantier(uow, **saisie.ouverture(today), actor=actor)
    if saisie.statut is not None:
        commands.changer_statut(uow, chantier, saisie.statut, actor=actor)
    entetes = {"Location": f"{RACINE}/{chantier.id}", **etag(chantier.revision)}
    return repondre(ChantierSchema.model_validate(chantier), status_code=201, headers=entetes)


@router.get(
    "/{chantier_id}",
    dependencies=[requires(Permission.CHANTIER_LIRE)],
    response_model=ChantierSchema,
    summary="Un chantier",
)
def lire(session: ReadSession, chantier_id: UUID) -> Response:
    """One chantier."""
    return _repondre(queries.get_chantier(session, chantier_id))


@router.put(
    "/{chantier_id}",
    dependencies=[requires(Permission.CHANTIER_ECRIRE)],
    response_model=ChantierSchema,
    summary="Modifier un chantier",
)
def modifier(
    uow: UnitOfWork,
    chantier_id: UUID,
    saisie: ChantierModification,
    actor: CurrentUser,
    if_match: IfMatchRequis,
) -> Response:
    """Record what is given; the rest keeps its value."""
    chantier = _get(uow, chantier_id, if_match)
    commands.modifier_chantier(uow, chantier, saisie.champs(), actor=actor)
    if saisie.statut is not None:
        commands.changer_statut(uow, chantier, saisie.statut, actor=actor)
    return _repondre(chantier)


@router.put(
    "/{chantier_id}/statut",
    dependencies=[requires(Permission.CHANTIER_ECRIRE)],
    response_model=ChantierSchema,
    summary="Faire avancer un chantier",
)
def changer_statut(
    uow: UnitOfWork,
    chantier_id: UUID,
    saisie: StatutSaisi,
    actor: CurrentUser,
    if_match: IfMatch = None,
) -> Response:
    """Move a chantier along its life; 409 when the move is not permitted."""
    chantier = _get(uow, chantier_id, if_match)
    return _repondre(commands.changer_statut(uow, chantier, saisie.statut, actor=actor))


@router.delete(
    "/{chantier_id}",
    dependencies=[requires(Permission.CHANTIER_ECRIRE)],
    status_code=204,
    summary="Supprimer un chantier inutilisé",
)
def supprimer(
    uow: UnitOfWork, chantier_id: UUID, actor: CurrentUser, if_match: IfMatchRequis
) -> Response:
    """Delete a chantier; 409 once a devis or a facture refers to it."""
    commands.supprimer_chantier(uow, _get(uow, chantier_id, if_match), actor=actor)
    return Response(status_code=204)


def _get(uow: UnitOfWork, chantier_id: UUID, if_match: str | None) -> Chantier:
    """The chantier, locked, if it is still the one that was read."""
    chantier = queries.get_chantier(uow, chantier_id, for_update=True)
    check_revision(chantier.revision, expected_revision(if_match))
    return chantier


def _repondre(chantier: Chantier) -> Response:
    return repondre(ChantierSchema.model_validate(chantier), headers=etag(chantier.revision))
