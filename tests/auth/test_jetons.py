"""API tokens: what they may, until when, and how one ends them."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from cordeau.auth import commands
from cordeau.auth.models import JetonApi
from cordeau.auth.queries import find_porteur, get_user
from cordeau.auth.rules import PORTEE_LECTURE, permissions_de, portee_en_lettres
from cordeau.core.dates import a_l_instant, aujourd_hui, fin_du_jour
from cordeau.core.errors import ConflitError, SaisieError
from cordeau.core.operations import Operation
from cordeau.core.permissions import LECTURE, SYSTEME, Permission, Role
from tests.gens import Navigateur, un_utilisateur

Ouvrir = Callable[..., Navigateur]
PAGE = "/compte/jetons"
JETON = re.compile(r"cordeau_[\w-]{43}")


@pytest.fixture
def avec(app: FastAPI, ouvrir_client: Callable[..., TestClient]) -> Callable[..., TestClient]:
    """`avec("admin", portee=…)`: a program holding such a token."""

    def ouvrir(role: Role | str = Role.ADMIN, **options: object) -> TestClient:
        user = un_utilisateur(app.state.database, role)
        with app.state.database.write() as session:
            jeton = commands.creer_jeton(session, user, actor=SYSTEME, **options)  # type: ignore[arg-type]
        client = ouvrir_client(TestClient)
        client.headers["Authorization"] = f"Bearer {jeton}"
        return client

    return ouvrir


def test_en_lecture_seule_on_lit_et_on_n_ecrit_pas(avec: Callable[..., TestClient]) -> None:
    client = avec("admin", portee=PORTEE_LECTURE)

    assert client.get("/api/v1/clients").status_code == 200
    assert client.post("/api/v1/clients", json={"nom": "X"}).status_code == 403
    assert client.put("/api/v1/entreprise", json={"nom": "X"}).status_code == 403


def test_une_portee_choisie_ne_permet_que_ce_qu_elle_dit(avec: Callable[..., TestClient]) -> None:
    client = avec("admin", portee=[Permission.CLIENT_LIRE, Permission.CLIENT_ECRIRE])

    assert client.post("/api/v1/clients", json={"nom": "X"}).status_code == 201
    assert client.get("/api/v1/devis").status_code == 403


def test_une_portee_n_ajoute_rien_au_role(avec: Callable[..., TestClient]) -> None:
    client = avec("technicien", portee=list(Permission))

    assert client.get("/api/v1/clients").status_code == 403


def test_une_portee_cache_les_couts_qu_elle_ne_nomme_pas(session: Session) -> None:
    user = commands.ajouter_utilisateur(
        session,
        email="a@b.fr",
        nom="A",
        role=Role.ADMIN,
        password="un secret assez long",
        actor=SYSTEME,
    )
    jeton = commands.creer_jeton(session, user, actor=SYSTEME, portee=[Permission.DEVIS_LIRE])

    presence = find_porteur(session, jeton)
    assert presence
    assert presence.acteur.peut(Permission.DEVIS_LIRE)
    assert not presence.acteur.peut(Permission.MARGE_LIRE)


def test_la_lecture_seule_ne_contient_que_des_lectures() -> None:
    assert permissions_de(PORTEE_LECTURE) == LECTURE
    assert {p.rpartition(":")[2] for p in LECTURE} == {"lire"}
    assert permissions_de(None) is None
    assert permissions_de("disparue:lire") == frozenset()
    assert portee_en_lettres("client:lire") == "Voir les clients"


def test_un_jeton_vaut_jusqu_au_soir_de_son_dernier_jour(
    app: FastAPI, avec: Callable[..., TestClient]
) -> None:
    jour = aujourd_hui() + timedelta(days=30)
    avec("admin", dernier_jour=jour)
    with app.state.database.read() as session:
        assert session.scalars(select(JetonApi.expire_le)).one() == fin_du_jour(jour)
    assert fin_du_jour(date(2027, 7, 14)).isoformat() == "2027-07-14T22:00:00+00:00"


def test_passe_son_dernier_jour_il_n_ouvre_rien(session: Session) -> None:
    user = commands.ajouter_utilisateur(
        session,
        email="a@b.fr",
        nom="A",
        role=Role.ADMIN,
        password="un secret assez long",
        actor=SYSTEME,
    )
    jeton = commands.creer_jeton(session, user, actor=SYSTEME, dernier_jour=aujourd_hui())
    soir = fin_du_jour(aujourd_hui())

    with a_l_instant(soir - timedelta(seconds=5)):
        assert find_porteur(session, jeton)
    with a_l_instant(soir):
        assert find_porteur(session, jeton) is None


def test_un_jour_passe_ou_un_compte_ferme_sont_refuses(session: Session) -> None:
    user = commands.ajouter_utilisateur(
        session,
        email="a@b.fr",
        nom="A",
        role=Role.ADMIN,
        password="un secret assez long",
        actor=SYSTEME,
    )
    hier = aujourd_hui() - timedelta(days=1)
    with pytest.raises(SaisieError):
        commands.creer_jeton(session, user, actor=SYSTEME, dernier_jour=hier)
    with pytest.raises(SaisieError):
        commands.creer_jeton(session, user, actor=SYSTEME, portee=[])
    commands.desactiver(session, user, actor=SYSTEME)
    with pytest.raises(ConflitError):
        commands.creer_jeton(session, user, actor=SYSTEME)


def test_la_page_montre_le_jeton_une_fois(
    navigateur: Ouvrir, ouvrir_client: Callable[..., TestClient]
) -> None:
    client = navigateur("comptable")
    demain = (aujourd_hui() + timedelta(days=1)).isoformat()
    champs = {"nom": "Tableur du siège", "portee": "lecture", "expire": demain}
    cree = client.soumettre(PAGE, champs, depuis=PAGE)
    assert cree.headers["location"] == f"{PAGE}?cree=true"

    page = client.get(PAGE).text
    jeton = JETON.search(page)

    assert jeton
    for signe in ("Tableur du siège", "Lecture seule", "jamais utilisé", "jusqu’au"):
        assert signe in page
    assert not JETON.search(client.get(PAGE).text)
    programme = ouvrir_client(TestClient)
    programme.headers["Authorization"] = f"Bearer {jeton.group()}"
    assert programme.get("/api/v1/factures").status_code == 200
    assert programme.get("/compte", follow_redirects=False).status_code == 303


@pytest.mark.parametrize(
    ("champs", "champ"),
    [
        ({"nom": " "}, "nom"),
        ({"nom": "X", "expire": "2020-01-01"}, "expire"),
        ({"nom": "X", "expire": "demain"}, "expire"),
        ({"nom": "X", "portee": "choix"}, "permissions"),
        ({"nom": "X", "portee": "choix", "permissions": ["inventée:lire"]}, "permissions"),
    ],
)
def test_une_saisie_fausse_est_dite_au_champ(
    navigateur: Ouvrir, champs: dict[str, str], champ: str
) -> None:
    refus = navigateur().soumettre(PAGE, champs, depuis=PAGE)

    assert refus.status_code == 422
    assert f'href="#champ-{champ}"' in refus.text


def test_rejouer_la_demande_ne_rend_pas_le_jeton(app: FastAPI, navigateur: Ouvrir) -> None:
    """The stored answer of an operation key must hold no secret."""
    client = navigateur()
    client.post(
        PAGE,
        data={"csrf": client.jeton(PAGE), "nom": "X"},
        headers={"Idempotency-Key": "cle-1"},
        follow_redirects=False,
    )

    with app.state.database.read() as session:
        garde = session.scalars(select(Operation)).one()
        assert not JETON.search(garde.corps.decode() + garde.adresse)


def test_on_revoque_les_siens_et_pas_ceux_d_un_autre(
    app: FastAPI, navigateur: Ouvrir, avec: Callable[..., TestClient]
) -> None:
    client = avec("comptable")
    with app.state.database.read() as session:
        revocation = f"{PAGE}/{session.scalars(select(JetonApi.id)).one()}/revocation"

    assert navigateur("commercial").soumettre(revocation).status_code == 404
    assert client.get("/api/v1/clients").status_code == 200
    assert navigateur("comptable").soumettre(revocation).status_code == 303
    assert client.get("/api/v1/clients").status_code == 401


def test_l_administrateur_voit_et_revoque_ceux_de_tous(
    app: FastAPI, navigateur: Ouvrir, avec: Callable[..., TestClient]
) -> None:
    client = avec("comptable", nom="Tableur")
    admin = navigateur()
    page = admin.get("/parametres/jetons").text
    assert "Tableur" in page
    assert "Camille Comptable" in page
    with app.state.database.read() as session:
        jeton_id = session.scalars(select(JetonApi.id)).one()

    admin.soumettre(f"/parametres/jetons/{jeton_id}/revocation", depuis="/parametres/jetons")

    assert client.get("/api/v1/clients").status_code == 401


def test_un_jeton_d_avant_garde_tous_les_droits_de_son_porteur(
    app: FastAPI, avec: Callable[..., TestClient]
) -> None:
    client = avec("admin")
    with app.state.database.read() as session:
        ancien = session.scalars(select(JetonApi)).one()
        assert (ancien.nom, ancien.portee, ancien.expire_le) == (None, None, None)

    assert client.post("/api/v1/clients", json={"nom": "X"}).status_code == 201


def test_rouvrir_un_compte_ne_rend_pas_ses_jetons(
    app: FastAPI, avec: Callable[..., TestClient]
) -> None:
    client = avec("comptable")
    with app.state.database.write() as session:
        user = get_user(session, "comptable@exemple.fr")
        commands.desactiver(session, user, actor=SYSTEME)
        commands.reactiver(session, user, actor=SYSTEME)

    assert client.get("/api/v1/clients").status_code == 401


def test_un_double_clic_montre_le_jeton_une_seule_fois_cree(navigateur: Ouvrir) -> None:
    """The browser drops the first answer: the second one must lead to the secret too."""
    client = navigateur()
    champs = {"csrf": client.jeton(PAGE), "cle_operation": "clic", "nom": "Tableur"}
    perdue = client.post(PAGE, data=champs, follow_redirects=False)
    client.cookies.delete("cordeau_montrer")
    rejouee = client.post(PAGE, data=champs, follow_redirects=False)

    assert rejouee.headers["idempotency-replayed"] == "true"
    page = client.get(rejouee.headers["location"]).text
    assert len(JETON.findall(page)) == 1
    assert page.count("Tableur") == client.get(PAGE).text.count("Tableur")
    assert "set-cookie" in perdue.headers


def test_un_jeton_qui_n_est_plus_montre_le_dit(
    navigateur: Ouvrir, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cordeau.web.idempotency.COOKIES_SECONDS", -1.0)
    client = navigateur()
    champs = {"csrf": client.jeton(PAGE), "cle_operation": "clic", "nom": "Tableur"}
    client.post(PAGE, data=champs, follow_redirects=False)
    client.cookies.delete("cordeau_montrer")
    rejouee = client.post(PAGE, data=champs, follow_redirects=False)

    page = client.get(rejouee.headers["location"]).text

    assert not JETON.findall(page)
    assert "n’est plus montré" in page


def test_le_secret_d_un_jeton_n_est_pas_dans_la_base(navigateur: Ouvrir, session: Session) -> None:
    client = navigateur()
    champs = {"cle_operation": "clic", "nom": "Tableur"}
    page = client.soumettre(PAGE, champs, depuis=PAGE, suivre=True).text
    secret = JETON.search(page)

    faite = session.scalars(select(Operation)).one()
    assert secret is not None
    assert secret.group(0).encode() not in faite.corps + faite.adresse.encode()
