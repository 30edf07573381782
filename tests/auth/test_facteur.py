"""The second factor: turned on by its owner, asked at sign-in, never twice the same."""

import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pyotp
import pytest
from fastapi import FastAPI
from sqlalchemy import inspect, select
from starlette.testclient import TestClient

from cordeau.auth import connexion, facteur
from cordeau.auth.models import CodeSecours, SessionWeb, Utilisateur
from cordeau.auth.queries import get_user
from cordeau.auth.rules import FREIN_PERSONNE
from cordeau.core.errors import TropDeDemandesError
from cordeau.core.permissions import SYSTEME
from cordeau.web.signing import seal
from tests.auth.builders import (
    CODE_AFFICHE,
    ICI,
    SECRET_AFFICHE,
    actions,
    activer_facteur,
    code_de,
    est_entre,
    lien_recu,
    oublier_confirmation,
    tenter,
)
from tests.gens import MOT_DE_PASSE, Navigateur, un_utilisateur

Ouvrir = Callable[..., Navigateur]
PAGE = "/compte/second-facteur"


@pytest.fixture
def telephone(app: FastAPI, camille: Utilisateur) -> pyotp.TOTP:
    """What Camille's telephone knows, her second factor being on."""
    return activer_facteur(app.state.database, camille.email, app.state.settings.secret_key)


def donner(client: Navigateur, code: str) -> int:
    """Answer the second step; the status."""
    reponse = client.soumettre("/login/code", {"code": code}, depuis="/login/code")
    return 303 if est_entre(reponse) else reponse.status_code


def test_on_l_active_en_prouvant_que_le_telephone_le_connait(
    app: FastAPI, navigateur: Ouvrir, client_http: Navigateur, camille: Utilisateur
) -> None:
    client = navigateur()
    client.soumettre(f"{PAGE}/proposition", depuis=PAGE)
    page = client.get(PAGE).text
    assert 'src="data:image/svg+xml' in page
    telephone = pyotp.TOTP(SECRET_AFFICHE.search(page).group(1).replace(" ", ""))  # type: ignore[union-attr]

    faux = client.soumettre(f"{PAGE}/activation", {"code": "000000"}, depuis=PAGE)
    assert faux.status_code == 422
    assert "pas le bon" in faux.text
    client.soumettre(f"{PAGE}/activation", {"code": code_de(telephone)}, depuis=PAGE)

    codes = CODE_AFFICHE.findall(client.get(f"{PAGE}/codes").text)
    assert len(set(codes)) == 8
    assert client.get(f"{PAGE}/codes", follow_redirects=False).status_code == 303
    assert "ne sont plus montrés" in client.get(f"{PAGE}/codes").text
    assert actions(app.state.database, camille)[-1] == "Second facteur activé"
    reponse = tenter(client_http, camille.email)
    assert reponse.headers["location"] == "/login/code"
    assert donner(client_http, code_de(telephone, 1)) == 303


def test_le_mot_de_passe_seul_n_ouvre_rien(
    app: FastAPI, client_http: Navigateur, camille: Utilisateur, telephone: pyotp.TOTP
) -> None:
    reponse = tenter(client_http, camille.email)

    assert not est_entre(reponse)
    assert client_http.get("/compte", follow_redirects=False).status_code == 303
    with app.state.database.read() as session:
        assert session.scalars(select(SessionWeb)).all() == []


def test_un_code_ne_sert_qu_une_fois(
    client_http: Navigateur, camille: Utilisateur, telephone: pyotp.TOTP
) -> None:
    code = code_de(telephone, 1)
    tenter(client_http, camille.email)
    assert donner(client_http, code) == 303
    client_http.soumettre("/logout")

    tenter(client_http, camille.email)

    assert donner(client_http, code) == 422
    assert donner(client_http, code_de(telephone)) == 422, "un pas déjà dépassé"


@pytest.mark.parametrize(("pas", "statut"), [(0, 303), (1, 303), (3, 422), (-2, 422), (-2880, 422)])
def test_un_code_vaut_un_pas_avant_ou_apres(
    client_http: Navigateur, camille: Utilisateur, telephone: pyotp.TOTP, pas: int, statut: int
) -> None:
    tenter(client_http, camille.email)

    assert donner(client_http, code_de(telephone, pas)) == statut


