"""Figures of the dashboard, without a database."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from cordeau.analytics.rules import (
    Echeance,
    douze_mois,
    jour_en_lettres,
    premier_du_mois,
    taux_acceptation,
    vieillir,
)
from cordeau.core.dates import JAMAIS

LE = date(2026, 11, 21)


def test_les_douze_mois_finissent_par_le_mois_en_cours() -> None:
    montants = {date(2026, 11, 1): Decimal("10.00"), date(2025, 11, 1): Decimal("8.00")}

    mois = douze_mois(montants, LE)

    assert [m.nom for m in mois][:2] == ["déc. 2025", "janv. 2026"]
    assert (mois[-1].montant_ht, mois[-1].annee_precedente_ht) == (Decimal(10), Decimal(8))
    assert mois[0].montant_ht == 0


def test_le_recul_de_mois_franchit_les_annees() -> None:
    assert premier_du_mois(date(2026, 1, 31), 1) == date(2025, 12, 1)
    assert premier_du_mois(LE, 23) == date(2024, 12, 1)


def test_une_creance_est_en_retard_le_lendemain_de_son_echeance() -> None:
    ages = [None, 0, 1, 30, 31, 60, 61, 90, 91, 400]
    echeances = [
        Echeance(JAMAIS if age is None else LE - timedelta(days=age), 1, Decimal("1.00"))
        for age in ages
    ]

    impayes = vieillir(echeances, LE)

    assert [tranche.nombre for tranche in impayes.tranches] == [2, 2, 2, 2, 2]
    assert (impayes.nombre, impayes.nombre_en_retard) == (10, 8)
    assert (impayes.montant, impayes.montant_en_retard) == (Decimal("10.00"), Decimal("8.00"))
    assert impayes.retard_max == 400


def test_sans_creance_il_n_y_a_pas_de_retard() -> None:
    impayes = vieillir([Echeance(LE + timedelta(days=5), 1, Decimal("1.00"))], LE)

    assert (impayes.nombre_en_retard, impayes.retard_max) == (0, 0)


@pytest.mark.parametrize(
    ("comptes", "taux"),
    [((0, 0, 0), None), ((1, 0, 0), "100.0"), ((1, 1, 1), "33.3"), ((0, 0, 3), "0.0")],
)
def test_le_taux_d_acceptation_ignore_ce_qui_attend(
    comptes: tuple[int, int, int], taux: str | None
) -> None:
    assert taux_acceptation(*comptes) == (None if taux is None else Decimal(taux))


def test_le_jour_s_ecrit_en_toutes_lettres() -> None:
    assert jour_en_lettres(LE) == "Samedi 21 novembre 2026"
    assert jour_en_lettres(date(2026, 5, 1)) == "Vendredi 1er mai 2026"
