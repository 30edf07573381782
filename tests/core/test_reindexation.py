"""The words of a search are those of the rows, and can be put right when they are not."""

from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import delete, insert, select, update

import cordeau.models  # noqa: F401 (every table)
from cordeau import demo
from cordeau.cli.main import main
from cordeau.clients.models import Client
from cordeau.core import reindexation
from cordeau.core.dates import aujourd_hui
from cordeau.core.db import Database
from cordeau.core.ids import new_id
from cordeau.core.listing import Demande
from cordeau.core.recherche import Mot
from cordeau.core.reindexation import reconstruire, verifier
from cordeau.devis.models import Devis
from cordeau.devis.queries import FiltreDevis, list_devis
from tests.clients.builders import un_client
from tests.devis.builders import un_devis
from tests.serveurs import BaseDeTest

NOM = "Bertille Roussel"


@pytest.fixture
def devis(database: Database) -> UUID:
    """A devis found by the name of its client, among others."""
    with database.write() as session:
        for rang in range(4):
            un_client(session, f"Client {rang}")
        return un_devis(session, client=un_client(session, NOM)).id


def _trouves(database: Database) -> list[UUID]:
    with database.read() as session:
        page = list_devis(session, Demande(q="bertille"), FiltreDevis())
        return [row.id for row in page.elements]


def _abimer(database: Database, devis: UUID) -> None:
    """Words lost, changed, kept under another kind, and left by a row that is gone."""
    with database.write() as session:
        client = session.scalars(select(Client.id).where(Client.nom == NOM)).one()
        session.execute(delete(Mot).where(Mot.objet_id == devis, Mot.mot == "bertille"))
        session.execute(insert(Mot), {"objet_id": devis, "mot": "intrus", "genre": "devis"})
        session.execute(delete(Mot).where(Mot.mot == "2"))
        session.execute(
            update(Mot).where(Mot.objet_id == client, Mot.mot == "roussel").values(genre="devis")
        )
        session.execute(insert(Mot), {"objet_id": new_id(), "mot": "parti", "genre": "client"})


def test_la_demonstration_se_trouve_par_ses_mots(database: Database) -> None:
    demo.charger(database, le=aujourd_hui())

    with database.read() as session:
        assert verifier(session) == []


@pytest.mark.hors_journal("writes the words of a search around their rows")
def test_les_mots_perdus_se_retrouvent_les_autres_s_en_vont(
    database: Database, devis: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reindexation, "LOT", 2)
    _abimer(database, devis)
    assert _trouves(database) == []

    with database.read() as session:
        vus = verifier(session)
    corriges = reconstruire(database)

    dits = {(e.genre, mot) for e in vus for mot in e.manquent | e.de_trop}
    assert dits == {
        ("devis", "bertille"), ("devis", "intrus"), ("client", "roussel"), ("client", "parti"),
        ("client", "2"),
    }  # fmt: skip
    assert sorted(corriges) == sorted(vus)
    assert _trouves(database) == [devis]
    with database.read() as session:
        assert verifier(session) == []


@pytest.mark.hors_journal("writes the words of a search around their rows")
def test_la_console_le_dit_et_le_corrige(
    base: BaseDeTest,
    database: Database,
    devis: UUID,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("CORDEAU_DATA", str(tmp_path))
    monkeypatch.setenv("CORDEAU_DATABASE_URL", base.url)
    assert main(["recherche", "verifier"]) == 0
    _abimer(database, devis)
    capsys.readouterr()

    assert main(["recherche", "verifier"]) == 1
    assert f"devis {devis} : mots manquants 1, de trop 1" in capsys.readouterr().out
    assert main(["recherche", "reconstruire"]) == 0
    assert main(["recherche", "verifier"]) == 0
    with database.read() as session:
        assert session.get(Devis, devis) is not None
