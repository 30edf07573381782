"""A small firm with everything the ledger tells of, and ways to harm its base."""

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, select, text
from sqlalchemy.pool import NullPool

from cordeau.auth import commands as auth
from cordeau.auth.facteur import obliger
from cordeau.comptabilite.commands.ancrage import ancrer_et_copier
from cordeau.comptabilite.commands.cloture import clore
from cordeau.comptabilite.verification import verifier
from cordeau.core.dates import aujourd_hui, maintenant
from cordeau.core.db import Database
from cordeau.core.jsonable import loads
from cordeau.core.permissions import SYSTEME, Role
from cordeau.core.registre.models import EntreeRegistre
from cordeau.core.registre.states import Evenement, GenreCloture
from cordeau.entreprise import commands as entreprise
from cordeau.entreprise.mentions import CodeMention
from cordeau.facturation.commands import reglements
from cordeau.facturation.models import Facture, PieceFacture
from cordeau.facturation.registre import chainer_piece
from cordeau.gestion_registre import droits_du_compte
from tests.conftest import make_settings
from tests.devis.builders import LE_JOUR, un_devis_accepte
from tests.facturation.builders import (
    TROIS_TAUX,
    facturer_et_emettre,
    regler,
    un_acompte,
    un_avoir_emis,
    une_entreprise,
    une_facture_emise,
)

SANS_CONTRAINTE = {
    "sqlite": ("PRAGMA foreign_keys=OFF", "PRAGMA ignore_check_constraints=ON"),
    "mysql": ("SET FOREIGN_KEY_CHECKS=0, check_constraint_checks=0",),
}


def remplir(database: Database) -> Facture:
    """Acompte, facture, avoir, règlement, its reversal, a rendered file; one document of them."""
    with database.write() as session:
        une_entreprise(session)
        devis = un_devis_accepte(session, lignes=TROIS_TAUX, attestationSignee=True)
        un_acompte(session, devis)
        facture = facturer_et_emettre(session, devis)
        regler(session, facture, "100")
        annule = regler(session, facture, "50")
        reglements.annuler(session, annule.id, motif="Erreur", actor=SYSTEME, le=LE_JOUR)
        un_avoir_emis(session, facture)
        regler(session, une_facture_emise(session), "60")
        piece = PieceFacture(
            facture_id=facture.id,
            pdf=b"pdf",
            xml=b"xml",
            pdf_sha256=hashlib.sha256(b"pdf").hexdigest(),
            xml_sha256=hashlib.sha256(b"xml").hexdigest(),
            rendue_le=maintenant(),
        )
        session.add(piece)
        chainer_piece(session, piece)
    return facture


def remplir_les_reglages(database: Database) -> None:
    """A person, a rule worded anew, the second factor asked for, a series begun, a month closed."""
    with database.write() as session:
        auth.ajouter_utilisateur(
            session, email="a@b.fr", nom="A", role=Role.COMPTABLE, password=None, actor=SYSTEME
        )
        entreprise.dater_mention(
            session,
            CodeMention.ESCOMPTE,
            texte="Escompte de 1 %.",
            reference_legale="",
            valable_du=date(2030, 1, 1),
            actor=SYSTEME,
        )
        obliger(session, oblige=True, actor=SYSTEME)
        entreprise.choisir_premier_numero(session, "FAC", 2031, 100, actor=SYSTEME)
        clore(session, GenreCloture.MOIS, LE_JOUR, actor=SYSTEME, le=LE_JOUR + timedelta(days=60))


def ancrer(database: Database, data: Path) -> int:
    """Anchor now; how many chains had moved."""
    url = database.engine.url.render_as_string(hide_password=False)
    return len(ancrer_et_copier(database, make_settings(data, url), aujourd_hui()))


def raisons(database: Database, data: Path, *copies: Path) -> set[str]:
    """What the verification finds wrong, in one word each."""
    return {a.raison for a in verifier(database, data, copies=copies).anomalies}


@contextmanager
def un_compte_restreint(database: Database) -> Iterator[Engine]:
    """The engine of an account of MariaDB with the rights that we document."""
    nom, secret = f"app{secrets.token_hex(4)}", secrets.token_hex(12)
    with database.engine.connect() as racine:
        racine.execute(text(f"CREATE USER {nom}@localhost IDENTIFIED BY '{secret}'"))
        for droit in droits_du_compte():
            racine.execute(text(f"GRANT {droit} TO {nom}@localhost"))
        moteur = create_engine(
            database.engine.url.set(username=nom, password=secret), poolclass=NullPool
        )
        try:
            yield moteur
        finally:
            moteur.dispose()
            racine.execute(text(f"DROP USER {nom}@localhost"))


@contextmanager
def en_superutilisateur(database: Database) -> Iterator[Connection]:
    """A connection that obeys no guard: triggers dropped, keys unchecked; they come back after."""
    moteur = create_engine(database.engine.url, poolclass=NullPool)
    with moteur.connect() as connexion:
        declencheurs = _declencheurs(connexion)
        for nom in declencheurs:
            connexion.exec_driver_sql(f"DROP TRIGGER {nom}")
        connexion.commit()
        for ordre in SANS_CONTRAINTE["sqlite" if database.is_sqlite else "mysql"]:
            connexion.exec_driver_sql(ordre)
        connexion.commit()
        try:
            yield connexion
            connexion.commit()
        finally:
            connexion.rollback()
            for ordre in declencheurs.values():
                connexion.exec_driver_sql(ordre)
            connexion.commit()
    moteur.dispose()


def _declencheurs(connexion: Connection) -> dict[str, str]:
    """Every trigger, and how to create it again."""
    if connexion.dialect.name == "sqlite":
        lus: Any = connexion.exec_driver_sql(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        )
        return dict(lus.all())
    noms = connexion.exec_driver_sql(
        "SELECT trigger_name, action_timing, event_manipulation, event_object_table, "
        "action_statement FROM information_schema.triggers WHERE trigger_schema = DATABASE()"
    )
    return {
        nom: f"CREATE TRIGGER {nom} {moment} {evenement} ON {table} FOR EACH ROW {corps}"
        for nom, moment, evenement, table, corps in noms
    }


def contenus(database: Database, evenement: Evenement) -> list[dict[str, Any]]:
    """What the entries of this kind say, oldest first."""
    with database.read() as session:
        textes = session.scalars(
            select(EntreeRegistre.contenu)
            .where(EntreeRegistre.evenement == evenement)
            .order_by(EntreeRegistre.rang)
        )
        return [loads(texte.encode()) for texte in textes]
