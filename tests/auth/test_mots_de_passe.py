"""Passwords: long, unknown to others, the same whatever the keyboard."""

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI

from cordeau.auth import passwords
from cordeau.auth.models import Utilisateur
from cordeau.auth.passwords import hash_password, normaliser, verify_password
from cordeau.auth.queries import get_user
from cordeau.core.errors import SaisieError
from tests.auth.builders import est_entre, tenter
from tests.gens import MOT_DE_PASSE, Navigateur


@pytest.mark.parametrize(
    "connu",
    [
        "azertyuiop123",
        "motdepasse123",
        "MotDePasse123",
        "jetaimejetaime",
        "administrateur",
        "qwertyuiop12",
        "aaaaaaaaaaaaaaaaaaaaaaaa",
        "1212121212121212",
        "azertyuiop１２３",
    ],
)
def test_un_mot_de_passe_connu_de_tous_est_refuse(connu: str) -> None:
    with pytest.raises(SaisieError) as refus:
        hash_password(connu)

    assert "les plus connus" in refus.value.fautes[0].message


@pytest.mark.parametrize("evident", ["camille.vasseur@exemple.fr", "Camille Vasseur"])
def test_son_nom_et_son_adresse_sont_refuses(evident: str) -> None:
    with pytest.raises(SaisieError, match=r"."):
        hash_password(evident.upper(), evidents=(evident,))


@pytest.mark.parametrize(
    "bon",
    [
        "le chantier avance bien",
        "truelle-niveau-cordeau-fil-à-plomb-et-même-soixante-quatre-caractères",
        "🧱🪵🔨🪚 mur",
        "mot\x00de\x00passe long",
        "шпатель и отвес",
    ],
)
def test_une_phrase_convient(bon: str) -> None:
    garde = hash_password(bon.ljust(12, "!"))

    assert verify_password(garde, bon.ljust(12, "!"))


@pytest.mark.parametrize(
    ("tape", "autrement"),
    [
        ("le béton coule à flots", "le béton coule à flots"),
        ("la ﬁn du chantier", "la fin du chantier"),
        ("étage n° ２ à finir", "étage n° 2 à finir"),
    ],
)
def test_deux_claviers_ecrivent_le_meme_mot_de_passe(tape: str, autrement: str) -> None:
    assert normaliser(tape) == normaliser(autrement)
    assert verify_password(hash_password(tape), autrement)
    assert verify_password(hash_password(autrement), tape)


def test_un_mot_de_passe_d_avant_la_normalisation_ouvre_et_est_repris(
    app: FastAPI, client_http: Navigateur, camille: Utilisateur
) -> None:
    ancien = "la ﬁn du chantier"
    with app.state.database.write() as session:
        user = get_user(session, camille.email)
        user.mot_de_passe = avant = passwords._hasher.hash(ancien)

    assert est_entre(tenter(client_http, camille.email, ancien))

    with app.state.database.read() as session:
        apres = get_user(session, camille.email).mot_de_passe
    assert apres != avant
    assert verify_password(apres, "la fin du chantier")


def test_une_empreinte_plus_faible_est_refaite_a_la_connexion(
    app: FastAPI, client_http: Navigateur, camille: Utilisateur, monkeypatch: pytest.MonkeyPatch
) -> None:
    plus_fort = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", plus_fort)

    assert est_entre(tenter(client_http, camille.email))

    with app.state.database.read() as session:
        garde = get_user(session, camille.email).mot_de_passe
    assert "m=16,t=2" in garde
    assert verify_password(garde, MOT_DE_PASSE)


def test_un_mot_de_passe_demesure_est_un_echec_pas_une_panne(
    client_http: Navigateur, camille: Utilisateur
) -> None:
    for password in ("x" * 99_999, MOT_DE_PASSE + " " * 1024, "\x00" * 100):
        assert tenter(client_http, camille.email, password).status_code == 422
