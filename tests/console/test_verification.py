"""What `ledger verify` and `archive verify` answer when they cannot check: 2, never 1."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cordeau.comptabilite.periodes import mois_precedent
from cordeau.core.dates import aujourd_hui
from cordeau.core.db import Database
from tests.console.conftest import Lancer
from tests.registre.dossiers import remplir

VERIFIER = [sys.executable, "-m", "cordeau", "ledger", "verify", "--json"]


@pytest.mark.parametrize(
    ("reglage", "valeur"),
    [
        ("CORDEAU_DATABASE_URL", "garbage"),
        ("CORDEAU_DATABASE_URL", "postgresql://a@localhost/b"),
        ("CORDEAU_ENV", "zzz"),
        ("CORDEAU_DATA", __file__),
    ],
)
def test_un_reglage_faux_rend_deux_et_du_json(
    dossier: Path, lancer: Lancer, monkeypatch: pytest.MonkeyPatch, reglage: str, valeur: str
) -> None:
    monkeypatch.setenv(reglage, valeur)

    resultat = lancer("ledger", "verify", "--json")

    assert resultat.code == 2
    assert json.loads(resultat.sortie)["valide"] is None


def test_une_reponse_qui_ne_s_ecrit_pas_rend_deux(instance: Path, lancer: Lancer) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as plein:
        pleine = subprocess.run(VERIFIER, check=False, stdout=plein, stderr=subprocess.PIPE)
    fermee = subprocess.run(
        ["/bin/sh", "-c", 'exec "$@" >&-', "sh", *VERIFIER],
        check=False,
        stderr=subprocess.PIPE,
    )

    assert (pleine.returncode, fermee.returncode) == (2, 2)
    assert "n’a pas pu être écrite" in pleine.stderr.decode()
    assert "Traceback" not in (pleine.stderr + fermee.stderr).decode()


def test_un_fichier_d_ancres_nomme_doit_exister(
    instance: Path, database: Database, lancer: Lancer, tmp_path: Path
) -> None:
    remplir(database)
    lancer("ledger", "anchor")
    absent, copie = tmp_path / "absent.jsonl", tmp_path / "copie.jsonl"
    copie.write_bytes((instance / "registre" / "ancres.jsonl").read_bytes())

    refus = lancer("ledger", "verify", "--ancres", str(absent), "--json")
    lue = lancer("ledger", "verify", "--ancres", str(copie), "--json")

    assert refus.code == 2
    assert str(absent) in json.loads(refus.sortie)["erreur"]
    assert lue.code == 0
    assert json.loads(lue.sortie)["fichiers"] == {str(copie): 4}
    assert f"{copie} : 4" in lancer("ledger", "verify", "--ancres", str(copie)).sortie


def test_une_archive_absente_ou_sans_cle_ne_se_verifie_pas(
    instance: Path, lancer: Lancer, tmp_path: Path
) -> None:
    absente = tmp_path / "rien.zip"
    sans_cle = lancer("archive", "verify", str(absente))
    lancer("ledger", "key")

    assert (sans_cle.code, lancer("archive", "verify", str(absente)).code) == (2, 2)
    assert "aucune clé publique" in sans_cle.erreurs


def test_une_archive_d_avant_le_changement_de_cle_est_dite_intacte(
    instance: Path, lancer: Lancer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One answer, whichever key signed."""
    mois = f"{mois_precedent(aujourd_hui()):%Y-%m}"
    fichier = lancer("archive", "create", "--mois", mois).sortie.splitlines()[-1]
    cle = lancer("ledger", "key").sortie.splitlines()[-1]
    lancer("ledger", "key", "--renouveler")
    lancer("ledger", "key", "--renouveler")

    lue = lancer("archive", "verify", fichier)

    assert (lue.code, lue.sortie.count("\n")) == (0, 1)
    monkeypatch.chdir(tmp_path)
    Path("c" * 64).write_text(cle)  # as long as a key
    assert lancer("archive", "verify", fichier, "--pub", "c" * 64).code == 0
