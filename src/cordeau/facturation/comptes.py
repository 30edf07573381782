"""What each client owes, for the pages of clients: the balances they ask an upper context for."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ScalarSelect, Select, func, or_, select
from sqlalchemy.orm import Session

from cordeau.clients.models import Client
from cordeau.core.money import ZERO
from cordeau.facturation.models import Facture, Imputation, Reglement, Solde
from cordeau.facturation.reglements import regle_ouverture, soldes_clients
from cordeau.facturation.states import TypeFacture

ZERO_CENT = Decimal("0.00")


class ComptesClients:
    """The balances of clients: opening balance, plus factures, less avoirs to refund."""

    def par_client(self, session: Session, ids: Sequence[UUID]) -> Mapping[UUID, Decimal]:
        """The balance of each of these clients; none when zero."""
        soldes = soldes_clients(session, ids)
        return {client_id: solde for client_id, solde in soldes.items() if solde != ZERO}

    def regle_ouverture(self, session: Session, client_id: UUID) -> Decimal:
        """What this client paid of its opening balance."""
        return regle_ouverture(session, client_id)

    def debiteurs(self) -> Select[UUID]:
        """Who owes something: a facture, or what remains of an opening balance."""
        dus = (
            select(Solde.client_id)
            .join(Facture, Facture.id == Solde.facture_id)
            .where(Solde.reste > ZERO, Facture.type != TypeFacture.AVOIR)
        )
        return select(Client.id).where(
            or_(Client.id.in_(dus), Client.solde_ouverture > _regle_ouverture())
        )

    def total(self, session: Session, ids: Select[UUID]) -> Decimal:
        """What these clients owe together."""
        ouvertures = session.scalar(
            select(func.sum(Client.solde_ouverture)).where(Client.id.in_(ids))
        )
        regles = session.scalar(
            select(func.sum(Imputation.montant))
            .join(Reglement, Reglement.id == Imputation.reglement_id)
            .where(Imputation.facture_id.is_(None), Reglement.client_id.in_(ids))
        )
        restes = session.execute(
            select(Facture.type, func.sum(Solde.reste))
            .join(Facture, Facture.id == Solde.facture_id)
            .where(Solde.reste > ZERO, Solde.client_id.in_(ids))
            .group_by(Facture.type)
        )
        total = (ouvertures or ZERO_CENT) - (regles or ZERO)
        for genre, reste in restes:
            total += -reste if genre == TypeFacture.AVOIR else reste
        return total


def _regle_ouverture() -> ScalarSelect[Decimal]:
    """What a client paid of its opening balance."""
    return (
        select(func.coalesce(func.sum(Imputation.montant), 0))
        .join(Reglement, Reglement.id == Imputation.reglement_id)
        .where(Imputation.facture_id.is_(None), Reglement.client_id == Client.id)
        .correlate(Client)
        .scalar_subquery()
    )
