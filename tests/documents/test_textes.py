"""Numbers, dates and characters of a document, and the fonts that draw them."""

from decimal import Decimal
from pathlib import Path

import pytest

from cordeau.documents import polices
from cordeau.documents.caracteres import imprimable, nettoyer_xml, sur_une_ligne
from cordeau.documents.cii_xml import decimal, somme
from cordeau.documents.errors import RenduImpossibleError
from cordeau.documents.formats import iban, montant, nombre, siren, taux


@pytest.mark.parametrize(
    ("valeur", "attendu"),
    [
        ("0", "0,00"),
        ("-0.5", "−0,50"),
        ("1234567.8", "1 234 567,80"),
        ("12.345600", "12,3456"),
        ("1E+3", "1 000,00"),
    ],
)
def test_un_nombre_s_ecrit_a_la_francaise(valeur: str, attendu: str) -> None:
    assert nombre(Decimal(valeur), 2) == attendu.replace(" ", "\u202f")


def test_les_unites_ne_se_separent_pas_de_leur_nombre() -> None:
    assert montant(Decimal(-12)) == "−12,00\u00a0€"
    assert taux(Decimal("5.50")) == "5,5\u00a0%"
    assert taux(Decimal("20.00")) == "20\u00a0%"


def test_les_identifiants_se_lisent_par_groupes() -> None:
    assert siren("732829320").split() == ["732", "829", "320"]
    assert siren("732 829 320 00074").split() == ["732", "829", "320", "00074"]
    assert iban("FR7630006000011234567890189").split()[-1] == "189"


@pytest.mark.parametrize(
    ("valeur", "attendu"),
    [("100", "100"), ("1E+2", "100"), ("5.50", "5.5"), ("0.000001", "0.000001")],
)
def test_le_xml_n_a_ni_zero_inutile_ni_exposant(valeur: str, attendu: str) -> None:
    assert decimal(Decimal(valeur)) == attendu
    assert somme(Decimal(5)) == "5.00"


def test_le_xml_perd_ce_qui_lui_est_interdit() -> None:
    assert nettoyer_xml("\x00a\tb\r\nc\x1b\ud800\ufffe\U0001f600 ") == "a\tb\nc\U0001f600"
    assert sur_une_ligne(" a \n b\t") == "a b"


def test_l_impression_garde_ce_que_la_police_dessine() -> None:
    glyphes = polices.glyphes()

    assert imprimable("Été : 12 m² – « œ » €", glyphes) == "Été : 12 m² – « œ » €"
    assert imprimable("e\u0301", glyphes) == "é"
    assert imprimable("a\tb\x07\u200d\u202ec", glyphes) == "a bc"
    assert imprimable("😀\ue000", glyphes) == "□□"


def test_un_mot_demesure_peut_se_couper() -> None:
    coupe = imprimable("x" * 100, polices.glyphes())

    assert coupe.replace("\u200b", "") == "x" * 100
    assert max(len(morceau) for morceau in coupe.split("\u200b")) == 20


def test_une_police_absente_est_dite_en_francais(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(polices, "DOSSIER", tmp_path)

    with pytest.raises(RenduImpossibleError, match="Police absente"):
        polices.dossier()


def test_un_fichier_qui_n_est_pas_une_police_est_refuse() -> None:
    with pytest.raises(RenduImpossibleError, match="Police illisible"):
        polices.lire_glyphes(b"\x00" * 64)
