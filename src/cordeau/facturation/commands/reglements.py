"""Règlements: money received or given back, allocated, reversed by a counter-entry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from cordeau.clients.queries import get_client
from cordeau.core import journal
from cordeau.core.dates import a_paris, maintenant
from cordeau.core.errors import ConflitError, Faute, IntrouvableError, refuser_saisie
from cordeau.core.gardes import exiger_gardes
from cordeau.core.ids import new_id
from cordeau.core.money import ZERO
from cordeau.core.permissions import Acteur
from cordeau.core.registre.clotures import exiger_non_totalise, exiger_ouverte
from cordeau.core.revisions import Attendues, check_revision
from cordeau.facturation.models import Facture, Imputation, Reglement
from cordeau.facturation.queries import get_facture
from cordeau.facturation.registre import chainer_reglement
from cordeau.facturation.reglements import annulations, reste_ouverture
from cordeau.facturation.soldes import recalculer_soldes, verrouiller_soldes
from cordeau.facturation.states import ModeReglement, StatutFacture


@dataclass(frozen=True, slots=True)
class SaisieReglement:
    """What came in, as typed."""

    date: date
    mode: ModeReglement
    reference: str = ""


def regler_facture(
    session: Session,
    facture_id: UUID,
    montant: Decimal,
    saisie: SaisieReglement,
    *,
    actor: Acteur,
) -> Reglement:
    """Record a payment of one document; on an avoir, a refund."""
    facture = get_facture(session, facture_id)
    return enregistrer(session, facture.client_id, [(facture_id, montant)], saisie, actor=actor)


def enregistrer(
    session: Session,
    client_id: UUID,
    imputations: Sequence[tuple[UUID | None, Decimal]],
    saisie: SaisieReglement,
    *,
    actor: Acteur,
) -> Reglement:
    """Record one payment over several documents of a client (None: its opening balance).

    Raises `SaisieError` when the client or a document does not exist; `ConflitError` when a
    document is not issued, belongs to another client, or would be paid beyond its balance.
    """
    exiger_gardes(session)
    if not imputations or any(montant <= ZERO for _, montant in imputations):
        raise refuser_saisie("montant", "Le montant doit être supérieur à 0.")
    _refuser_doubles([facture_id for facture_id, _ in imputations])
    _verrouiller_ouverture(session, client_id, imputations)
    soldes = verrouiller_soldes(session, (f for f, _ in imputations if f is not None))
    factures = _lire_factures(session, [facture_id for facture_id, _ in imputations])
    for rang, (facture_id, montant) in enumerate(imputations):
        champ = "montant" if len(imputations) == 1 else f"imputations[{rang}].montant"
        if facture_id is None:
            _refuser_exces(champ, montant, reste_ouverture(session, client_id))
            continue
        _exiger_reglable(factures[facture_id], client_id)
        _refuser_exces(champ, montant, soldes[facture_id].reste)
    total = sum(
        (m * (factures[f].signe if f is not None else 1) for f, m in imputations),
        Decimal("0.00"),
    )
    reglement = _ecrire(session, client_id, total, imputations, saisie, actor)
    for facture_id, montant in imputations:
        if facture_id is not None:
            recalculer_soldes(session, factures[facture_id], saisie.date)
            journal.record(
                session, actor, "facture", facture_id, "Règlement enregistré", montant=str(montant)
            )
    _inscrire(session, reglement, actor)
    return reglement


def annuler(
    session: Session,
    reglement_id: UUID,
    *,
    motif: str,
    actor: Acteur,
    le: date,
    revision_attendue: Attendues = None,
) -> Reglement:
    """Reverse a règlement by a counter-entry of today: the first one stays readable."""
    exiger_gardes(session)
    reglement = _annulable(session, reglement_id, revision_attendue)
    lignes = [(i.facture_id, -i.montant) for i in reglement.imputations]
    saisie = SaisieReglement(le, ModeReglement(reglement.mode), reglement.reference)
    contre = _ecrire(
        session,
        reglement.client_id,
        -reglement.montant,
        lignes,
        saisie,
        actor,
        annule_id=reglement.id,
        motif=motif,
    )
    for facture_id, _ in lignes:
        if facture_id is not None:
            facture = get_facture(session, facture_id)
            recalculer_soldes(session, facture, le)
            journal.record(session, actor, "facture", facture.id, "Règlement annulé", motif=motif)
    _inscrire(session, contre, actor)
    return contre


def _inscrire(session: Session, reglement: Reglement, actor: Acteur) -> None:
    """Its link in the ledger, last of all: then no closing can have its day any more."""
    chainer_reglement(session, reglement, actor=actor)
    exiger_ouverte(session, reglement.date)
    exiger_non_totalise(session, a_paris(reglement.cree_le).date())


def exiger_annulable(session: Session, reglement: Reglement) -> None:
    """Refuse what is a counter-entry, or has one."""
    if reglement.annule_id is not None:
        raise ConflitError("Cette écriture en annule déjà une autre.")
    if session.scalar(select(Reglement.id).where(Reglement.annule_id == reglement.id)):
        raise ConflitError("Ce règlement est déjà annulé.")


def _annulable(session: Session, reglement_id: UUID, attendue: Attendues) -> Reglement:
    """The règlement, locked, if it can still be reversed; its revision is how often it was."""
    reglement = session.scalar(
        select(Reglement)
        .where(Reglement.id == reglement_id)
        .options(selectinload(Reglement.imputations))
        .with_for_update()
    )
    if reglement is None:
        raise IntrouvableError("Ce règlement n’existe pas.")
    check_revision(len(annulations(session, [reglement.id])), attendue)
    exiger_annulable(session, reglement)
    return reglement


def _refuser_doubles(factures: Sequence[UUID | None]) -> None:
    """Each document once: its balance is compared with one amount."""
    for rang, facture_id in enumerate(factures):
        if facture_id in factures[:rang]:
            raise refuser_saisie(
                f"imputations[{rang}].factureId", "Cette facture figure déjà dans ce règlement."
            )


def _verrouiller_ouverture(
    session: Session, client_id: UUID, imputations: Sequence[tuple[UUID | None, Decimal]]
) -> None:
    """The opening balance has no row of its own: lock its client."""
    if all(facture_id is not None for facture_id, _ in imputations):
        return
    try:
        get_client(session, client_id, for_update=True)
    except IntrouvableError as error:
        raise refuser_saisie("clientId", "Ce client n’existe pas.") from error


def _lire_factures(session: Session, ids: Sequence[UUID | None]) -> dict[UUID, Facture]:
    """The documents a règlement settles, each refused where it was named."""
    factures: dict[UUID, Facture] = {}
    for rang, facture_id in enumerate(ids):
        if facture_id is None:
            continue
        try:
            factures[facture_id] = get_facture(session, facture_id)
        except IntrouvableError as error:
            champ = f"imputations[{rang}].factureId"
            raise refuser_saisie(champ, "Cette facture n’existe pas.") from error
    return factures


def _exiger_reglable(facture: Facture, client_id: UUID) -> None:
    if facture.statut != StatutFacture.EMISE:
        raise ConflitError("Une facture se règle une fois émise.")
    if facture.client_id != client_id:
        raise ConflitError(f"{facture.numero} est au nom d’un autre client.")


def _refuser_exces(champ: str, montant: Decimal, reste: Decimal) -> None:
    if montant > reste:
        dit = f"{reste:.2f}".replace(".", ",")
        message = f"Le montant dépasse ce qui reste dû : {dit} €."
        raise ConflitError(message, [Faute(champ, message)])


def _ecrire(
    session: Session,
    client_id: UUID,
    total: Decimal,
    imputations: Sequence[tuple[UUID | None, Decimal]],
    saisie: SaisieReglement,
    actor: Acteur,
    *,
    annule_id: UUID | None = None,
    motif: str = "",
) -> Reglement:
    get_client(session, client_id)
    reglement = Reglement(
        id=new_id(),
        client_id=client_id,
        date=saisie.date,
        montant=total,
        mode=saisie.mode,
        reference=saisie.reference,
        annule_id=annule_id,
        motif=motif,
        cree_le=maintenant(),
        cree_par=actor.nom,
        imputations=[
            Imputation(id=new_id(), facture_id=facture_id, montant=montant)
            for facture_id, montant in imputations
        ],
    )
    session.add(reglement)
    session.flush()
    journal.record(
        session, actor, "reglement", reglement.id, "Règlement enregistré", montant=str(total)
    )
    return reglement
