"""Factures over the API."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response

from cordeau.auth.deps import CurrentUser, limiter, requires
from cordeau.core.permissions import Permission
from cordeau.core.quotas import Geste
from cordeau.core.revisions import check_revision
from cordeau.devis.queries import get_devis
from cordeau.facturation import queries
from cordeau.facturation.commands import avoir, brouillon, depuis_devis, emission
from cordeau.facturation.models import Facture
from cordeau.facturation.reponses import repondre_pdf, repondre_xml
from cordeau.facturation.schemas import (
    AvoirSaisie,
    DepuisDevisSaisie,
    FactureResumeSchema,
    FactureSaisie,
    FactureSchema,
    facture_schema,
    resume,
)
from cordeau.facturation.states import StatutFacture, StatutPaiement, TypeFacture
from cordeau.web.adresse import lu_dans_l_adresse
from cordeau.web.deps import DatabaseDep, DemandeDep, ReadSession, Today, UnitOfWork
from cordeau.web.preconditions import IfMatch, IfMatchRequis, check_if_match, expected_revision
from cordeau.web.route import CordeauRoute
from cordeau.web.schemas import LIMITEE, JourSaisi, JsonResponse, ListeSchema, etag, repondre

router = APIRouter(prefix="/api/v1/factures", route_class=CordeauRoute, tags=["Factures"])

lire_facture = requires(Permission.FACTURE_LIRE)
ecrire_facture = requires(Permission.FACTURE_ECRIRE)


def read_filtre(
    statut: Annotated[tuple[StatutFacture, ...], Query()] = (),
    statut_paiement: Annotated[tuple[StatutPaiement, ...], Query(alias="statutPaiement")] = (),
    type_facture: Annotated[tuple[TypeFacture, ...], Query(alias="type")] = (),
    client_id: Annotated[UUID | None, Query(alias="clientId")] = None,
    devis_id: Annotated[UUID | None, Query(alias="devisId")] = None,
    chantier_id: Annotated[UUID | None, Query(alias="chantierId")] = None,
    du: Annotated[JourSaisi | None, Query()] = None,
    au: Annotated[JourSaisi | None, Query()] = None,
    numero: Annotated[str, Query(max_length=40)] = "",
    facture_origine_id: Annotated[UUID | None, Query(alias="factureOrigineId")] = None,
    date_emission: Annotated[JourSaisi | None, Query(alias="dateEmission")] = None,
    date_echeance: Annotated[JourSaisi | None, Query(alias="dateEcheance")] = None,
) -> queries.FiltreFacture:
    """Which documents are wanted, each field of one by its own value."""
    return queries.FiltreFacture(
        statuts=statut,
        paiements=statut_paiement,
        types=type_facture,
        client_id=client_id,
        devis_id=devis_id,
        chantier_id=chantier_id,
        du=du,
        au=au,
        numero=numero,
        facture_origine_id=facture_origine_id,
        date_emission=date_emission,
        date_echeance=date_echeance,
    )


@router.get(
    "",
    dependencies=[lire_facture],
    response_model=ListeSchema[FactureResumeSchema],
    summary="Les factures, acomptes et avoirs",
)
def lister(
    session: ReadSession,
    demande: DemandeDep,
    today: Today,
    filtre: Annotated[queries.FiltreFacture, lu_dans_l_adresse(read_filtre)],
) -> Response:
    """One page of the documents that match."""
    page = queries.list_factures(session, demande, filtre, today)
    champs = FactureResumeSchema.model_fields
    return JsonResponse(
        {
            "elements": [
                {champs[nom].alias: valeur for nom, valeur in resume(facture, today).items()}
                for facture in page.elements
            ],
            "suivant": page.suivant,
        }
    )


@router.post(
    "",
    status_code=201,
    dependencies=[ecrire_facture],
    response_model=FactureSchema,
    summary="Créer une facture libre",
)
def creer(uow: UnitOfWork, saisie: FactureSaisie, actor: CurrentUser, today: Today) -> Response:
    """A draft without devis."""
    facture = brouillon.creer_facture(uow, saisie.en_saisie(), actor=actor, le=today)
    return _creee(facture, today)


@router.post(
    "/depuis-devis/{devis_id}",
    status_code=201,
    dependencies=[ecrire_facture],
    response_model=FactureSchema,
    summary="Facturer un devis accepté",
)
def creer_depuis_devis(
    uow: UnitOfWork,
    devis_id: UUID,
    actor: CurrentUser,
    today: Today,
    saisie: DepuisDevisSaisie | None = None,
    if_match: IfMatch = None,
) -> Response:
    """All that remains, a part, or an acompte, as a draft."""
    check_if_match(if_match, lambda: get_devis(uow, devis_id, for_update=True))
    demande = (saisie or DepuisDevisSaisie()).en_demande()
    facture = depuis_devis.facturer_devis(uow, devis_id, demande, actor=actor, le=today)
    return _creee(facture, today)


@router.get(
    "/{facture_id}",
    dependencies=[lire_facture],
    response_model=FactureSchema,
    summary="Une facture",
)
def lire(session: ReadSession, facture_id: UUID, today: Today) -> Response:
    """The document with its rows."""
    return _repondre(queries.get_facture(session, facture_id), today)


@router.put(
    "/{facture_id}",
    dependencies=[ecrire_facture],
    response_model=FactureSchema,
    summary="Modifier un brouillon",
)
def modifier(
    uow: UnitOfWork,
    facture_id: UUID,
    saisie: FactureSaisie,
    actor: CurrentUser,
    today: Today,
    if_match: IfMatchRequis,
) -> Response:
    """Change a draft; an issued document is only corrected by an avoir."""
    facture = brouillon.modifier_facture(
        uow,
        facture_id,
        saisie.en_saisie(),
        actor=actor,
        revision_attendue=expected_revision(if_match),
    )
    return _repondre(facture, today)


@router.delete(
    "/{facture_id}",
    status_code=204,
    dependencies=[ecrire_facture],
    summary="Supprimer un brouillon",
)
def supprimer(
    uow: UnitOfWork, facture_id: UUID, actor: CurrentUser, if_match: IfMatchRequis
) -> Response:
    """Throw a draft away."""
    facture = queries.get_facture(uow, facture_id, for_update=True)
    check_revision(facture.revision, expected_revision(if_match))
    brouillon.supprimer_brouillon(uow, facture_id, actor=actor)
    return Response(status_code=204)


@router.put(
    "/{facture_id}/emettre",
    dependencies=[ecrire_facture],
    response_model=FactureSchema,
    summary="Émettre",
)
def emettre(
    uow: UnitOfWork,
    facture_id: UUID,
    actor: CurrentUser,
    today: Today,
    if_match: IfMatch = None,
) -> Response:
    """Number and freeze the document; 409 lists all that is missing."""
    facture = emission.emettre(
        uow,
        facture_id,
        actor=actor,
        le=today,
        revision_attendue=expected_revision(if_match),
    )
    uow.flush()  # the answer bears the revision as saved
    return _repondre(facture, today)


@router.post(
    "/{facture_id}/avoir",
    status_code=201,
    dependencies=[ecrire_facture],
    response_model=FactureSchema,
    summary="Préparer un avoir",
)
def creer_avoir(
    uow: UnitOfWork,
    facture_id: UUID,
    actor: CurrentUser,
    today: Today,
    saisie: AvoirSaisie | None = None,
    if_match: IfMatch = None,
) -> Response:
    """Credit the document, whole or by rows, as a draft."""
    check_if_match(if_match, lambda: queries.get_facture(uow, facture_id, for_update=True))
    lignes = [(li.ligne_id, li.quantite) for li in saisie.lignes] if saisie else []
    return _creee(avoir.preparer_avoir(uow, facture_id, lignes, actor=actor, le=today), today)


@router.get(
    "/{facture_id}/pdf",
    dependencies=[lire_facture, limiter(Geste.PDF)],
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}}, **LIMITEE},
    summary="La facture en PDF (Factur-X)",
)
def pdf(database: DatabaseDep, facture_id: UUID, today: Today) -> Response:
    """The stored Factur-X; for a draft, a preview marked « PROJET »."""
    return repondre_pdf(database, facture_id, today)


@router.get(
    "/{facture_id}/xml",
    dependencies=[lire_facture, limiter(Geste.PDF)],
    response_class=Response,
    responses={200: {"content": {"application/xml": {}}}, **LIMITEE},
    summary="La facture en XML (EN 16931)",
)
def xml(database: DatabaseDep, facture_id: UUID) -> Response:
    """The XML inside the stored Factur-X."""
    return repondre_xml(database, facture_id)


def _creee(facture: Facture, le: date) -> Response:
    headers = etag(facture.revision) | {"Location": f"/api/v1/factures/{facture.id}"}
    return repondre(facture_schema(facture, le), status_code=201, headers=headers)


def _repondre(facture: Facture, le: date) -> Response:
    return repondre(facture_schema(facture, le), headers=etag(facture.revision))
