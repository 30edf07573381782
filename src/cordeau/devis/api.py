"""Devis over the API."""

from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response
from sqlalchemy.orm import Session

from cordeau.auth.deps import CurrentUser, limiter, requires
from cordeau.core.dates import aujourd_hui
from cordeau.core.ids import new_id
from cordeau.core.permissions import Acteur, Permission
from cordeau.core.quotas import Geste
from cordeau.devis import queries
from cordeau.devis.commands import chantier as commands_chantier
from cordeau.devis.commands import envoi, redaction, reponse
from cordeau.devis.controle import avertissements, controler
from cordeau.devis.models import Devis
from cordeau.devis.rules import Chiffrage, chiffrer
from cordeau.devis.schemas import (
    SANS_COUTS,
    AcceptationSaisie,
    AttestationSaisie,
    ChiffrageSchema,
    DevisResumeSchema,
    DevisSaisie,
    DevisSchema,
    EnvoiSaisie,
    RefusSaisie,
    StatistiquesSchema,
)
from cordeau.devis.sorties import chiffrage_schema, devis_schema
from cordeau.devis.states import StatutDevis
from cordeau.devis.versions import lire_document
from cordeau.documents.rendu import rendre_pdf
from cordeau.entreprise.queries import entreprise_or_blank
from cordeau.web.adresse import lu_dans_l_adresse
from cordeau.web.deps import DemandeDep, ReadSession, Today, UnitOfWork
from cordeau.web.preconditions import IfMatch, IfMatchRequis, check_if_match, expected_revision
from cordeau.web.route import CordeauRoute
from cordeau.web.schemas import (
    LIMITEE,
    JourSaisi,
    ListeSchema,
    etag,
    repondre,
    repondre_page,
)
from cordeau.web.templating import piece_jointe

router = APIRouter(prefix="/api/v1/devis", route_class=CordeauRoute, tags=["Devis"])

lire_devis = requires(Permission.DEVIS_LIRE)
ecrire_devis = requires(Permission.DEVIS_ECRIRE)


def read_filtre(
    statut: Annotated[tuple[StatutDevis, ...], Query()] = (),
    client_id: Annotated[UUID | None, Query(alias="clientId")] = None,
    chantier_id: Annotated[UUID | None, Query(alias="chantierId")] = None,
    du: Annotated[JourSaisi | None, Query()] = None,
    au: Annotated[JourSaisi | None, Query()] = None,
    numero: Annotated[str, Query(max_length=40)] = "",
    date_emission: Annotated[JourSaisi | None, Query(alias="dateEmission")] = None,
    date_validite: Annotated[JourSaisi | None, Query(alias="dateValidite")] = None,
) -> queries.FiltreDevis:
    """Which devis are wanted, each field of a devis by its own value."""
    return queries.FiltreDevis(
        statut, client_id, chantier_id, du, au, numero, date_emission, date_validite
    )


@router.get(
    "",
    dependencies=[lire_devis],
    response_model=ListeSchema[DevisResumeSchema],
    summary="Les devis",
)
def lister(
    session: ReadSession,
    demande: DemandeDep,
    filtre: Annotated[queries.FiltreDevis, lu_dans_l_adresse(read_filtre)],
) -> Response:
    """One page of the devis that match."""
    return repondre_page(DevisResumeSchema, queries.list_devis(session, demande, filtre))


@router.post(
    "",
    status_code=201,
    dependencies=[ecrire_devis],
    response_model=DevisSchema,
    summary="Créer un devis",
)
def creer(uow: UnitOfWork, saisie: DevisSaisie, actor: CurrentUser, today: Today) -> Response:
    """A new BROUILLON with its number."""
    cree = redaction.creer_devis(uow, saisie.en_saisie(), actor=actor, le=today)
    return _repondre_cree(uow, cree, actor)


@router.get(
    "/stats",
    dependencies=[lire_devis],
    response_model=StatistiquesSchema,
    summary="Statistiques des devis",
)
def stats(session: ReadSession) -> Response:
    """Counts per status, accepted amount, acceptance rate."""
    found = queries.compute_stats(session)
    return repondre(
        StatistiquesSchema.model_construct(
            total=found.total,
            par_statut={statut.value: nombre for statut, nombre in found.par_statut.items()},
            montant_ht_accepte=found.montant_ht_accepte,
            taux_acceptation=found.taux_acceptation,
        )
    )


