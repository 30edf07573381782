"""A password forgotten: the link is alone, short, and tells nobody anything."""

import logging
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import select, update

from cordeau.app import make_handlers
from cordeau.auth import liens
from cordeau.auth.models import LienMotDePasse, Utilisateur
from cordeau.auth.queries import digest, get_user
from cordeau.core.dates import maintenant
from cordeau.core.errors import IntrouvableError
from cordeau.core.jobs import Worker
from cordeau.notifications.models import Message
from tests.auth.builders import ICI, actions, est_entre, lien_recu, tenter
from tests.gens import Navigateur, un_utilisateur

Ouvrir = Callable[..., Navigateur]
OUBLI = "/mot-de-passe/oublie"
NEUF = "une phrase toute neuve"
#: The token and the operation key of a form.
TIREE = re.compile(r"\b[0-9a-f]{32,64}\b")


def demander(client: Navigateur, email: str) -> str:
    """Ask for a link; what the page answers, what is drawn and the address left out."""
    reponse = client.soumettre(OUBLI, {"email": email}, depuis=OUBLI)
    assert reponse.status_code == 200
    return TIREE.sub("…", reponse.text.replace(email, "…"))


def test_connue_ou_non_l_adresse_recoit_la_meme_reponse(
    app: FastAPI, client_http: Navigateur, camille: Utilisateur
) -> None:
    inconnue = demander(client_http, "personne@exemple.fr")
    assert lien_recu(app) == ""

    assert demander(client_http, camille.email) == inconnue
    assert lien_recu(app)


def test_la_demande_ne_cherche_personne(app: FastAPI, client_http: Navigateur) -> None:
    """The work that differs is done by the job, not before the answer."""
    un_utilisateur(app.state.database, "admin")
    demander(client_http, "admin@exemple.fr")

    with app.state.database.read() as session:
        assert session.scalars(select(LienMotDePasse)).all() == []
        assert session.scalars(select(Message)).all() == []


def test_le_lien_change_le_mot_de_passe_et_ferme_toutes_les_sessions(
    app: FastAPI, client_http: Navigateur, navigateur: Ouvrir, camille: Utilisateur
) -> None:
    ouvert = navigateur()
    demander(client_http, camille.email)
    lien = lien_recu(app)

    reponse = client_http.soumettre(lien, {"mot_de_passe": NEUF}, depuis=lien)

    assert reponse.headers["location"] == "/login"
    assert not est_entre(reponse)
    assert ouvert.get("/compte", follow_redirects=False).status_code == 303
    assert est_entre(tenter(client_http, camille.email, NEUF))
    assert "Mot de passe changé" in actions(app.state.database, camille)


def test_le_lien_ne_sert_qu_une_fois_et_le_lire_ne_l_use_pas(
    app: FastAPI, client_http: Navigateur, camille: Utilisateur
) -> None:
    demander(client_http, camille.email)
    lien = lien_recu(app)
    assert [client_http.get(lien).status_code for _ in range(3)] == [200] * 3
    jeton = client_http.jeton(lien)

    envoi = {"csrf": jeton, "mot_de_passe": NEUF}
    assert client_http.post(lien, data=envoi, follow_redirects=False).status_code == 303

    assert client_http.get(lien).status_code == 404
    encore = client_http.post(lien, data=envoi)
    assert encore.status_code == 404
    assert "a déjà servi" in encore.text


def test_le_lien_meurt_avec_l_heure(
    app: FastAPI, client_http: Navigateur, camille: Utilisateur
) -> None:
    demander(client_http, camille.email)
    lien = lien_recu(app)
    with app.state.database.write() as session:
        garde = session.scalars(select(LienMotDePasse)).one()
        assert garde.expire_le - garde.cree_le == timedelta(hours=1)
        session.execute(update(LienMotDePasse).values(expire_le=maintenant()))

    assert client_http.get(lien).status_code == 404


def test_un_mot_de_passe_refuse_n_use_pas_le_lien(
    app: FastAPI, client_http: Navigateur, camille: Utilisateur
) -> None:
    demander(client_http, camille.email)
    lien = lien_recu(app)

    refus = client_http.soumettre(lien, {"mot_de_passe": "azertyuiop123"}, depuis=lien)

    assert refus.status_code == 422
    assert "les plus connus" in refus.text
    assert client_http.soumettre(lien, {"mot_de_passe": NEUF}, depuis=lien).status_code == 303


def test_le_lien_d_un_autre_ouvre_le_compte_de_l_autre(
    app: FastAPI, client_http: Navigateur, camille: Utilisateur
) -> None:
    autre = un_utilisateur(app.state.database, "commercial")
    demander(client_http, autre.email)
    lien = lien_recu(app)
    client_http.soumettre(lien, {"mot_de_passe": NEUF}, depuis=lien)

    assert not est_entre(tenter(client_http, camille.email, NEUF))
    assert est_entre(tenter(client_http, autre.email, NEUF))


