"""Rows 27 to 30: the whole matrix, secrets, accidents, traces."""

import io
import json
import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from argon2.profiles import RFC_9106_LOW_MEMORY
from fastapi import FastAPI
from sqlalchemy import select
from starlette.testclient import TestClient

import cordeau
from cordeau.auth import commands, passwords
from cordeau.auth.models import JetonApi, SessionWeb, Utilisateur
from cordeau.core.db import Base
from cordeau.core.log import JsonFormatter
from cordeau.core.permissions import DROITS, SYSTEME, Role
from tests.auth.builders import actions, tenter
from tests.badinput.catalogue import IMPOSES
from tests.dossier import remplir
from tests.droits.matrice import LETTRES, lire_table, routes
from tests.gens import MOT_DE_PASSE, Navigateur, un_utilisateur

Api = Callable[..., TestClient]


class TestV27_8_2_1:
    """Role × route × object: the reviewed table covers all that is served."""

    def test_la_table_couvre_chaque_route_et_chaque_role(self, app: FastAPI) -> None:
        assert routes(app) == lire_table().keys()
        assert set(LETTRES.values()) == set(Role) == DROITS.keys()

    def test_un_technicien_ne_change_rien(self, app: FastAPI, api: Api) -> None:
        dossier = remplir(app.state.database)
        programme = api("technicien")
        for regle in lire_table().values():
            if regle.methode != "GET" and regle.chemin.startswith("/api/"):
                chemin = re.sub(r"\{\w+\}", dossier["client"], regle.chemin)
                assert programme.request(regle.methode, chemin).status_code == 403, regle.cle

    def test_un_jeton_de_lecture_ne_fait_que_lire(self, app: FastAPI) -> None:
        remplir(app.state.database)
        user = un_utilisateur(app.state.database, Role.ADMIN)
        with app.state.database.write() as session:
            jeton = commands.creer_jeton(session, user, actor=SYSTEME, portee="lecture")
        programme = TestClient(app, headers={"Authorization": f"Bearer {jeton}"})

        assert programme.get("/api/v1/clients").status_code == 200
        assert programme.post("/api/v1/clients", json={"nom": "x"}).status_code == 403


class TestV28_11_4_2:
    """Passwords by Argon2id at the recommended cost; tokens drawn at random, kept as digests."""

    def test_le_cout_reel_est_celui_recommande(self) -> None:
        """The tests digest cheaply: what the software uses is read in its own source."""
        source = Path(passwords.__file__).read_text("utf-8")
        trouve = re.search(
            r"PasswordHasher\(time_cost=(\d+), memory_cost=([\d *]+), parallelism=(\d+)", source
        )
        assert trouve
        temps, memoire, fils = trouve.groups()
        cout = 1
        for facteur in memoire.split("*"):
            cout *= int(facteur)
        assert int(temps) >= 2
        assert cout >= 19 * 1024
        assert int(fils) >= 1
        assert PasswordHasher().type.name == RFC_9106_LOW_MEMORY.type.name == "ID"

    def test_les_secrets_tires_sont_longs_et_jamais_les_memes(self, app: FastAPI) -> None:
        user = un_utilisateur(app.state.database, Role.ADMIN)
        with app.state.database.write() as session:
            jetons = {commands.creer_jeton(session, user, actor=SYSTEME) for _ in range(50)}
            cookies = {
                commands.ouvrir_session(session, email=user.email, password=MOT_DE_PASSE)
                for _ in range(50)
            }

        assert len(jetons) == len(cookies) == 50
        for secret in (*jetons, *cookies):
            assert secret is not None
            assert len(secret.removeprefix("cordeau_")) >= 43  # 256 bits

    def test_la_base_ne_garde_aucun_secret_en_clair(self, app: FastAPI, api: Api) -> None:
        programme = api()
        jeton = programme.headers["Authorization"].removeprefix("Bearer ")
        user = un_utilisateur(app.state.database, Role.ADMIN)
        with app.state.database.write() as session:
            cookie = commands.ouvrir_session(session, email=user.email, password=MOT_DE_PASSE)

        contenu = _tout(app)
        for secret in (jeton, cookie, MOT_DE_PASSE, app.state.settings.secret_key):
            assert secret
            assert secret not in contenu
        with app.state.database.read() as session:
            for empreinte in session.scalars(select(JetonApi.empreinte)):
                assert re.fullmatch(r"[0-9a-f]{64}", empreinte)
            for empreinte in session.scalars(select(SessionWeb.empreinte)):
                assert re.fullmatch(r"[0-9a-f]{64}", empreinte)
            for digest in session.scalars(select(Utilisateur.mot_de_passe)):
                assert digest.startswith("$argon2id$")


