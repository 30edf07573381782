"""Messages on their way: sent once, kept without a server, tried again when refused."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from cordeau.core.db import Database
from cordeau.core.errors import SaisieError
from cordeau.core.jobs import Job, Worker
from cordeau.core.settings import Settings
from cordeau.notifications.commands import (
    JOB_ENVOYER,
    Piece,
    ecrire,
    joindre_et_envoyer,
    verifier_email,
)
from cordeau.notifications.jobs import make_sender
from cordeau.notifications.models import Message, StatutMessage
from cordeau.notifications.queries import get_message
from tests.notifications.builders import un_serveur

PDF = Piece("devis été.pdf", "application/pdf", b"%PDF-1.7 \x00\xff")


def un_message(database: Database, **champs: object) -> UUID:
    """A message written, its job promised."""
    valeurs = {
        "destinataire": "a@b.fr",
        "sujet": "Devis n° 1",
        "corps": "Bonjour à vous,\n\nVoici.",
        "objet": ("devis", uuid4()),
        **champs,
    }
    with database.write() as session:
        return ecrire(session, **valeurs).id  # type: ignore[arg-type]


def travailler(database: Database, settings: Settings, url: str = "") -> None:
    """Run the promised jobs."""
    envoyer = make_sender(replace(settings, smtp_url=url))
    worker = Worker(database, {JOB_ENVOYER: envoyer})
    while worker.run_one():
        pass


def lire(database: Database, message_id: UUID) -> Message:
    """The message as it is kept."""
    with database.read() as session:
        return get_message(session, message_id)


def test_le_message_part_avec_sa_piece_jointe(database: Database, settings: Settings) -> None:
    message_id = un_message(database, pieces=[PDF])

    with un_serveur() as (url, boite):
        travailler(database, settings, url)

    [recu] = boite.recus
    assert (recu["to"], recu["subject"]) == ("a@b.fr", "Devis n° 1")
    corps = recu.get_body()
    assert corps is not None
    assert corps.get_content().split() == ["Bonjour", "à", "vous,", "Voici."]
    [piece] = recu.iter_attachments()
    assert (piece.get_filename(), piece.get_content()) == (PDF.nom, PDF.contenu)
    assert str(message_id) in recu["message-id"]
    message = lire(database, message_id)
    assert message.statut == StatutMessage.ENVOYE
    assert message.envoye_le is not None


def test_sans_serveur_le_message_est_conserve(database: Database, settings: Settings) -> None:
    message_id = un_message(database)

    travailler(database, settings)

    message = lire(database, message_id)
    assert (message.statut, message.envoye_le) == (StatutMessage.CONSERVE, None)


def test_un_message_parti_ne_part_pas_deux_fois(database: Database, settings: Settings) -> None:
    message_id = un_message(database)
    with un_serveur() as (url, boite):
        travailler(database, settings, url)

        make_sender(replace(settings, smtp_url=url))(database, {"message_id": message_id.hex})

    assert len(boite.recus) == 1


def test_un_refus_du_serveur_se_note_et_se_retente(database: Database, settings: Settings) -> None:
    message_id = un_message(database)
    with un_serveur() as (url, boite):
        boite.refus = "552 boîte pleine"
        travailler(database, settings, url)

        message = lire(database, message_id)
        assert message.statut == StatutMessage.ECHEC
        assert "552" in (message.erreur or "")

        boite.refus = ""
        make_sender(replace(settings, smtp_url=url))(database, {"message_id": message_id.hex})

    assert lire(database, message_id).statut == StatutMessage.ENVOYE
    with database.read() as session:
        [job] = session.scalars(select(Job)).all()
    assert (job.etat, job.essais) == ("EN_ATTENTE", 1)


def test_un_serveur_absent_est_un_echec_a_retenter(database: Database, settings: Settings) -> None:
    message_id = un_message(database)

    travailler(database, settings, "smtp://127.0.0.1:9")

    assert lire(database, message_id).statut == StatutMessage.ECHEC


def test_la_piece_attendue_se_joint_une_seule_fois(database: Database, settings: Settings) -> None:
    message_id = un_message(database, en_attente_de_piece=True)
    travailler(database, settings)
    assert lire(database, message_id).statut == StatutMessage.A_ENVOYER

    for _ in range(2):
        database.transaction(lambda session: joindre_et_envoyer(session, message_id, PDF))
    travailler(database, settings)

    message = lire(database, message_id)
    assert [piece.nom for piece in message.pieces] == [PDF.nom]
    assert message.statut == StatutMessage.CONSERVE


def test_un_sujet_tient_sur_une_ligne(database: Database) -> None:
    message_id = un_message(database, sujet=f"Devis\r\nBcc: x@y.fr {'é' * 300}")

    sujet = lire(database, message_id).sujet

    assert "\n" not in sujet
    assert len(sujet) == 255


@pytest.mark.parametrize(
    "adresse",
    [
        "",
        "jean",
        "a@b",
        "@b.fr",
        "a b@c.fr",
        "a@b.fr,c@d.fr",
        "a@b.fr\nBcc:x@y.fr",
        "<a@b.fr>",
        "a" * 255 + "@b.fr",
    ],
)
def test_une_adresse_fausse_est_refusee(adresse: str) -> None:
    with pytest.raises(SaisieError) as refus:
        verifier_email(adresse, "emailClient")

    assert refus.value.fautes[0].champ == "emailClient"


def test_une_adresse_est_nettoyee() -> None:
    assert verifier_email(" jean.dupont+devis@sous.exemple.fr\n", "email") == (
        "jean.dupont+devis@sous.exemple.fr"
    )
