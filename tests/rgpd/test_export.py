"""What a person is handed: all that is theirs, nothing of the firm's, nothing of anybody else's."""

import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cordeau import demo
from cordeau.auth.commands import ajouter_utilisateur
from cordeau.auth.models import Utilisateur
from cordeau.clients.models import Client
from cordeau.core.db import Database
from cordeau.core.journal import record
from cordeau.core.permissions import SYSTEME, Acteur, Role
from cordeau.entreprise.queries import entreprise_or_blank
from cordeau.rgpd.dossier import Personne, reunir
from cordeau.rgpd.export import ecrire_archive
from tests.clients.builders import un_client

LE = date(2026, 11, 26)
RESERVES = re.compile(r"cout_unitaire|coutUnitaire|marge_", re.IGNORECASE)


@pytest.fixture
def chargee(database: Database) -> Database:
    """The demonstration firm."""
    demo.charger(database, le=LE)
    return database


def remettre(session: Session, personne: Personne, fichier: Path) -> str:
    """The whole text of the archive of a person, names of its files included."""
    ecrire_archive(reunir(session, personne), fichier)
    with zipfile.ZipFile(fichier) as archive:
        morceaux = [archive.read(nom).decode(errors="replace") for nom in archive.namelist()]
        return "\n".join([*archive.namelist(), *morceaux])


def test_la_demonstration_ne_remet_a_personne_ce_qui_est_a_un_autre(
    chargee: Database, tmp_path: Path
) -> None:
    """One loading for everybody: it takes a few seconds."""
    with chargee.read() as session:
        equipe = session.scalars(select(Utilisateur)).all()
        clients = session.scalars(select(Client)).all()
        iban = entreprise_or_blank(session).iban
        for client in clients:
            personne = Personne("client", client.id, client.nom, client.email)
            texte = remettre(session, personne, tmp_path / f"{client.id}.zip")
            _rien_de(texte, [u.nom for u in equipe] + [u.email for u in equipe], client.nom)
        for user in equipe:
            personne = Personne("utilisateur", user.id, user.nom, user.email)
            texte = remettre(session, personne, tmp_path / f"{user.id}.zip")
            autres = [a for u in equipe if u is not user for a in (u.nom, u.email)]
            _rien_de(texte, [*autres, *(c.nom for c in clients), iban], user.nom)


def _rien_de(texte: str, mots: list[str], qui: str) -> None:
    assert not RESERVES.search(texte), qui
    assert not [mot for mot in mots if mot and mot in texte], qui


def _donnees(database: Database, personne: Personne, fichier: Path) -> dict[str, Any]:
    with database.read() as session:
        remettre(session, personne, fichier)
    with zipfile.ZipFile(fichier) as archive:
        donnees: dict[str, Any] = orjson.loads(archive.read("donnees.json"))
        return donnees


def test_un_geste_ne_dit_son_auteur_qu_a_lui_meme(database: Database, tmp_path: Path) -> None:
    with database.write() as session:
        user = ajouter_utilisateur(
            session,
            email="y@exemple.fr",
            nom="Ysoline",
            role=Role.ADMIN,
            password="une longue phrase",
            actor=SYSTEME,
        )
        acteur = Acteur(user.id, user.nom, user.email, Role.ADMIN)
        client = un_client(session, "Zéphyrine", email="z@exemple.fr", actor=acteur)
        record(session, acteur, "utilisateur", user.id, "Connexion", adresse="192.0.2.7")

    du_client = _donnees(
        database, Personne("client", client.id, client.nom, client.email), tmp_path / "c.zip"
    )
    du_user = _donnees(
        database, Personne("utilisateur", user.id, user.nom, user.email), tmp_path / "u.zip"
    )

    (geste,) = du_client["evenement"]
    assert not {"acteur_nom", "acteur_id", "adresse", "recherche"} & set(geste)
    (groupe, *_) = geste["changements"]
    assert groupe["lignes"][0]["email"] == "z@exemple.fr"
    par_action = {geste["action"]: geste for geste in du_user["evenement"]}
    assert set(par_action[geste["action"]]) == {
        *("id", "action", "survenu_le", "origine", "lieu"),
        *("acteur_id", "acteur_nom", "adresse"),
    }
    assert par_action["Connexion"]["details"] == {"adresse": "192.0.2.7"}