class TestV29_13_3_1:
    """Secrets stay out of the repository, of the base, of the answers to accidents."""

    @pytest.fixture
    def en_panne(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def tomber(*_: Any, **__: Any) -> None:
            raise RuntimeError("mot de passe = secret-de-la-base, /chemin/interne")

        monkeypatch.setattr("cordeau.clients.queries.list_clients", tomber)

    @pytest.mark.usefixtures("en_panne")
    def test_un_accident_ne_montre_que_son_numero(self, app: FastAPI, api: Api) -> None:
        programme = TestClient(app, raise_server_exceptions=False, headers=dict(api().headers))
        for adresse in ("/api/v1/clients", "/clients"):
            reponse = programme.get(adresse, follow_redirects=False)
            if reponse.status_code == 303:
                continue
            assert reponse.status_code == 500
            assert "secret-de-la-base" not in reponse.text
            assert "Traceback" not in reponse.text
            assert "RuntimeError" not in reponse.text
            assert reponse.headers["x-request-id"]

    def test_rien_ne_tourne_en_mode_mise_au_point(self, app: FastAPI) -> None:
        assert app.debug is False
        assert app.docs_url is None
        assert app.redoc_url is None
        assert not app.state.templates.auto_reload or app.state.settings.environnement

    def test_l_etat_ne_dit_rien_de_l_installation(self, app: FastAPI) -> None:
        dit = TestClient(app).get("/sante").text

        assert app.state.settings.secret_key not in dit
        assert "mysql+pymysql" not in dit
        assert str(app.state.settings.data) not in dit


class TestV30_15_3_3:
    """Nothing is imposed by an unknown field; entries are traced; traces cannot be forged."""

    @pytest.mark.parametrize("liste", ["clients", "devis", "factures", "chantiers"])
    def test_un_champ_inconnu_n_impose_rien(self, app: FastAPI, api: Api, liste: str) -> None:
        dossier = remplir(app.state.database)
        programme = api()
        objet = {"clients": "client", "chantiers": "chantier", "factures": "facture"}.get(
            liste, "devis"
        )
        adresse = f"/api/v1/{liste}/{dossier[objet]}"
        avant = programme.get(adresse).json()

        programme.put(adresse, json=IMPOSES, headers={"If-Match": "*"})

        apres = programme.get(adresse).json()
        communs = IMPOSES.keys() & avant.keys() - {"revision"}
        assert {c: apres[c] for c in communs} == {c: avant[c] for c in communs}

    def test_les_entrees_et_les_refus_laissent_une_trace(
        self, app: FastAPI, client_http: Navigateur, camille: Utilisateur
    ) -> None:
        for _ in range(6):
            tenter(client_http, camille.email, "ce n’est pas lui")

        assert any(
            "refus" in action.lower() or "tentative" in action.lower()
            for action in actions(app.state.database, camille)
        )

    def test_le_journal_du_serveur_ne_se_forge_pas(
        self, journal: io.StringIO, client_http: Navigateur
    ) -> None:
        faux = '%0a{"niveau":"INFO","message":"GET /faux"}%0d%0a'
        client_http.get(f"/clients/{faux}")
        tenter(client_http, 'a\n{"niveau":"INFO"}', MOT_DE_PASSE)

        lignes = journal.getvalue().splitlines()
        assert lignes
        assert all(isinstance(json.loads(ligne), dict) for ligne in lignes)
        assert not [li for li in lignes if json.loads(li)["message"] == "GET /faux"]

    def test_le_journal_du_serveur_ne_garde_aucun_secret(
        self, app: FastAPI, journal: io.StringIO, client_http: Navigateur, camille: Utilisateur
    ) -> None:
        tenter(client_http, camille.email, MOT_DE_PASSE)
        client_http.get("/clients?q=nom-de-client")
        programme = TestClient(app, headers={"Authorization": "Bearer cordeau_secret-du-jeton"})
        programme.get("/api/v1/clients")

        ecrit = journal.getvalue()
        for secret in (MOT_DE_PASSE, "secret-du-jeton", "nom-de-client", camille.email):
            assert secret not in ecrit

    def test_l_histoire_ne_se_recrit_pas_par_l_application(self) -> None:
        """No command, no query changes or deletes a line of history."""
        paquet = Path(cordeau.__file__).parent
        fautes = [
            str(module.relative_to(paquet))
            for module in paquet.rglob("*.py")
            if re.search(r"(?:update|delete)\((?:journal\.)?Evenement\b", module.read_text("utf-8"))
        ]

        assert not [f for f in fautes if "rgpd" not in f]


@pytest.fixture
def journal() -> Iterator[io.StringIO]:
    """What the server writes of what it does, as it writes it."""
    sortie = io.StringIO()
    poignee = logging.StreamHandler(sortie)
    poignee.setFormatter(JsonFormatter())
    racine = logging.getLogger("cordeau")
    avant = racine.level
    racine.addHandler(poignee)
    racine.setLevel(logging.INFO)
    yield sortie
    racine.removeHandler(poignee)
    racine.setLevel(avant)


def _tout(app: FastAPI) -> str:
    """Everything the base holds, as text."""
    with app.state.database.read() as session:
        return "\n".join(
            str(ligne)
            for table in Base.metadata.sorted_tables
            for ligne in session.execute(select(table))
        )
