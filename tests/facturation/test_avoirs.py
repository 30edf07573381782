"""Credit notes: what they give back, and that they never go beyond."""

from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from cordeau.core.errors import ConflitError
from cordeau.facturation.errors import (
    TropFactureError,
)
from tests.devis.builders import un_devis_accepte, une_ligne
from tests.facturation.builders import (
    TROIS_TAUX,
    facturer_et_emettre,
    fautes,
    lignes,
    tva,
    un_acompte,
    un_avoir,
    un_avoir_emis,
    une_entreprise,
    une_facture,
    une_facture_emise,
)

D = Decimal
pytestmark = pytest.mark.usefixtures("entreprise")


@pytest.fixture
def entreprise(session: Session) -> None:
    """The firm, complete."""
    une_entreprise(session)


def test_un_avoir_total_rend_tout_et_le_devis_se_refacture(session: Session) -> None:
    devis = un_devis_accepte(session, attestationSignee=True, lignes=TROIS_TAUX)
    facture = facturer_et_emettre(session, devis)
    facturee = tva(facture)

    avoir = un_avoir_emis(session, facture)

    assert (avoir.numero, avoir.facture_origine_id) == ("AVO-2026-001", facture.id)
    assert tva(avoir) == facturee
    assert avoir.montant_ttc == facture.montant_ttc > 0
    assert facturer_et_emettre(session, devis).montant_ttc == devis.montant_ttc
    with pytest.raises(ConflitError, match="entièrement créditée"):
        un_avoir(session, facture)


def test_des_avoirs_partiels_brouillons_compris_ne_depassent_pas(session: Session) -> None:
    facture = une_facture_emise(session, lignes=[une_ligne("10", "3"), une_ligne("5")])
    premiere, seconde = (li.id for li in facture.lignes)

    assert un_avoir(session, facture, [(premiere, "2")]).montant_ht == D("20.00")
    with pytest.raises(TropFactureError) as refus:
        un_avoir(session, facture, [(seconde, "1"), (premiere, "1.0001")])
    assert fautes(refus) == {"lignes[1].quantite"}
    assert un_avoir(session, facture).montant_ht == D("15.00")


def test_un_avoir_porte_sa_part_de_remise(session: Session) -> None:
    facture = une_facture_emise(
        session, lignes=[une_ligne("100"), une_ligne("50")], remise={"montant": 15}
    )

    partiel = un_avoir_emis(session, facture, [(facture.lignes[0].id, "1")])
    reste = un_avoir_emis(session, facture)

    assert (partiel.remise_ht, partiel.montant_ht) == (D("10.00"), D("90.00"))
    assert partiel.montant_ttc + reste.montant_ttc == facture.montant_ttc


def test_l_avoir_d_une_facture_de_solde_rend_l_acompte_deductible(session: Session) -> None:
    devis = un_devis_accepte(session, attestationSignee=True, lignes=TROIS_TAUX)
    un_acompte(session, devis, "30")
    solde = facturer_et_emettre(session, devis)

    avoir = un_avoir_emis(session, solde)
    refait = facturer_et_emettre(session, devis)

    assert avoir.montant_ttc == solde.montant_ttc
    assert len(lignes(avoir, "DEDUCTION")) == 3
    assert tva(refait) == tva(solde)


def test_un_avoir_partiel_de_solde_credite_d_abord_ce_qui_etait_demande(session: Session) -> None:
    devis = un_devis_accepte(session, lignes=[une_ligne("10", "10")])
    un_acompte(session, devis, "30")
    solde = facturer_et_emettre(session, devis)
    ligne = lignes(solde)[0].id

    premier = un_avoir_emis(session, solde, [(ligne, "6")])
    second = un_avoir_emis(session, solde, [(ligne, "4")])

    assert (premier.montant_ht, second.montant_ht) == (D("60.00"), D("10.00"))
    assert lignes(premier, "DEDUCTION") == []
    assert [li.montant_ht for li in lignes(second, "DEDUCTION")] == [D("-30.00")]


def test_ni_un_brouillon_ni_un_avoir_ne_se_creditent(session: Session) -> None:
    with pytest.raises(ConflitError, match="pas émis"):
        un_avoir(session, une_facture(session))
    with pytest.raises(ConflitError, match="Un avoir ne se corrige pas"):
        un_avoir(session, un_avoir_emis(session, une_facture_emise(session)))


def test_ce_qui_depasse_le_solde_rend_un_acompte_puis_l_autre(session: Session) -> None:
    devis = un_devis_accepte(session, lignes=[une_ligne("10", "10")])
    un_acompte(session, devis, "20")
    un_acompte(session, devis, "30")
    solde = facturer_et_emettre(session, devis)
    ligne = lignes(solde)[0].id

    rendus = []
    for quantite in ("6", "2", "2"):
        avoir = un_avoir_emis(session, solde, [(ligne, quantite)])
        rendus.append([li.montant_ht for li in lignes(avoir, "DEDUCTION")])

    assert rendus == [[D("-10.00")], [D("-10.00"), D("-10.00")], [D("-20.00")]]
