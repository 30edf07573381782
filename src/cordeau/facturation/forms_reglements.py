"""What the forms of règlements send, kept as typed until it is accepted."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel

from cordeau.core.errors import ConflitError, DomainError, SaisieError, refuser_saisie
from cordeau.core.money import ZERO
from cordeau.facturation.commands.reglements import SaisieReglement
from cordeau.facturation.forms import lire_identifiant, rang_de
from cordeau.facturation.models import Facture
from cordeau.facturation.rules import repartir_paiement
from cordeau.facturation.schemas import (
    AnnulationSaisie,
    ReglementMultipleSaisie,
    ReglementSaisie,
)
from cordeau.facturation.states import ModeReglement
from cordeau.web import formats
from cordeau.web.schemas import lire_nombre
from cordeau.web.validation import valider

#: The row of the client's opening balance.
OUVERTURE = "ouverture"


@dataclass(frozen=True, slots=True)
class Du:
    """Something a client may pay: a document, or what remains of its opening balance."""

    cle: str
    reste: Decimal
    #: None: the opening balance.
    facture: Facture | None = None

    @property
    def signe(self) -> int:
        """−1 for an avoir: it is given back, or taken off the rest."""
        return 1 if self.facture is None else self.facture.signe


@dataclass(frozen=True, slots=True)
class Bilan:
    """What was received, what of it has found its place."""

    reparti: Decimal
    #: None while no amount is typed.
    ecart: Decimal | None


class ReglementForm(BaseModel):
    """Money received for one document."""

    montant: str = ""
    date: str = ""
    mode: str = ModeReglement.VIREMENT
    reference: str = ""

    def lire(self, today: dt.date) -> tuple[Decimal, SaisieReglement]:
        """The amount, and how it came."""
        donnees = self.model_dump(include={"montant", "date", "mode", "reference"})
        lu = valider(ReglementSaisie, donnees)
        return lu.montant, SaisieReglement(lu.date or today, lu.mode, lu.reference)


class EncaissementForm(ReglementForm):
    """One payment over several documents of a client: a row for each, ticked or with its part."""

    client_id: str = ""
    #: Ticked rows: paid whole unless a part is typed.
    choix: list[str] = []
    du: list[str] = []
    part: list[str] = []

    @property
    def client_choisi(self) -> UUID | None:
        """The client chosen, None when what was sent names nobody."""
        return lire_identifiant(self.client_id)

    def parts(self, dus: Sequence[Du]) -> dict[str, str]:
        """What was typed for each due; a ticked row without amount is paid whole."""
        typees = dict(zip(self.du, self.part, strict=False))
        parts = {}
        for du in dus:
            texte = typees.get(du.cle, "").strip()
            if texte or du.cle in self.choix:
                parts[du.cle] = texte or formats.prix(du.reste)
        return parts

    def repartir(self, dus: Sequence[Du]) -> "EncaissementForm":
        """The same payment given to the oldest dues first, chosen avoirs added to it."""
        avoirs = [du for du in dus if du.signe < 0 and du.cle in self.parts(dus)]
        recu = self.montant_recu() or ZERO
        factures = [du for du in dus if du.signe > 0]
        montant = recu + sum((du.reste for du in avoirs), ZERO)
        parts = repartir_paiement(montant, [du.reste for du in factures])
        attribues = {du.cle: p for du, p in zip(factures, parts, strict=True) if p > ZERO}
        attribues |= {du.cle: du.reste for du in avoirs}
        update = {
            "du": [du.cle for du in dus],
            "part": [formats.prix(attribues.get(du.cle)) for du in dus],
            "choix": list(attribues),
        }
        return self.model_copy(update=update)

    def montant_recu(self) -> Decimal | None:
        """The amount typed; None when there is none, or none that can be read."""
        return lire_montant(self.montant)

    def bilan(self, dus: Sequence[Du]) -> Bilan:
        """What the rows take together, against what was received."""
        lues = self.parts(dus)
        montants = [(du.signe, lire_montant(lues.get(du.cle, "")) or ZERO) for du in dus]
        reparti = sum((signe * montant for signe, montant in montants), Decimal("0.00"))
        recu = self.montant_recu()
        return Bilan(reparti, None if recu is None else recu - reparti)

    def imputations(self, dus: Sequence[Du]) -> list[tuple[UUID | None, Decimal]]:
        """What the payment settles; refuses an empty one, and one that does not add up."""
        parts = self.parts(dus)
        if not parts:
            raise refuser_saisie("imputations", "Cochez au moins une facture, ou répartissez.")
        donnees = {
            "client_id": self.client_id,
            "imputations": [
                {"factureId": None if cle == OUVERTURE else cle, "montant": texte}
                for cle, texte in parts.items()
            ],
        }
        lues = valider(ReglementMultipleSaisie, donnees).imputations
        ecart = self.bilan(dus).ecart
        if self.montant.strip() and ecart != ZERO:
            raise refuser_saisie("montant", self._dire_ecart(ecart))
        return [(imputation.facture_id, imputation.montant) for imputation in lues]

    def reception(self, today: dt.date) -> SaisieReglement:
        """How the money came."""
        donnees = self.model_dump(include={"date", "mode"}) | {"reference": self.reference}
        lu = valider(ReglementSaisie, donnees | {"montant": "1"})
        return SaisieReglement(lu.date or today, lu.mode, lu.reference)

    def erreurs(self, refus: DomainError, dus: Sequence[Du]) -> dict[str, str]:
        """The messages by field; what is said of a part goes by its due."""
        cles = list(self.parts(dus))
        erreurs: dict[str, str] = {}
        for faute in refus.fautes:
            rang = rang_de(faute.champ)
            seule = faute.champ == "montant" and isinstance(refus, ConflitError) and cles
            champ = f"part-{cles[rang or 0]}" if seule or rang is not None else faute.champ
            erreurs.setdefault(champ, faute.message)
        return erreurs

    def _dire_ecart(self, ecart: Decimal | None) -> str:
        if ecart is None:
            return "Écrivez un nombre, par exemple 1234,50."
        dit = formats.montant(abs(ecart))
        if ecart > ZERO:
            return f"Il reste {dit} à répartir sur les factures."
        return f"Les factures cochées dépassent de {dit} ce qui est reçu."


class AnnulationForm(BaseModel):
    """Why a règlement is reversed."""

    motif: str = ""

    def lire(self) -> str:
        """The reason, cleaned."""
        return valider(AnnulationSaisie, {"motif": self.motif}).motif


def lire_montant(texte: str) -> Decimal | None:
    """An amount as typed; None when there is none, or none that can be read."""
    try:
        lu = lire_nombre(texte)
    except ValueError:
        return None
    return lu if isinstance(lu, Decimal) else None


def erreurs_reglement(refus: DomainError) -> dict[str, str]:
    """The messages by field; a refusal without field is said of the amount."""
    if not refus.fautes and not isinstance(refus, SaisieError):
        return {"montant": refus.message}
    return {faute.champ: faute.message for faute in reversed(refus.fautes)}
