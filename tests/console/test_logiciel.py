"""What the ledger keeps of the software itself: its versions, the archives it read again."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cordeau import __version__, migrate
from cordeau.comptabilite.periodes import mois_precedent
from cordeau.comptabilite.verification import verifier
from cordeau.core.dates import aujourd_hui
from cordeau.core.db import Database
from cordeau.core.registre.states import Evenement
from cordeau.exploitation import logiciel
from cordeau.exploitation.logiciel import noter_version
from tests.console.conftest import Lancer
from tests.console.test_serve import Demarrer, lire_adresse
from tests.registre.dossiers import contenus, en_superutilisateur

MOIS = f"{mois_precedent(aujourd_hui()):%Y-%m}"


def test_chaque_version_qui_prend_la_base_est_inscrite_une_fois(
    instance: Path, database: Database, lancer: Lancer, monkeypatch: pytest.MonkeyPatch
) -> None:
    schema = migrate.schema(database)
    assert [lancer("migrate").code for _ in range(2)] == [0, 0]
    monkeypatch.setattr(logiciel, "__version__", "99.1")

    assert [lancer("migrate").code for _ in range(2)] == [0, 0]

    premiere, suivante = contenus(database, Evenement.MISE_A_JOUR)
    assert premiere["avant"] is None
    assert (premiere["version"], premiere["schema"]) == (__version__, schema)
    assert suivante["version"] == "99.1"
    assert suivante["avant"] == {"version": __version__, "schema": schema}
    assert verifier(database, instance).valide


def test_servir_inscrit_la_version_qui_sert(
    instance: Path, database: Database, demarrer: Demarrer
) -> None:
    lire_adresse(demarrer("serve", "--port", "0"))

    (dit,) = contenus(database, Evenement.MISE_A_JOUR)
    assert dit["version"] == __version__
    assert not noter_version(database)


@pytest.mark.usefixtures("instance")
def test_deux_serveurs_qui_demarrent_ensemble_l_inscrivent_une_fois(database: Database) -> None:
    with ThreadPoolExecutor(4) as serveurs:
        faits = list(serveurs.map(lambda _rang: noter_version(database), range(4)))

    assert sorted(faits) == [False, False, False, True]
    assert len(contenus(database, Evenement.MISE_A_JOUR)) == 1


@pytest.mark.hors_journal("edits the entry as a superuser")
def test_une_version_inscrite_puis_editee_n_empeche_pas_de_servir(
    instance: Path, database: Database
) -> None:
    noter_version(database)
    with en_superutilisateur(database) as connexion:
        connexion.exec_driver_sql(
            "UPDATE registre_entree SET contenu = '[' WHERE evenement = 'MISE_A_JOUR'"
        )

    assert noter_version(database)
    assert not verifier(database, instance).valide


def test_relire_une_archive_s_inscrit_avec_ce_qui_est_trouve(
    instance: Path, database: Database, lancer: Lancer
) -> None:
    fichier = Path(lancer("archive", "create", "--mois", MOIS).sortie.splitlines()[-1])
    assert lancer("archive", "verify", str(fichier)).code == 0
    octets = bytearray(fichier.read_bytes())
    octets[len(octets) // 2] ^= 1
    fichier.write_bytes(octets)

    assert lancer("archive", "verify", str(fichier)).code == 1

    intacte, alteree = contenus(database, Evenement.ARCHIVE_VERIFIEE)
    assert (intacte["intacte"], alteree["intacte"]) == (True, False)
    assert intacte["fichier"] == alteree["fichier"] == fichier.name
    assert intacte["sha256"] != alteree["sha256"]
    assert verifier(database, instance).valide


def test_relire_une_archive_hors_de_portee_de_la_base_repond_quand_meme(
    instance: Path, database: Database, lancer: Lancer, monkeypatch: pytest.MonkeyPatch
) -> None:
    fichier = lancer("archive", "create", "--mois", MOIS).sortie.splitlines()[-1]
    cle = lancer("ledger", "key").sortie.splitlines()[-1]
    assert lancer("archive", "verify", fichier, "--pub", cle).code == 0
    monkeypatch.setenv("CORDEAU_DATABASE_URL", f"sqlite:///{instance}/absente/base.db")

    lue = lancer("archive", "verify", fichier)

    assert lue.code == 0
    assert "Archive intacte" in lue.sortie
    assert "inscrite au registre" in lue.erreurs
    assert contenus(database, Evenement.ARCHIVE_VERIFIEE) == []
