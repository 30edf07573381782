"""What one does with several documents of the list at once: issue them, fetch their PDFs."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from cordeau.auth.deps import CurrentUser, compter_pdf, limiter, requires
from cordeau.core.db import Database
from cordeau.core.listing import Colonnes
from cordeau.core.permissions import Acteur, Permission
from cordeau.core.quotas import Geste
from cordeau.core.registre.exports import inscrire_export
from cordeau.facturation import pieces, queries
from cordeau.facturation.commands import emission
from cordeau.facturation.etapes import nom_du_document
from cordeau.facturation.models import Facture
from cordeau.facturation.states import StatutFacture
from cordeau.web.deps import DatabaseDep, Today, UnitOfWork
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

router = APIRouter(prefix="/factures/lot", route_class=CordeauRoute)
LISTE = "/factures"


@router.post("/emission", dependencies=[requires(Permission.FACTURE_ECRIRE)])
def emettre(
    request: Request,
    uow: UnitOfWork,
    ids: Choisis,
    actor: CurrentUser,
    today: Today,
    retour: Retour = "",
) -> Response:
    """Issue each draft, oldest first; what one lacks does not hold back the others."""
    issues = [
        tenter(
            uow,
            partial(_emettre, uow, choisie.id, actor, today),
            url=f"/factures/{choisie.id}",
            nom=_nommer(choisie),
        )
        for choisie in _choisies(uow, ids)
    ]
    return raconter(
        request,
        issues,
        liste=LISTE,
        retour=retour,
        fait="Documents émis : {nombre}.",
        titre="Émission de factures",
    )


@router.post("/pdf", dependencies=[requires(Permission.FACTURE_LIRE), limiter(Geste.EXPORT)])
def telecharger(
    request: Request,
    database: DatabaseDep,
    ids: Choisis,
    actor: CurrentUser,
    today: Today,
    retour: Retour = "",
) -> Response:
    """The PDF of each, in one archive: Factur-X for what is issued, « projet » for drafts."""
    if not ids:
        return voir_ailleurs(request, f"{LISTE}?{retour}", RIEN_DE_COCHE, genre="erreur")
    compter_pdf(request, len(ids))
    with database.read() as session:
        choisies = _choisies(session, ids)
    response = repondre_archive("factures", _fichiers(database, choisies, today))
    details = {"format": "pdf", "documents": len(choisies)}
    inscrire_export(database, "FACTURES", details, bytes(response.body), actor=actor)
    return response


def _fichiers(
    database: Database, choisies: Sequence[Colonnes], le: date
) -> Iterator[tuple[str, bytes]]:
    for rang, choisie in enumerate(choisies, start=1):
        if choisie.statut == StatutFacture.BROUILLON:
            with database.read() as session:
                yield f"projet-{rang}.pdf", pieces.apercu_pdf(session, choisie.id, le)
        else:
            yield f"{choisie.numero}.pdf", pieces.obtenir_piece(database, choisie.id).pdf


def _choisies(session: Session, ids: Sequence[UUID]) -> Sequence[Colonnes]:
    return exiger_tous(queries.nommer_factures(session, ids), ids)


def _emettre(session: Session, facture_id: UUID, actor: Acteur, le: date) -> str:
    return _nommer(emission.emettre(session, facture_id, actor=actor, le=le))


def _nommer(facture: Facture | Colonnes) -> str:
    return f"{nom_du_document(facture)} · {facture.client_nom}"
