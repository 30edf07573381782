"""Rows 13 to 17: what a browser is told, and what it may be made to do."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from fastapi import FastAPI
from sqlalchemy import select
from starlette.testclient import TestClient

from cordeau.core.db import Base
from cordeau.notifications.models import Message
from cordeau.web.signing import sign
from tests.auth.builders import lien_recu, tenter
from tests.dossier import remplir
from tests.droits.corps import corps_de, objets_de
from tests.droits.guichet import sans_garder
from tests.droits.identites import Identite, identites
from tests.droits.matrice import Regle, lire_table
from tests.droits.parcours import parcourir
from tests.gens import MOT_DE_PASSE, Navigateur, un_utilisateur

Navigateurs = Callable[..., Navigateur]
#: What writing a row of "last seen" or of "asked so often" leaves behind a reading.
TENUES_A_LA_LECTURE = {"session_web", "jeton_api", "limite"}
#: An export is a fact of the ledger, by law: it adds an entry (and its witness), nothing else.
REGISTRE = {"registre_entree", "registre_tete", "temoin"}


@pytest.fixture
def visite(app: FastAPI) -> Iterator[tuple[TestClient, Identite, dict[str, str]]]:
    """An administrator in front of the whole firm."""
    dossier = dict(remplir(app.state.database))
    qui = next(i for i in identites(app) if i.nom == "admin")
    with TestClient(app) as client:
        yield client, qui, dossier


class TestV13_3_2_1:
    """What the API and people send is never rendered as a page."""

    @pytest.mark.un_moteur
    def test_rien_que_les_pages_n_est_une_page(
        self, visite: tuple[TestClient, Identite, dict[str, str]]
    ) -> None:
        for adresse, reponse in parcourir(*visite):
            assert reponse.headers["x-content-type-options"] == "nosniff", adresse
            genre = reponse.headers.get("content-type", "").partition(";")[0]
            if adresse.startswith("/api/v1/"):
                assert genre in {
                    "application/json",
                    "application/problem+json",
                    "application/pdf",
                    "application/xml",
                    "text/csv",
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                }, adresse
            if genre not in {"text/html", "application/json", "application/problem+json", ""}:
                assert "content-disposition" in reponse.headers, adresse
                assert "default-src 'none'" in reponse.headers["content-security-policy"]

    def test_une_piece_envoyee_ne_s_ouvre_pas_comme_une_page(
        self, visite: tuple[TestClient, Identite, dict[str, str]]
    ) -> None:
        client, qui, dossier = visite
        cookie = {"Cookie": f"cordeau_session={qui.cookie}"}
        piece = client.get(f"/parametres/messages/pieces/{dossier['piece']}", headers=cookie)
        logo = client.get("/parametres/entreprise/logo", headers=cookie)

        assert piece.headers["content-disposition"].startswith("attachment")
        assert logo.headers["content-type"] == "image/png"


class TestV14_3_3_1:
    """Cookies are out of reach of scripts, of other sites, of plain HTTP."""

    def test_en_https_chaque_cookie_est_protege(self, app: FastAPI) -> None:
        un_utilisateur(app.state.database, "comptable")
        app.state.settings = replace(app.state.settings, base_url="https://testserver")
        with Navigateur(app, base_url="https://testserver") as client:
            reponse = client.post(
                "/login",
                data={
                    "csrf": client.jeton("/login"),
                    "username": "comptable@exemple.fr",
                    "password": MOT_DE_PASSE,
                },
                follow_redirects=False,
            )
            poses = reponse.headers.get_list("set-cookie")
            nomme = client.soumettre("/compte/nom", {"nom": "Camille"})
            poses += nomme.headers.get_list("set-cookie")
            client.cookies.clear()
            poses += client.get("/login").headers.get_list("set-cookie")

        for nom in ("__Host-cordeau_session", "__Host-cordeau_visite", "cordeau_avis"):
            assert any(cookie.startswith(f"{nom}=") for cookie in poses), nom
        for cookie in poses:
            reglages = cookie.lower()
            assert "secure" in reglages, cookie
            assert "httponly" in reglages, cookie
            assert re.search(r"samesite=(lax|strict)", reglages), cookie
            assert "domain=" not in reglages, cookie


class TestV15_3_4_3:
    """One content policy on every answer, without a way round it."""

    INTERDITS = ("unsafe-inline", "unsafe-eval", "*", "http:", "https:", "strict-dynamic")
    EXIGES = (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    )

    @pytest.mark.un_moteur
    def test_chaque_reponse_porte_la_politique(
        self, visite: tuple[TestClient, Identite, dict[str, str]]
    ) -> None:
        client = visite[0]
        reponses = [reponse for _, reponse in parcourir(*visite)]
        reponses += [client.get(url) for url in ("/", "/login", "/introuvable", "/static/x.css")]
        reponses.append(client.post("/login", data={"csrf": "faux"}))
        for reponse in reponses:
            politique = reponse.headers["content-security-policy"]
            assert all(regle in politique for regle in self.EXIGES), reponse.url
            assert not any(mot in politique for mot in self.INTERDITS), reponse.url
            assert reponse.headers["x-frame-options"] == "DENY"
            assert reponse.headers["referrer-policy"] in {"same-origin", "no-referrer"}


class TestV16_3_5_1:
    """No other site writes through a browser signed in here, and reading writes nothing."""

    @pytest.mark.parametrize("jeton", [None, "faux", "d’une autre session"])
    def test_sans_le_jeton_de_la_page_chaque_ecriture_est_refusee(
        self,
        visite: tuple[TestClient, Identite, dict[str, str]],
        app: FastAPI,
        monkeypatch: pytest.MonkeyPatch,
        jeton: str | None,
    ) -> None:
        client, qui, dossier = visite
        ecritures = sans_garder(app.state.database, monkeypatch)
        entetes = {"Cookie": f"cordeau_session={qui.cookie}", "If-Match": "*"}
        if jeton:
            autre = sign(app.state.settings.secret_key, "csrf", "le cookie d’une autre session")
            entetes["X-CSRF-Token"] = autre if "autre" in jeton else "faux"
        for regle in _ecritures():
            chemin = regle.chemin.format(**objets_de(regle.cle, regle.noms, dossier))
            reponse = client.request(
                regle.methode,
                chemin,
                headers=entetes,
                follow_redirects=False,
                **corps_de(regle.cle, dossier),
            )
            attendus = {404} if regle.chemin == "/installation" else {403}
            assert reponse.status_code in attendus, regle.cle
            assert not ecritures.prendre(), regle.cle

    def test_un_formulaire_envoye_d_un_autre_site_est_refuse(self, navigateur: Navigateurs) -> None:
        """The browser says where it comes from: even with the right token, that is not us."""
        chef = navigateur("admin")
        champs = {"csrf": chef.jeton(), "nom": "Constructeo"}
        for entete, statut in (
            (("Sec-Fetch-Site", "cross-site"), 403),
            (("Origin", "https://evil.example"), 403),
            (("Origin", "null"), 403),
            (("Sec-Fetch-Site", "same-origin"), 303),
            (("Origin", str(chef.base_url).rstrip("/")), 303),
        ):
            reponse = chef.post(
                "/clients/nouveau",
                data={**champs, "nom": f"Constructeo {entete[1]}"},
                headers=dict([entete]),
                follow_redirects=False,
            )
            assert reponse.status_code == statut

    def test_lire_n_ecrit_rien(
        self, visite: tuple[TestClient, Identite, dict[str, str]], app: FastAPI
    ) -> None:
        client, qui, dossier = visite
        for genre in ("pdf", "xml"):  # what is issued is rendered once, by whoever reads it first
            client.get(
                f"/api/v1/factures/{dossier['facture_emise']}/{genre}",
                headers={"Authorization": f"Bearer {qui.jeton}"},
            )
        avant = _empreinte(app)

        assert sum(1 for _ in parcourir(client, qui, dossier)) > 80

        assert _empreinte(app) == avant


class TestV17_4_1_3:
    """What a request says of its way here is believed only from a proxy we named."""

    @pytest.mark.parametrize(
        "entetes",
        [
            {"Host": "evil.example"},
            {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"},
            {"Forwarded": "for=1.2.3.4;host=evil.example;proto=https"},
            {"X-Forwarded-Prefix": "/evil.example"},
        ],
    )
    def test_aucun_lien_ne_vient_de_la_demande(
        self, navigateur: Navigateurs, entetes: dict[str, str]
    ) -> None:
        client = navigateur("admin")
        for url in ("/login", "/parametres", "/clients", "/dashboard", "/introuvable"):
            reponse = client.get(url, headers=entetes, follow_redirects=False)
            assert "evil.example" not in reponse.text + str(reponse.headers), url

    def test_le_lien_d_un_courriel_vient_des_reglages(
        self, app: FastAPI, client_http: Navigateur
    ) -> None:
        user = un_utilisateur(app.state.database, "comptable")
        client_http.post(
            "/mot-de-passe/oublie",
            data={"csrf": client_http.jeton("/mot-de-passe/oublie"), "email": user.email},
            headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"},
        )
        assert lien_recu(app)
        with app.state.database.read() as session:
            (texte,) = session.scalars(select(Message.confidentiel))

        assert texte
        assert "evil.example" not in texte
        assert app.state.settings.base_url in texte

    @pytest.mark.parametrize("pair", ["203.0.113.9", "127.0.0.1"])
    def test_l_adresse_annoncee_ne_change_pas_celle_qui_compte(
        self, app: FastAPI, pair: str
    ) -> None:
        un_utilisateur(app.state.database, "comptable")
        with Navigateur(app, client=(pair, 50000)) as client:
            statuts = [
                tenter(
                    client,
                    f"personne{n}@exemple.fr",
                    "ce n’est pas lui",
                    **{"X-Forwarded-For": f"198.51.100.{n}"},
                ).status_code
                for n in range(40)
            ]

        assert statuts[0] == 422
        assert 429 in statuts


def _ecritures() -> Iterator[Regle]:
    return (r for r in lire_table().values() if r.methode not in {"GET", "HEAD"})


def _empreinte(app: FastAPI) -> dict[str, list[str]]:
    with app.state.database.read() as session:
        return {
            table.name: sorted(map(str, session.execute(select(table))))
            for table in Base.metadata.sorted_tables
            if table.name not in TENUES_A_LA_LECTURE | REGISTRE
        }
