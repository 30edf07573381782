"""Values the browser carries for us: nobody else can write them."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordeau.web.signing import seal, sign, unseal

SECRET = "le secret de l’instance"


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
def test_une_valeur_scellee_se_relit(valeur: object) -> None:
    assert unseal(SECRET, "avis", seal(SECRET, "avis", valeur)) == valeur


@pytest.mark.parametrize("force", ["", ".", "abc", "a.b", "é.é", "x" * 10_000])
def test_une_valeur_fabriquee_ne_s_ouvre_pas(force: str) -> None:
    assert unseal(SECRET, "avis", force) is None


def test_une_valeur_changee_ne_s_ouvre_pas() -> None:
    _, signature = seal(SECRET, "avis", {"role": "technicien"}).split(".")
    corps = base64.urlsafe_b64encode(json.dumps({"role": "admin"}).encode()).decode()

    assert unseal(SECRET, "avis", f"{corps}.{signature}") is None


def test_un_autre_secret_ou_un_autre_usage_n_ouvre_rien() -> None:
    scelle = seal(SECRET, "avis", 1)

    assert unseal("un autre secret", "avis", scelle) is None
    assert unseal(SECRET, "csrf", scelle) is None


def test_usage_et_valeur_ne_se_confondent_pas() -> None:
    assert sign(SECRET, "a", "bc") != sign(SECRET, "ab", "c")
