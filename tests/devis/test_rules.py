"""The arithmetic of a devis: the tree, the subtotals, the totals, the margin."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordeau.core.errors import SaisieError
from cordeau.core.totaux import Remise
from cordeau.devis.rules import Chiffrage, LigneSaisie, chiffrer
from cordeau.devis.states import TRANSITIONS, StatutDevis, TypeLigne

D = Decimal
S = StatutDevis


def ligne(cle: object, prix: str = "100", quantite: str = "1", **champs: Any) -> LigneSaisie:
    """A priced row."""
    valeurs = {"type": TypeLigne.LIGNE, "designation": "Pose", **champs}
    return LigneSaisie(cle, prix_unitaire_ht=D(prix), quantite=D(quantite), **valeurs)


def lot(cle: object, parent: object = None) -> LigneSaisie:
    """A lot."""
    return LigneSaisie(cle, TypeLigne.LOT, "Lot", parent)


def calculer(*lignes: LigneSaisie, taux: str = "20", **reglages: Any) -> Chiffrage:
    """The devis of these rows."""
    return chiffrer(lignes, taux_tva=D(taux), **reglages)


def fautes(*lignes: LigneSaisie, **reglages: Any) -> list[str]:
    """The fields refused."""
    with pytest.raises(SaisieError) as refus:
        calculer(*lignes, **reglages)
    return [faute.champ for faute in refus.value.fautes]


def montants(chiffrage: Chiffrage) -> dict[object, Decimal | None]:
    """Amount of each row, by its key."""
    return {rangee.saisie.cle: rangee.montant_ht for rangee in chiffrage.lignes}


def test_l_exemple_des_trois_taux_moins_sept_pour_cent() -> None:
    chiffrage = calculer(
        ligne(1, "208.72"),
        ligne(2, "143.93", taux_tva=D(10)),
        ligne(3, "56.08", taux_tva=D("5.5")),
        remise=Remise(pourcentage=D(7)),
    )

    assert chiffrage.totaux.montant_ttc == D("435.20")
    assert chiffrage.totaux.remise_ht == D("28.61")


def test_une_ligne_sans_taux_prend_celui_du_devis() -> None:
    chiffrage = calculer(ligne(1), ligne(2, taux_tva=D("5.5")), taux="10")

    assert [r.taux_tva for r in chiffrage.lignes] == [D(10), D("5.5")]
    assert chiffrage.totaux.montant_tva == D("15.50")


def test_un_lot_vaut_la_somme_de_ce_qu_il_contient_lots_compris() -> None:
    chiffrage = calculer(
        lot("A"), lot("A.1", "A"), ligne(1, "10", parent="A.1"), ligne(2, "5", parent="A"), lot("B")
    )

    assert montants(chiffrage) == {
        "A": D("15.00"),
        "A.1": D("10.00"),
        1: D("10.00"),
        2: D("5.00"),
        "B": D("0.00"),
    }
    assert [r.numero for r in chiffrage.lignes] == ["1", "1.1", "1.1.1", "1.2", "2"]
    assert [r.niveau for r in chiffrage.lignes] == [0, 1, 2, 1, 0]


def test_les_lignes_se_rangent_sous_leur_lot_meme_donnees_avant_lui() -> None:
    chiffrage = calculer(ligne(1, parent="A"), ligne(2), lot("A"))

    assert [r.saisie.cle for r in chiffrage.lignes] == [2, "A", 1]


def test_un_sous_total_compte_depuis_le_precedent_de_son_niveau() -> None:
    sous_total = {"type": TypeLigne.SOUS_TOTAL, "designation": ""}
    chiffrage = calculer(
        ligne(1, "10"),
        ligne(2, "5"),
        LigneSaisie("s1", **sous_total),  # type: ignore[arg-type]
        lot("A"),
        ligne(3, "7", parent="A"),
        LigneSaisie("s2", **sous_total),  # type: ignore[arg-type]
    )

    assert montants(chiffrage)["s1"] == D("15.00")
    assert montants(chiffrage)["s2"] == D("7.00")
    assert chiffrage.totaux.montant_ht == D("22.00")


def test_une_option_n_est_ni_dans_les_totaux_ni_dans_son_lot_ni_dans_la_marge() -> None:
    chiffrage = calculer(
        lot("A"),
        ligne(1, "10", parent="A", cout_unitaire_ht=D(6)),
        ligne(2, "90", parent="A", type=TypeLigne.OPTION, cout_unitaire_ht=D(1)),
    )

    assert chiffrage.totaux.montant_ht == D("10.00")
    assert chiffrage.options_ht == D("90.00")
    assert montants(chiffrage)["A"] == D("10.00")
    assert chiffrage.marge.montant == D("4.00")


def test_l_autoliquidation_met_tout_a_zero_pour_cent() -> None:
    chiffrage = calculer(ligne(1), ligne(2, taux_tva=D(10)), autoliquidation=True)

    assert [(t.taux, t.base_ht, t.montant_tva) for t in chiffrage.totaux.par_taux] == [
        (D(0), D("200.00"), D("0.00"))
    ]


def test_la_marge_laisse_de_cote_les_lignes_sans_cout_et_porte_sa_part_de_remise() -> None:
    chiffrage = calculer(
        ligne(1, "100", cout_unitaire_ht=D(60)),
        ligne(2, "100"),
        remise=Remise(pourcentage=D(10)),
    )

    assert chiffrage.marge.vente_ht == D("90.00")
    assert (chiffrage.marge.montant, chiffrage.marge.taux) == (D("30.00"), D("33.33"))
    assert chiffrage.marge.lignes_sans_cout == 1


def test_chaque_lot_a_sa_marge() -> None:
    chiffrage = calculer(
        lot("A"),
        ligne(1, "100", parent="A", cout_unitaire_ht=D(60)),
        lot("B"),
        lot("B.1", "B"),
        ligne(2, "50", parent="B.1", cout_unitaire_ht=D(55)),
    )

    assert {cle: m.montant for cle, m in chiffrage.marge_par_lot.items()} == {
        "A": D("40.00"),
        "B": D("-5.00"),
    }


def test_une_marge_sans_cout_connu_n_a_pas_de_taux() -> None:
    assert calculer(ligne(1)).marge.taux is None


@pytest.mark.parametrize(
    ("lignes", "champs"),
    [
        ([], ["lignes"]),
        ([lot("A")], ["lignes"]),
        ([ligne(1, type=TypeLigne.OPTION)], ["lignes"]),
        ([ligne(1, designation="")], ["lignes[0].designation"]),
        ([ligne(1, quantite="0")], ["lignes[0].quantite"]),
        ([ligne(1), ligne(2, quantite="-1")], ["lignes[1].quantite"]),
        ([ligne(1, prix="-0.01")], ["lignes[0].prixUnitaireHT"]),
        ([ligne(1), ligne(1)], ["lignes[1].id"]),
        ([ligne(1, parent="absent")], ["lignes[0].parentId"]),
        ([ligne(1), ligne(2, parent=1)], ["lignes[1].parentId"]),
        ([lot("A", "B"), lot("B", "A"), ligne(1)], ["lignes"]),
        ([lot("A", "A"), ligne(1)], ["lignes"]),
        ([ligne(1, "99999999", "9999999")], ["lignes"]),
        ([ligne(1, "0", "9999999", cout_unitaire_ht=D(99999999))], ["lignes"]),
        (
            [ligne(1, quantite="0", designation=""), ligne(2, prix="-1")],
            ["lignes[0].designation", "lignes[0].quantite", "lignes[1].prixUnitaireHT"],
        ),
    ],
)
def test_des_lignes_fausses_sont_refusees_a_leur_place(
    lignes: list[LigneSaisie], champs: list[str]
) -> None:
    assert fautes(*lignes) == champs


def test_une_remise_plus_grande_que_le_total_est_refusee() -> None:
    assert fautes(ligne(1), remise=Remise(montant=D("100.01"))) == ["remise"]
    assert calculer(ligne(1), remise=Remise(montant=D(100))).totaux.montant_ttc == 0


def test_six_niveaux_de_lots_sont_permis_pas_sept() -> None:
    lots = [lot(rang, rang - 1 if rang else None) for rang in range(5)]

    assert calculer(*lots, ligne("x", parent=4)).lignes[-1].niveau == 5
    assert fautes(*lots, lot(5, 4), ligne("x", parent=5)) == ["lignes"]


@given(
    st.lists(
        st.tuples(
            st.decimals(min_value=0, max_value=9999, places=2),
            st.decimals(min_value="0.01", max_value=99, places=2),
            st.sampled_from([None, "A", "B", "B.1"]),
        ),
        min_size=1,
        max_size=25,
    )
)
def test_les_lots_et_les_lignes_hors_lot_font_le_total(
    rangs: list[tuple[Decimal, Decimal, str | None]],
) -> None:
    lignes = [
        ligne(rang, str(prix), str(quantite), parent=parent)
        for rang, (prix, quantite, parent) in enumerate(rangs)
    ]

    chiffrage = calculer(*lignes, lot("A"), lot("B"), lot("B.1", "B"))

    premier_niveau = [r.montant_ht or D(0) for r in chiffrage.lignes if r.niveau == 0]
    assert sum(premier_niveau) == chiffrage.totaux.montant_ht


def test_les_seuls_mouvements_d_un_devis() -> None:
    permis = {
        (S.BROUILLON, S.ENVOYE),
        (S.ENVOYE, S.ENVOYE),
        (S.ENVOYE, S.ACCEPTE),
        (S.ENVOYE, S.REFUSE),
        (S.ENVOYE, S.EXPIRE),
        (S.ENVOYE, S.BROUILLON),
        (S.REFUSE, S.BROUILLON),
        (S.EXPIRE, S.BROUILLON),
    }

    assert {(a, b) for a in S for b in S if TRANSITIONS.allows(a, b)} == permis
