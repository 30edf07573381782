"""Opening balances: what clients owed before Cordeau; closings and payments hold them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from cordeau.clients import extensions
from cordeau.clients.models import Client
from cordeau.core.errors import ConflitError, Faute
from cordeau.core.money import ZERO
from cordeau.core.permissions import Acteur
from cordeau.core.registre.clotures import exiger_ouverte
from cordeau.core.registre.ecriture import inscrire
from cordeau.core.registre.states import Evenement, Journal


@dataclass(frozen=True, slots=True)
class Ouverture:
    """The opening balance of a client; nothing and zero are the same."""

    montant: Decimal
    le: date | None

    @classmethod
    def de(cls, client: Client) -> "Ouverture":
        """The one a client has now."""
        montant = client.solde_ouverture or ZERO
        return cls(montant, client.solde_ouverture_le if montant else None)


AUCUNE = Ouverture(ZERO, None)


def inscrire_ouvertures(
    session: Session, clients: Sequence[Client], *, avant: Ouverture = AUCUNE, actor: Acteur
) -> None:
    """Chain the balances that are no longer `avant`, each on days that are not closed.

    Raises `ConflitError` for a day of a closed period, or less than what was paid.
    """
    changes = [client for client in clients if Ouverture.de(client) != avant]
    if not changes:
        return
    for client in changes:
        _exiger_au_moins_le_regle(session, client)
    soldes = [_relever(client) for client in changes]
    inscrire(session, Journal.TECHNIQUE, Evenement.SOLDE_OUVERTURE, {"soldes": soldes}, actor=actor)
    for jour in {avant.le, *(Ouverture.de(client).le for client in changes)}:
        _exiger_ouverte(session, jour)


def _relever(client: Client) -> dict[str, str]:
    ouverture = Ouverture.de(client)
    return {
        "client": client.id.hex,
        "montant": str(ouverture.montant),
        "le": "" if ouverture.le is None else ouverture.le.isoformat(),
    }


def _exiger_ouverte(session: Session, jour: date | None) -> None:
    if jour is None:
        return
    try:
        exiger_ouverte(session, jour)
    except ConflitError as refus:
        raise _refuser("soldeOuvertureLe", refus.message) from refus


def _exiger_au_moins_le_regle(session: Session, client: Client) -> None:
    regle = extensions.SOLDES[0].regle_ouverture(session, client.id) if extensions.SOLDES else ZERO
    if regle > ZERO and Ouverture.de(client).montant < regle:
        dit = f"{regle:.2f}".replace(".", ",")
        raise _refuser(
            "soldeOuverture",
            f"{dit} € ont déjà été réglés sur ce solde : il ne peut pas être inférieur.",
        )


def _refuser(champ: str, message: str) -> ConflitError:
    return ConflitError(message, [Faute(champ, message)])
