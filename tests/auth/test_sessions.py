"""Where one is signed in: seen, ended, and over by itself."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import select
from starlette.testclient import TestClient

from cordeau.auth.models import JetonApi, SessionWeb, Utilisateur
from cordeau.auth.presences import Presences
from cordeau.auth.queries import digest
from cordeau.auth.rules import DUREE_SESSION, INACTIVITE, navigateur_en_lettres
from tests.auth.builders import Visiteurs, actions, est_entre, laisser_passer, tenter
from tests.gens import MOT_DE_PASSE, Navigateur

Ouvrir = Callable[..., Navigateur]
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1"
DOUZE_HEURES = INACTIVITE + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def presences(app: FastAPI) -> Presences:
    """What this test notes, and nothing of another's."""
    app.state.presences = Presences(app.state.database)
    presences: Presences = app.state.presences
    return presences


@pytest.fixture
def bureau(visiteurs: Visiteurs, camille: Utilisateur) -> Navigateur:
    """Camille at her desk."""
    client = visiteurs.venu_de("198.51.100.4")
    assert est_entre(tenter(client, camille.email, **{"User-Agent": FIREFOX}))
    return client


@pytest.fixture
def poche(visiteurs: Visiteurs, camille: Utilisateur) -> Navigateur:
    """Camille's telephone."""
    client = visiteurs.venu_de("203.0.113.80")
    assert est_entre(tenter(client, camille.email, **{"User-Agent": IPHONE}))
    return client


def est_dehors(client: Navigateur) -> bool:
    """Whether this browser is sent to the sign-in form."""
    return client.get("/compte", follow_redirects=False).status_code == 303


def ma_session(app: FastAPI, client: Navigateur) -> SessionWeb:
    """The row of this browser."""
    with app.state.database.read() as session:
        empreinte = digest(client.cookies["cordeau_session"])
        trouvee: SessionWeb = session.scalars(
            select(SessionWeb).where(SessionWeb.empreinte == empreinte)
        ).one()
        return trouvee


def test_on_voit_ses_sessions_d_ou_et_avec_quoi(bureau: Navigateur, poche: Navigateur) -> None:
    page = bureau.get("/compte").text

    for signe in ("Firefox, Linux", "Safari, iPhone", "198.51.100.4", "203.0.113.80"):
        assert signe in page
    assert page.count("cet appareil") == 1


def test_on_en_ferme_une(app: FastAPI, bureau: Navigateur, poche: Navigateur) -> None:
    perdue = ma_session(app, poche).id

    bureau.soumettre(f"/compte/sessions/{perdue}/fermeture", depuis="/compte")

    assert est_dehors(poche)
    assert not est_dehors(bureau)
    assert bureau.soumettre(f"/compte/sessions/{perdue}/fermeture").status_code == 404


def test_on_les_ferme_toutes_sauf_la_sienne(
    app: FastAPI, bureau: Navigateur, poche: Navigateur, camille: Utilisateur
) -> None:
    bureau.soumettre("/compte/sessions/fermeture", depuis="/compte")

    assert est_dehors(poche)
    assert not est_dehors(bureau)
    assert actions(app.state.database, camille)[-1] == "Sessions fermées"


def test_on_ne_ferme_pas_celle_d_un_autre(
    app: FastAPI, bureau: Navigateur, navigateur: Ouvrir
) -> None:
    visee = ma_session(app, bureau).id

    refus = navigateur("commercial").soumettre(f"/compte/sessions/{visee}/fermeture")

    assert refus.status_code == 404
    assert not est_dehors(bureau)


def test_une_session_finit_quand_on_ne_la_voit_plus(app: FastAPI, bureau: Navigateur) -> None:
    laisser_passer(app.state.database, DOUZE_HEURES)

    assert est_dehors(bureau)


def test_lire_des_pages_suffit_a_la_garder_ouverte(
    app: FastAPI, bureau: Navigateur, presences: Presences
) -> None:
    for _ in range(3):
        laisser_passer(app.state.database, timedelta(hours=8))
        assert bureau.get("/compte").status_code == 200
        presences.deposer()


def test_elle_finit_au_bout_d_une_semaine_meme_active(
    app: FastAPI, bureau: Navigateur, presences: Presences
) -> None:
    jour = timedelta(hours=11)
    for _ in range(int(DUREE_SESSION / jour)):
        laisser_passer(app.state.database, jour)
        assert not est_dehors(bureau)
        presences.deposer()
    laisser_passer(app.state.database, jour)

    assert est_dehors(bureau)