@router.post(
    "/calcul",
    dependencies=[ecrire_devis],
    response_model=ChiffrageSchema,
    summary="Calculer un devis sans l’enregistrer",
)
def calculer(saisie: DevisSaisie, actor: CurrentUser) -> Response:
    """The totals of what is being typed, by the very rules that will save it."""
    typed = saisie.en_saisie()
    chiffrage = chiffrer(
        [
            replace(
                ligne,
                cle=ligne.cle if isinstance(ligne.cle, UUID) else new_id(),
                designation=ligne.designation or "…",
            )
            for ligne in typed.lignes
        ],
        taux_tva=saisie.taux_tva,
        remise=typed.remise,
        autoliquidation=typed.autoliquidation,
    )
    couts = actor.peut(Permission.MARGE_LIRE)
    return repondre(chiffrage_schema(chiffrage, couts=couts), exclude=None if couts else SANS_COUTS)


@router.get(
    "/{devis_id}", dependencies=[lire_devis], response_model=DevisSchema, summary="Un devis"
)
def lire(session: ReadSession, devis_id: UUID, actor: CurrentUser) -> Response:
    """The devis with its rows and totals."""
    return _repondre(session, queries.get_devis(session, devis_id), actor)


@router.put(
    "/{devis_id}",
    dependencies=[ecrire_devis],
    response_model=DevisSchema,
    summary="Modifier un devis",
)
def modifier(
    uow: UnitOfWork,
    devis_id: UUID,
    saisie: DevisSaisie,
    actor: CurrentUser,
    if_match: IfMatchRequis,
) -> Response:
    """Change a BROUILLON; a devis sent, refused or expired begins its next version."""
    devis = redaction.modifier_devis(
        uow,
        devis_id,
        saisie.en_saisie(),
        actor=actor,
        revision_attendue=expected_revision(if_match),
    )
    return _repondre(uow, devis, actor)


@router.put(
    "/{devis_id}/envoyer",
    dependencies=[ecrire_devis],
    response_model=DevisSchema,
    summary="Envoyer au client",
)
def envoyer(
    uow: UnitOfWork,
    devis_id: UUID,
    actor: CurrentUser,
    saisie: EnvoiSaisie | None = None,
    if_match: IfMatch = None,
) -> Response:
    """Send by e-mail with the PDF; warns of what is missing, never blocks."""
    _check(uow, devis_id, if_match)
    typed = saisie or EnvoiSaisie()
    devis = envoi.envoyer(
        uow, devis_id, actor=actor, email=typed.email_client, message=typed.message
    )
    manque = [] if typed.email_client or devis.client.email else [envoi.SANS_COURRIEL]
    return _repondre(uow, devis, actor, en_plus=manque)


@router.put(
    "/{devis_id}/accepter",
    dependencies=[ecrire_devis],
    response_model=DevisSchema,
    summary="Noter l’accord du client",
)
def accepter(
    uow: UnitOfWork,
    devis_id: UUID,
    actor: CurrentUser,
    today: Today,
    saisie: AcceptationSaisie | None = None,
    if_match: IfMatch = None,
) -> Response:
    """Freeze the devis: it may now be billed."""
    _check(uow, devis_id, if_match)
    signee = saisie.attestation_signee if saisie else None
    devis = reponse.accepter(uow, devis_id, actor=actor, le=today, attestation_signee=signee)
    return _repondre(uow, devis, actor)


@router.put(
    "/{devis_id}/refuser",
    dependencies=[ecrire_devis],
    response_model=DevisSchema,
    summary="Noter le refus du client",
)
def refuser(
    uow: UnitOfWork,
    devis_id: UUID,
    actor: CurrentUser,
    today: Today,
    saisie: RefusSaisie | None = None,
    if_match: IfMatch = None,
) -> Response:
    """The client declined."""
    _check(uow, devis_id, if_match)
    motif = saisie.motif if saisie else ""
    devis = reponse.refuser(uow, devis_id, actor=actor, le=today, motif=motif)
    return _repondre(uow, devis, actor)


