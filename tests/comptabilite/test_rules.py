"""The file of JD Edwards, byte by byte."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from cordeau.comptabilite.rules import LigneJde, ecrire_csv, totaliser_jde
from cordeau.facturation.states import StatutPaiement, TypeFacture

LIGNE = LigneJde(
    reference="FAC-2026-001",
    client="Constructeo",
    date_emission=date(2026, 1, 9),
    date_paiement=date(2026, 2, 3),
    code_jde="CLI001",
    montant_ht=Decimal("18400.00"),
    montant_tva=Decimal("3680.00"),
    montant_ttc=Decimal("22080.00"),
    statut_paiement=StatutPaiement.PAYE,
    type=TypeFacture.FACTURE,
)
AVOIR = replace(
    LIGNE,
    reference="AVO-2026-001",
    date_paiement=None,
    montant_ht=Decimal("-0.10"),
    montant_tva=Decimal("-0.02"),
    montant_ttc=Decimal("-0.12"),
    statut_paiement=StatutPaiement.IMPAYE,
    type=TypeFacture.AVOIR,
)


def test_le_fichier_a_l_entete_et_les_lignes_convenues() -> None:
    assert ecrire_csv([LIGNE, AVOIR]).decode() == (
        "REFERENCE;CLIENT;MONTANT;DATE_EMISSION;DATE_PAIEMENT;CODE_JDE;"
        "MONTANT_HT;MONTANT_TVA;MONTANT_TTC;STATUT_PAIEMENT;TYPE\r\n"
        "FAC-2026-001;Constructeo;22080.00;20260109;20260203;CLI001;"
        "18400.00;3680.00;22080.00;PAYE;FACTURE\r\n"
        "AVO-2026-001;Constructeo;-0.12;20260109;;CLI001;-0.10;-0.02;-0.12;IMPAYE;AVOIR\r\n"
    )


def test_un_texte_ne_decale_jamais_les_colonnes() -> None:
    piege = replace(LIGNE, client="  Durand;\r\nFils\t& Cie é ", code_jde="A;B")

    rangee = ecrire_csv([piege]).decode().splitlines()[1]

    assert rangee.split(";")[1] == "Durand Fils & Cie é"
    assert rangee.split(";")[5] == "A B"
    assert rangee.count(";") == 10


def test_une_exportation_vide_garde_son_entete() -> None:
    assert ecrire_csv([]).decode().splitlines()[0].startswith("REFERENCE;CLIENT;")


def test_les_avoirs_se_retranchent_des_totaux() -> None:
    totaux = totaliser_jde([LIGNE, AVOIR])

    assert totaux.nombre == 2
    assert totaux.montant_ht + totaux.montant_tva == totaux.montant_ttc == Decimal("22079.88")
