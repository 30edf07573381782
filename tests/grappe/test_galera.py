"""The cluster of `deploy/galera`: what the probe says, and one kill of the node that writes."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from torture import epreuve
from torture.galera import MODELES

SAIN = {"wsrep_ready": "ON", "wsrep_cluster_status": "Primary", "wsrep_local_state": "4"}


@pytest.fixture(scope="module")
def sonde() -> ModuleType:
    """The program that runs beside each node."""
    spec = importlib.util.spec_from_file_location("sonde", MODELES / "sonde.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_la_sonde_accepte_un_noeud_a_jour(sonde: ModuleType) -> None:
    assert sonde.juger(SAIN)[0] == 200


def test_la_sonde_accepte_un_noeud_qui_donne_une_copie(sonde: ModuleType) -> None:
    assert sonde.juger(SAIN | {"wsrep_local_state": "2"})[0] == 200


@pytest.mark.parametrize(
    ("variable", "valeur", "raison"),
    [
        ("wsrep_ready", "OFF", "n'accepte pas"),
        ("wsrep_cluster_status", "non-Primary", "coupe de la majorite"),
        ("wsrep_local_state", "1", "rattrape"),
        ("wsrep_local_state", "3", "rattrape"),
    ],
)
def test_la_sonde_refuse_un_noeud_qui_ne_peut_pas_ecrire(
    sonde: ModuleType, variable: str, valeur: str, raison: str
) -> None:
    statut, dit = sonde.juger(SAIN | {variable: valeur})

    assert statut == 503
    assert raison in dit


def test_la_sonde_refuse_un_noeud_muet(sonde: ModuleType) -> None:
    statut, dit = sonde.Noeud("127.0.0.1", 1, "sonde", "").etat()

    assert statut == 503
    assert "ne repond pas" in dit


@pytest.mark.galera
def test_la_mort_du_noeud_qui_ecrit_ne_perd_rien(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(epreuve, "AVANT", 1.5)
    monkeypatch.setattr(epreuve, "APRES", 8.0)
    with epreuve.ouvrir_epreuve(tmp_path, graine=1) as essai:
        resultat = essai.jouer(1, "noeud")

    assert resultat.violations == []
    assert resultat.ecritures > 0
    assert resultat.retour is not None