@router.put(
    "/{devis_id}/attestation",
    dependencies=[ecrire_devis],
    response_model=DevisSchema,
    summary="Noter l’attestation de TVA réduite",
)
def attester(
    uow: UnitOfWork,
    devis_id: UUID,
    actor: CurrentUser,
    saisie: AttestationSaisie | None = None,
    if_match: IfMatch = None,
) -> Response:
    """Record the client's certificate, also once the devis is accepted."""
    _check(uow, devis_id, if_match)
    signee = saisie.attestation_signee if saisie else True
    devis = reponse.definir_attestation(uow, devis_id, signee=signee, actor=actor)
    return _repondre(uow, devis, actor)


@router.post(
    "/{devis_id}/dupliquer",
    status_code=201,
    dependencies=[ecrire_devis],
    response_model=DevisSchema,
    summary="Dupliquer un devis",
)
def dupliquer(
    uow: UnitOfWork, devis_id: UUID, actor: CurrentUser, today: Today, if_match: IfMatch = None
) -> Response:
    """A new BROUILLON with the same rows."""
    _check(uow, devis_id, if_match)
    source = queries.get_devis(uow, devis_id)
    copie = redaction.dupliquer(uow, source, actor=actor, le=today)
    return _repondre_cree(uow, copie, actor)


@router.post(
    "/{devis_id}/chantier",
    status_code=201,
    dependencies=[ecrire_devis, requires(Permission.CHANTIER_ECRIRE)],
    response_model=DevisSchema,
    summary="Ouvrir le chantier d’un devis accepté",
)
def ouvrir_chantier(
    uow: UnitOfWork, devis_id: UUID, actor: CurrentUser, today: Today, if_match: IfMatch = None
) -> Response:
    """Open its chantier, in one go."""
    _check(uow, devis_id, if_match)
    chantier = commands_chantier.ouvrir_depuis_devis(uow, devis_id, actor=actor, le=today)
    return _repondre(
        uow,
        queries.get_devis(uow, devis_id),
        actor,
        status_code=201,
        headers={"Location": f"/api/v1/chantiers/{chantier.id}"},
    )


@router.get(
    "/{devis_id}/pdf",
    dependencies=[lire_devis, limiter(Geste.PDF)],
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}}, **LIMITEE},
    summary="Le devis en PDF",
)
def pdf(session: ReadSession, devis_id: UUID) -> Response:
    """The devis as printed: as sent once it was sent."""
    devis = queries.get_devis(session, devis_id)
    contenu = rendre_pdf(lire_document(session, devis))
    return piece_jointe(contenu, f"{devis.numero}.pdf", "application/pdf", inline=True)


def _check(session: Session, devis_id: UUID, if_match: str | None) -> None:
    """An action honours `If-Match` when it is given."""
    check_if_match(if_match, lambda: queries.get_devis(session, devis_id, for_update=True))


def _repondre_cree(session: Session, cree: redaction.DevisCree, actor: Acteur) -> Response:
    """A new devis and its address."""
    return _repondre(
        session,
        cree.devis,
        actor,
        chiffrage=cree.chiffrage,
        status_code=201,
        headers={"Location": f"/api/v1/devis/{cree.devis.id}"},
    )


def _repondre(
    session: Session,
    devis: Devis,
    actor: Acteur,
    *,
    chiffrage: Chiffrage | None = None,
    status_code: int = 200,
    headers: dict[str, str] | None = None,
    en_plus: list[str] | None = None,
) -> Response:
    """The devis, with what is missing; costs and margin only for those who may see them."""
    couts = actor.peut(Permission.MARGE_LIRE)
    chiffrage = chiffrage or queries.chiffrer_devis(devis)
    points = controler(devis, chiffrage, entreprise_or_blank(session), aujourd_hui())
    schema = devis_schema(devis, chiffrage, avertissements(points) + (en_plus or []), couts=couts)
    return repondre(
        schema,
        status_code=status_code,
        headers=etag(devis.revision) | (headers or {}),
        exclude=None if couts else SANS_COUTS,
    )
