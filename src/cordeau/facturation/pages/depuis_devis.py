"""Billing an accepted devis: what is billed already, what remains, how much to bill now."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from cordeau.auth.deps import CurrentUser, requires
from cordeau.core.errors import ConflitError, DomainError, SaisieError
from cordeau.core.money import ZERO
from cordeau.core.permissions import Permission
from cordeau.devis.models import Devis, LigneDevis
from cordeau.devis.queries import chiffrer_devis, get_devis
from cordeau.devis.states import UNITES, StatutDevis, Unite
from cordeau.facturation import queries
from cordeau.facturation.commands import depuis_devis
from cordeau.facturation.forms import Choix, PartForm
from cordeau.facturation.rules import EtatFacturation, Part, reste_a_facturer
from cordeau.facturation.schemas import paiement
from cordeau.web.deps import ReadSession, Today, UnitOfWork
from cordeau.web.route import CordeauRoute
from cordeau.web.templating import rendre, voir_ailleurs

router = APIRouter(
    prefix="/factures/generer",
    route_class=CordeauRoute,
    dependencies=[requires(Permission.FACTURE_ECRIRE)],
)


@dataclass(frozen=True, slots=True)
class LigneAChoisir:
    """A row that can still be billed or credited, in part or whole."""

    id: UUID
    numero: str
    designation: str
    quantite: Decimal
    unite: str
    reste: Part


@router.get("/{devis_id}")
def choisir(request: Request, session: ReadSession, devis_id: UUID) -> Response:
    """What remains of the devis, and the form that bills it."""
    devis = get_devis(session, devis_id)
    refus = None
    if devis.statut != StatutDevis.ACCEPTE:
        refus = ConflitError("Seul un devis accepté se facture.")
    return _formulaire(request, session, devis, PartForm(), refus)


@router.post("/{devis_id}")
def facturer(
    request: Request,
    uow: UnitOfWork,
    devis_id: UUID,
    form: Annotated[PartForm, Form()],
    actor: CurrentUser,
    today: Today,
) -> Response:
    """Prepare the draft: all that remains unless a part is chosen."""
    try:
        facture = depuis_devis.facturer_devis(uow, devis_id, form.demande(), actor=actor, le=today)
    except (SaisieError, ConflitError) as refus:
        uow.rollback()
        return _formulaire(request, uow, get_devis(uow, devis_id), form, refus)
    return voir_ailleurs(request, f"/factures/{facture.id}", "Brouillon préparé.")


def _formulaire(
    request: Request,
    session: Session,
    devis: Devis,
    form: PartForm,
    refus: DomainError | None,
) -> Response:
    etat = queries.lire_etat(session, devis.id)
    reste = sum(queries.reste_par_taux(devis, etat).values(), Decimal("0.00"))
    lignes = _lignes(devis, etat)
    return rendre(
        request,
        "facturation/generer.html",
        status_code=200 if refus is None else refus.status,
        rubrique="factures",
        devis=devis,
        accepte=devis.statut == StatutDevis.ACCEPTE,
        form=form,
        saisies=dict(zip(form.ligne_id, form.quantite, strict=False)),
        refus=refus if refus is not None and not refus.fautes else None,
        erreurs=form.erreurs(refus) if refus else {},
        choix=Choix,
        lignes=lignes,
        documents=queries.list_factures_devis(session, devis.id),
        reste_ht=reste,
        facture_ht=devis.montant_ht - reste,
        a_deduire=_a_deduire(etat),
        paiement=paiement,
    )


def _a_deduire(etat: EtatFacturation) -> Decimal:
    """Issued acomptes still to take back, whatever their rate."""
    return sum((sum(parts.values(), ZERO) for parts in etat.acomptes.values()), Decimal("0.00"))


def _lignes(devis: Devis, etat: EtatFacturation) -> list[LigneAChoisir]:
    a_facturer = queries.lignes_a_facturer(devis)
    numeros = _numeros(devis)
    restes = {c: reste_a_facturer(ligne, etat.part(c)) for c, ligne in a_facturer.items()}
    return [
        _ligne(ligne, numeros[ligne.id], restes[ligne.id])
        for ligne in devis.lignes
        if ligne.id in restes and restes[ligne.id].quantite > ZERO
    ]


def _ligne(ligne: LigneDevis, numero: str, reste: Part) -> LigneAChoisir:
    return LigneAChoisir(
        ligne.id,
        numero,
        ligne.designation,
        ligne.quantite or ZERO,
        UNITES[Unite(ligne.unite)][0],
        reste,
    )


def _numeros(devis: Devis) -> Mapping[UUID, str]:
    return {UUID(str(rangee.saisie.cle)): rangee.numero for rangee in chiffrer_devis(devis).lignes}
