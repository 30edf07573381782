"""Totals of a devis or a facture: one implementation for pages, API, PDF, e-invoice, imports.

Each line is rounded half up, lines are summed per rate, the global discount is split over the
rates by largest remainder, VAT is taken once per rate on what remains (EN 16931 BR-CO-17, here
exact to the cent).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from cordeau.core.money import CENT_POUR_CENT, ZERO, arrondir, pourcentage, repartir


@dataclass(frozen=True, slots=True)
class Remise:
    """Global discount of a document: a percentage or an amount, never both."""

    pourcentage: Decimal | None = None
    montant: Decimal | None = None

    def sur(self, total_ht: Decimal) -> Decimal:
        """What the discount takes off a total, to the cent."""
        if self.pourcentage is not None:
            return pourcentage(total_ht, self.pourcentage)
        return self.montant or Decimal("0.00")


@dataclass(frozen=True, slots=True)
class TotalTaux:
    """What a document says of one VAT rate."""

    taux: Decimal
    #: Σ of the lines, before the global discount.
    lignes_ht: Decimal
    #: Share of the global discount.
    remise_ht: Decimal
    base_ht: Decimal
    montant_tva: Decimal


@dataclass(frozen=True, slots=True)
class Totaux:
    """The named steps from lines to amount due."""

    lignes_ht: Decimal
    remise_ht: Decimal
    montant_ht: Decimal
    montant_tva: Decimal
    montant_ttc: Decimal
    par_taux: tuple[TotalTaux, ...]


def montant_ligne(quantite: Decimal, prix_unitaire_ht: Decimal, remise: Decimal) -> Decimal:
    """Quantity × unit price less the line's discount (percent), rounded once."""
    return arrondir(quantite * prix_unitaire_ht * (CENT_POUR_CENT - remise) / CENT_POUR_CENT)


def somme_par_taux(montants: Iterable[tuple[Decimal, Decimal]]) -> dict[Decimal, Decimal]:
    """Σ amounts per rate, from (rate, amount) pairs, highest rate first."""
    sommes: dict[Decimal, Decimal] = {}
    for taux, montant in montants:
        sommes[taux] = sommes.get(taux, Decimal("0.00")) + montant
    return dict(sorted(sommes.items(), reverse=True))


def totaliser(
    lignes: Iterable[tuple[Decimal, Decimal]],
    remise: Remise = Remise(),
    *,
    autoliquidation: bool = False,
) -> Totaux:
    """Totals of (rate, net amount) lines.

    With `autoliquidation` (art. 283-2 nonies CGI) every line counts at rate 0.
    """
    sommes = somme_par_taux(
        (ZERO if autoliquidation else taux, montant) for taux, montant in lignes
    )
    lignes_ht = sum(sommes.values(), Decimal("0.00"))
    remise_ht = remise.sur(lignes_ht)
    parts = dict(zip(sommes, repartir(remise_ht, list(sommes.values())), strict=True))
    return assembler_totaux(sommes, parts, {})


def assembler_totaux(
    sommes: Mapping[Decimal, Decimal],
    remises: Mapping[Decimal, Decimal],
    tva: Mapping[Decimal, Decimal],
) -> Totaux:
    """Totals from sums and discounts per rate; VAT is computed for the rates `tva` leaves out."""
    par_taux = []
    for taux, lignes_ht in sommes.items():
        base = lignes_ht - remises.get(taux, ZERO)
        montant_tva = tva.get(taux, pourcentage(base, taux))
        par_taux.append(
            TotalTaux(taux, lignes_ht, remises.get(taux, Decimal("0.00")), base, montant_tva)
        )
    montant_ht = sum((t.base_ht for t in par_taux), Decimal("0.00"))
    montant_tva_total = sum((t.montant_tva for t in par_taux), Decimal("0.00"))
    return Totaux(
        lignes_ht=sum(sommes.values(), Decimal("0.00")),
        remise_ht=sum(remises.values(), Decimal("0.00")),
        montant_ht=montant_ht,
        montant_tva=montant_tva_total,
        montant_ttc=montant_ht + montant_tva_total,
        par_taux=tuple(par_taux),
    )
