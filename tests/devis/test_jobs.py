"""What happens to a devis outside a request: its e-mail, its expiry."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.orm import Session

from cordeau.core.db import Database
from cordeau.core.jobs import Job
from cordeau.core.listing import Demande
from cordeau.core.permissions import SYSTEME
from cordeau.devis import jobs
from cordeau.devis.commands import envoi, redaction, reponse
from cordeau.devis.models import Devis
from cordeau.devis.queries import find_version, list_expirables
from cordeau.notifications.commands import JOB_ENVOYER
from cordeau.notifications.jobs import make_sender
from cordeau.notifications.models import StatutMessage
from cordeau.notifications.queries import get_message, list_messages
from tests.clients.builders import un_client
from tests.devis.builders import un_devis, un_devis_accepte, un_devis_envoye, une_ligne, une_saisie
from tests.documents.lecture import lire_pdf
from tests.facturation.builders import une_entreprise
from tests.notifications.builders import un_serveur

VALIDITE = date(2026, 3, 20)
LENDEMAIN = date(2026, 3, 21)


def envoye_le(session: Session, jour: int, **champs: Any) -> Devis:
    """A devis valid until 20 March, sent on this day of March."""
    devis = un_devis_envoye(session, dateValidite=VALIDITE.isoformat(), **champs)
    devis.envoye_le = datetime(2026, 3, jour, 12, tzinfo=UTC)
    session.flush()
    return devis


def travailler(app: FastAPI) -> None:
    """Run every promised job."""
    while app.state.worker.run_one():
        pass


def messages(database: Database) -> list[Any]:
    """Every message, with its attachments."""
    with database.read() as session:
        page = list_messages(session, Demande())
        return [get_message(session, message.id) for message in page.elements]


def test_le_devis_part_avec_le_pdf_de_la_version_envoyee(app: FastAPI, database: Database) -> None:
    with database.write() as session:
        une_entreprise(session)
        client = un_client(session, "Jean Dupont", email="jean@exemple.fr")
        devis = un_devis_envoye(session, client=client, objet="Villa d’été")
        saisie = replace(une_saisie(lignes=[une_ligne("999")]), donnes=frozenset({"lignes"}))
        redaction.modifier_devis(session, devis.id, saisie, actor=SYSTEME)

    with un_serveur() as (url, boite):
        app.state.worker.handlers = dict(app.state.worker.handlers) | {
            JOB_ENVOYER: make_sender(replace(app.state.settings, smtp_url=url))
        }
        travailler(app)

    [recu] = boite.recus
    assert boite.destinataires == [["jean@exemple.fr"]]
    assert recu["subject"] == f"Devis {devis.numero} – Villa d’été – Guérin & Fils"
    [piece] = recu.iter_attachments()
    assert piece.get_filename() == f"{devis.numero}.pdf"
    texte = lire_pdf(piece.get_content())
    assert "100,00" in texte
    assert "999,00" not in texte


def test_sans_serveur_le_courriel_et_son_pdf_sont_conserves(
    app: FastAPI, database: Database
) -> None:
    with database.write() as session:
        devis = un_devis(session)
        envoi.envoyer(session, devis.id, actor=SYSTEME, email="a@b.fr", message="Voici.")

    travailler(app)

    [message] = messages(database)
    assert (message.statut, message.corps) == (StatutMessage.CONSERVE, "Voici.")
    assert message.pieces[0].contenu.startswith(b"%PDF")
    assert message.objet_id == devis.id


def test_sans_adresse_aucun_message_n_est_ecrit(app: FastAPI, database: Database) -> None:
    with database.write() as session:
        un_devis_envoye(session)

    travailler(app)

    assert messages(database) == []


def test_renvoyer_ecrit_un_second_message_de_la_meme_version(
    app: FastAPI, database: Database
) -> None:
    with database.write() as session:
        devis = un_devis(session)
        for adresse in ("a@b.fr", "c@d.fr"):
            envoi.envoyer(session, devis.id, actor=SYSTEME, email=adresse)

    travailler(app)

    assert {message.destinataire for message in messages(database)} == {"a@b.fr", "c@d.fr"}
    with database.read() as session:
        assert find_version(session, devis.id, 2) is None
        assert all(job.etat == "FAIT" for job in session.scalars(select(Job)))


def test_un_devis_envoye_a_temps_expire_le_lendemain_de_sa_validite(session: Session) -> None:
    devis = envoye_le(session, 10)

    assert not reponse.expirer(session, devis.id, le=VALIDITE)
    assert devis.statut == "ENVOYE"
    assert reponse.expirer(session, devis.id, le=LENDEMAIN)
    assert devis.statut == "EXPIRE"
    assert find_version(session, devis.id, 1).statut == "EXPIRE"  # type: ignore[union-attr]


def test_un_devis_envoye_apres_sa_validite_n_expire_pas(session: Session) -> None:
    devis = envoye_le(session, 25)

    assert not reponse.expirer(session, devis.id, le=date(2027, 1, 1))
    assert devis.statut == "ENVOYE"


def test_le_jour_d_envoi_est_celui_de_paris(session: Session) -> None:
    devis = envoye_le(session, 10)
    devis.envoye_le = datetime(2026, 3, 20, 23, 30, tzinfo=UTC)  # 21 March in Paris

    assert not reponse.expirer(session, devis.id, le=LENDEMAIN)


def test_un_devis_sans_validite_n_expire_jamais(session: Session) -> None:
    devis = un_devis_envoye(session, dateValidite=None)

    assert list_expirables(session, date(2099, 1, 1)) == []
    assert not reponse.expirer(session, devis.id, le=date(2099, 1, 1))


def test_renvoyer_ne_repousse_pas_l_expiration(session: Session) -> None:
    devis = envoye_le(session, 10)

    envoi.envoyer(session, devis.id, actor=SYSTEME)

    assert reponse.expirer(session, devis.id, le=LENDEMAIN)


def test_le_travail_du_jour_ferme_ce_qui_attend_et_rien_d_autre(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "aujourd_hui", lambda: LENDEMAIN)
    with database.write() as session:
        attendus = {
            envoye_le(session, 10).id: "EXPIRE",
            envoye_le(session, 25).id: "ENVOYE",
            un_devis(session, dateValidite="2026-03-20").id: "BROUILLON",
            un_devis_accepte(session, dateValidite="2026-03-20").id: "ACCEPTE",
        }

    jobs.expirer_devis(database, {})
    jobs.expirer_devis(database, {})

    with database.read() as session:
        statuts = {devis.id: devis.statut for devis in session.scalars(select(Devis))}
    assert statuts == attendus


def test_l_expiration_est_promise_une_fois_par_jour(app: FastAPI, database: Database) -> None:
    app.state.worker.promise_daily(LENDEMAIN)
    app.state.worker.promise_daily(LENDEMAIN)

    with database.read() as session:
        assert [job.nom for job in session.scalars(select(Job))].count("devis.expirer") == 1
