"""Rounding and sharing, the only arithmetic of amounts."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordeau.core.money import CENT, arrondir, pourcentage, repartir

montants = st.decimals(min_value=-(10**9), max_value=10**9, places=2)
poids = st.lists(st.decimals(min_value=0, max_value=10**7, places=2), min_size=1, max_size=30)


@pytest.mark.parametrize(
    ("brut", "arrondi"),
    [
        ("0.005", "0.01"),
        ("-0.005", "-0.01"),
        ("1.004999", "1.00"),
        ("2.675", "2.68"),
        ("-2.665", "-2.67"),
        ("0", "0.00"),
    ],
)
def test_les_demi_centimes_s_eloignent_de_zero(brut: str, arrondi: str) -> None:
    assert str(arrondir(Decimal(brut))) == arrondi


@given(montants)
def test_un_montant_au_centime_ne_change_pas(montant: Decimal) -> None:
    assert arrondir(montant) == montant


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=6))
def test_l_arrondi_reste_a_un_demi_centime(montant: Decimal) -> None:
    assert abs(arrondir(montant) - montant) <= CENT / 2


def test_un_pourcentage_est_arrondi_une_fois() -> None:
    assert pourcentage(Decimal("208.72"), Decimal(7)) == Decimal("14.61")


@given(st.decimals(min_value=0, max_value=10**9, places=2), poids)
def test_les_parts_font_exactement_le_tout(montant: Decimal, parts: list[Decimal]) -> None:
    assert sum(repartir(montant, parts)) == montant


@given(st.decimals(min_value=0, max_value=10**9, places=2), poids)
def test_chaque_part_est_a_un_centime_de_sa_proportion(
    montant: Decimal, parts: list[Decimal]
) -> None:
    total = sum(parts)
    if not total:
        return

    for part, poids_part in zip(repartir(montant, parts), parts, strict=True):
        assert abs(part - montant * poids_part / total) < CENT


def test_a_egalite_le_centime_va_a_la_premiere_part() -> None:
    parts = repartir(Decimal("0.05"), [Decimal(1), Decimal(1)])

    assert parts == [Decimal("0.03"), Decimal("0.02")]


def test_un_montant_negatif_se_partage_comme_son_oppose() -> None:
    poids_parts = [Decimal(3), Decimal(3), Decimal(1)]

    negatives = repartir(Decimal("-10.00"), poids_parts)

    assert negatives == [-part for part in repartir(Decimal("10.00"), poids_parts)]


def test_sans_poids_la_premiere_part_prend_tout() -> None:
    parts = repartir(Decimal("7.00"), [Decimal(0), Decimal(0)])

    assert parts == [Decimal("7.00"), Decimal("0.00")]
