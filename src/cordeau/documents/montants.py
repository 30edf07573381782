"""The two operations on amounts that a rendering needs: round a gross, deduct what was paid."""

from decimal import ROUND_HALF_UP, Decimal

from cordeau.documents.modele import Document

CENTIME = Decimal("0.01")


def arrondir(montant: Decimal) -> Decimal:
    """Round to the cent, halves away from zero."""
    return montant.quantize(CENTIME, ROUND_HALF_UP)


def net_a_payer(document: Document) -> Decimal:
    """What is left to pay, TTC (BT-115): the total less what was already paid (BR-CO-16)."""
    return document.montant_ttc - document.deja_regle
