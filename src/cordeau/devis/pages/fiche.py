"""A devis: where it stands, what comes next, what it says, what became of its versions."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from cordeau.auth.deps import CurrentUser, limiter, requires
from cordeau.core.dates import aujourd_hui
from cordeau.core.errors import DomainError
from cordeau.core.permissions import Acteur, Permission
from cordeau.core.quotas import Geste
from cordeau.devis import etapes, queries
from cordeau.devis.controle import controler
from cordeau.devis.courriels import list_courriels
from cordeau.devis.extensions import panneaux_de
from cordeau.devis.models import Devis
from cordeau.devis.pages.editeur import marges_des_lots
from cordeau.devis.states import UNITES
from cordeau.devis.versions import lire_document, lire_version
from cordeau.documents.rendu import rendre_pdf
from cordeau.entreprise.queries import entreprise_or_blank
from cordeau.entreprise.taux import TAUX_AVEC_ATTESTATION
from cordeau.historique.recit import resumer
from cordeau.web.deps import ReadSession
from cordeau.web.route import CordeauRoute
from cordeau.web.templating import piece_jointe, rendre

router = APIRouter(
    prefix="/devis", route_class=CordeauRoute, dependencies=[requires(Permission.DEVIS_LIRE)]
)
PDF = "application/pdf"


@router.get("/{devis_id}")
def voir(request: Request, session: ReadSession, devis_id: UUID, actor: CurrentUser) -> Response:
    """The page of a devis."""
    return rendre_fiche(request, session, queries.get_devis(session, devis_id), actor)


@router.get("/{devis_id}/pdf", dependencies=[limiter(Geste.PDF)])
def pdf(session: ReadSession, devis_id: UUID) -> Response:
    """The devis as printed: as sent once it was sent."""
    devis = queries.get_devis(session, devis_id)
    contenu = rendre_pdf(lire_document(session, devis))
    return piece_jointe(contenu, f"{devis.numero}.pdf", PDF, inline=True)


@router.get("/{devis_id}/versions/{version}/pdf", dependencies=[limiter(Geste.PDF)])
def pdf_version(session: ReadSession, devis_id: UUID, version: int) -> Response:
    """A former version, as it was sent."""
    document = lire_version(queries.get_version(session, devis_id, version))
    nom = f"{document.numero}-v{version}.pdf"
    return piece_jointe(rendre_pdf(document), nom, PDF, inline=True)


def rendre_fiche(
    request: Request,
    session: Session,
    devis: Devis,
    actor: Acteur,
    *,
    refus: DomainError | None = None,
) -> Response:
    """The page of a devis; after a refused action it says why, with the refusal's status."""
    return rendre(
        request,
        "devis/fiche.html",
        status_code=200 if refus is None else refus.status,
        rubrique="devis",
        devis=devis,
        refus=refus,
        etapes=etapes.vie(devis),
        suites=etapes.suites(devis, actor),
        panneaux=panneaux_de(session, devis, actor),
        historique=resumer(session, "devis", devis.id),
        versions=queries.list_versions(session, devis.id),
        courriels=list_courriels(session, devis.id),
        **contexte_chiffre(session, devis),
    )


def contexte_chiffre(session: Session, devis: Devis) -> dict[str, Any]:
    """What every page of a devis shows of its figures, and of what it lacks."""
    chiffrage = queries.chiffrer_devis(devis)
    taux = {t.taux for t in chiffrage.totaux.par_taux}
    return {
        "chiffrage": chiffrage,
        "lots": marges_des_lots(chiffrage),
        "unites": UNITES,
        "taux_reduit": bool(taux & TAUX_AVEC_ATTESTATION),
        "points": controler(devis, chiffrage, entreprise_or_blank(session), aujourd_hui()),
    }
