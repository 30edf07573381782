"""Signing in and out, from a browser."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select, update
from starlette.testclient import TestClient

from cordeau.auth import commands
from cordeau.auth.models import SessionWeb, Utilisateur
from cordeau.auth.queries import digest, find_user
from cordeau.core.dates import maintenant
from cordeau.core.permissions import SYSTEME
from tests.gens import MOT_DE_PASSE, Navigateur

Ouvrir = Callable[..., Navigateur]
ECHEC = "L’adresse ou le mot de passe ne correspond pas."


def se_connecter(client: Navigateur, username: str, password: str, **champs: str) -> str:
    """Fill the sign-in form; the address the browser is sent to, empty when refused."""
    reponse = client.soumettre(
        "/login", {"username": username, "password": password, **champs}, depuis="/login"
    )
    if reponse.status_code == 303:
        return reponse.headers["location"]
    assert reponse.status_code == 422
    assert ECHEC in reponse.text
    return ""


def test_on_entre_avec_son_adresse_et_son_mot_de_passe(
    client_http: Navigateur, camille: Utilisateur
) -> None:
    assert se_connecter(client_http, f"  {camille.email.upper()} ", MOT_DE_PASSE) == "/dashboard"

    assert client_http.get("/logout").status_code == 200


def test_un_nom_faux_et_un_mot_de_passe_faux_recoivent_la_meme_reponse(
    client_http: Navigateur, camille: Utilisateur
) -> None:
    assert not se_connecter(client_http, camille.email, "pas le bon mot de passe")
    assert not se_connecter(client_http, "personne@exemple.fr", MOT_DE_PASSE)
    assert not se_connecter(client_http, "", "")
    assert not se_connecter(client_http, camille.email, "x" * 50_000)


def test_le_formulaire_garde_l_adresse_mais_pas_le_mot_de_passe(client_http: Navigateur) -> None:
    reponse = client_http.soumettre(
        "/login", {"username": "a@b.fr", "password": "secret saisi"}, depuis="/login"
    )

    assert 'value="a@b.fr"' in reponse.text
    assert "secret saisi" not in reponse.text


def test_un_compte_ferme_n_ouvre_plus(
    app: FastAPI, client_http: Navigateur, camille: Utilisateur
) -> None:
    assert se_connecter(client_http, camille.email, MOT_DE_PASSE)

    with app.state.database.write() as session:
        commands.desactiver(session, session.get_one(Utilisateur, camille.id), actor=SYSTEME)

    assert client_http.get("/logout", follow_redirects=False).status_code == 303
    client_http.cookies.clear()
    assert not se_connecter(client_http, camille.email, MOT_DE_PASSE)


def test_la_suite_demandee_est_suivie_si_elle_est_chez_nous(
    client_http: Navigateur, camille: Utilisateur
) -> None:
    arrivee = client_http.get("/parametres/droits", follow_redirects=False)
    assert arrivee.headers["location"] == "/login?suite=/parametres/droits"

    suite = se_connecter(client_http, camille.email, MOT_DE_PASSE, suite="/parametres/droits")

    assert suite == "/parametres/droits"


@pytest.mark.parametrize(
    "ailleurs",
    [
        "https://ailleurs.example",
        "//ailleurs.example",
        "/\\ailleurs.example",
        "/\tx",
        "javascript:1",
    ],
)
def test_on_n_est_jamais_envoye_ailleurs(
    client_http: Navigateur, camille: Utilisateur, ailleurs: str
) -> None:
    assert se_connecter(client_http, camille.email, MOT_DE_PASSE, suite=ailleurs) == "/dashboard"


def test_sortir_demande_confirmation_puis_ferme_la_session_partout(
    app: FastAPI, navigateur: Ouvrir
) -> None:
    client = navigateur()
    cookie = client.cookies["cordeau_session"]
    assert client.get("/logout").status_code == 200
    assert client.get("/parametres/droits").status_code == 200

    reponse = client.soumettre("/logout")

    assert reponse.headers["location"] == "/"
    with app.state.database.read() as session:
        assert session.scalar(select(func.count()).select_from(SessionWeb)) == 0
    client.cookies.set("cordeau_session", cookie)
    assert client.get("/parametres/droits", follow_redirects=False).status_code == 303


def test_une_session_finit_a_sa_date(app: FastAPI, navigateur: Ouvrir) -> None:
    client = navigateur()
    with app.state.database.write() as session:
        hier = maintenant() - timedelta(days=1)
        session.execute(update(SessionWeb).values(expire_le=hier))

    assert client.get("/parametres/droits", follow_redirects=False).status_code == 303


def test_changer_de_mot_de_passe_ferme_les_sessions(
    app: FastAPI, navigateur: Ouvrir, camille: Utilisateur
) -> None:
    client = navigateur()
    with app.state.database.write() as session:
        user = session.get_one(Utilisateur, camille.id)
        commands.changer_mot_de_passe(session, user, "un tout autre secret", actor=SYSTEME)

    assert client.get("/parametres/droits", follow_redirects=False).status_code == 303
    assert se_connecter(client, camille.email, "un tout autre secret")


def test_la_base_ne_garde_que_des_empreintes(app: FastAPI, navigateur: Ouvrir) -> None:
    cookie = navigateur().cookies["cordeau_session"]

    with app.state.database.read() as session:
        garde = session.scalars(select(SessionWeb.empreinte)).one()
        user = find_user(session, "admin@exemple.fr")
    assert garde == digest(cookie) != cookie
    assert user is not None
    assert user.mot_de_passe.startswith("$argon2id$")


def test_en_https_le_cookie_est_reserve_a_cet_hote(app: FastAPI, camille: Utilisateur) -> None:
    app.state.settings = replace(app.state.settings, base_url="https://erp.exemple.fr")
    client = Navigateur(app, base_url="https://erp.exemple.fr")

    reponse = client.soumettre(
        "/login", {"username": camille.email, "password": MOT_DE_PASSE}, depuis="/login"
    )

    cookie = reponse.headers["set-cookie"]
    assert cookie.startswith("__Host-cordeau_session=")
    for attribut in ("HttpOnly", "Secure", "Path=/", "SameSite=lax"):
        assert attribut in cookie
    assert client.get("/logout", follow_redirects=False).status_code == 200
    assert "max-age" in reponse.headers["strict-transport-security"]


def test_qui_est_deja_entre_ne_revoit_pas_le_formulaire(navigateur: Ouvrir) -> None:
    reponse = navigateur().get("/login", follow_redirects=False)

    assert reponse.headers["location"] == "/dashboard"


def test_un_visiteur_est_conduit_a_la_connexion_un_programme_est_refuse(
    client_http: TestClient,
) -> None:
    page = client_http.get("/parametres/droits", follow_redirects=False)
    appel = client_http.get("/api/v1/entreprise", follow_redirects=False)

    assert page.status_code == 303
    assert appel.status_code == 401
    assert appel.headers["www-authenticate"] == "Bearer"
