"""`cordeau ledger …` as an administrator types it, and what an upgrade chains."""

import json
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from cordeau.comptabilite.periodes import mois_precedent
from cordeau.comptabilite.verification import verifier
from cordeau.core.dates import aujourd_hui
from cordeau.core.db import Database
from cordeau.core.registre.cles import CLE_PRIVEE, DOSSIER
from cordeau.facturation.models import Facture
from cordeau.facturation.reprise import reprendre
from tests.console.conftest import Lancer
from tests.facturation.builders import une_entreprise, une_facture_emise
from tests.registre.dossiers import en_superutilisateur, remplir


def test_un_registre_intact_rend_zero(instance: Path, database: Database, lancer: Lancer) -> None:
    remplir(database)
    assert lancer("ledger", "anchor").code == 0

    resultat = lancer("ledger", "verify", "--json")

    assert resultat.code == 0
    lu = json.loads(resultat.sortie)
    assert lu["valide"] is True
    assert lu["journaux"]["FACTURES"]["ecritures"] == 4
    assert "Le registre est intact." in lancer("ledger", "verify").sortie


def test_un_registre_altere_rend_un_et_dit_la_premiere_ecriture(
    instance: Path, database: Database, lancer: Lancer
) -> None:
    facture = remplir(database)
    with en_superutilisateur(database) as connexion:
        connexion.exec_driver_sql(
            f"UPDATE facture SET montant_ttc = 1 WHERE id = '{facture.id.hex}'"  # noqa: S608
        )

    resultat = lancer("ledger", "verify", "--json")

    assert resultat.code == 1
    premiere = json.loads(resultat.sortie)["premiere"]
    assert (premiere["journal"], premiere["rang"]) == ("FACTURES", 2)
    assert "montant_ttc" in premiere["detail"]
    assert "LE REGISTRE EST ALTÉRÉ" in lancer("ledger", "verify").sortie


def test_un_registre_qui_ne_se_lit_pas_rend_deux(
    dossier: Path, lancer: Lancer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CORDEAU_DATABASE_URL", f"sqlite:///{dossier}/absente/base.db")

    resultat = lancer("ledger", "verify", "--json")

    assert resultat.code == 2
    assert json.loads(resultat.sortie)["valide"] is None


def test_une_cle_abimee_n_empeche_que_d_ancrer(
    instance: Path, database: Database, lancer: Lancer
) -> None:
    lancer("ledger", "anchor")
    (instance / DOSSIER / CLE_PRIVEE).write_text("pas une clé")

    refus = lancer("ledger", "anchor")
    assert refus.code == 1
    assert "clé du registre" in refus.erreurs
    with database.write() as session:
        une_entreprise(session)
        une_facture_emise(session)
    assert lancer("ledger", "verify").code == 0


def test_une_cle_renouvelee_est_presentee_par_l_ancienne(
    instance: Path, database: Database, lancer: Lancer
) -> None:
    remplir(database)
    lancer("ledger", "anchor")
    avant = lancer("ledger", "key").sortie

    apres = lancer("ledger", "key", "--renouveler").sortie

    assert avant != apres
    lancer("ledger", "anchor")
    assert lancer("ledger", "verify").code == 0


def test_ce_qui_precede_le_registre_y_entre_a_la_mise_a_jour(
    database: Database, tmp_path: Path
) -> None:
    facture = remplir(database)
    with en_superutilisateur(database) as connexion:
        connexion.exec_driver_sql("DELETE FROM registre_entree")
        connexion.exec_driver_sql(
            f"UPDATE registre_tete SET rang = 0, empreinte = '{'0' * 64}'"  # noqa: S608
        )
    assert {a.raison for a in verifier(database, tmp_path).anomalies} == {"hors_registre", "serie"}

    with database.write() as session:
        assert reprendre(session) == 9
    with database.write() as session:
        assert reprendre(session) == 0
        assert session.get_one(Facture, facture.id).numero == "FAC-2026-002"

    assert verifier(database, tmp_path).valide


def test_les_droits_mariadb_n_ajoutent_que_des_lignes_au_registre(
    dossier: Path, lancer: Lancer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CORDEAU_DATABASE_URL", "mysql+pymysql://a@localhost/cordeau")

    sortie = lancer("ledger", "grants", "--compte", "cordeau_app@localhost").sortie

    assert "GRANT SELECT, INSERT ON registre_entree TO 'cordeau_app'@'localhost';" in sortie
    assert "GRANT SELECT, INSERT, UPDATE, DELETE ON devis TO" in sortie
    assert lancer("ledger", "grants", "--compte", "a'; DROP").code == 1


def test_un_mois_s_archive_se_verifie_et_se_clot(
    instance: Path, database: Database, lancer: Lancer, tmp_path: Path
) -> None:
    mois = f"{mois_precedent(aujourd_hui()):%Y-%m}"

    creee = lancer("archive", "create", "--month", mois, "--vers", str(tmp_path / "a"))

    assert creee.code == 0, creee.erreurs
    fichier = creee.sortie.splitlines()[-1]
    assert lancer("archive", "verify", fichier).code == 0
    cle = lancer("ledger", "key").sortie.splitlines()[-1]
    assert lancer("archive", "verify", fichier, "--pub", cle).code == 0
    assert lancer("archive", "verify", fichier, "--pub", "0" * 64).code == 1
    assert lancer("archive", "create", "--mois", "2099-12").code == 1
    assert lancer("ledger", "close", "--mois", mois).code == 0
    assert lancer("ledger", "close", "--mois", mois).code == 1


def test_au_demarrage_ce_qui_manque_au_registre_se_dit(
    instance: Path,
    database: Database,
    demarrer: Callable[..., "subprocess.Popen[str]"],
) -> None:
    with database.write() as session:
        une_entreprise(session)
        une_facture_emise(session)
    with en_superutilisateur(database) as connexion:  # no trigger stands while it lasts
        connexion.exec_driver_sql("DELETE FROM registre_entree WHERE journal = 'FACTURES'")
        connexion.commit()
        serveur = demarrer("serve", "--port", "0")
        assert serveur.stdout is not None
        serveur.stdout.readline()
        serveur.send_signal(signal.SIGTERM)
        _, erreurs = serveur.communicate(timeout=30)

    assert "fige_facture_u, " in erreurs
    assert "des documents émis ne sont pas au registre" in erreurs
