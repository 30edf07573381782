"""Accounts, keys and identity, from the console."""

import json
import os
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from cordeau.app import create_app
from cordeau.core.settings import read_settings
from tests.console.conftest import Lancer

CHEF = "chef@exemple.fr"
SECRET = "un secret assez long"


@pytest.fixture
def chef(instance: Path, lancer: Lancer) -> str:
    """An administrator made from the console; the instance is installed."""
    resultat = lancer(
        "user", "add", "--email", CHEF, "--role", "admin", "--password-stdin", entree=f"{SECRET}\n"
    )
    assert resultat.code == 0, resultat.erreurs
    return CHEF


def test_un_compte_cree_a_la_console_ouvre_l_api(chef: str, lancer: Lancer) -> None:
    resultat = lancer("token", "add", "--user", chef)
    jeton = resultat.sortie.splitlines()[-1]

    app = create_app(read_settings())
    with TestClient(app) as client:
        entete = {"Authorization": f"Bearer {jeton}"}
        assert client.get("/api/v1/entreprise", headers=entete).json()["nom"] == ""
        assert client.get("/installation").status_code == 404


@pytest.mark.usefixtures("instance")
def test_un_mot_de_passe_court_est_refuse_avec_son_champ(lancer: Lancer) -> None:
    resultat = lancer(
        "user", "add", "--email", CHEF, "--role", "admin", "--password-stdin", entree="court\n"
    )

    assert (resultat.code, resultat.sortie) == (1, "")
    assert "mot_de_passe : Choisissez un mot de passe d’au moins 12 caractères." in resultat.erreurs


def test_deux_comptes_de_meme_adresse_sont_refuses(chef: str, lancer: Lancer) -> None:
    resultat = lancer(
        "user", "add", "--email", chef, "--role", "comptable", "--password-stdin", entree=SECRET
    )

    assert resultat.code == 1
    assert "déjà" in resultat.erreurs


def test_un_mot_de_passe_change_et_un_compte_se_ferme(chef: str, lancer: Lancer) -> None:
    change = lancer(
        "user", "password", "--email", chef, "--password-stdin", entree="un autre secret\n"
    )
    ferme = lancer("user", "disable", "--email", chef)

    assert (change.code, ferme.code) == (0, 0)
    assert lancer("token", "add", "--user", "absent@exemple.fr").code == 1


def test_un_role_change_et_un_compte_se_rouvre(chef: str, lancer: Lancer) -> None:
    ferme = lancer("user", "disable", "--email", chef)
    assert "Plus personne n’administre" in ferme.erreurs

    rouvert = lancer("user", "enable", "--email", chef)
    role = lancer("user", "role", "--email", chef, "--role", "comptable")
    facteur = lancer("user", "reset-2fa", "--email", chef)

    assert (rouvert.code, role.code, facteur.code) == (0, 0, 0)
    assert "Comptable" in role.sortie


def test_un_jeton_a_son_nom_sa_portee_et_son_dernier_jour(chef: str, lancer: Lancer) -> None:
    options = ["--nom", "Tableur", "--lecture-seule", "--expire", "2099-12-31"]
    resultat = lancer("token", "add", "--user", chef, *options)
    jeton = resultat.sortie.splitlines()[-1]

    app = create_app(read_settings())
    with TestClient(app) as client:
        entete = {"Authorization": f"Bearer {jeton}"}
        assert client.get("/api/v1/entreprise", headers=entete).status_code == 200
        assert client.post("/api/v1/clients", headers=entete, json={"nom": "X"}).status_code == 403
    passe = lancer("token", "add", "--user", chef, "--expire", "2020-01-01")
    assert (passe.code, passe.sortie) == (1, "")
    assert lancer("token", "add", "--user", chef, "--expire", "demain").code == 2


@pytest.mark.usefixtures("chef")
@pytest.mark.parametrize("commande", ["password", "disable", "enable", "reset-2fa"])
def test_un_compte_inconnu_est_dit_inconnu(lancer: Lancer, commande: str) -> None:
    options = ["--password-stdin"] if commande == "password" else []

    resultat = lancer("user", commande, "--email", "absent@exemple.fr", *options, entree=SECRET)

    assert resultat.code == 1
    assert "absent@exemple.fr" in resultat.erreurs


