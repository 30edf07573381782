"""Guessing is slow, for whoever guesses and from wherever."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from cordeau.auth import connexion
from cordeau.auth.models import SessionWeb, Utilisateur
from cordeau.auth.rules import FREIN_ADRESSE, FREIN_PERSONNE
from cordeau.core.db import Database
from cordeau.core.errors import TropDeDemandesError
from cordeau.core.quotas import Geste, Quota
from cordeau.web.origine import Origine
from tests.auth.builders import (
    Visiteurs,
    actions,
    echouer,
    est_entre,
    laisser_passer,
    lien_recu,
    tenter,
    un_essai,
)
from tests.gens import MOT_DE_PASSE, Navigateur, un_utilisateur

LIBRES = FREIN_PERSONNE.libres


def test_apres_cinq_echecs_le_bon_mot_de_passe_attend_aussi(
    client_http: Navigateur, camille: Utilisateur
) -> None:
    assert echouer(client_http, camille.email, LIBRES) == [422] * LIBRES

    reponse = tenter(client_http, camille.email)

    assert reponse.status_code == 429
    assert 1 <= int(reponse.headers["retry-after"]) <= 30
    assert "Réessayez dans" in reponse.text
    assert f'value="{camille.email}"' in reponse.text
    assert "set-cookie" not in reponse.headers


def test_une_adresse_inconnue_est_freinee_comme_une_autre(
    visiteurs: Visiteurs, camille: Utilisateur
) -> None:
    connue = echouer(visiteurs.venu_de("192.0.2.1"), camille.email, LIBRES + 2)
    inconnue = echouer(visiteurs.venu_de("192.0.2.2"), "personne@exemple.fr", LIBRES + 2)

    assert connue == inconnue == [422] * LIBRES + [429] * 2


def test_l_attente_passee_on_entre_et_les_echecs_sont_oublies(
    app: FastAPI, client_http: Navigateur, camille: Utilisateur
) -> None:
    echouer(client_http, camille.email, LIBRES)
    laisser_passer(app.state.database, timedelta(seconds=31))

    assert est_entre(tenter(client_http, camille.email))
    client_http.cookies.clear()
    assert echouer(client_http, camille.email, LIBRES) == [422] * LIBRES


def test_un_essai_refuse_ne_prolonge_pas_l_attente(
    app: FastAPI, client_http: Navigateur, camille: Utilisateur
) -> None:
    echouer(client_http, camille.email, LIBRES + 6)
    laisser_passer(app.state.database, timedelta(seconds=31))

    assert est_entre(tenter(client_http, camille.email))


def test_l_attente_double_et_reste_bornee() -> None:
    pauses = [FREIN_PERSONNE.pause(n) for n in range(LIBRES - 1, LIBRES + 8)]

    minutes = [p and p.total_seconds() / 60 for p in pauses]
    assert minutes == [None, 0.5, 1, 2, 4, 8, 15, 15, 15]
    assert FREIN_PERSONNE.pause(10**6) == timedelta(minutes=15)
    assert FREIN_ADRESSE.pause(FREIN_ADRESSE.libres - 1) is None


def test_qui_s_acharne_n_enferme_pas_le_proprietaire_dehors(
    visiteurs: Visiteurs, camille: Utilisateur
) -> None:
    """A browser known to the account has a count of its own, and what is open stays open."""
    bureau = visiteurs.venu_de("198.51.100.4")
    assert est_entre(tenter(bureau, camille.email))

    echouer(visiteurs.venu_de("192.0.2.66"), camille.email, LIBRES + 1)

    assert bureau.get("/compte").status_code == 200
    assert bureau.soumettre("/logout").status_code == 303
    assert tenter(visiteurs.venu_de("198.51.100.5"), camille.email).status_code == 429
    assert est_entre(tenter(bureau, camille.email))
    bureau.soumettre("/logout")
    assert echouer(bureau, camille.email, LIBRES + 1) == [422] * LIBRES + [429]


def test_le_navigateur_d_un_compte_n_en_ouvre_pas_un_autre(
    app: FastAPI, visiteurs: Visiteurs, camille: Utilisateur
) -> None:
    autre = un_utilisateur(app.state.database, "commercial")
    sien = visiteurs.venu_de("198.51.100.4")
    assert est_entre(tenter(sien, autre.email))
    sien.soumettre("/logout")
    echouer(visiteurs.venu_de("192.0.2.66"), camille.email, LIBRES)

    assert tenter(sien, camille.email).status_code == 429


def test_une_adresse_qui_essaie_tout_le_monde_est_freinee(
    visiteurs: Visiteurs, camille: Utilisateur
) -> None:
    pirate = visiteurs.venu_de("192.0.2.66")
    libres = FREIN_ADRESSE.libres
    statuts = [tenter(pirate, f"p{n}@exemple.fr", "x").status_code for n in range(libres + 1)]

    assert statuts == [422] * libres + [429]
    assert tenter(pirate, camille.email).status_code == 429
    assert est_entre(tenter(visiteurs.venu_de("192.0.2.67"), camille.email))


def test_entrer_ne_rend_a_l_adresse_que_son_propre_essai(
    app: FastAPI, visiteurs: Visiteurs, camille: Utilisateur
) -> None:
    """An attacker who owns an account would else wipe his slate clean at will."""
    pirate = visiteurs.venu_de("192.0.2.66")
    for n in range(FREIN_ADRESSE.libres - 1):
        tenter(pirate, f"p{n}@exemple.fr", "x")
    sien = un_utilisateur(app.state.database, "technicien")
    assert est_entre(tenter(pirate, sien.email))
    pirate.cookies.clear()

    assert [tenter(pirate, f"q{n}@exemple.fr", "x").status_code for n in range(2)] == [422, 429]


def test_cinquante_essais_en_meme_temps_n_en_font_que_cinq(app: FastAPI) -> None:
    database: Database = app.state.database
    camille = un_utilisateur(database, "admin")

    def essayer(n: int) -> str:
        try:
            connexion.entrer(database, un_essai(camille.email, f"faux {n}"))
        except TropDeDemandesError:
            return "freiné"
        return "essayé"

    with ThreadPoolExecutor(50) as fils:
        issues = list(fils.map(essayer, range(50)))

    assert issues.count("essayé") == LIBRES
    assert issues.count("freiné") == 50 - LIBRES


def test_dix_mille_essais_n_en_font_que_quelques_uns_par_jour() -> None:
    """A day of guesses at full speed, without a pause between two."""
    ecoule, essais = timedelta(), 0
    while ecoule < timedelta(days=1):
        essais += 1
        ecoule += FREIN_PERSONNE.pause(essais) or timedelta()

    assert essais < 110


def test_le_lien_de_mot_de_passe_libere_le_compte(
    app: FastAPI, client_http: Navigateur, camille: Utilisateur
) -> None:
    echouer(client_http, camille.email, LIBRES)
    client_http.soumettre(
        "/mot-de-passe/oublie", {"email": camille.email}, depuis="/mot-de-passe/oublie"
    )
    lien = lien_recu(app)

    client_http.soumettre(lien, {"mot_de_passe": "une phrase toute neuve"}, depuis=lien)

    assert est_entre(tenter(client_http, camille.email, "une phrase toute neuve"))


def test_l_historique_dit_les_refus_et_d_ou_ils_viennent(
    app: FastAPI, visiteurs: Visiteurs, camille: Utilisateur
) -> None:
    echouer(visiteurs.venu_de("192.0.2.66"), camille.email, LIBRES)

    assert actions(app.state.database, camille) == ["Compte créé"] + ["Connexion refusée"] * LIBRES
    page = visiteurs.venu_de("192.0.2.9")
    assert est_entre(tenter(page, "admin@exemple.fr")) is False
    laisser_passer(app.state.database, timedelta(minutes=16))
    assert est_entre(tenter(page, "admin@exemple.fr"))
    texte = page.get("/compte").text
    assert "192.0.2.66" in texte
    assert "tentatives suspendues" in texte


def test_l_adresse_annoncee_ne_compte_que_d_un_proxy_de_confiance(
    app: FastAPI, visiteurs: Visiteurs, camille: Utilisateur
) -> None:
    app.state.settings = replace(app.state.settings, proxies=(ip_network("127.0.0.1"),))
    menteur, proxy = visiteurs.venu_de("192.0.2.66"), visiteurs.venu_de("127.0.0.1")
    tenter(menteur, camille.email, **{"X-Forwarded-For": "10.1.1.1"})
    tenter(proxy, camille.email, **{"X-Forwarded-For": "6.6.6.6, 198.51.100.8"})

    assert _adresses(app) == {"192.0.2.66", "198.51.100.8"}


def test_les_proxys_de_confiance_se_reglent(
    app: FastAPI, visiteurs: Visiteurs, camille: Utilisateur
) -> None:
    app.state.settings = replace(app.state.settings, proxies=(ip_network("10.0.0.0/8"),))
    for pair, annonce in (
        ("10.0.0.1", "198.51.100.8, 10.3.3.3"),
        ("127.0.0.1", "198.51.100.9"),
        ("10.0.0.2", "n’importe quoi"),
    ):
        tenter(visiteurs.venu_de(pair), camille.email, **{"X-Forwarded-For": annonce.encode()})  # type: ignore[arg-type]

    assert _adresses(app) == {"198.51.100.8", "127.0.0.1", "10.0.0.2"}


def test_une_adresse_ipv6_compte_avec_ses_voisines() -> None:
    assert Origine("2001:db8:1:2:aaaa::1", "").cle == Origine("2001:db8:1:2::9", "").cle
    assert Origine("2001:db8:1:3::9", "").cle != Origine("2001:db8:1:2::9", "").cle
    assert Origine("192.0.2.1", "").cle == "192.0.2.1"


def test_les_formulaires_envoyes_en_rafale_sont_comptes(
    app: FastAPI, client_http: Navigateur, camille: Utilisateur
) -> None:
    """Even right ones: digesting a password costs."""
    quotas = {**app.state.settings.quotas, Geste.CONNEXION: Quota(2, timedelta(minutes=5))}
    app.state.settings = replace(app.state.settings, quotas=quotas)
    for _ in range(2):
        assert est_entre(tenter(client_http, camille.email))
        client_http.soumettre("/logout")

    reponse = tenter(client_http, camille.email)

    assert reponse.status_code == 429
    assert int(reponse.headers["retry-after"]) > 60
    assert "minutes" in reponse.text


@pytest.mark.parametrize("email", ["", "é@é.fr", "x" * 255, "a\x00@b.fr"])
def test_une_adresse_bizarre_est_un_echec_comme_un_autre(
    client_http: Navigateur, email: str
) -> None:
    assert tenter(client_http, email, MOT_DE_PASSE).status_code == 422


def _adresses(app: FastAPI) -> set[str]:
    with app.state.database.read() as session:
        assert session.scalar(select(func.count()).select_from(SessionWeb))
        return set(session.scalars(select(SessionWeb.adresse)))
