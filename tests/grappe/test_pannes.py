"""Trouble of the machine under a real server: never an acknowledgement of what is not saved."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.conftest import _manque
from torture import gestes
from torture.bancs import BancSqlite
from torture.charge import noter_reponse
from torture.controle import controler
from torture.processus import Souche
from torture.releve import ouvrir, relever
from torture.reseau import Client, Reponse
from torture.seance import creer_client
from torture.temoin import Geste, Issue

#: Room for an instance and a few hundred devis; what is left once the disk is « full ».
DISQUE, RESTE = "24m", 300_000
#: More than enough to fill what is left.
ESSAIS = 400
UNE_ECRITURE = 1_000_000

OuvrirBanc = Callable[..., BancSqlite]


@pytest.fixture
def disque(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own."""
    if os.geteuid() != 0:
        _manque("le droit de monter un disque")
    dossier = tmp_path / "disque"
    dossier.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISQUE}", "essai", dossier], check=True)
    yield dossier
    subprocess.run(["umount", dossier], check=True)


@pytest.fixture
def ouvrir_banc() -> Iterator[OuvrirBanc]:
    """Instances that end with the test, before their disk is taken away."""
    with ExitStack() as pile:

        def ouvrir_un(dossier: Path, *, neuf: bool = True, prefixe: tuple[str, ...] = ()) -> Any:
            (dossier / "var").mkdir(parents=True, exist_ok=True)
            souche = Souche(prefixe)
            pile.callback(souche.arreter)
            banc = BancSqlite(dossier, 1, souche)
            pile.callback(banc.arreter)
            if neuf:
                banc.installer()
            return banc

        yield ouvrir_un


class Visiteur:
    """One client that writes devis until told otherwise, and its witness."""

    def __init__(self, banc: BancSqlite) -> None:
        self.banc = banc
        self.gestes: list[Geste] = []
        self._reseau = Client(banc.port, banc.jeton)
        self._hasard = Random(1)  # noqa: S311 (the same devis at each run)
        self.client_id = creer_client(self._reseau, 1)
        self.fermer()

    def fermer(self) -> None:
        """Leave; the next request comes in again."""
        self._reseau.fermer()

    def demander(self, methode: str, chemin: str, corps: Any = None) -> Reponse:
        """One request of the API."""
        reponse = self._reseau.demander(methode, f"/api/v1/{chemin}", corps)
        self.fermer()  # its server may be killed before the next
        return reponse

    def ecrire_un_devis(self) -> Reponse:
        """A devis of three rows, noted."""
        geste = gestes.devis(self._hasard, 1, f"m-{len(self.gestes)}", self.client_id)
        self.gestes.append(geste)
        reponse = self._reseau.demander("POST", geste.chemin, geste.corps, geste.entetes)
        self.fermer()
        noter_reponse(geste, reponse)
        return reponse

    def ecrire_jusqu_au_refus(self) -> Reponse:
        """Write until the server cannot."""
        for _essai in range(ESSAIS):
            reponse = self.ecrire_un_devis()
            if reponse.statut != 201:
                return reponse
        pytest.fail("le disque n’a jamais manqué")

    def facturer(self) -> str:
        """A facture ready to be issued."""
        geste = gestes.libre(self._hasard, 1, "m-facture", self.client_id)
        return str(self.demander("POST", "factures", geste.corps).corps["id"])

    def violations(self) -> list[str]:
        """What the base has lost or taken too much of."""
        return controler(relever(ouvrir(self.banc.url)), self.gestes, recus={})


def visiter(banc: BancSqlite) -> Visiteur:
    """Serve, and come in."""
    banc.demarrer()
    return Visiteur(banc)


def test_un_disque_plein_refuse_clairement_et_repart_des_qu_il_y_a_de_la_place(
    disque: Path, ouvrir_banc: OuvrirBanc
) -> None:
    visiteur = visiter(ouvrir_banc(disque / "instance"))
    visiteur.ecrire_un_devis()
    plein = disque / "plein"
    plein.write_bytes(b"\0" * max(0, shutil.disk_usage(disque).free - RESTE))

    refus = visiteur.ecrire_jusqu_au_refus()
    plein.unlink()
    suite = visiteur.ecrire_un_devis()

    assert refus.statut == 503
    assert "plein" in str(refus.corps)
    assert suite.statut == 201
    assert sum(g.issue is Issue.ACQUITTE for g in visiteur.gestes) > 1
    assert visiteur.violations() == []


def test_un_disque_qui_n_ecrit_plus_refuse_clairement_et_ne_perd_rien(
    tmp_path: Path, ouvrir_banc: OuvrirBanc
) -> None:
    banc = ouvrir_banc(tmp_path / "instance")
    banc.taille_maximale = UNE_ECRITURE
    visiteur = visiter(banc)

    refus = visiteur.ecrire_jusqu_au_refus()
    banc.arreter()
    banc.taille_maximale = None
    banc.demarrer()
    suite = visiteur.ecrire_un_devis()

    assert refus.statut == 503
    assert "panne" in str(refus.corps)
    assert suite.statut == 201
    assert visiteur.violations() == []


def test_un_disque_en_lecture_seule_se_dit_au_demarrage(
    disque: Path, tmp_path: Path, ouvrir_banc: OuvrirBanc
) -> None:
    banc = ouvrir_banc(disque / "instance")
    banc.journaux = tmp_path
    subprocess.run(["mount", "-o", "remount,ro", disque], check=True)

    code, dit = banc.executer("serve", "--port", str(banc.port))

    assert code == 1
    assert "lecture seule" in dit
    assert "Traceback" not in dit


def test_une_horloge_qui_recule_n_emet_pas_avant_le_dernier_numero(
    tmp_path: Path, ouvrir_banc: OuvrirBanc
) -> None:
    if not shutil.which("faketime"):
        _manque("faketime")
    banc = ouvrir_banc(tmp_path / "instance")
    visiteur = visiter(banc)
    premiere, seconde = visiteur.facturer(), visiteur.facturer()
    assert visiteur.demander("PUT", f"factures/{premiere}/emettre").statut == 200
    banc.arreter()

    hier = ouvrir_banc(tmp_path / "instance", neuf=False, prefixe=("faketime", "-f", "-1d"))
    hier.port = banc.port
    hier.demarrer()
    refus = visiteur.demander("PUT", f"factures/{seconde}/emettre")
    hier.arreter()
    banc.demarrer()
    emise = visiteur.demander("PUT", f"factures/{seconde}/emettre")

    assert refus.statut == 409
    assert "horloge" in str(refus.corps)
    assert str(emise.corps["numero"]).endswith("-002")
    assert visiteur.violations() == []