def test_lire_une_page_n_ecrit_rien(app: FastAPI, bureau: Navigateur, presences: Presences) -> None:
    laisser_passer(app.state.database, timedelta(hours=1))
    avant = ma_session(app, bureau).vu_le

    bureau.get("/compte")
    assert ma_session(app, bureau).vu_le == avant
    presences.deposer()

    apres = ma_session(app, bureau).vu_le
    assert apres
    assert avant
    assert apres - avant > timedelta(minutes=59)


def test_vu_a_l_instant_ne_se_note_pas_de_nouveau(
    app: FastAPI, bureau: Navigateur, presences: Presences
) -> None:
    avant = ma_session(app, bureau).vu_le

    bureau.get("/compte")
    presences.deposer()

    assert ma_session(app, bureau).vu_le == avant


def test_le_dernier_usage_d_un_jeton_est_note(
    app: FastAPI, api: Callable[..., TestClient], presences: Presences
) -> None:
    api("comptable").get("/api/v1/clients")
    presences.deposer()

    with app.state.database.read() as session:
        assert session.scalars(select(JetonApi.utilise_le)).one() is not None


def test_une_session_ouverte_par_la_version_precedente_reste_ouverte(
    app: FastAPI, bureau: Navigateur
) -> None:
    with app.state.database.write() as session:
        for s in session.scalars(select(SessionWeb)):
            s.vu_le = s.confirme_le = s.enrolement_du = s.adresse = s.navigateur = None

    page = bureau.get("/compte")

    assert page.status_code == 200
    assert "Navigateur inconnu" in page.text


def test_se_connecter_de_nouveau_donne_un_autre_jeton_et_ferme_l_ancien(
    app: FastAPI, bureau: Navigateur, camille: Utilisateur
) -> None:
    ancien = bureau.cookies["cordeau_session"]
    jeton = bureau.jeton("/logout")

    bureau.post(
        "/login",
        data={"csrf": jeton, "username": camille.email, "password": MOT_DE_PASSE},
        follow_redirects=False,
    )

    assert bureau.cookies["cordeau_session"] != ancien
    with app.state.database.read() as session:
        assert digest(ancien) not in session.scalars(select(SessionWeb.empreinte)).all()


def test_un_cookie_choisi_par_un_autre_n_est_pas_adopte(
    visiteurs: Visiteurs, camille: Utilisateur
) -> None:
    client = visiteurs.venu_de("198.51.100.4")
    client.cookies.set("cordeau_session", "choisi-par-un-pirate")

    reponse = tenter(client, camille.email)

    assert est_entre(reponse)
    assert "choisi-par-un-pirate" not in reponse.headers["set-cookie"]


def test_changer_de_mot_de_passe_garde_cette_session_et_ferme_les_autres(
    bureau: Navigateur, poche: Navigateur, camille: Utilisateur
) -> None:
    champs = {"actuel": MOT_DE_PASSE, "mot_de_passe": "une phrase toute neuve"}
    assert bureau.soumettre("/compte/mot-de-passe", champs, depuis="/compte").status_code == 303

    assert est_dehors(poche)
    assert not est_dehors(bureau)


@pytest.mark.parametrize(
    ("champs", "champ"),
    [
        ({"actuel": "faux", "mot_de_passe": "une phrase toute neuve"}, "actuel"),
        ({"actuel": MOT_DE_PASSE, "mot_de_passe": "court"}, "mot_de_passe"),
        ({"actuel": MOT_DE_PASSE, "mot_de_passe": "admin@exemple.fr"}, "mot_de_passe"),
        ({}, "actuel"),
    ],
)
def test_changer_de_mot_de_passe_demande_l_actuel_et_un_bon(
    bureau: Navigateur, champs: dict[str, str], champ: str
) -> None:
    refus = bureau.soumettre("/compte/mot-de-passe", champs, depuis="/compte")

    assert refus.status_code == 422
    assert f'href="#champ-{champ}"' in refus.text
    assert not est_dehors(bureau)


@pytest.mark.parametrize(
    ("agent", "nom"),
    [
        (None, "Navigateur inconnu"),
        ("curl/8", "Autre navigateur"),
        (FIREFOX, "Firefox, Linux"),
        (IPHONE, "Safari, iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/140.0 Mobile Safari/537.36", "Chrome, Android"),
    ],
)
def test_un_navigateur_se_reconnait(agent: str | None, nom: str) -> None:
    assert navigateur_en_lettres(agent) == nom
