"""`cordeau ledger …` as an administrator types it, and what an upgrade chains."""

import json
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from cordeau import migrate
from cordeau.comptabilite.periodes import mois_precedent
from cordeau.comptabilite.verification import verifier
from cordeau.core.dates import aujourd_hui
from cordeau.core.db import Database
from cordeau.core.registre.cles import CLE_PRIVEE, DOSSIER
from cordeau.exploitation import reprise_registre
from cordeau.exploitation.lieu import nommer_base
from cordeau.exploitation.reprise_registre import MARQUE
from cordeau.facturation.models import Facture
from tests.conftest import make_settings
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
    instance: Path, database: Database, lancer: Lancer
) -> None:
    """Killed once the schema is there, the upgrade that brings the ledger goes on."""
    facture = remplir(database)
    _vider_le_registre(database)
    assert {a.raison for a in verifier(database, instance).anomalies} == {"hors_registre", "serie"}
    url = os.environ["CORDEAU_DATABASE_URL"]
    instance.mkdir()
    (instance / MARQUE).write_text(nommer_base(make_settings(instance, url)))

    reprise = lancer("migrate")

    assert "Inscrits au registre : 9 documents" in reprise.sortie
    assert not (instance / MARQUE).exists()
    assert "Inscrits" not in lancer("migrate").sortie
    with database.read() as session:
        assert session.get_one(Facture, facture.id).numero == "FAC-2026-002"
    assert verifier(database, instance).valide


@pytest.mark.parametrize("journal", ["FACTURES", "REGLEMENTS", "PIECES"])
def test_migrer_n_inscrit_pas_ce_qu_aucune_mise_a_jour_n_explique(
    instance: Path, database: Database, lancer: Lancer, journal: str
) -> None:
    """A row written behind the software's back stays without an entry, and is told."""
    remplir(database)
    _vider_le_registre(database, journal)
    instance.mkdir(exist_ok=True)
    (instance / MARQUE).write_text("une autre base")

    refus = lancer("migrate")

    assert refus.code == 1
    assert "cordeau ledger verify" in refus.erreurs
    assert "hors_registre" in {a.raison for a in verifier(database, instance).anomalies}


def test_seule_une_base_sans_registre_annonce_la_reprise(
    instance: Path, database: Database, tmp_path: Path
) -> None:
    instance.mkdir()
    settings = make_settings(instance, os.environ["CORDEAU_DATABASE_URL"])
    reprise_registre.annoncer(settings, database)
    assert not reprise_registre.est_annoncee(settings)
    with database.engine.begin() as connexion:
        connexion.exec_driver_sql("UPDATE alembic_version SET version_num = '20261126_0041'")

    try:
        reprise_registre.annoncer(settings, database)
    finally:
        _remettre_le_schema(database)

    assert reprise_registre.est_annoncee(settings)


def test_les_droits_mariadb_n_ajoutent_que_des_lignes_au_registre(
    dossier: Path, lancer: Lancer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CORDEAU_DATABASE_URL", "mysql+pymysql://a@localhost/cordeau")

    sortie = lancer("ledger", "grants", "--compte", "cordeau_app@localhost").sortie

    assert "GRANT SELECT, INSERT ON registre_entree TO 'cordeau_app'@'localhost';" in sortie
    assert "GRANT SELECT, INSERT, UPDATE, DELETE ON devis TO" in sortie
    assert "GRANT SELECT ON effacement TO" in sortie
    assert "GRANT SELECT ON effacement_objet TO" in sortie
    assert "GRANT SELECT, INSERT, UPDATE ON version_devis TO" in sortie
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
    assert "des documents, règlements ou fichiers ne sont pas au registre" in erreurs
    assert "cordeau ledger verify" in erreurs


def _vider_le_registre(database: Database, *journaux: str) -> None:
    """Take away what a base without ledger does not have."""
    for journal in journaux or ("FACTURES", "REGLEMENTS", "PIECES"):
        with en_superutilisateur(database) as connexion:
            connexion.exec_driver_sql(f"DELETE FROM registre_entree WHERE journal = '{journal}'")  # noqa: S608
            connexion.exec_driver_sql(
                f"UPDATE registre_tete SET rang = 0, empreinte = '{'0' * 64}' "  # noqa: S608
                f"WHERE journal = '{journal}'"
            )


def _remettre_le_schema(database: Database) -> None:
    (tete,) = ScriptDirectory.from_config(migrate.make_config()).get_heads()
    with database.engine.begin() as connexion:
        connexion.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{tete}'")  # noqa: S608
