"""What upper contexts add to the pages of clients: panels, and what each client owes."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.orm import Session

from cordeau.clients.models import Client
from cordeau.core.permissions import Acteur, Permission
from cordeau.web.panneaux import Panneau

#: Makes a panel, or none when this person may not see it.
FabriquePanneau = Callable[[Session, Client, Acteur], Panneau | None]


class Soldes(Protocol):
    """What clients owe, as the context that holds factures and règlements knows it."""

    def par_client(self, session: Session, ids: Sequence[UUID]) -> Mapping[UUID, Decimal]:
        """The balance of each of these clients, opening balance included; none when zero."""

    def regle_ouverture(self, session: Session, client_id: UUID) -> Decimal:
        """What this client paid of its opening balance."""

    def debiteurs(self) -> Select[UUID]:
        """Who owes something: the identifiers, for a filter."""

    def total(self, session: Session, ids: Select[UUID]) -> Decimal:
        """What these clients owe together."""


#: In the order of the page; filled once, when the application is wired.
PANNEAUX: list[FabriquePanneau] = []
#: At most one, set when the application is wired.
SOLDES: list[Soldes] = []


def panneaux_de(session: Session, client: Client, acteur: Acteur) -> list[Panneau]:
    """The panels this person sees on the page of a client."""
    panneaux = (fabrique(session, client, acteur) for fabrique in PANNEAUX)
    return [panneau for panneau in panneaux if panneau is not None]


def soldes_pour(acteur: Acteur) -> Soldes | None:
    """The balances, for a person who may read factures."""
    return SOLDES[0] if SOLDES and acteur.peut(Permission.FACTURE_LIRE) else None
