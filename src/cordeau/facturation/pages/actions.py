"""What one does with a document: issue it, throw it away, credit it, have it paid."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from cordeau.auth.deps import CurrentUser, requires
from cordeau.core.errors import ConflitError, DomainError, SaisieError, VersionPerimeeError
from cordeau.core.money import ZERO
from cordeau.core.permissions import Permission
from cordeau.devis.states import UNITES, Unite
from cordeau.facturation import queries
from cordeau.facturation.commands import avoir, brouillon, emission
from cordeau.facturation.commands import reglements as commands
from cordeau.facturation.commands.brouillon import SaisieFacture
from cordeau.facturation.etapes import nom_du_document
from cordeau.facturation.forms import Choix, PartForm
from cordeau.facturation.forms_reglements import ReglementForm, erreurs_reglement
from cordeau.facturation.models import Facture
from cordeau.facturation.pages.depuis_devis import LigneAChoisir
from cordeau.facturation.pages.fiche import rendre_fiche
from cordeau.facturation.states import LIBELLES_MODES, StatutFacture
from cordeau.web import formats
from cordeau.web.deps import ReadSession, Today, UnitOfWork
from cordeau.web.preconditions import typed_revision
from cordeau.web.route import CordeauRoute
from cordeau.web.templating import rendre, voir_ailleurs

router = APIRouter(prefix="/factures/{facture_id}", route_class=CordeauRoute)

ecriture = requires(Permission.FACTURE_ECRIRE)
encaissement = requires(Permission.REGLEMENT_ECRIRE)


@router.post("/emission", dependencies=[ecriture])
def emettre(
    request: Request,
    uow: UnitOfWork,
    facture_id: UUID,
    actor: CurrentUser,
    today: Today,
    revision: Annotated[str, Form()] = "",
) -> Response:
    """Number and freeze the document that was read, or say all that is missing."""
    lue = typed_revision(revision)
    try:
        facture = emission.emettre(uow, facture_id, actor=actor, le=today, revision_attendue=lue)
    except (ConflitError, VersionPerimeeError) as refus:
        uow.rollback()
        return rendre_fiche(request, uow, facture_id, actor, today, refus=refus)
    page = f"/factures/{facture_id}"
    avis = f"{nom_du_document(facture)} : émission faite."
    return voir_ailleurs(request, page, avis, lien=("Voir le PDF", f"{page}/pdf"))


@router.post("/suppression", dependencies=[ecriture])
def supprimer(
    request: Request, uow: UnitOfWork, facture_id: UUID, actor: CurrentUser, today: Today
) -> Response:
    """Throw a draft away."""
    try:
        brouillon.supprimer_brouillon(uow, facture_id, actor=actor)
    except ConflitError as refus:
        return rendre_fiche(request, uow, facture_id, actor, today, refus=refus)
    return voir_ailleurs(request, "/factures", "Brouillon supprimé.")


@router.post("/attestation", dependencies=[ecriture])
def attester(
    request: Request, uow: UnitOfWork, facture_id: UUID, actor: CurrentUser, today: Today
) -> Response:
    """Note that the client signed the certificate for reduced rates."""
    saisie = SaisieFacture(simples={"attestation_signee": True})
    try:
        brouillon.modifier_facture(uow, facture_id, saisie, actor=actor)
    except ConflitError as refus:
        return rendre_fiche(request, uow, facture_id, actor, today, refus=refus)
    return voir_ailleurs(request, f"/factures/{facture_id}", "Attestation notée.")


@router.get("/avoir", dependencies=[ecriture])
def choisir_avoir(
    request: Request, session: ReadSession, facture_id: UUID, actor: CurrentUser, today: Today
) -> Response:
    """What is left to credit, and the form that credits it."""
    facture = queries.get_facture(session, facture_id)
    try:
        avoir.exiger_creditable(session, facture)
    except ConflitError as refus:
        return rendre_fiche(request, session, facture_id, actor, today, refus=refus)
    return _formulaire_avoir(request, session, facture, PartForm())


@router.post("/avoir", dependencies=[ecriture])
def preparer_avoir(
    request: Request,
    uow: UnitOfWork,
    facture_id: UUID,
    form: Annotated[PartForm, Form()],
    actor: CurrentUser,
    today: Today,
) -> Response:
    """Prepare the avoir as a draft."""
    try:
        lignes = form.lignes_a_crediter()
        credit = avoir.preparer_avoir(uow, facture_id, lignes, actor=actor, le=today)
    except (SaisieError, ConflitError) as refus:
        uow.rollback()
        facture = queries.get_facture(uow, facture_id)
        return _formulaire_avoir(request, uow, facture, form, refus)
    return voir_ailleurs(request, f"/factures/{credit.id}", "Avoir préparé : il reste à l’émettre.")


@router.get("/reglement", dependencies=[encaissement])
def saisir_reglement(
    request: Request, session: ReadSession, facture_id: UUID, actor: CurrentUser, today: Today
) -> Response:
    """The form of a payment, filled with the balance."""
    facture = queries.get_facture(session, facture_id)
    refus = _non_reglable(facture)
    if refus is not None:
        return rendre_fiche(request, session, facture_id, actor, today, refus=refus)
    form = ReglementForm(montant=formats.prix(facture.reste_a_payer), date=formats.saisie(today))
    return _formulaire_reglement(request, facture, form)


@router.post("/reglement", dependencies=[encaissement])
def regler(
    request: Request,
    uow: UnitOfWork,
    facture_id: UUID,
    form: Annotated[ReglementForm, Form()],
    actor: CurrentUser,
    today: Today,
) -> Response:
    """Record a payment of this document; on an avoir, a refund."""
    try:
        montant, saisie = form.lire(today)
        commands.regler_facture(uow, facture_id, montant, saisie, actor=actor)
    except (SaisieError, ConflitError) as refus:
        uow.rollback()
        facture = queries.get_facture(uow, facture_id)
        return _formulaire_reglement(request, facture, form, refus)
    return voir_ailleurs(
        request, f"/factures/{facture_id}", f"Règlement de {formats.montant(montant)} enregistré."
    )


def _non_reglable(facture: Facture) -> ConflitError | None:
    if facture.statut != StatutFacture.EMISE:
        return ConflitError("Une facture se règle une fois émise.")
    return ConflitError("Rien ne reste à régler.") if facture.reste_a_payer == ZERO else None


def _formulaire_reglement(
    request: Request,
    facture: Facture,
    form: ReglementForm,
    refus: DomainError | None = None,
) -> Response:
    return rendre(
        request,
        "facturation/reglement.html",
        status_code=200 if refus is None else refus.status,
        rubrique="factures",
        facture=facture,
        nom=nom_du_document(facture),
        form=form,
        erreurs=erreurs_reglement(refus) if refus else {},
        modes=LIBELLES_MODES.items(),
    )


def _formulaire_avoir(
    request: Request,
    session: Session,
    facture: Facture,
    form: PartForm,
    refus: DomainError | None = None,
) -> Response:
    avoirs = queries.list_avoirs(session, facture.id)
    return rendre(
        request,
        "facturation/avoir.html",
        status_code=200 if refus is None else refus.status,
        rubrique="factures",
        facture=facture,
        nom=nom_du_document(facture),
        form=form,
        saisies=dict(zip(form.ligne_id, form.quantite, strict=False)),
        refus=refus if refus is not None and not refus.fautes else None,
        erreurs=form.erreurs(refus) if refus else {},
        choix=Choix,
        lignes=_lignes_a_crediter(facture, avoirs),
        avoirs=avoirs,
    )


def _lignes_a_crediter(facture: Facture, avoirs: Sequence[Facture]) -> list[LigneAChoisir]:
    restes = avoir.restes_a_crediter(facture, avoirs)
    return [
        LigneAChoisir(
            ligne.id,
            ligne.numero,
            ligne.designation,
            ligne.quantite or ZERO,
            UNITES[Unite(ligne.unite)][0],
            restes[ligne.id],
        )
        for ligne in facture.lignes
        if ligne.id in restes and restes[ligne.id].quantite > ZERO
    ]
