"""Serving an instance: how it starts, what it refuses, how it stops."""

import json
import re
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import pytest

from cordeau.core.db import Database
from tests.console.conftest import Lancer
from tests.serveurs import BaseDeTest

Demarrer = Callable[..., "subprocess.Popen[str]"]


def lire_adresse(processus: "subprocess.Popen[str]") -> str:
    """The address a server prints once it listens."""
    ligne = _sortie(processus).readline()
    trouve = re.search(r"http://\S+", ligne)
    assert trouve, f"{ligne!r} {processus.stderr.read() if processus.stderr else ''}"
    return trouve.group()


def sante(adresse: str) -> Any:
    """What the server says of itself."""
    with urllib.request.urlopen(f"{adresse}/sante", timeout=20) as reponse:  # noqa: S310
        return json.load(reponse)


def _sortie(processus: "subprocess.Popen[str]") -> IO[str]:
    assert processus.stdout is not None
    return processus.stdout


@pytest.mark.usefixtures("instance")
def test_servir_annonce_son_adresse_et_s_arrete_proprement(
    moteur: str, demarrer: Demarrer, lancer: Lancer
) -> None:
    serveur = demarrer("serve", "--port", "0")
    adresse = lire_adresse(serveur)

    assert sante(adresse)["statut"] == "ok"
    assert f"{adresse}/installation" in _sortie(serveur).readline()
    assert re.fullmatch(r"Code d’installation : \w{4}-\w{4}-\w{4}\n", _sortie(serveur).readline())
    if moteur == "sqlite":
        _un_second_est_refuse(lancer)

    serveur.send_signal(signal.SIGTERM)
    _, erreurs = serveur.communicate(timeout=30)
    assert serveur.returncode in {0, -signal.SIGTERM}
    lignes = [json.loads(ligne) for ligne in erreurs.splitlines()]
    assert any(ligne["message"] == "GET /sante" and ligne["requete"] for ligne in lignes)


def _un_second_est_refuse(lancer: Lancer) -> None:
    """On SQLite a single process works at a time."""
    for commande in (["serve", "--port", "0"], ["worker"]):
        resultat = lancer(*commande)

        assert resultat.code == 1
        assert "Un autre Cordeau travaille déjà" in resultat.erreurs


@pytest.mark.usefixtures("instance")
def test_l_ouvrier_seul_s_arrete_quand_on_le_lui_demande(demarrer: Demarrer) -> None:
    ouvrier = demarrer("worker")
    assert "travaux" in _sortie(ouvrier).readline()

    ouvrier.send_signal(signal.SIGTERM)

    _, erreurs = ouvrier.communicate(timeout=30)
    assert ouvrier.returncode == 0, erreurs


@pytest.mark.usefixtures("instance")
def test_un_port_pris_est_refuse(lancer: Lancer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as occupant:
        resultat = lancer("serve", "--port", str(occupant.getsockname()[1]))

    assert resultat.code == 1
    assert "--port" in resultat.erreurs


def test_une_base_neuve_est_faite_au_premier_demarrage(dossier: Path, demarrer: Demarrer) -> None:
    assert sante(lire_adresse(demarrer("serve", "--port", "0")))["base"] == "sqlite"

    assert (dossier / "cordeau.db").exists()


@pytest.mark.usefixtures("dossier")
def test_migrer_puis_creer_un_compte_suffit(lancer: Lancer) -> None:
    assert lancer("migrate").code == 0

    resultat = lancer(
        "user", "add", "--email", "a@b.fr", "--role", "admin", "--password-stdin",
        entree="un secret assez long",
    )  # fmt: skip

    assert resultat.code == 0, resultat.erreurs


@pytest.mark.usefixtures("instance")
@pytest.mark.parametrize("commande", [["serve", "--port", "0"], ["worker"], ["demo"]])
def test_une_base_d_une_autre_version_est_refusee(
    base: BaseDeTest, lancer: Lancer, commande: list[str]
) -> None:
    _dater_schema(base, "20261121_2300")

    resultat = lancer(*commande)

    assert resultat.code == 1
    assert "cordeau migrate" in resultat.erreurs


@pytest.mark.usefixtures("instance")
@pytest.mark.parametrize("commande", [["serve", "--port", "0"], ["migrate"], ["demo"]])
def test_une_base_plus_recente_que_le_logiciel_le_dit(
    base: BaseDeTest, lancer: Lancer, commande: list[str]
) -> None:
    """Migrating would not help: nothing here knows what that version did."""
    _dater_schema(base, "20991231_0000")

    resultat = lancer(*commande)

    assert resultat.code == 1
    assert "version plus récente de Cordeau (schéma 20991231_0000)" in resultat.erreurs
    assert "cordeau migrate" not in resultat.erreurs


def _dater_schema(base: BaseDeTest, revision: str) -> None:
    database = Database(base.url)
    with database.engine.begin() as connexion:
        connexion.exec_driver_sql("DELETE FROM alembic_version")
        connexion.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{revision}')")  # noqa: S608
    database.dispose()
