"""Rows 12 and 21 to 26: who enters, how often they may try, when they are out again."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select, update
from starlette.testclient import TestClient

from cordeau.auth import commands, passwords
from cordeau.auth.models import CodeSecours, LienMotDePasse, SessionWeb, Utilisateur
from cordeau.auth.rules import CONFIRMATION, DUREE_LIEN, DUREE_SESSION, FREIN_PERSONNE, INACTIVITE
from cordeau.core.errors import SaisieError
from cordeau.core.permissions import SYSTEME, Role
from cordeau.core.quotas import Geste, Quota
from cordeau.core.settings import read_settings
from tests.auth.builders import (
    SECRET_AFFICHE,
    Visiteurs,
    activer_facteur,
    code_de,
    echouer,
    est_entre,
    laisser_passer,
    lien_recu,
    oublier_confirmation,
    tenter,
)
from tests.dossier import remplir
from tests.droits.corps import IDENTITE
from tests.gens import MOT_DE_PASSE, Navigateur, un_utilisateur

Api = Callable[..., TestClient]
Navigateurs = Callable[..., Navigateur]
NOUVEAU = "une autre phrase bien longue"
#: What each page draws anew: the token of its form, the key of its operation.
TIRES = re.compile(r'"[0-9a-f]{32,}"')


def limiter(app: FastAPI, monkeypatch: pytest.MonkeyPatch, geste: Geste, nombre: int) -> None:
    """Permit so many of this, and nothing else changes."""
    reglages = app.state.settings
    quotas = {**reglages.quotas, geste: Quota(nombre, timedelta(minutes=5))}
    monkeypatch.setattr(app.state, "settings", replace(reglages, quotas=quotas))


class TestV12_2_4_1:
    """What costs or tempts is counted: one more than permitted is refused, nobody else is."""

    @pytest.mark.parametrize(
        ("geste", "adresse"),
        [
            (Geste.EXPORT, "/clients/export?format=csv"),
            (Geste.EXPORT, "/devis/export.csv"),
            (Geste.EXPORT, "/api/v1/exports/jde"),
            (Geste.PDF, "/api/v1/devis/{devis}/pdf"),
            (Geste.PDF, "/factures/{facture}/pdf"),
        ],
    )
    def test_une_demande_de_trop_attend_les_autres_non(
        self,
        app: FastAPI,
        api: Api,
        navigateur: Navigateurs,
        monkeypatch: pytest.MonkeyPatch,
        geste: Geste,
        adresse: str,
    ) -> None:
        chemin = adresse.format(**remplir(app.state.database))
        limiter(app, monkeypatch, geste, 2)
        ouvrir: Callable[..., TestClient] = api if chemin.startswith("/api/") else navigateur
        pressee, autre = ouvrir("admin"), ouvrir("comptable")

        statuts = [pressee.get(chemin).status_code for _ in range(3)]

        assert statuts == [200, 200, 429]
        assert int(pressee.get(chemin).headers["retry-after"]) >= 1
        assert autre.get(chemin).status_code == 200

    @pytest.mark.parametrize("geste", [Geste.CONNEXION, Geste.REINITIALISATION])
    def test_la_porte_se_compte_par_adresse(
        self,
        app: FastAPI,
        visiteurs: Visiteurs,
        monkeypatch: pytest.MonkeyPatch,
        geste: Geste,
    ) -> None:
        limiter(app, monkeypatch, geste, 2)
        pressee, autre = (visiteurs.venu_de(a) for a in ("192.0.2.1", "198.51.100.2"))

        def frapper(client: Navigateur, rang: int) -> int:
            if geste is Geste.CONNEXION:
                return tenter(client, f"p{rang}@exemple.fr", "ce n’est pas lui").status_code
            page = "/mot-de-passe/oublie"
            champs = {"csrf": client.jeton(page), "email": f"p{rang}@exemple.fr"}
            return client.post(page, data=champs).status_code

        assert [frapper(pressee, n) == 429 for n in range(3)] == [False, False, True]
        assert frapper(autre, 9) != 429


class TestV21_6_2_4:
    """Passwords: long ones accepted whole, short or known ones refused."""

    @pytest.mark.parametrize(
        "faible",
        ["court", "onze lettre", "motdepasse123", "password1234", "azertyuiop123", "aaaaaaaaaaaa"],
    )
    def test_un_mot_de_passe_faible_est_refuse(self, faible: str) -> None:
        with pytest.raises(SaisieError):
            passwords.hash_password(faible)

    @pytest.mark.parametrize("longueur", [12, 64, 128, 1024])
    def test_un_mot_de_passe_long_est_accepte_en_entier(self, longueur: int) -> None:
        phrase = ("le chantier avance bien " * 50)[: longueur - 1]
        digest = passwords.hash_password(phrase + "x")

        assert passwords.verify_password(digest, phrase + "x")
        assert not passwords.verify_password(digest, phrase + "y")

    def test_un_mot_de_passe_n_est_ni_son_adresse_ni_son_nom(self) -> None:
        with pytest.raises(SaisieError):
            passwords.hash_password("camille@exemple.fr", evidents=("camille@exemple.fr",))


class TestV22_6_3_1:
    """Guessing waits, and learns nothing of who has an account."""

    def test_dix_echecs_font_attendre_meme_le_bon_mot_de_passe(
        self, client_http: Navigateur, camille: Utilisateur
    ) -> None:
        statuts = echouer(client_http, camille.email, 10)

        assert statuts == [422] * FREIN_PERSONNE.libres + [429] * (10 - FREIN_PERSONNE.libres)
        assert tenter(client_http, camille.email).status_code == 429

    def test_un_inconnu_recoit_la_meme_reponse_que_quelqu_un(
        self, visiteurs: Visiteurs, camille: Utilisateur
    ) -> None:
        def frapper(adresse: str, email: str) -> tuple[int, str]:
            reponse = tenter(visiteurs.venu_de(adresse), email, "ce n’est pas lui")
            return reponse.status_code, TIRES.sub("", reponse.text.replace(email, ""))

        assert frapper("192.0.2.1", camille.email) == frapper("192.0.2.2", "nul@exemple.fr")

    @pytest.mark.parametrize("tape", ["ce n’est pas lui", "ce n’est pas ﬁni ①"])
    def test_un_inconnu_coute_autant_de_calcul(
        self, monkeypatch: pytest.MonkeyPatch, tape: str
    ) -> None:
        """The same digests are computed, whether somebody bears the address or not."""
        calculs = []
        verifier = passwords._hasher.verify

        def compter(digest: str, *suite: Any) -> bool:
            calculs.append(digest)
            return verifier(digest, *suite)

        monkeypatch.setattr(passwords._hasher.__class__, "verify", lambda _s, *a: compter(*a))
        passwords.verify_password(None, tape)
        pour_un_inconnu = len(calculs)
        passwords.verify_password(passwords.hash_password(NOUVEAU), tape)

        assert len(calculs) == 2 * pour_un_inconnu
        assert all(digest.startswith("$argon2id$") for digest in calculs)


class TestV23_6_3_2:
    """A new instance has no account, no default secret, and closes its installation."""

    def test_une_base_neuve_n_a_personne(self, app: FastAPI) -> None:
        with app.state.database.read() as session:
            assert session.scalar(select(func.count()).select_from(Utilisateur)) == 0

    @pytest.mark.parametrize("nom", ["admin", "admin@exemple.fr", "root", "demo@guerin.example"])
    @pytest.mark.parametrize("secret", ["admin", "password", "changeme", "cordeau", ""])
    def test_aucun_compte_par_defaut_n_ouvre(
        self, client_http: Navigateur, nom: str, secret: str
    ) -> None:
        assert not est_entre(tenter(client_http, nom, secret))

    def test_une_instance_ne_s_installe_qu_avec_le_code_de_sa_console(
        self, app: FastAPI, client_http: Navigateur
    ) -> None:
        app.state.installation_code = "abcd-efgh-jkmn"
        champs = {"csrf": client_http.jeton("/installation"), "code": "aaaa-aaaa-aaaa"}

        assert client_http.post("/installation", data=champs).status_code in {403, 422}
        un_utilisateur(app.state.database, Role.ADMIN)
        assert client_http.get("/installation").status_code == 404
        assert client_http.post("/installation", data=champs).status_code == 404

    def test_chaque_instance_tire_sa_cle(self) -> None:
        with TemporaryDirectory() as un, TemporaryDirectory() as deux:
            cles = {read_settings({"CORDEAU_DATA": d}).secret_key for d in (un, deux)}

        assert len(cles) == 2
        assert all(len(cle) >= 32 for cle in cles)


class TestV24_6_3_3:
    """The second factor: asked after the password, once, slowly, and never by-passed."""

    def test_le_mot_de_passe_seul_n_entre_pas(
        self, app: FastAPI, client_http: Navigateur, camille: Utilisateur
    ) -> None:
        activer_facteur(app.state.database, camille.email, app.state.settings.secret_key)

        reponse = tenter(client_http, camille.email)

        assert not est_entre(reponse)
        assert client_http.get("/dashboard", follow_redirects=False).status_code == 303

    def test_un_code_ne_sert_qu_une_fois(
        self, app: FastAPI, visiteurs: Visiteurs, camille: Utilisateur
    ) -> None:
        cle = app.state.settings.secret_key
        telephone = activer_facteur(app.state.database, camille.email, cle)
        code = code_de(telephone)
        premier, second = (visiteurs.venu_de(f"192.0.2.{n}") for n in (1, 2))

        assert self._entrer(premier, camille, code)
        assert not self._entrer(second, camille, code)

    @pytest.mark.parametrize("pas", [-10, -2, 2, 10, 2880])
    def test_un_code_d_un_autre_moment_n_entre_pas(
        self, app: FastAPI, client_http: Navigateur, camille: Utilisateur, pas: int
    ) -> None:
        cle = app.state.settings.secret_key
        telephone = activer_facteur(app.state.database, camille.email, cle)

        assert not self._entrer(client_http, camille, code_de(telephone, pas))

    def test_deviner_un_code_attend(
        self, app: FastAPI, client_http: Navigateur, camille: Utilisateur
    ) -> None:
        cle = app.state.settings.secret_key
        telephone = activer_facteur(app.state.database, camille.email, cle)
        tenter(client_http, camille.email)
        for _ in range(FREIN_PERSONNE.libres + 2):
            self._donner(client_http, "000000")

        assert not est_entre(self._donner(client_http, code_de(telephone)))

    def test_les_codes_de_secours_sont_gardes_en_empreintes(
        self, app: FastAPI, camille: Utilisateur
    ) -> None:
        cle = app.state.settings.secret_key
        activer_facteur(app.state.database, camille.email, cle)
        with app.state.database.read() as session:
            empreintes = list(session.scalars(select(CodeSecours.empreinte)))

        assert len(empreintes) >= 8
        assert all(len(e) == 64 and set(e) <= set("0123456789abcdef") for e in empreintes)

    def test_la_graine_ne_se_lit_pas_apres_coup(
        self, app: FastAPI, navigateur: Navigateurs, camille: Utilisateur
    ) -> None:
        chef = navigateur(Role.ADMIN)
        activer_facteur(app.state.database, camille.email, app.state.settings.secret_key)

        assert not SECRET_AFFICHE.search(chef.get("/compte/second-facteur").text)

    def _entrer(self, client: Navigateur, user: Utilisateur, code: str) -> bool:
        tenter(client, user.email)
        return est_entre(self._donner(client, code))

    def _donner(self, client: Navigateur, code: str) -> Any:
        jeton = client.jeton("/login/code")
        return client.post(
            "/login/code", data={"csrf": jeton, "code": code}, follow_redirects=False
        )


class TestV25_6_4_3:
    """The reset link serves once, not for long, and does not replace the second factor."""

    def test_un_lien_ne_sert_qu_une_fois(
        self, app: FastAPI, client_http: Navigateur, camille: Utilisateur
    ) -> None:
        lien = self._demander(app, client_http, camille)

        assert self._choisir(client_http, lien).status_code == 303
        assert client_http.get(lien).status_code == 404
        assert est_entre(tenter(client_http, camille.email, NOUVEAU))

    def test_un_lien_ancien_ne_sert_plus(
        self, app: FastAPI, client_http: Navigateur, camille: Utilisateur
    ) -> None:
        lien = self._demander(app, client_http, camille)
        with app.state.database.write() as session:
            session.execute(
                update(LienMotDePasse).values(
                    expire_le=LienMotDePasse.cree_le, cree_le=LienMotDePasse.cree_le
                )
            )

        assert timedelta(0) < DUREE_LIEN <= timedelta(hours=1)
        assert client_http.get(lien).status_code == 404

    def test_un_lien_ne_dispense_pas_du_second_facteur(
        self, app: FastAPI, client_http: Navigateur, camille: Utilisateur
    ) -> None:
        activer_facteur(app.state.database, camille.email, app.state.settings.secret_key)
        self._choisir(client_http, self._demander(app, client_http, camille))

        assert not est_entre(tenter(client_http, camille.email, NOUVEAU))

    def test_choisir_un_mot_de_passe_ferme_les_sessions(
        self, app: FastAPI, client_http: Navigateur, navigateur: Navigateurs, camille: Utilisateur
    ) -> None:
        chef = navigateur(Role.ADMIN)
        self._choisir(client_http, self._demander(app, client_http, camille))

        assert chef.get("/dashboard", follow_redirects=False).status_code == 303

    @pytest.mark.parametrize(
        ("chemin", "champs"),
        [
            ("/compte/email", {"email": "voleur@exemple.fr"}),
            ("/compte/second-facteur/proposition", {}),
            ("/compte/jetons", {"nom": "x", "portee": "tout"}),
            ("/parametres/utilisateurs/nouveau", {"nom": "x", "email": "v@x.fr", "role": "admin"}),
            ("/parametres/utilisateurs/{utilisateur}/role", {"role": "admin"}),
            ("/parametres/entreprise", "IBAN"),
        ],
    )
    def test_ce_qui_engage_redemande_qui_l_on_est(
        self, app: FastAPI, navigateur: Navigateurs, chemin: str, champs: Any
    ) -> None:
        dossier = remplir(app.state.database)
        chef = navigateur(Role.ADMIN)
        oublier_confirmation(app.state.database)
        if champs == "IBAN":
            champs = {**IDENTITE, "iban": "FR1420041010050500013M02606"}
        adresse = chemin.format(**dossier)

        assert chef.soumettre(adresse, champs).status_code == 403
        faux = {**champs, "confirmation": "ce n’est pas lui"}
        assert chef.soumettre(adresse, faux).status_code == 422
        vrai = {**champs, "confirmation": MOT_DE_PASSE}
        assert chef.soumettre(adresse, vrai).status_code == 303
        assert timedelta(minutes=15) >= CONFIRMATION

    def _demander(self, app: FastAPI, client: Navigateur, user: Utilisateur) -> str:
        page = "/mot-de-passe/oublie"
        client.post(page, data={"csrf": client.jeton(page), "email": user.email})
        lien = lien_recu(app)
        assert lien
        return lien

    def _choisir(self, client: Navigateur, lien: str) -> Any:
        champs = {"csrf": client.jeton(lien), "mot_de_passe": NOUVEAU}
        return client.post(lien, data=champs, follow_redirects=False)


class TestV26_7_2_4:
    """Sessions: new at each entry, ended by idleness, age, leaving, closing the account."""

    def test_entrer_donne_un_cookie_neuf(
        self, client_http: Navigateur, camille: Utilisateur
    ) -> None:
        client_http.cookies.set("cordeau_session", "fixé d’avance".encode().hex())
        reponse = tenter(client_http, camille.email)
        assert est_entre(reponse)
        premier = reponse.cookies["cordeau_session"]
        client_http.cookies.clear()
        second = tenter(client_http, camille.email).cookies["cordeau_session"]

        assert premier != second
        assert premier != "fixé d’avance".encode().hex()

    @pytest.mark.parametrize("duree", [INACTIVITE, DUREE_SESSION])
    def test_une_session_delaissee_ou_ancienne_est_finie(
        self, app: FastAPI, navigateur: Navigateurs, duree: timedelta
    ) -> None:
        chef = navigateur(Role.ADMIN)
        assert chef.get("/compte", follow_redirects=False).status_code == 200

        laisser_passer(app.state.database, duree + timedelta(minutes=1))

        assert chef.get("/compte", follow_redirects=False).status_code == 303

    def test_sortir_ferme_la_session_sur_le_serveur(
        self, app: FastAPI, navigateur: Navigateurs
    ) -> None:
        chef = navigateur(Role.ADMIN)
        cookie = chef.cookies["cordeau_session"]
        chef.soumettre("/logout")
        chef.cookies.set("cordeau_session", cookie)

        assert chef.get("/dashboard", follow_redirects=False).status_code == 303
        with app.state.database.read() as session:
            assert session.scalar(select(func.count()).select_from(SessionWeb)) == 0

    def test_fermer_un_compte_ferme_tout_a_l_instant(
        self, app: FastAPI, navigateur: Navigateurs, api: Api
    ) -> None:
        page, programme = navigateur("comptable"), api("comptable")
        user = un_utilisateur(app.state.database, "comptable")
        assert programme.get("/api/v1/clients").status_code == 200
        with app.state.database.write() as session:
            commands.desactiver(session, session.get_one(Utilisateur, user.id), actor=SYSTEME)

        assert page.get("/dashboard", follow_redirects=False).status_code == 303
        assert programme.get("/api/v1/clients").status_code == 401

    def test_on_voit_ses_sessions_et_on_les_ferme(self, navigateur: Navigateurs) -> None:
        ici, ailleurs = navigateur("comptable"), navigateur("comptable")
        ici.soumettre("/compte/sessions/fermeture", depuis="/compte")

        assert ici.get("/compte", follow_redirects=False).status_code == 200
        assert ailleurs.get("/compte", follow_redirects=False).status_code == 303
