"""Archiving cut short at any step, or a file lost since: the month is done again, and told."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from cordeau.comptabilite.commands import archivage
from cordeau.comptabilite.commands.archivage import archiver, archiver_mois_passes
from cordeau.comptabilite.verification import verifier
from cordeau.core.dates import aujourd_hui
from cordeau.core.db import Database
from cordeau.core.permissions import SYSTEME
from cordeau.core.registre.models import EntreeRegistre
from cordeau.core.registre.states import Evenement
from cordeau.core.settings import Settings
from cordeau.gestion_registre import verifier_archive
from tests.conftest import make_settings
from tests.facturation.builders import une_entreprise, une_facture_emise

AUJOURD_HUI = aujourd_hui()
LE_MOIS_PROCHAIN = (AUJOURD_HUI.replace(day=1) + timedelta(days=32)).replace(day=1)


@pytest.fixture
def reglages(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of an instance that issued something this month; nothing is rendered."""
    monkeypatch.setattr(archivage, "_rendre_pieces", lambda *_: None)
    with database.write() as session:
        une_entreprise(session)
        une_facture_emise(session, le=AUJOURD_HUI)
    return make_settings(tmp_path, database.engine.url.render_as_string(hide_password=False))


@pytest.fixture
def passer(database: Database, reglages: Settings) -> Callable[[], list[Path]]:
    """The daily job, once the month is over."""
    return lambda: archiver_mois_passes(database, reglages, actor=SYSTEME, le=LE_MOIS_PROCHAIN)


def motifs(database: Database) -> list[str]:
    """Why each archive was made, as the ledger says."""
    with database.read() as session:
        contenus = session.scalars(
            select(EntreeRegistre.contenu)
            .where(EntreeRegistre.evenement == Evenement.ARCHIVE)
            .order_by(EntreeRegistre.rang)
        ).all()
    return [json.loads(contenu)["motif"] for contenu in contenus]


def exiger_faite(database: Database, reglages: Settings, passer: Callable[[], list[Path]]) -> None:
    """The file of the month is there, intact, known to a ledger that is; nothing is left to do."""
    (fichier,) = (reglages.data / "archives").glob("*.zip")
    assert verifier_archive(reglages, fichier, None) == 0
    assert verifier(database, reglages.data).valide
    assert passer() == []


@pytest.mark.parametrize(
    "etape",
    [
        "os.fsync",
        "_inscrire",
        "_mettre_en_place",
    ],
)
def test_une_panne_a_chaque_etape_laisse_le_mois_a_faire(
    database: Database,
    reglages: Settings,
    passer: Callable[[], list[Path]],
    etape: str,
) -> None:
    def casser(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with pytest.MonkeyPatch.context() as panne:
        panne.setattr(f"cordeau.comptabilite.commands.archivage.{etape}", casser)
        with pytest.raises(OSError, match="No space"):
            passer()
    assert not list((reglages.data / "archives").glob("*.zip"))

    passer()

    assert motifs(database) == ["mois fini"]
    exiger_faite(database, reglages, passer)


def test_un_fichier_chaine_mais_incomplet_est_refait(
    database: Database, reglages: Settings, passer: Callable[[], list[Path]]
) -> None:
    (fichier,) = passer()
    fichier.with_suffix(".partiel").write_bytes(fichier.read_bytes()[:-1])
    fichier.unlink()

    passer()

    assert motifs(database) == ["mois fini", "refaite : fichier absent"]
    exiger_faite(database, reglages, passer)


def test_un_fichier_different_est_ecarte_et_refait(
    database: Database, reglages: Settings, passer: Callable[[], list[Path]]
) -> None:
    (fichier,) = passer()
    fichier.write_bytes(b"autre")

    passer()

    assert fichier.with_suffix(".ecarte").read_bytes() == b"autre"
    assert motifs(database) == ["mois fini", "refaite : fichier différent"]
    exiger_faite(database, reglages, passer)


def test_une_archive_faite_ailleurs_ne_remplace_pas_celle_du_dossier(
    database: Database, reglages: Settings, passer: Callable[[], list[Path]], tmp_path: Path
) -> None:
    ailleurs = tmp_path / "cle-usb"
    archiver(database, reglages, AUJOURD_HUI, actor=SYSTEME, le=LE_MOIS_PROCHAIN, dossier=ailleurs)

    assert len(passer()) == 1

    assert motifs(database) == ["demandée", "refaite : fichier absent"]
    exiger_faite(database, reglages, passer)
