"""`cordeau rgpd`: what an administrator sees and what the files hold."""

import json
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import select

from cordeau.cli.main import main
from cordeau.clients.models import Client
from cordeau.core.db import Database
from cordeau.core.effacements import Effacement
from cordeau.rgpd.registre import FICHIER
from tests.clients.builders import un_client
from tests.devis.builders import un_devis_accepte
from tests.facturation.builders import facturer_et_emettre, regler, une_entreprise
from tests.registre.dossiers import un_compte_restreint

EMAIL = "zephyrine@exemple.fr"


@pytest.fixture
def instance(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An instance with a householder billed and paid, and a prospect."""
    monkeypatch.setenv("CORDEAU_DATA", str(tmp_path))
    monkeypatch.setenv(
        "CORDEAU_DATABASE_URL", database.engine.url.render_as_string(hide_password=False)
    )
    with database.write() as session:
        une_entreprise(session)
        client = un_client(session, "Zéphyrine", type="PARTICULIER", email=EMAIL, notes="Note")
        facture = facturer_et_emettre(session, un_devis_accepte(session, client=client))
        regler(session, facture, str(facture.montant_ttc))
        un_client(session, "Prospect", type="PARTICULIER", email="prospect@exemple.fr")
    return tmp_path


def test_l_export_remet_tout_ce_qui_nomme_la_personne(instance: Path) -> None:
    fichier = instance / "z.zip"

    assert main(["rgpd", "export", "--client", EMAIL, "--fichier", str(fichier)]) == 0

    with zipfile.ZipFile(fichier) as archive:
        donnees = json.loads(archive.read("donnees.json"))
        assert "Zéphyrine" in archive.read("LISEZMOI.txt").decode()
    assert donnees["client"][0]["notes"] == "Note"
    assert {"devis", "ligne_devis", "facture", "ligne_facture", "reglement", "evenement"} <= set(
        donnees
    )
    assert "marge_cout_ht" not in donnees["devis"][0]
    assert main(["rgpd", "export", "--client", EMAIL, "--fichier", str(fichier)]) == 1


def test_sans_confirmer_rien_n_est_efface(
    instance: Path, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rgpd", "anonymiser", "--client", EMAIL]) == 0

    dit = capsys.readouterr().out
    assert "Rien n’est effacé" in dit
    assert "L. 123-22" in dit
    with database.read() as session:
        assert session.scalar(select(Client.email).where(Client.nom == "Zéphyrine")) == EMAIL


def test_effacer_laisse_le_registre_valable_et_se_rejoue_apres_une_restauration(
    instance: Path, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rgpd", "anonymiser", "--client", EMAIL, "--confirmer"]) == 0
    assert "Le registre reste valable" in capsys.readouterr().out
    assert EMAIL not in (instance / FICHIER).read_text()

    with database.write() as session:  # what a backup taken before would bring back
        client = session.scalars(select(Client).where(Client.nom.startswith("Client eff"))).one()
        client.nom, client.email = "Zéphyrine", EMAIL
    assert main(["rgpd", "rejouer"]) == 0

    assert "refaits : 1" in capsys.readouterr().out
    with database.read() as session:
        assert session.scalar(select(Client.id).where(Client.email == EMAIL)) is None
    assert main(["rgpd", "rejouer"]) == 0
    assert "refaits : 0" in capsys.readouterr().out


def test_le_compte_de_l_application_n_efface_personne(
    instance: Path,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """SQLite has no accounts: there an erasure without its entry shows in the ledger."""
    if database.is_sqlite:
        pytest.skip("SQLite n’a pas de comptes")
    with un_compte_restreint(database) as compte:
        url = compte.url.render_as_string(hide_password=False)
        monkeypatch.setenv("CORDEAU_DATABASE_URL", url)
        assert main(["rgpd", "anonymiser", "--client", EMAIL, "--confirmer"]) == 1

    assert "le compte qui fait les migrations" in capsys.readouterr().err
    with database.read() as session:
        assert session.scalar(select(Client.email).where(Client.nom == "Zéphyrine")) == EMAIL


def test_le_fichier_suffit_quand_la_base_a_tout_oublie(
    instance: Path, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    with database.read() as session:
        cle = session.scalars(select(Client.id).where(Client.nom == "Prospect")).one()
    ailleurs = instance / "ailleurs.jsonl"
    ailleurs.write_text(json.dumps({"genre": "client", "id": str(cle), "le": "2026-11-26"}) + "\n")

    assert main(["rgpd", "rejouer", "--registre", str(ailleurs)]) == 0

    assert "refaits : 1" in capsys.readouterr().out
    with database.read() as session:
        assert session.get(Client, cle) is None
        assert session.scalar(select(Effacement.personne_id)) == cle
