"""Kinds and states of a facture, and how its payment stands."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum


class TypeFacture(StrEnum):
    """Kind of document."""

    FACTURE = "FACTURE"
    #: Deposit (386): taken back, rate by rate, by the factures that follow.
    ACOMPTE = "ACOMPTE"
    #: Credit note (381): the only way to correct what was issued.
    AVOIR = "AVOIR"


class StatutFacture(StrEnum):
    """Whether the document is issued."""

    #: No number; may change or be thrown away.
    BROUILLON = "BROUILLON"
    #: Numbered and frozen for ever.
    EMISE = "EMISE"


class StatutPaiement(StrEnum):
    """How the payment stands, derived from the balance."""

    IMPAYE = "IMPAYE"
    PARTIEL = "PARTIEL"
    PAYE = "PAYE"
    EN_RETARD = "EN_RETARD"


class TypeLigneFacture(StrEnum):
    """What a row of a facture is."""

    LOT = "LOT"
    LIGNE = "LIGNE"
    TEXTE = "TEXTE"
    SOUS_TOTAL = "SOUS_TOTAL"
    #: An acompte taken back: quantity −1, positive price.
    DEDUCTION = "DEDUCTION"


class ModeReglement(StrEnum):
    """How money came."""

    VIREMENT = "VIREMENT"
    CHEQUE = "CHEQUE"
    CARTE = "CARTE"
    ESPECES = "ESPECES"
    PRELEVEMENT = "PRELEVEMENT"
    AUTRE = "AUTRE"


LIBELLES_MODES: Mapping[ModeReglement, str] = {
    ModeReglement.VIREMENT: "Virement",
    ModeReglement.CHEQUE: "Chèque",
    ModeReglement.CARTE: "Carte",
    ModeReglement.ESPECES: "Espèces",
    ModeReglement.PRELEVEMENT: "Prélèvement",
    ModeReglement.AUTRE: "Autre",
}


def echeance_opposable(genre: str, echeance: date | None) -> date | None:
    """The day after which a document is late: none for an avoir, a refund is never late."""
    return None if genre == TypeFacture.AVOIR else echeance


def statut_paiement(reste: Decimal, du: Decimal, echeance: date | None, le: date) -> StatutPaiement:
    """PAYE at balance 0, else late, else partly paid, else unpaid."""
    if reste == 0:
        return StatutPaiement.PAYE
    if echeance is not None and echeance < le:
        return StatutPaiement.EN_RETARD
    return StatutPaiement.PARTIEL if reste < du else StatutPaiement.IMPAYE
