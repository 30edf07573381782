"""The only arithmetic of amounts: one rounding, one split, both exact to the cent."""

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

ZERO = Decimal(0)
CENT = Decimal("0.01")
CENT_POUR_CENT = Decimal(100)


def arrondir(montant: Decimal) -> Decimal:
    """Round to the cent, halves away from zero: the only rounding in the code."""
    return montant.quantize(CENT, ROUND_HALF_UP)


def pourcentage(montant: Decimal, taux: Decimal) -> Decimal:
    """`taux` percent of an amount, rounded to the cent."""
    return arrondir(montant * taux / CENT_POUR_CENT)


def repartir(montant: Decimal, poids: Sequence[Decimal]) -> list[Decimal]:
    """Split an amount over weights by largest remainder; the shares sum to it exactly.

    Weights are ≥ 0 and the amount is to the cent; ties go to the earlier share. When every
    weight is zero the first share takes all.
    """
    total = sum(poids, ZERO)
    if total == 0:
        return [montant if rang == 0 else Decimal("0.00") for rang in range(len(poids))]
    exactes = [montant * p / total for p in poids]
    parts = [exacte.quantize(CENT, ROUND_DOWN) for exacte in exactes]
    reste = int((montant - sum(parts, ZERO)) / CENT)
    signe = -1 if reste < 0 else 1
    ordre = sorted(range(len(poids)), key=lambda rang: (-abs(exactes[rang] - parts[rang]), rang))
    for rang in ordre[: abs(reste)]:
        parts[rang] += signe * CENT
    return parts