@pytest.mark.parametrize("alterer", [lambda s: s[:-1], lambda s: s + "x", lambda s: s.upper()])
def test_un_lien_altere_n_ouvre_rien(
    app: FastAPI,
    client_http: Navigateur,
    camille: Utilisateur,
    alterer: Callable[[str], str],
) -> None:
    demander(client_http, camille.email)
    tete, _, jeton = lien_recu(app).rpartition("/")

    assert client_http.get(f"{tete}/{alterer(jeton)}").status_code == 404


def test_changer_d_adresse_ou_de_mot_de_passe_tue_les_liens(
    app: FastAPI, client_http: Navigateur, navigateur: Ouvrir, camille: Utilisateur
) -> None:
    demander(client_http, camille.email)
    premier = lien_recu(app)
    navigateur().soumettre("/compte/email", {"email": "autre@exemple.fr"}, depuis="/compte")

    assert client_http.get(premier).status_code == 404


def test_un_compte_ferme_ne_recoit_rien_et_son_lien_meurt(
    app: FastAPI, client_http: Navigateur, camille: Utilisateur
) -> None:
    demander(client_http, camille.email)
    lien = lien_recu(app)
    with app.state.database.write() as session:
        get_user(session, camille.email).actif = False

    assert client_http.get(lien).status_code == 404
    demander(client_http, camille.email)
    assert lien_recu(app) == lien


def test_la_base_ne_garde_que_l_empreinte_du_lien(
    app: FastAPI, client_http: Navigateur, camille: Utilisateur
) -> None:
    demander(client_http, camille.email)
    jeton = lien_recu(app).rpartition("/")[2]

    with app.state.database.read() as session:
        assert session.scalars(select(LienMotDePasse.empreinte)).one() == digest(jeton)
        assert jeton not in session.scalars(select(Message.corps)).one()


def test_un_lien_envoye_n_est_plus_dans_la_base(
    app: FastAPI, client_http: Navigateur, camille: Utilisateur, monkeypatch: pytest.MonkeyPatch
) -> None:
    partis = []
    monkeypatch.setattr(
        "cordeau.notifications.smtp.send", lambda _url, message: partis.append(message)
    )
    reglages = replace(app.state.settings, smtp_url="smtp://localhost:1")
    app.state.worker = Worker(app.state.database, make_handlers(reglages))
    demander(client_http, camille.email)
    lien_recu(app)

    assert "/mot-de-passe/" in partis[0].get_content()
    with app.state.database.read() as session:
        assert session.scalars(select(Message.confidentiel)).all() == [None]


def test_seul_l_administrateur_lit_le_lien_garde(
    app: FastAPI, client_http: Navigateur, navigateur: Ouvrir, camille: Utilisateur
) -> None:
    """Whoever reads the messages would else take the administrator's place."""
    demander(client_http, camille.email)
    lien = lien_recu(app)
    with app.state.database.read() as session:
        page = f"/parametres/messages/{session.scalars(select(Message.id)).one()}"

    assert lien in navigateur("admin").get(page).text
    for role in ("comptable", "gestionnaire"):
        texte = navigateur(role).get(page).text
        assert lien not in texte
        assert "qu’à l’administrateur" in texte


def test_le_journal_technique_ne_contient_pas_le_lien(
    app: FastAPI,
    client_http: Navigateur,
    camille: Utilisateur,
    caplog: pytest.LogCaptureFixture,
) -> None:
    demander(client_http, camille.email)
    lien = lien_recu(app)
    with caplog.at_level(logging.INFO):
        client_http.soumettre(lien, {"mot_de_passe": NEUF}, depuis=lien)

    dit = " ".join(r.getMessage() for r in caplog.records if r.name.startswith("cordeau"))
    assert "/mot-de-passe/…" in dit
    assert lien not in dit
    assert NEUF not in dit


def test_une_adresse_n_est_pas_inondee(client_http: Navigateur) -> None:
    for email in ("admin@exemple.fr", "personne@exemple.fr"):
        for _ in range(5):
            demander(client_http, email)
        trop = client_http.soumettre(OUBLI, {"email": email}, depuis=OUBLI)

        assert trop.status_code == 429
        assert int(trop.headers["retry-after"]) > 600
        assert f'value="{email}"' in trop.text


def test_deux_emplois_en_meme_temps_n_en_font_qu_un(app: FastAPI, camille: Utilisateur) -> None:
    database = app.state.database
    with database.write() as session:
        secret = liens.creer(session, get_user(session, camille.email))

    def essayer(n: int) -> bool:
        try:
            database.transaction(
                lambda s: liens.utiliser(s, secret, f"une phrase neuve {n}", origine=ICI)
            )
        except IntrouvableError:
            return False
        return True

    with ThreadPoolExecutor(8) as fils:
        assert sum(fils.map(essayer, range(8))) == 1


def test_le_lien_dit_l_adresse_reglee_pas_celle_de_la_demande(
    app: FastAPI, client_http: Navigateur, camille: Utilisateur
) -> None:
    jeton = client_http.jeton(OUBLI)
    client_http.post(
        OUBLI, data={"csrf": jeton, "email": camille.email}, headers={"Host": "pirate.example"}
    )
    lien_recu(app)

    with app.state.database.read() as session:
        texte = session.scalars(select(Message.confidentiel)).one()
    assert texte.startswith("http://testserver/mot-de-passe/")
