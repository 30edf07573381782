"""What is hashed, to the byte; a digest worked out by hand says the formula has not moved."""

import hashlib
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from cordeau.core.registre.canonique import (
    ALGORITHME,
    GENESE,
    empreinte_contenu,
    empreinte_entree,
    serialiser,
)

INSTANT = datetime(2026, 11, 26, 8, 30, 0, 250, tzinfo=UTC)


def test_les_cles_sont_triees_et_rien_n_est_espace() -> None:
    assert serialiser({"b": 1, "a": ["é", None, True]}) == '{"a":["é",null,true],"b":1}'


@pytest.mark.parametrize("valeur", [1.0, Decimal("1.00"), b"a", INSTANT, {1: "a"}, {"a": [0.5]}])
def test_seuls_les_entiers_et_les_textes_ont_leur_place(valeur: Any) -> None:
    with pytest.raises(TypeError):
        serialiser({"valeur": valeur})


def test_le_sel_change_l_empreinte_du_meme_contenu() -> None:
    assert empreinte_contenu("00" * 16, "{}") != empreinte_contenu("01" * 16, "{}")


def test_la_formule_d_une_ecriture_est_celle_de_sa_version() -> None:
    attendue = hashlib.sha256(
        b'[1,"FACTURES",1,"FACTURE_EMISE","ab","2026-11-26T08:30:00.000250Z","'
        + b"0" * 64
        + b'","c0"]'
    ).hexdigest()

    assert _empreinte() == attendue


@pytest.mark.parametrize(
    ("champ", "valeur"),
    [
        ("journal", "PIECES"),
        ("rang", 2),
        ("evenement", "AVOIR_EMIS"),
        ("objet_id", "ac"),
        ("survenu_le", INSTANT.replace(microsecond=251)),
        ("precedente", "1" * 64),
        ("contenu", "c1"),
    ],
)
def test_chaque_champ_compte(champ: str, valeur: Any) -> None:
    assert _empreinte(**{champ: valeur}) != _empreinte()


def test_une_version_inconnue_est_refusee() -> None:
    with pytest.raises(ValueError, match="unknown algorithm"):
        _empreinte(algorithme=ALGORITHME + 1)


def _empreinte(**champs: Any) -> str:
    valeurs: dict[str, Any] = {
        "algorithme": 1,
        "journal": "FACTURES",
        "rang": 1,
        "evenement": "FACTURE_EMISE",
        "objet_id": "ab",
        "survenu_le": INSTANT,
        "precedente": GENESE,
        "contenu": "c0",
    }
    return empreinte_entree(**valeurs | champs)
