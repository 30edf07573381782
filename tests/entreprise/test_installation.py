"""First start of a real installation."""

import pytest
from fastapi import FastAPI
from httpx2 import Response

from cordeau.auth.commands import desactiver
from cordeau.auth.queries import get_user
from cordeau.core.permissions import SYSTEME
from cordeau.entreprise.queries import find_entreprise
from tests.gens import Navigateur, un_utilisateur

CODE = "abcd-efgh-jkmn"
SAISIE = {
    "code": CODE,
    "entreprise_nom": "Charpentes Vasseur",
    "siren": "732829320",
    "ligne1": "4 rue du Port",
    "code_postal": "49000",
    "ville": "Angers",
    "nom": "Camille Vasseur",
    "email": "camille@exemple.fr",
    "mot_de_passe": "une phrase assez longue",
}


@pytest.fixture
def visiteur(app: FastAPI, client_http: Navigateur) -> Navigateur:
    """Whoever reads the console of a new base."""
    app.state.installation_code = CODE
    return client_http


def installer(visiteur: Navigateur, **champs: str) -> Response:
    """Send the form of the page."""
    return visiteur.soumettre("/installation", {**SAISIE, **champs}, depuis="/installation")


def test_l_installation_fait_l_entreprise_et_son_administrateur(
    visiteur: Navigateur, app: FastAPI
) -> None:
    reponse = installer(visiteur, code="ABCD EFGH JKMN")

    assert reponse.status_code == 303
    page = visiteur.get(reponse.headers["location"])
    assert page.status_code == 200
    assert "Camille Vasseur" in page.text
    with app.state.database.read() as session:
        entreprise = find_entreprise(session)
    assert entreprise is not None
    assert entreprise.adresse.en_ligne == "4 rue du Port, 49000 Angers"
    assert visiteur.get("/installation").status_code == 404
    assert visiteur.soumettre("/installation", SAISIE).status_code == 404


@pytest.mark.parametrize("code", ["", "abcd-efgh-jkmp", "é"])
def test_un_mauvais_code_n_apprend_rien_et_ne_fait_rien(
    visiteur: Navigateur, app: FastAPI, code: str
) -> None:
    reponse = installer(visiteur, code=code, siren="1", email="")

    assert reponse.status_code == 422
    assert reponse.text.count('class="c-erreur"') == 1
    assert SAISIE["mot_de_passe"] not in reponse.text
    with app.state.database.read() as session:
        assert find_entreprise(session) is None


def test_tout_ce_qui_est_faux_est_dit_a_la_fois(visiteur: Navigateur, app: FastAPI) -> None:
    reponse = installer(visiteur, entreprise_nom=" ", email="camille", nom="Camille & Cie")

    assert reponse.status_code == 422
    assert 'href="#champ-entreprise_nom"' in reponse.text
    assert 'href="#champ-email"' in reponse.text
    assert "Camille &amp; Cie" in reponse.text
    with app.state.database.read() as session:
        assert find_entreprise(session) is None


@pytest.mark.parametrize(
    ("champs", "champ"),
    [
        ({"siren": "123"}, "siren"),
        ({"mot_de_passe": "court"}, "mot_de_passe"),
        ({"nom": ""}, "nom"),
    ],
)
def test_une_saisie_fausse_est_refusee_a_cote_de_son_champ(
    visiteur: Navigateur, champs: dict[str, str], champ: str
) -> None:
    reponse = installer(visiteur, **champs)

    assert reponse.status_code == 422
    assert f'href="#champ-{champ}"' in reponse.text
    assert installer(visiteur).status_code == 303


def test_sans_code_dans_la_console_il_n_y_a_pas_d_installation(client_http: Navigateur) -> None:
    assert client_http.get("/installation").status_code == 404


def test_un_administrateur_ferme_l_installation_meme_desactive(
    visiteur: Navigateur, app: FastAPI
) -> None:
    un_utilisateur(app.state.database, "admin")
    assert visiteur.get("/installation").status_code == 404
    assert visiteur.post("/installation", data={"code": "x"}).status_code == 404

    with app.state.database.write() as session:
        desactiver(session, get_user(session, "admin@exemple.fr"), actor=SYSTEME)
    assert visiteur.get("/installation").status_code == 404


def test_une_base_neuve_mene_a_son_installation(app: FastAPI, visiteur: Navigateur) -> None:
    for porte in ("/", "/login"):
        reponse = visiteur.get(porte, follow_redirects=False)
        assert (reponse.status_code, reponse.headers.get("location")) == (303, "/installation")

    un_utilisateur(app.state.database, "admin")
    for porte in ("/", "/login"):
        assert visiteur.get(porte, follow_redirects=False).status_code == 200
