"""A contact of a client: given their data, erased alone, erased again after a restore."""

import json
import zipfile
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from cordeau.cli.main import main
from cordeau.clients.commands import modifier_client
from cordeau.clients.models import Client, Contact
from cordeau.clients.queries import get_client
from cordeau.core.dates import maintenant
from cordeau.core.db import Database
from cordeau.core.effacements import Effacement
from cordeau.core.ids import new_id
from cordeau.core.journal import Evenement
from cordeau.core.operations import Operation
from cordeau.core.permissions import SYSTEME
from cordeau.notifications.commands import ecrire
from cordeau.notifications.models import Message
from cordeau.rgpd.registre import FICHIER
from tests.clients.builders import un_client
from tests.rgpd.test_effacement import EMAIL, NOM, SECRETS, TELEPHONE, traces


@pytest.fixture
def contact(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> UUID:
    """Somebody at a firm, written to today and three years ago, whom an answer names."""
    monkeypatch.setenv("CORDEAU_DATA", str(tmp_path))
    monkeypatch.setenv(
        "CORDEAU_DATABASE_URL", database.engine.url.render_as_string(hide_password=False)
    )
    with database.write() as session:
        client = un_client(
            session,
            "Charpentes Réunies",
            type="PROFESSIONNEL",
            email="accueil@exemple.fr",
            contacts=[
                {"nom": NOM, "email": EMAIL, "telephone": TELEPHONE},
                {"nom": "Aurèle", "email": "aurele@exemple.fr"},
            ],
        )
        for age in (0, 3 * 366):
            ecrire(
                session, destinataire=EMAIL, sujet=NOM, corps="x", objet=("client", client.id)
            ).cree_le = maintenant() - timedelta(days=age)
        session.add(une_reponse())
        return session.scalars(select(Contact.id).where(Contact.email == EMAIL)).one()


def une_reponse() -> Operation:
    """A stored answer that names them."""
    return Operation(
        acteur_id=new_id(),
        cle="c",
        adresse="POST /api/v1/clients",
        empreinte="0" * 64,
        statut=201,
        corps=EMAIL.encode(),
        type_mime="application/json",
        faite_le=maintenant(),
    )


def test_un_contact_s_efface_seul_et_le_reste_demeure(contact: UUID, database: Database) -> None:
    with database.write() as session:
        client = get_client(session, session.scalars(select(Client.id)).one(), complet=True)
        modifier_client(session, client, {"notes": "Livrer le matin"}, actor=SYSTEME)

    assert main(["rgpd", "anonymiser", "--contact", EMAIL, "--confirmer"]) == 0

    restes = traces(database, *SECRETS)
    assert restes <= {"message.destinataire", "message.sujet", "evenement.changements"} | {
        "evenement.objet_nom",
        "evenement.recherche",
    }
    with database.read() as session:
        assert session.scalars(select(Contact.nom)).all() == ["Aurèle"]
        assert session.scalar(select(Client.nom)) == "Charpentes Réunies"
        # proof of sending for two years
        assert sorted(session.scalars(select(Message.destinataire))) == ["", EMAIL]
        du_client = session.execute(
            select(Evenement.action, Evenement.changements).where(Evenement.objet_type == "client")
        ).all()
        assert session.scalar(select(Effacement.personne_type)) == "contact"
        assert not session.scalar(select(Operation.id))
    assert not [action for action, dit in du_client if NOM in (dit or "")]
    assert [action for action, dit in du_client if "Livrer le matin" in (dit or "")]


def test_un_contact_revenu_d_une_sauvegarde_s_efface_de_nouveau(
    contact: UUID, database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trace = {"genre": "contact", "id": str(contact), "le": "2026-11-26"}
    (tmp_path / FICHIER).write_text(json.dumps(trace) + "\n")

    assert main(["rgpd", "rejouer"]) == 0

    assert "refaits : 1" in capsys.readouterr().out
    with database.read() as session:
        assert session.get(Contact, contact) is None
    assert main(["rgpd", "rejouer"]) == 0
    assert "refaits : 0" in capsys.readouterr().out


def test_un_contact_recoit_sa_ligne_et_ses_courriels_pas_la_fiche_du_client(
    contact: UUID, tmp_path: Path
) -> None:
    fichier = tmp_path / "z.zip"

    assert main(["rgpd", "export", "--contact", str(contact), "--fichier", str(fichier)]) == 0

    with zipfile.ZipFile(fichier) as archive:
        texte = archive.read("donnees.json").decode()
    donnees = json.loads(texte)
    assert [c["telephone"] for c in donnees["contact"]] == [TELEPHONE]
    assert len(donnees["message"]) == 2
    (fait,) = donnees["evenement"]
    assert fait["changements"][0]["lignes"][0]["email"] == EMAIL
    assert "aurele@" not in texte
    assert "accueil@" not in texte


def test_une_adresse_qui_est_aussi_celle_du_client_se_change_d_abord(
    contact: UUID, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    with database.write() as session:
        session.scalars(select(Client)).one().email = EMAIL

    assert main(["rgpd", "anonymiser", "--contact", EMAIL, "--confirmer"]) == 1

    assert "changez-la d’abord" in capsys.readouterr().out
    with database.read() as session:
        assert session.get(Contact, contact) is not None