@pytest.mark.parametrize("code", ["", "0", "x" * 100, "１２３４５６", "a\x00b", "12345", "1234567"])
def test_ce_qui_n_est_pas_un_code_est_refuse(
    client_http: Navigateur, camille: Utilisateur, telephone: pyotp.TOTP, code: str
) -> None:
    tenter(client_http, camille.email)

    assert donner(client_http, code) == 422


def test_dix_mille_codes_n_en_essaient_que_cinq(
    client_http: Navigateur, camille: Utilisateur, telephone: pyotp.TOTP
) -> None:
    tenter(client_http, camille.email)
    libres = FREIN_PERSONNE.libres

    statuts = [donner(client_http, f"{n:06d}") for n in range(libres + 2)]

    assert statuts == [422] * libres + [429, 429]
    bon = client_http.soumettre("/login/code", {"code": code_de(telephone)}, depuis="/login/code")
    assert bon.status_code == 429
    assert int(bon.headers["retry-after"]) > 0


def test_le_meme_code_donne_cinquante_fois_n_ouvre_qu_une_session(
    app: FastAPI, camille: Utilisateur, telephone: pyotp.TOTP
) -> None:
    cle, code = app.state.settings.secret_key, code_de(telephone)

    def essayer(_n: int) -> bool:
        try:
            return bool(
                connexion.entrer_par_code(
                    app.state.database, camille.id, code, cle=cle, origine=ICI
                )
            )
        except TropDeDemandesError:
            return False

    with ThreadPoolExecutor(50) as fils:
        assert sum(fils.map(essayer, range(50))) == 1


def test_un_code_de_secours_remplace_le_telephone_une_fois(
    app: FastAPI, client_http: Navigateur, camille: Utilisateur, telephone: pyotp.TOTP
) -> None:
    with app.state.database.write() as session:
        codes = facteur.renouveler_codes(session, get_user(session, camille.email))
    tape = codes[0].upper().replace("-", " ")

    tenter(client_http, camille.email)
    assert donner(client_http, tape) == 303
    assert "restants&nbsp;: 7" in client_http.get("/compte").text
    client_http.soumettre("/logout")

    tenter(client_http, camille.email)
    assert donner(client_http, tape) == 422
    assert donner(client_http, codes[1]) == 303


def test_le_code_de_secours_d_un_autre_ne_vaut_rien(
    app: FastAPI, client_http: Navigateur, camille: Utilisateur, telephone: pyotp.TOTP
) -> None:
    autre = un_utilisateur(app.state.database, "commercial")
    with app.state.database.write() as session:
        codes = facteur.renouveler_codes(session, get_user(session, autre.email))
    tenter(client_http, camille.email)

    assert donner(client_http, codes[0]) == 422


def test_de_nouveaux_codes_annulent_les_anciens(
    app: FastAPI, client_http: Navigateur, camille: Utilisateur, telephone: pyotp.TOTP
) -> None:
    with app.state.database.write() as session:
        anciens = facteur.renouveler_codes(session, get_user(session, camille.email))
    tenter(client_http, camille.email)
    assert donner(client_http, anciens[0]) == 303

    client_http.soumettre(f"{PAGE}/codes", depuis=PAGE)
    nouveaux = CODE_AFFICHE.findall(client_http.get(f"{PAGE}/codes").text)
    client_http.soumettre("/logout")

    tenter(client_http, camille.email)
    assert donner(client_http, anciens[1]) == 422
    assert donner(client_http, nouveaux[0]) == 303


def test_la_base_seule_ne_donne_aucun_code(
    app: FastAPI, camille: Utilisateur, telephone: pyotp.TOTP
) -> None:
    """Neither the secret nor a recovery code is written anywhere."""
    with app.state.database.write() as session:
        user = get_user(session, camille.email)
        codes = facteur.renouveler_codes(session, user)
        session.flush()
        gardes = [str(getattr(user, c.key)) for c in inspect(Utilisateur).column_attrs]
        gardes += session.scalars(select(CodeSecours.empreinte)).all()

    assert telephone.secret not in " ".join(gardes)
    assert not set(codes) & set(gardes)
    with app.state.database.read() as session:
        user = get_user(session, camille.email)
        autre = facteur.secret_a_recopier(user, "une autre clé").replace(" ", "")
    assert autre != telephone.secret


