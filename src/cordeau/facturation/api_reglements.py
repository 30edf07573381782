"""Règlements over the API."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response
from sqlalchemy.orm import Session

from cordeau.auth.deps import CurrentUser, requires
from cordeau.core.permissions import Permission
from cordeau.facturation import queries, reglements
from cordeau.facturation.commands import reglements as commands
from cordeau.facturation.commands.reglements import SaisieReglement
from cordeau.facturation.models import Reglement
from cordeau.facturation.schemas import (
    AnnulationSaisie,
    ReglementMultipleSaisie,
    ReglementSaisie,
    ReglementSchema,
    reglement_schema,
)
from cordeau.facturation.states import ModeReglement
from cordeau.web.adresse import lu_dans_l_adresse
from cordeau.web.deps import DemandeDep, ReadSession, Today, UnitOfWork
from cordeau.web.preconditions import IfMatch, check_if_match, expected_revision
from cordeau.web.route import CordeauRoute
from cordeau.web.schemas import JourSaisi, JsonResponse, ListeSchema, etag, repondre

router = APIRouter(prefix="/api/v1", route_class=CordeauRoute, tags=["Règlements"])

lire_reglement = requires(Permission.REGLEMENT_LIRE)
ecrire_reglement = requires(Permission.REGLEMENT_ECRIRE)


@router.get(
    "/factures/{facture_id}/reglements",
    dependencies=[requires(Permission.FACTURE_LIRE)],
    response_model=ListeSchema[ReglementSchema],
    summary="Les règlements d’une facture",
)
def lister_facture(session: ReadSession, facture_id: UUID) -> Response:
    """What settled the document, oldest first."""
    facture = queries.get_facture(session, facture_id)
    imputations = reglements.list_of_facture(session, facture.id)
    ids = [i.reglement_id for i in imputations]
    connus = reglements.get_reglements(session, ids)
    annules = reglements.annulations(session, ids)
    elements = [
        reglement_schema(connus[i.reglement_id], i.montant, annules).model_dump(by_alias=True)
        for i in imputations
    ]
    return JsonResponse({"elements": elements, "suivant": None})


@router.post(
    "/factures/{facture_id}/reglements",
    status_code=201,
    dependencies=[ecrire_reglement],
    response_model=ReglementSchema,
    summary="Enregistrer un règlement",
)
def regler(
    uow: UnitOfWork,
    facture_id: UUID,
    saisie: ReglementSaisie,
    actor: CurrentUser,
    today: Today,
    if_match: IfMatch = None,
) -> Response:
    """Money received for this document; more than its balance is refused."""
    check_if_match(if_match, lambda: queries.get_facture(uow, facture_id, for_update=True))
    reglement = commands.regler_facture(
        uow,
        facture_id,
        saisie.montant,
        SaisieReglement(saisie.date or today, saisie.mode, saisie.reference),
        actor=actor,
    )
    return _cree(uow, reglement, saisie.montant)


def read_filtre(
    client_id: Annotated[UUID | None, Query(alias="clientId")] = None,
    mode: Annotated[tuple[ModeReglement, ...], Query()] = (),
    du: Annotated[JourSaisi | None, Query()] = None,
    au: Annotated[JourSaisi | None, Query()] = None,
) -> reglements.FiltreReglement:
    """Which règlements are wanted."""
    return reglements.FiltreReglement(client_id, mode, du, au)


@router.get(
    "/reglements",
    dependencies=[lire_reglement],
    response_model=ListeSchema[ReglementSchema],
    summary="Les règlements",
)
def lister(
    session: ReadSession,
    demande: DemandeDep,
    filtre: Annotated[reglements.FiltreReglement, lu_dans_l_adresse(read_filtre)],
) -> Response:
    """One page of règlements, latest first."""
    page = reglements.list_reglements(session, demande, filtre)
    annules = reglements.annulations(session, [r.id for r in page.elements])
    return JsonResponse(
        {
            "elements": [
                reglement_schema(r, r.montant, annules).model_dump(by_alias=True)
                for r in page.elements
            ],
            "suivant": page.suivant,
        }
    )


@router.post(
    "/reglements",
    status_code=201,
    dependencies=[ecrire_reglement],
    response_model=ReglementSchema,
    summary="Enregistrer un règlement sur plusieurs factures",
)
def regler_plusieurs(
    uow: UnitOfWork, saisie: ReglementMultipleSaisie, actor: CurrentUser, today: Today
) -> Response:
    """One payment over several documents of a client."""
    reglement = commands.enregistrer(
        uow,
        saisie.client_id,
        [(i.facture_id, i.montant) for i in saisie.imputations],
        SaisieReglement(saisie.date or today, saisie.mode, saisie.reference),
        actor=actor,
    )
    return _cree(uow, reglement, reglement.montant)


@router.get(
    "/reglements/{reglement_id}",
    dependencies=[lire_reglement],
    response_model=ReglementSchema,
    summary="Un règlement",
)
def lire(session: ReadSession, reglement_id: UUID) -> Response:
    """A règlement, and whether a counter-entry reversed it."""
    reglement = reglements.get_reglement(session, reglement_id)
    annules = reglements.annulations(session, [reglement.id])
    return repondre(
        reglement_schema(reglement, reglement.montant, annules), headers=etag(len(annules))
    )


@router.post(
    "/reglements/{reglement_id}/annulation",
    status_code=201,
    dependencies=[ecrire_reglement],
    response_model=ReglementSchema,
    summary="Annuler un règlement par une écriture inverse",
)
def annuler(
    uow: UnitOfWork,
    reglement_id: UUID,
    actor: CurrentUser,
    today: Today,
    saisie: AnnulationSaisie | None = None,
    if_match: IfMatch = None,
) -> Response:
    """The first entry stays; a counter-entry of today reverses it."""
    motif = saisie.motif if saisie else ""
    contre = commands.annuler(
        uow,
        reglement_id,
        motif=motif,
        actor=actor,
        le=today,
        revision_attendue=expected_revision(if_match),
    )
    return _cree(uow, contre, contre.montant)


def _cree(session: Session, reglement: Reglement, montant: Decimal) -> Response:
    """A new règlement and its address; `montant` as it was asked for, whatever its sign."""
    annules = reglements.annulations(session, [reglement.id])
    return repondre(
        reglement_schema(reglement, montant, annules),
        status_code=201,
        headers=etag(len(annules)) | {"Location": f"/api/v1/reglements/{reglement.id}"},
    )
