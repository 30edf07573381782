"""A form counts only if it is ours."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from tests.gens import Navigateur

Ouvrir = Callable[..., Navigateur]


@pytest.mark.parametrize("jeton", [None, "", "faux", "é"])
def test_un_formulaire_sans_notre_jeton_est_refuse(navigateur: Ouvrir, jeton: str | None) -> None:
    client = navigateur()

    reponse = client.post("/logout", data={} if jeton is None else {"csrf": jeton})

    assert reponse.status_code == 403
    assert "Rechargez la page" in reponse.text
    assert client.get("/logout").status_code == 200


def test_le_jeton_d_une_autre_session_ne_vaut_rien(navigateur: Ouvrir) -> None:
    autre = navigateur("commercial").jeton()

    assert navigateur().post("/logout", data={"csrf": autre}).status_code == 403


def test_le_jeton_peut_venir_dans_un_en_tete(navigateur: Ouvrir) -> None:
    client = navigateur()

    reponse = client.post(
        "/logout", headers={"X-CSRF-Token": client.jeton()}, follow_redirects=False
    )

    assert reponse.status_code == 303


def test_l_api_avec_un_cookie_demande_aussi_le_jeton(navigateur: Ouvrir) -> None:
    client = navigateur()

    sans = client.put("/api/v1/entreprise", json={"nom": "Pirate"})
    avec = client.put(
        "/api/v1/entreprise", json={"nom": "Nous"}, headers={"X-CSRF-Token": client.jeton()}
    )

    assert sans.status_code == 403
    assert sans.headers["content-type"] == "application/problem+json"
    assert avec.status_code == 200


def test_un_formulaire_de_connexion_force_est_refuse(client_http: TestClient) -> None:
    reponse = client_http.post("/login", data={"username": "a@b.fr", "password": "x"})

    assert reponse.status_code == 403


def test_un_jeton_d_api_n_a_pas_besoin_de_formulaire(api: Callable[..., TestClient]) -> None:
    assert api().put("/api/v1/entreprise", json={"nom": "Nous"}).status_code == 200
