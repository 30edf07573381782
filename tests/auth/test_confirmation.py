"""What touches rights, keys or the bank asks again who one is, and keeps what was typed."""

import re
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from sqlalchemy import select
from starlette.testclient import TestClient

from cordeau.auth.models import Utilisateur
from cordeau.auth.queries import find_user
from cordeau.auth.rules import FREIN_PERSONNE
from cordeau.entreprise.models import Entreprise
from tests.auth.builders import activer_facteur, code_de, oublier_confirmation
from tests.droits.corps import IDENTITE
from tests.gens import MOT_DE_PASSE, TOUTE_VERSION, Navigateur

Ouvrir = Callable[..., Navigateur]
NOUVEAU = "/parametres/utilisateurs/nouveau"
ROSE = {"nom": "Rose & fils", "email": "rose@exemple.fr", "role": "technicien"}
CACHE = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


@pytest.fixture
def client(app: FastAPI, navigateur: Ouvrir) -> Navigateur:
    """An administrator who signed in a while ago."""
    client = navigateur()
    oublier_confirmation(app.state.database)
    return client


def existe(app: FastAPI, email: str) -> bool:
    """Whether somebody bears this address."""
    with app.state.database.read() as session:
        return find_user(session, email) is not None


def test_la_page_garde_la_saisie_et_la_reponse_fait_l_action(
    app: FastAPI, client: Navigateur
) -> None:
    page = client.soumettre(NOUVEAU, ROSE, depuis=NOUVEAU)
    assert page.status_code == 403
    assert not existe(app, "rose@exemple.fr")
    gardes = dict(CACHE.findall(page.text))
    assert gardes["nom"] == "Rose &amp; fils"
    assert f'action="{NOUVEAU}"' in page.text

    gardes |= {"nom": "Rose & fils", "confirmation": MOT_DE_PASSE}
    reponse = client.post(NOUVEAU, data=gardes, follow_redirects=False)

    assert reponse.status_code == 303
    assert existe(app, "rose@exemple.fr")


def test_un_faux_mot_de_passe_ne_fait_rien_et_garde_la_saisie(
    app: FastAPI, client: Navigateur
) -> None:
    refus = client.soumettre(NOUVEAU, {**ROSE, "confirmation": "faux"}, depuis=NOUVEAU)

    assert refus.status_code == 422
    assert 'value="rose@exemple.fr"' in refus.text
    assert "faux" not in refus.text
    assert not existe(app, "rose@exemple.fr")


def test_repondre_vaut_dix_minutes_pour_cette_session_seulement(
    app: FastAPI, client: Navigateur, navigateur: Ouvrir
) -> None:
    ailleurs = navigateur()
    oublier_confirmation(app.state.database)
    client.soumettre(NOUVEAU, {**ROSE, "confirmation": MOT_DE_PASSE}, depuis=NOUVEAU)

    autre = {**ROSE, "email": "lys@exemple.fr"}
    assert client.soumettre(NOUVEAU, autre, depuis=NOUVEAU).status_code == 303
    assert ailleurs.soumettre(NOUVEAU, autre, depuis=NOUVEAU).status_code == 403


def test_un_code_du_telephone_repond_aussi(
    app: FastAPI, client: Navigateur, camille: Utilisateur
) -> None:
    telephone = activer_facteur(app.state.database, camille.email, app.state.settings.secret_key)
    page = client.soumettre(NOUVEAU, ROSE, depuis=NOUVEAU)
    assert "code de votre application" in page.text

    champs = {**ROSE, "confirmation": code_de(telephone)}

    assert client.soumettre(NOUVEAU, champs, depuis=NOUVEAU).status_code == 303


def test_une_session_volee_ne_devine_pas_le_mot_de_passe(client: Navigateur) -> None:
    libres = FREIN_PERSONNE.libres
    essais = [
        client.soumettre(NOUVEAU, {**ROSE, "confirmation": f"essai {n}"}, depuis=NOUVEAU)
        for n in range(libres + 1)
    ]

    assert [e.status_code for e in essais] == [422] * libres + [429]
    assert essais[-1].headers["retry-after"]


@pytest.mark.parametrize(
    "action",
    [
        "/compte/email",
        "/compte/jetons",
        "/compte/second-facteur/proposition",
        "/compte/second-facteur/activation",
        "/compte/second-facteur/codes",
        "/compte/second-facteur/retrait",
        "/parametres/utilisateurs/second-facteur",
        "/parametres/utilisateurs/{}/role",
        "/parametres/utilisateurs/{}/fermeture",
        "/parametres/utilisateurs/{}/ouverture",
        "/parametres/utilisateurs/{}/lien",
        "/parametres/utilisateurs/{}/second-facteur",
        "/parametres/utilisateurs/{}/sessions",
        "/parametres/jetons/{}/revocation",
    ],
)
def test_chaque_action_grave_redemande_qui_l_on_est(
    client: Navigateur, camille: Utilisateur, action: str
) -> None:
    reponse = client.soumettre(action.format(camille.id))

    assert reponse.status_code == 403
    assert "Confirmez que c’est bien vous" in reponse.text


def test_l_iban_seul_redemande_qui_l_on_est(app: FastAPI, client: Navigateur) -> None:
    page = "/parametres/entreprise"
    sans_banque = {**IDENTITE, "iban": ""}
    assert client.soumettre(page, sans_banque, depuis=page).status_code == 303

    refus = client.soumettre(page, {**IDENTITE, "nom": "Vasseur"}, depuis=page)
    assert refus.status_code == 403
    assert 'value="Vasseur"' in refus.text
    with app.state.database.read() as session:
        assert session.scalars(select(Entreprise.iban)).one() == ""

    confirme = {**IDENTITE, "confirmation": MOT_DE_PASSE}
    assert client.soumettre(page, confirme, depuis=page).status_code == 303
    oublier_confirmation(app.state.database)
    assert client.soumettre(page, IDENTITE, depuis=page).status_code == 303, "rien ne change"


def test_l_api_par_cookie_le_demande_un_jeton_passe(
    client: Navigateur, api: Callable[..., TestClient]
) -> None:
    banque = {"iban": "FR7630006000011234567890189"}
    entetes = {"X-CSRF-Token": client.jeton(), **TOUTE_VERSION}

    refus = client.put("/api/v1/entreprise", json=banque, headers=entetes)
    passe = api().put("/api/v1/entreprise", json=banque, headers=TOUTE_VERSION)

    assert refus.status_code == 403
    assert refus.headers["content-type"] == "application/problem+json"
    assert "mot de passe" in refus.json()["detail"]
    assert passe.status_code == 200


def test_sans_le_droit_on_n_est_pas_questionne(app: FastAPI, navigateur: Ouvrir) -> None:
    client = navigateur("commercial")
    oublier_confirmation(app.state.database)

    reponse = client.soumettre(NOUVEAU, ROSE)

    assert reponse.status_code == 403
    assert "Votre rôle ne permet pas" in reponse.text
