"""Reading règlements and what clients owe."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from cordeau.clients.models import Client
from cordeau.core.effacements import hors_archives
from cordeau.core.errors import IntrouvableError
from cordeau.core.listing import LIMITE_MAX, Demande, Page, paginate
from cordeau.core.money import ZERO
from cordeau.core.recherche import contient
from cordeau.facturation.conditions import du_chantier
from cordeau.facturation.models import Facture, Imputation, Reglement, Solde
from cordeau.facturation.states import ModeReglement, TypeFacture

Filtree = TypeVar("Filtree", bound=Select[*tuple[Any, ...]])

ZERO_CENT = Decimal("0.00")
TRIS = {"date": Reglement.date, "montant": Reglement.montant}


@dataclass(frozen=True, slots=True)
class FiltreReglement:
    """Which règlements a list shows."""

    client_id: UUID | None = None
    modes: Sequence[ModeReglement] = ()
    du: date | None = None
    au: date | None = None


def list_reglements(session: Session, demande: Demande, filtre: FiltreReglement) -> Page[Reglement]:
    """One page of règlements, latest first, with what they settle."""
    statement = _filtrer(session, select(Reglement), demande.q, filtre).options(
        joinedload(Reglement.client),
        selectinload(Reglement.imputations).joinedload(Imputation.facture),
    )
    return paginate(session, statement, demande, tris=TRIS, defaut="-date", cle=Reglement.id)


def iter_reglements(
    session: Session, demande: Demande, filtre: FiltreReglement
) -> Iterator[Reglement]:
    """The whole list in its order, for an export, so many at a time."""
    demande = replace(demande, limite=LIMITE_MAX, curseur=None)
    while True:
        page = list_reglements(session, demande, filtre)
        yield from page.elements
        if page.suivant is None:
            return
        demande = replace(demande, curseur=page.suivant)


def total_filtre(session: Session, q: str, filtre: FiltreReglement) -> tuple[int, Decimal]:
    """How many règlements match, and what they bring in together."""
    statement = select(func.count(), func.sum(Reglement.montant)).select_from(Reglement)
    nombre, montant = session.execute(_filtrer(session, statement, q, filtre)).one()
    return nombre, montant or ZERO_CENT


def _filtrer(session: Session, statement: Filtree, q: str, filtre: FiltreReglement) -> Filtree:
    if q:
        statement = statement.where(contient(session, Client, Reglement.client_id, q))
    if filtre.client_id:
        statement = statement.where(Reglement.client_id == filtre.client_id)
    if filtre.modes:
        statement = statement.where(Reglement.mode.in_(filtre.modes))
    if filtre.du:
        statement = statement.where(Reglement.date >= filtre.du)
    if filtre.au:
        statement = statement.where(Reglement.date <= filtre.au)
    return statement


def get_reglement(session: Session, reglement_id: UUID) -> Reglement:
    """A règlement with its client and what it settles; `IntrouvableError` when there is none."""
    reglement = session.scalar(
        select(Reglement)
        .where(Reglement.id == reglement_id)
        .options(
            joinedload(Reglement.client),
            selectinload(Reglement.imputations).joinedload(Imputation.facture),
        )
    )
    if reglement is None:
        raise IntrouvableError("Ce règlement n’existe pas.")
    return reglement


def list_of_chantier(session: Session, chantier_id: UUID) -> list[Imputation]:
    """What settled the documents of a chantier, oldest first, each with its document."""
    statement = (
        select(Imputation)
        .join(Reglement, Reglement.id == Imputation.reglement_id)
        .join(Facture, Facture.id == Imputation.facture_id)
        .where(du_chantier(chantier_id))
        .options(joinedload(Imputation.facture))
        .order_by(Reglement.date, Reglement.cree_le)
    )
    return list(session.scalars(hors_archives(statement, Facture.client_id)))


def list_of_facture(session: Session, facture_id: UUID) -> list[Imputation]:
    """What settled a document, oldest first, with each règlement."""
    return list(
        session.scalars(
            select(Imputation)
            .join(Reglement, Reglement.id == Imputation.reglement_id)
            .where(Imputation.facture_id == facture_id)
            .order_by(Reglement.date, Reglement.cree_le)
        )
    )


def get_reglements(session: Session, ids: Sequence[UUID]) -> dict[UUID, Reglement]:
    """Règlements by identifier."""
    rows = session.scalars(select(Reglement).where(Reglement.id.in_(ids)))
    return {reglement.id: reglement for reglement in rows}


def annulations(session: Session, ids: Sequence[UUID]) -> set[UUID]:
    """Which of these règlements were reversed."""
    rows = session.scalars(select(Reglement.annule_id).where(Reglement.annule_id.in_(ids)))
    return {annule for annule in rows if annule is not None}


def list_dues(session: Session, client_id: UUID) -> list[Facture]:
    """A client's documents with a balance, oldest due first."""
    return list(
        session.scalars(
            select(Facture)
            .join(Solde, Solde.facture_id == Facture.id)
            .where(Solde.client_id == client_id, Solde.reste > ZERO)
            .options(joinedload(Facture.solde))
            .order_by(Solde.date_echeance, Facture.numero_tri)
        )
    )


def reste_ouverture(session: Session, client_id: UUID) -> Decimal:
    """What remains of the client's opening balance."""
    ouverture = session.scalar(select(Client.solde_ouverture).where(Client.id == client_id))
    return (ouverture or Decimal("0.00")) - regle_ouverture(session, client_id)


def regle_ouverture(session: Session, client_id: UUID) -> Decimal:
    """What the client paid of its opening balance."""
    regle = session.scalar(
        select(func.sum(Imputation.montant))
        .join(Reglement, Reglement.id == Imputation.reglement_id)
        .where(Reglement.client_id == client_id, Imputation.facture_id.is_(None))
    )
    return regle or ZERO


def soldes_clients(session: Session, ids: Sequence[UUID]) -> dict[UUID, Decimal]:
    """What each client owes: opening balance, plus factures, less avoirs to refund."""
    soldes = {
        client_id: ouverture or Decimal("0.00")
        for client_id, ouverture in session.execute(
            select(Client.id, Client.solde_ouverture).where(Client.id.in_(ids))
        )
    }
    dus = session.execute(
        select(Solde.client_id, Facture.type, func.sum(Solde.reste))
        .join(Facture, Facture.id == Solde.facture_id)
        .where(Solde.client_id.in_(ids), Solde.reste > ZERO)
        .group_by(Solde.client_id, Facture.type)
    )
    for client_id, genre, montant in dus:
        soldes[client_id] += -montant if genre == TypeFacture.AVOIR else montant
    regles = session.execute(
        select(Reglement.client_id, func.sum(Imputation.montant))
        .join(Imputation, Imputation.reglement_id == Reglement.id)
        .where(Reglement.client_id.in_(ids), Imputation.facture_id.is_(None))
        .group_by(Reglement.client_id)
    )
    for client_id, montant in regles:
        soldes[client_id] -= montant
    return soldes