def test_l_identite_se_donne_dans_un_fichier(instance: Path, lancer: Lancer) -> None:
    fichier = instance.parent / "entreprise.json"
    fichier.write_text(
        json.dumps(
            {
                "nom": "Atelier Vauban",
                "siren": "732 829 320",
                "adresse": {"ligne1": "1 rue Haute", "codePostal": "49000", "ville": "Angers"},
                "capital": 50000.5,
                "inconnu": 1,
            }
        ),
        "utf-8",
    )

    resultat = lancer("entreprise", "set", str(fichier))

    assert resultat.code == 0, resultat.erreurs
    assert "inconnu" in resultat.erreurs


def test_une_identite_fausse_est_refusee_champ_par_champ(instance: Path, lancer: Lancer) -> None:
    fichier = instance.parent / "entreprise.json"
    fichier.write_text('{"nom": "X", "siren": "123", "iban": "FR00", "delaiPaiement": -1}', "utf-8")

    resultat = lancer("entreprise", "set", str(fichier))

    assert resultat.code == 1
    for champ in ("siren", "iban", "delaiPaiement"):
        assert f"  {champ} : " in resultat.erreurs


@pytest.mark.parametrize("contenu", [None, "{", "[]", '{"a": 1, "a": 2}'])
def test_un_fichier_illisible_est_refuse(
    instance: Path, lancer: Lancer, contenu: str | None
) -> None:
    fichier = instance.parent / "entreprise.json"
    if contenu is not None:
        fichier.write_text(contenu, "utf-8")

    resultat = lancer("entreprise", "set", str(fichier))

    assert resultat.code == 1
    assert str(fichier) in resultat.erreurs


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "il manque COMMANDE"),
        (["user"], "il manque COMMANDE"),
        (["user", "add", "--email", CHEF, "--role", "chef", "--password-stdin"], "n’est pas l’un"),
        (["user", "add", "--email", CHEF], "il manque"),
        (["serve", "--port", "abc"], "--port n’accepte pas"),
        (["migrate", "--vite"], "argument inconnu : --vite"),
    ],
)
def test_une_commande_incomprise_sort_avec_2(
    dossier: Path, lancer: Lancer, arguments: list[str], message: str
) -> None:
    resultat = lancer(*arguments)

    assert resultat.code == 2
    assert message in resultat.erreurs
    assert not dossier.exists()


def test_l_aide_est_en_francais(dossier: Path, lancer: Lancer) -> None:
    for arguments in ([], ["serve"], ["user"], ["user", "add"], ["entreprise", "set"]):
        aide = lancer(*arguments, "--help").sortie

        assert aide.startswith("utilisation : cordeau")
        assert "affiche cette aide" in aide
        assert "usage" not in aide
    assert not dossier.exists()


@pytest.mark.usefixtures("instance")
def test_un_reglage_faux_est_refuse(lancer: Lancer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORDEAU_ENV", "vacances")

    resultat = lancer("migrate")

    assert resultat.code == 1
    assert "vacances" in resultat.erreurs
    assert "Traceback" not in resultat.erreurs


@pytest.mark.usefixtures("dossier")
def test_une_base_injoignable_est_dite_injoignable(
    lancer: Lancer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CORDEAU_DATABASE_URL", "sqlite:////nulle/part/cordeau.db")

    resultat = lancer("migrate")

    assert resultat.code == 1
    assert "ne répond pas" in resultat.erreurs


def test_la_cle_secrete_n_est_lisible_que_de_son_proprietaire(dossier: Path) -> None:
    premiere, seconde = read_settings(), read_settings()

    cle = dossier / "secret.key"
    assert premiere.secret_key == seconde.secret_key == cle.read_text()
    assert cle.stat().st_mode & 0o777 == 0o600
    assert os.environ["CORDEAU_DATA"] == str(dossier)