def test_l_attente_du_code_ne_se_fabrique_pas(
    app: FastAPI, client_http: Navigateur, camille: Utilisateur, telephone: pyotp.TOTP
) -> None:
    faux = seal("une autre clé", "cordeau_attente", [camille.id.hex, "/", "x", 9_999_999_999])
    client_http.cookies.set("cordeau_attente", faux)

    reponse = client_http.get("/login/code", follow_redirects=False)

    assert reponse.headers["location"] == "/login"


def test_l_attente_du_code_est_courte_et_finit_avec_le_mot_de_passe(
    app: FastAPI, client_http: Navigateur, camille: Utilisateur, telephone: pyotp.TOTP
) -> None:
    cle = app.state.settings.secret_key
    vieux = seal(cle, "cordeau_attente", [camille.id.hex, "/", "x", int(time.time()) - 1])
    client_http.cookies.set("cordeau_attente", vieux)
    assert client_http.get("/login/code", follow_redirects=False).status_code == 303
    client_http.cookies.clear()
    tenter(client_http, camille.email)
    with app.state.database.write() as session:
        get_user(session, camille.email).mot_de_passe = "autre"

    reponse = client_http.soumettre(
        "/login/code", {"code": code_de(telephone)}, depuis="/login/code"
    )

    assert reponse.headers["location"] == "/login"
    assert client_http.get("/compte", follow_redirects=False).status_code == 303


def test_un_compte_ferme_entre_le_mot_de_passe_et_le_code_n_ouvre_pas(
    app: FastAPI, client_http: Navigateur, camille: Utilisateur, telephone: pyotp.TOTP
) -> None:
    tenter(client_http, camille.email)
    with app.state.database.write() as session:
        get_user(session, camille.email).actif = False

    assert donner(client_http, code_de(telephone)) == 422


def test_le_lien_de_mot_de_passe_ne_passe_pas_outre(
    app: FastAPI, client_http: Navigateur, camille: Utilisateur, telephone: pyotp.TOTP
) -> None:
    client_http.soumettre(
        "/mot-de-passe/oublie", {"email": camille.email}, depuis="/mot-de-passe/oublie"
    )
    lien = lien_recu(app)
    client_http.soumettre(lien, {"mot_de_passe": "une phrase toute neuve"}, depuis=lien)

    reponse = tenter(client_http, camille.email, "une phrase toute neuve")

    assert reponse.headers["location"] == "/login/code"
    assert client_http.get("/compte", follow_redirects=False).status_code == 303


def test_on_le_retire_en_redisant_qui_l_on_est(
    app: FastAPI, client_http: Navigateur, camille: Utilisateur, telephone: pyotp.TOTP
) -> None:
    tenter(client_http, camille.email)
    donner(client_http, code_de(telephone))
    oublier_confirmation(app.state.database)

    assert client_http.soumettre(f"{PAGE}/retrait", depuis=PAGE).status_code == 403
    client_http.soumettre(f"{PAGE}/retrait", {"confirmation": MOT_DE_PASSE}, depuis=PAGE)

    client_http.soumettre("/logout")
    assert est_entre(tenter(client_http, camille.email))


def obliger(app: FastAPI, *, oblige: bool = True) -> None:
    """The setting of the firm."""
    with app.state.database.write() as session:
        facteur.obliger(session, oblige=oblige, actor=SYSTEME)


@pytest.mark.parametrize(
    ("role", "conduit"), [("admin", True), ("comptable", True), ("commercial", False)]
)
def test_rendu_obligatoire_il_conduit_a_l_enrolement(
    app: FastAPI, client_http: Navigateur, role: str, *, conduit: bool
) -> None:
    obliger(app)
    user = un_utilisateur(app.state.database, role)
    assert est_entre(tenter(client_http, user.email))

    page = client_http.get("/clients", follow_redirects=False)

    assert page.headers.get("location") == (PAGE if conduit else None)
    assert client_http.get(PAGE).status_code == 200
    assert client_http.get("/logout").status_code == 200
    appel = client_http.get("/api/v1/clients")
    assert appel.status_code == (403 if conduit else 200)


