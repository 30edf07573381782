"""How a devis is billed, to the cent, without a database."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordeau.core.money import pourcentage
from cordeau.core.totaux import montant_ligne
from cordeau.facturation.rules import (
    Deduction,
    EtatFacturation,
    LigneAFacturer,
    Part,
    deductions,
    part_de_remise,
    part_en_quantite,
    quantite_en_pourcentage,
    repartir_acompte,
    reste_a_facturer,
    sous_totaux,
    tva_avoir,
    tva_cumulee,
)
from cordeau.facturation.states import StatutPaiement, statut_paiement

D = Decimal
VINGT, DIX = D(20), D(10)
LE_JOUR = date(2026, 3, 2)


def une_ligne(prix: str = "10", quantite: str = "3", remise: str = "0") -> LigneAFacturer:
    """A row of a devis at 20 %."""
    montant = montant_ligne(D(quantite), D(prix), D(remise))
    return LigneAFacturer("l", D(quantite), D(prix), D(remise), VINGT, montant)


def plus(deja: Part, part: Part) -> Part:
    """Both together."""
    return Part(deja.quantite + part.quantite, deja.montant_ht + part.montant_ht)


def test_trois_tiers_font_la_ligne_au_centime() -> None:
    ligne, deja = une_ligne("33.335", "3"), Part(D(0), D("0.00"))

    parts = []
    for _ in range(3):
        parts.append(part_en_quantite(ligne, deja, D(1)))
        deja = plus(deja, parts[-1])

    assert [p.montant_ht for p in parts] == [D("33.34"), D("33.33"), D("33.34")]
    assert deja.montant_ht == ligne.montant_ht


def test_le_reste_d_une_ligne_est_ce_qui_n_est_pas_facture() -> None:
    assert reste_a_facturer(une_ligne(), Part(D(1), D("10.01"))) == Part(D(2), D("19.99"))


def test_apres_un_avoir_une_part_n_est_jamais_negative() -> None:
    ligne = une_ligne("0.005", "5")
    deja = Part(D(2), D("0.02"))  # 0.01 + 0.00 + 0.01, the second one credited

    assert part_en_quantite(ligne, deja, D("0.5")).montant_ht == D("0.00")


@given(
    prix=st.decimals(min_value=0, max_value=500, places=3),
    quantite=st.integers(min_value=1, max_value=40),
    remise=st.sampled_from(["0", "5", "33.33", "100"]),
    gestes=st.lists(st.tuples(st.booleans(), st.integers(1, 20)), max_size=20),
)
def test_des_parts_et_leurs_avoirs_ne_depassent_jamais_la_ligne(
    prix: Decimal, quantite: int, remise: str, gestes: list[tuple[bool, int]]
) -> None:
    ligne = une_ligne(str(prix), str(quantite), remise)
    deja, emises = Part(D(0), D("0.00")), []
    for facturer, nombre in gestes:
        if facturer and nombre <= ligne.quantite - deja.quantite:
            emises.append(part_en_quantite(ligne, deja, D(nombre)))
            deja = plus(deja, emises[-1])
        elif emises and not facturer:
            credite = emises.pop(nombre % len(emises))
            deja = Part(deja.quantite - credite.quantite, deja.montant_ht - credite.montant_ht)
        assert 0 <= deja.montant_ht <= ligne.montant_ht

    derniere = part_en_quantite(ligne, deja, ligne.quantite - deja.quantite)

    assert derniere.montant_ht >= 0
    assert plus(deja, derniere).montant_ht == ligne.montant_ht


@pytest.mark.parametrize(
    ("quantite", "deja", "taux", "attendue"),
    [
        ("1", "0", "30", "0.3"),
        ("1", "0", "33.3333", "0.3333"),
        ("1", "0.6667", "33.33334", "0.3333"),
        ("0.0001", "0", "50", "0.0001"),
        ("45", "30", "50", "22.5"),
    ],
)
def test_un_pourcentage_pardonne_le_dernier_dix_millieme(
    quantite: str, deja: str, taux: str, attendue: str
) -> None:
    ligne = une_ligne("10", quantite)

    assert quantite_en_pourcentage(ligne, Part(D(deja), D(0)), D(taux)) == D(attendue)


def test_la_remise_suit_ce_qui_est_facture_et_finit_entiere() -> None:
    remise, total = D("10.01"), D("300.00")
    deja = D("0.00")

    parts = []
    for cumul in ("100", "200", "300"):
        parts.append(part_de_remise(remise, total, D(cumul), deja))
        deja += parts[-1]

    assert parts == [D("3.34"), D("3.33"), D("3.34")]


def test_la_tva_des_parts_est_celle_du_tout() -> None:
    etat = EtatFacturation()
    bases = [D("0.02"), D("0.02"), D("0.02"), D("33.33")]

    tva = []
    for base in bases:
        tva.append(tva_cumulee(VINGT, base, etat))
        etat.base_emise[VINGT] = etat.base_emise.get(VINGT, D(0)) + base
        etat.tva_emise[VINGT] = etat.tva_emise.get(VINGT, D(0)) + tva[-1]

    assert tva[:3] == [D("0.00"), D("0.01"), D("0.00")]
    assert sum(tva) == pourcentage(sum(bases, D(0)), VINGT)


def test_un_acompte_se_partage_selon_les_bases_au_plus_fort_reste() -> None:
    bases = {VINGT: D("100"), DIX: D("100"), D(0): D("100")}

    assert repartir_acompte(D("100.00"), bases) == {
        VINGT: D("33.34"),
        DIX: D("33.33"),
        D(0): D("33.33"),
    }


def test_un_taux_sans_part_n_est_pas_dans_l_acompte() -> None:
    assert repartir_acompte(D("0.01"), {VINGT: D(1), DIX: D(1)}) == {VINGT: D("0.01")}


def test_un_acompte_n_est_repris_que_quand_la_suite_ne_le_pourrait_plus() -> None:
    etat = EtatFacturation(acomptes={"a": {VINGT: D(30)}})

    assert deductions(etat, {VINGT: D(50)}, {VINGT: D(100)}) == []
    assert deductions(etat, {VINGT: D(80)}, {VINGT: D(100)}) == [Deduction("a", VINGT, D(10))]
    assert deductions(etat, {VINGT: D(100)}, {VINGT: D(100)}) == [Deduction("a", VINGT, D(30))]


def test_les_acomptes_sont_repris_dans_leur_ordre_et_taux_par_taux() -> None:
    etat = EtatFacturation(acomptes={"a": {VINGT: D(10), DIX: D(5)}, "b": {VINGT: D(20)}})

    reprises = deductions(etat, {VINGT: D(60), DIX: D(50)}, {VINGT: D(75), DIX: D(50)})

    assert reprises == [
        Deduction("a", VINGT, D(10)),
        Deduction("b", VINGT, D(5)),
        Deduction("a", DIX, D(5)),
    ]


def test_les_avoirs_d_une_facture_rendent_exactement_sa_tva() -> None:
    origine = (D("10.00"), D("2.01"))  # a cumulated VAT may differ from base × rate by a cent
    deja = (D(0), D(0))

    rendues = []
    for base in (D("3.33"), D("3.33"), D("3.34")):
        rendues.append(tva_avoir(VINGT, base, deja, origine))
        deja = (deja[0] + base, deja[1] + rendues[-1])

    assert sum(rendues) == D("2.01")


def test_un_lot_de_facture_vaut_ce_qu_il_contient_sans_les_deductions() -> None:
    rangs = [
        ("LOT", 0, None),
        ("LIGNE", 1, D(10)),
        ("LOT", 1, None),
        ("LIGNE", 2, D(5)),
        ("DEDUCTION", 1, D(-3)),
        ("LOT", 0, None),
        ("LIGNE", 1, D(1)),
        ("LIGNE", 0, D(9)),
    ]

    assert sous_totaux(rangs) == [D(15), D(10), D(5), D(5), D(-3), D(1), D(1), D(9)]


@pytest.mark.parametrize(
    ("reste", "echeance", "attendu"),
    [
        ("0", date(2026, 1, 1), StatutPaiement.PAYE),
        ("0", None, StatutPaiement.PAYE),
        ("100", date(2026, 3, 1), StatutPaiement.EN_RETARD),
        ("40", date(2026, 3, 1), StatutPaiement.EN_RETARD),
        ("40", date(2026, 3, 2), StatutPaiement.PARTIEL),
        ("99.99", None, StatutPaiement.PARTIEL),
        ("100", date(2026, 3, 2), StatutPaiement.IMPAYE),
        ("100", None, StatutPaiement.IMPAYE),
    ],
)
def test_l_etat_du_paiement_se_deduit_du_reste_et_du_jour(
    reste: str, echeance: date | None, attendu: StatutPaiement
) -> None:
    assert statut_paiement(D(reste), D(100), echeance, LE_JOUR) == attendu
