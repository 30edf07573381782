"""Totals of a document: golden values, and what holds for any document."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from cordeau.core.money import arrondir
from cordeau.core.totaux import Remise, montant_ligne, totaliser

TAUX = (Decimal(20), Decimal(10), Decimal("5.5"), Decimal(0))
MENUISERIE = [
    (Decimal(20), Decimal("208.72")),
    (Decimal(10), Decimal("143.93")),
    (Decimal("5.5"), Decimal("56.08")),
]

lignes_quelconques = st.lists(
    st.tuples(st.sampled_from(TAUX), st.decimals(min_value=0, max_value=10**6, places=2)),
    min_size=1,
    max_size=40,
)
remises = st.decimals(min_value=0, max_value=100, places=2)


def test_trois_taux_et_une_remise_de_sept_pour_cent() -> None:
    totaux = totaliser(MENUISERIE, Remise(pourcentage=Decimal(7)))

    assert totaux.lignes_ht == Decimal("408.73")
    assert totaux.remise_ht == Decimal("28.61")
    assert [t.taux for t in totaux.par_taux] == [Decimal(20), Decimal(10), Decimal("5.5")]
    assert totaux.montant_ttc == Decimal("435.20")


def test_l_exemple_du_contrat_d_api() -> None:
    lignes = [(Decimal(20), montant_ligne(Decimal(1), Decimal(18400), Decimal(0)))]

    totaux = totaliser(lignes)

    assert str(totaux.montant_ht) == "18400.00"
    assert str(totaux.montant_tva) == "3680.00"
    assert str(totaux.montant_ttc) == "22080.00"


def test_une_ligne_est_arrondie_une_seule_fois() -> None:
    montant = montant_ligne(Decimal("2.5"), Decimal("1.333333"), Decimal(5))

    assert montant == Decimal("3.17")


def test_l_autoliquidation_ne_compte_aucune_tva() -> None:
    totaux = totaliser(MENUISERIE, autoliquidation=True)

    assert totaux.montant_tva == 0
    assert totaux.montant_ttc == totaux.montant_ht == Decimal("408.73")
    assert [t.taux for t in totaux.par_taux] == [Decimal(0)]


def test_une_remise_en_montant_se_partage_entre_les_taux() -> None:
    totaux = totaliser(MENUISERIE, Remise(montant=Decimal("50.00")))

    assert totaux.remise_ht == Decimal("50.00")
    assert sum(t.remise_ht for t in totaux.par_taux) == Decimal("50.00")


@given(lignes_quelconques, remises)
def test_les_pas_du_calcul_se_recoupent(
    lignes: list[tuple[Decimal, Decimal]], pourcentage: Decimal
) -> None:
    totaux = totaliser(lignes, Remise(pourcentage=pourcentage))

    assert totaux.lignes_ht == sum(montant for _, montant in lignes)
    assert totaux.montant_ht == totaux.lignes_ht - totaux.remise_ht
    assert totaux.montant_ttc == totaux.montant_ht + totaux.montant_tva
    assert totaux.montant_ht == sum(t.base_ht for t in totaux.par_taux)


@given(lignes_quelconques, remises)
def test_la_tva_est_prise_une_fois_par_taux(
    lignes: list[tuple[Decimal, Decimal]], pourcentage: Decimal
) -> None:
    totaux = totaliser(lignes, Remise(pourcentage=pourcentage))

    for total in totaux.par_taux:
        assert total.montant_tva == arrondir(total.base_ht * total.taux / 100)