def test_rien_d_autre_ne_s_ouvre_avant_l_enrolement_puis_tout(
    app: FastAPI, client_http: Navigateur, camille: Utilisateur
) -> None:
    obliger(app)
    tenter(client_http, camille.email)
    for chemin in ("/compte", "/compte/jetons", "/parametres/utilisateurs", "/dashboard"):
        assert client_http.get(chemin, follow_redirects=False).headers["location"] == PAGE
    refus = client_http.soumettre("/compte/nom", {"nom": "Autre"}, depuis=PAGE)
    assert refus.headers["location"] == PAGE

    client_http.soumettre(f"{PAGE}/proposition", depuis=PAGE)
    secret = SECRET_AFFICHE.search(client_http.get(PAGE).text).group(1)  # type: ignore[union-attr]
    code = code_de(pyotp.TOTP(secret.replace(" ", "")))
    client_http.soumettre(f"{PAGE}/activation", {"code": code}, depuis=PAGE)

    assert client_http.get("/parametres/utilisateurs").status_code == 200
    assert "ne se désactive pas" in client_http.get(PAGE).text
    assert client_http.soumettre(f"{PAGE}/retrait", depuis=PAGE).status_code == 409


def test_le_rendre_obligatoire_vaut_aussi_pour_qui_est_deja_la(
    app: FastAPI, navigateur: Ouvrir, camille: Utilisateur
) -> None:
    comptable, commercial = navigateur("comptable"), navigateur("commercial")
    obliger(app)

    assert comptable.get("/clients", follow_redirects=False).headers["location"] == PAGE
    assert commercial.get("/clients").status_code == 200
    obliger(app, oblige=False)
    assert comptable.get("/clients").status_code == 200


def test_un_jeton_d_api_ne_change_pas(app: FastAPI, api: Callable[..., TestClient]) -> None:
    client = api("admin")
    obliger(app)
    cle = app.state.settings.secret_key
    activer_facteur(app.state.database, "admin@exemple.fr", cle)

    assert client.get("/api/v1/clients").status_code == 200


def test_l_image_et_la_cle_ne_sont_plus_montrees_une_fois_active(
    client_http: Navigateur, camille: Utilisateur, telephone: pyotp.TOTP
) -> None:
    tenter(client_http, camille.email)
    donner(client_http, code_de(telephone))

    page = client_http.get(PAGE).text

    assert "data:image" not in page
    assert not SECRET_AFFICHE.search(page)


def test_perdre_la_cle_de_l_instance_laisse_les_codes_de_secours(
    app: FastAPI, client_http: Navigateur, camille: Utilisateur, telephone: pyotp.TOTP
) -> None:
    with app.state.database.write() as session:
        codes = facteur.renouveler_codes(session, get_user(session, camille.email))
    app.state.settings = replace(app.state.settings, secret_key="une clé toute neuve")
    tenter(client_http, camille.email)

    assert donner(client_http, code_de(telephone)) == 422
    assert donner(client_http, codes[3]) == 303


def test_les_secrets_montres_une_fois_ne_passent_que_par_le_navigateur(
    navigateur: Ouvrir,
) -> None:
    client = navigateur()
    client.soumettre(f"{PAGE}/proposition", depuis=PAGE)
    secret = SECRET_AFFICHE.search(client.get(PAGE).text).group(1)  # type: ignore[union-attr]
    code = code_de(pyotp.TOTP(secret.replace(" ", "")))

    reponse = client.soumettre(f"{PAGE}/activation", {"code": code}, depuis=PAGE)

    cookie = reponse.headers["set-cookie"]
    assert re.search(r"cordeau_montrer=\S+; HttpOnly; Max-Age=120; Path=/; SameSite=lax", cookie)
    assert not reponse.text
