"""What one does with several devis of the list at once: send them, fetch their PDFs."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from cordeau.auth.deps import CurrentUser, compter_pdf, limiter, requires
from cordeau.core.errors import ConflitError
from cordeau.core.permissions import Acteur, Permission
from cordeau.core.quotas import Geste
from cordeau.devis import queries
from cordeau.devis.commands import envoi
from cordeau.devis.states import StatutDevis
from cordeau.devis.versions import lire_document
from cordeau.documents.rendu import rendre_pdf
from cordeau.web.deps import ReadSession, UnitOfWork
from cordeau.web.lots import (
    RIEN_DE_COCHE,
    Choisis,
    Retour,
    exiger_tous,
    raconter,
    repondre_archive,
    tenter,
)
from cordeau.web.route import CordeauRoute
from cordeau.web.templating import voir_ailleurs

router = APIRouter(prefix="/devis/lot", route_class=CordeauRoute)
LISTE = "/devis"
DEJA_ENVOYE = "Seul un brouillon s’envoie d’ici : ouvrez ce devis pour le renvoyer."


@router.post("/envoi", dependencies=[requires(Permission.DEVIS_ECRIRE)])
def envoyer(
    request: Request, uow: UnitOfWork, ids: Choisis, actor: CurrentUser, retour: Retour = ""
) -> Response:
    """Send each draft to its client, with the proposed words."""
    issues = [
        tenter(
            uow,
            partial(_envoyer, uow, devis_id, actor),
            url=f"/devis/{devis_id}",
            nom=nom,
        )
        for devis_id, nom in _choisis(uow, ids)
    ]
    return raconter(
        request,
        issues,
        liste=LISTE,
        retour=retour,
        fait="Devis envoyés : {nombre}.",
        titre="Envoi de devis",
    )


@router.post("/pdf", dependencies=[requires(Permission.DEVIS_LIRE), limiter(Geste.EXPORT)])
def telecharger(
    request: Request, session: ReadSession, ids: Choisis, retour: Retour = ""
) -> Response:
    """The PDF of each, in one archive."""
    if not ids:
        return voir_ailleurs(request, f"{LISTE}?{retour}", RIEN_DE_COCHE, genre="erreur")
    compter_pdf(request, len(ids))
    choisis = [queries.get_devis(session, devis_id) for devis_id, _ in _choisis(session, ids)]
    return repondre_archive(
        "devis", ((f"{d.numero}.pdf", rendre_pdf(lire_document(session, d))) for d in choisis)
    )


def _choisis(session: Session, ids: Sequence[UUID]) -> Sequence[tuple[UUID, str]]:
    return exiger_tous(queries.nommer_devis(session, ids), ids)


def _envoyer(session: Session, devis_id: UUID, actor: Acteur) -> str:
    devis = queries.get_devis(session, devis_id, for_update=True)
    if devis.statut != StatutDevis.BROUILLON:
        raise ConflitError(DEJA_ENVOYE)
    envoi.envoyer(session, devis_id, actor=actor)
    destinataire = devis.client.email or "sans courriel, à remettre au client"
    return f"{devis.numero} · {destinataire}"
