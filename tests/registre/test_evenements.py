"""What else is chained: exports, settings, mentions, series, rights; and what the PDF prints."""

import hashlib
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from cordeau.auth import commands as auth
from cordeau.auth.models import JetonApi
from cordeau.auth.queries import get_user
from cordeau.core.db import Database
from cordeau.core.permissions import SYSTEME, Permission, Role
from cordeau.core.registre.ecriture import lire_empreinte
from cordeau.core.registre.states import Evenement, Journal
from cordeau.entreprise import commands as entreprise
from cordeau.entreprise.mentions import CodeMention
from cordeau.facturation.pieces import obtenir_piece
from tests.documents.lecture import lire_pdf
from tests.facturation.builders import regler, une_entreprise, une_facture, une_facture_emise
from tests.gens import Navigateur
from tests.registre.dossiers import contenus

EXPORT = {"format": "csv", "du": "2026-01-01"}


def test_un_export_est_enchaine_avec_l_empreinte_du_fichier(
    database: Database,
    api: Callable[..., TestClient],
    navigateur: Callable[..., Navigateur],
) -> None:
    with database.write() as session:
        une_entreprise(session)
        une_facture_emise(session)

    programme = api("comptable").get("/api/v1/exports/jde", params=EXPORT)
    page = navigateur("comptable").get("/export/jde", params=EXPORT)

    exports = contenus(database, Evenement.EXPORT)
    assert len(exports) == 2
    for export, reponse in zip(exports, (programme, page), strict=True):
        assert export["sha256"] == hashlib.sha256(reponse.content).hexdigest()
        assert (export["du"], export["au"], export["documents"]) == ("2026-01-01", "", 1)
        assert export["montant_ttc"] == "120.00"


@pytest.mark.parametrize(
    ("adresse", "quoi"), [("/factures/export", "FACTURES"), ("/reglements/export", "REGLEMENTS")]
)
def test_un_tableur_est_enchaine_avant_de_partir(
    database: Database, navigateur: Callable[..., Navigateur], adresse: str, quoi: str
) -> None:
    with database.write() as session:
        une_entreprise(session)
        regler(session, une_facture_emise(session), "20")

    parties = [navigateur("comptable").get(f"{adresse}.{genre}") for genre in ("csv", "xlsx")]

    exports = contenus(database, Evenement.EXPORT)
    for export, reponse, genre in zip(exports, parties, ("csv", "xlsx"), strict=True):
        assert reponse.status_code == 200
        assert (export["export"], export["format"], export["lignes"]) == (quoi, genre, 1)
        assert export["sha256"] == hashlib.sha256(reponse.content).hexdigest()


def test_un_lot_de_pdf_est_enchaine(
    database: Database, navigateur: Callable[..., Navigateur]
) -> None:
    with database.write() as session:
        une_entreprise(session)
        facture = une_facture(session)

    reponse = navigateur("comptable").soumettre("/factures/lot/pdf", {"ids": [str(facture.id)]})

    (export,) = contenus(database, Evenement.EXPORT)
    assert (export["format"], export["documents"]) == ("pdf", 1)
    assert export["sha256"] == hashlib.sha256(reponse.content).hexdigest()


def test_un_export_qui_ne_peut_pas_etre_inscrit_ne_part_pas(
    database: Database, navigateur: Callable[..., Navigateur], monkeypatch: pytest.MonkeyPatch
) -> None:
    def casser(*_: object, **__: object) -> None:
        raise OperationalError("INSERT", {}, OSError("disk full"))

    client = navigateur("comptable")
    monkeypatch.setattr("cordeau.core.registre.exports.inscrire", casser)

    assert client.get("/factures/export.csv").status_code == 503
    assert contenus(database, Evenement.EXPORT) == []


def test_un_jeton_est_enchaine_sans_son_secret(session: Session, database: Database) -> None:
    user = auth.ajouter_utilisateur(
        session,
        email="a@b.fr",
        nom="A",
        role=Role.ADMIN,
        password="un secret assez long",
        actor=SYSTEME,
    )
    secret = auth.creer_jeton(session, user, actor=SYSTEME, portee=[Permission.DEVIS_LIRE])
    jeton = session.scalars(select(JetonApi)).one()
    auth.revoquer_jeton(session, jeton.id, actor=SYSTEME)
    session.commit()

    cree, revoque = contenus(database, Evenement.JETON)
    assert (cree["fait"], revoque["fait"]) == ("créé", "révoqué")
    assert (cree["jeton"], cree["utilisateur"]) == (jeton.id.hex, user.id.hex)
    assert cree["portee"] == revoque["portee"] == "devis:lire"
    assert secret not in str(cree) + str(revoque)


def test_voir_la_page_de_l_export_n_ecrit_rien(
    database: Database, navigateur: Callable[..., Navigateur]
) -> None:
    assert navigateur("comptable").get("/export/jde").status_code == 200

    assert contenus(database, Evenement.EXPORT) == []


def test_les_reglages_sont_enchaines(session: Session, database: Database) -> None:
    une_entreprise(session)
    entreprise.definir(session, {"regime_tva": "DEBITS", "logo": b"png"}, actor=SYSTEME)
    session.commit()

    dernier = contenus(database, Evenement.REGLAGES)[-1]
    assert dernier["entreprise"]["regime_tva"] == "DEBITS"
    assert dernier["logo_sha256"] == hashlib.sha256(b"png").hexdigest()


def test_une_mention_est_enchainee(session: Session, database: Database) -> None:
    entreprise.dater_mention(
        session,
        CodeMention.ESCOMPTE,
        texte="Escompte de 1 %.",
        reference_legale="",
        valable_du=date(2027, 1, 1),
        actor=SYSTEME,
    )
    session.commit()

    (mention,) = contenus(database, Evenement.MENTION)
    assert mention["mention"]["texte"] == "Escompte de 1 %."


def test_le_premier_numero_d_une_serie_est_enchaine(session: Session, database: Database) -> None:
    entreprise.choisir_premier_numero(session, "FAC", 2026, 120, actor=SYSTEME)
    session.commit()

    assert contenus(database, Evenement.SERIE)[0]["premier"] == 120


def test_les_droits_sont_enchaines_sans_adresse(session: Session, database: Database) -> None:
    identite: dict[str, Any] = {"email": "camille@exemple.fr", "nom": "Camille"}
    user = auth.ajouter_utilisateur(
        session, role=Role.COMPTABLE, password="un secret assez long", actor=SYSTEME, **identite
    )
    auth.desactiver(session, get_user(session, user.email), actor=SYSTEME)
    session.commit()

    droits = [(d["role"], d["actif"]) for d in contenus(database, Evenement.DROITS)]
    assert droits == [("comptable", 1), ("comptable", 0)]
    assert "camille" not in str(contenus(database, Evenement.DROITS))


def test_le_pdf_porte_l_empreinte_et_ses_octets_sont_enchaines(database: Database) -> None:
    with database.write() as session:
        une_entreprise(session)
        facture = une_facture_emise(session)
        empreinte = lire_empreinte(session, Journal.FACTURES, facture.id)

    piece = obtenir_piece(database, facture.id)

    assert f"Empreinte : {empreinte[:16]}" in lire_pdf(piece.pdf)
    (rendue,) = contenus(database, Evenement.PIECE_RENDUE)
    assert rendue["piece"]["pdf_sha256"] == hashlib.sha256(piece.pdf).hexdigest()
