"""Text, JSON and identifiers: what comes in is cleaned, what goes out is exact."""

import json
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordeau.core import jsonable
from cordeau.core.dates import a_paris, aujourd_hui, maintenant
from cordeau.core.ids import new_id
from cordeau.core.permissions import Role
from cordeau.core.texte import nettoyer, plier


@pytest.mark.parametrize(
    ("saisi", "garde"),
    [
        ("  Dupré \t", "Dupré"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("e\u0301", "é"),
        ("a\x00b\x07\x1bc", "abc"),
        ("\ud800x", "x"),
        ("😀 ok", "😀 ok"),
        ("", ""),
    ],
)
def test_un_texte_saisi_est_nettoye(saisi: str, garde: str) -> None:
    assert nettoyer(saisi) == garde


@given(st.text())
def test_un_texte_nettoye_ne_change_plus_et_s_ecrit_partout(saisi: str) -> None:
    propre = nettoyer(saisi)

    assert nettoyer(propre) == propre
    assert propre.encode("utf-8").decode("utf-8") == propre


@pytest.mark.parametrize(
    ("ecrit", "plie"),
    [
        ("Éts  Cœur & Frères", "ets coeur & freres"),
        ("STRASSE Straße", "strasse strasse"),
        ("Ægir", "aegir"),
        ("½ m²", "1⁄2 m2"),
    ],
)
def test_deux_graphies_d_un_nom_n_en_font_qu_une(ecrit: str, plie: str) -> None:
    assert plier(ecrit) == plie


def test_un_montant_sort_en_nombre_avec_ses_decimales() -> None:
    sortie = jsonable.dumps(
        {"a": Decimal("18400.00"), "b": Decimal("0.000001"), "c": Decimal("1E+3")}
    )

    assert sortie == b'{"a":18400.00,"b":0.000001,"c":1000}'


def test_dates_identifiants_et_codes_sortent_en_texte() -> None:
    valeurs = [date(2026, 1, 2), datetime(2026, 1, 2, 3, 4, 5, 6, UTC), UUID(int=7), Role.ADMIN]

    assert json.loads(jsonable.dumps(valeurs)) == [
        "2026-01-02",
        "2026-01-02T03:04:05+00:00",
        "00000000-0000-0000-0000-000000000007",
        "admin",
    ]


def test_une_valeur_sans_forme_json_est_refusee() -> None:
    with pytest.raises(TypeError, match="object"):
        jsonable.dumps(object())


def test_un_nombre_lu_reste_exact() -> None:
    assert jsonable.loads(b'{"prix": 1.10, "n": 3}') == {"prix": Decimal("1.10"), "n": 3}


@pytest.mark.parametrize(
    "corps",
    [
        b"",
        b"{",
        b"NaN",
        b"[Infinity]",
        b'{"a": 1, "a": 2}',
        b"\xff\xfe",
        b"[" * 100_000,
        b"9" * 5000,
    ],
)
def test_un_json_douteux_est_refuse(corps: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        jsonable.loads(corps)


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=6, min_value=-(10**12), max_value=10**12
    )
)
def test_un_nombre_ecrit_puis_relu_ne_change_pas(nombre: Decimal) -> None:
    assert jsonable.loads(jsonable.dumps([nombre])) == [nombre]


def test_les_identifiants_se_rangent_par_age() -> None:
    premiers = [new_id() for _ in range(10)]
    time.sleep(0.002)
    suivants = [new_id() for _ in range(10)]

    assert max(premiers) < min(suivants)
    assert {identifiant.version for identifiant in premiers} == {7}


def test_a_minuit_et_demi_le_premier_janvier_est_deja_la_nouvelle_annee() -> None:
    instant = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)

    assert a_paris(instant).date() == date(2027, 1, 1)


def test_aujourd_hui_est_le_jour_de_paris() -> None:
    assert aujourd_hui() == a_paris(maintenant()).date()
