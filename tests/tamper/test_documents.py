"""What is issued never changes: the database refuses every way in, with plain SQL.

CGI art. 286-I-3° bis, BOI-TVA-DECLA-30-10-30: a document is corrected by another one.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Column, Date, String, Table, Text, Uuid
from sqlalchemy.exc import DBAPIError

from cordeau.core.columns import UtcDateTime
from cordeau.core.dates import maintenant
from cordeau.core.db import Base, Database
from cordeau.core.ids import new_id
from cordeau.devis.versions import figer_version
from cordeau.facturation.models import Facture, PieceFacture
from tests.devis.builders import un_devis_accepte
from tests.facturation.builders import (
    facturer,
    facturer_et_emettre,
    regler,
    une_entreprise,
)

FIGEES = (
    "evenement",
    "facture",
    "imputation",
    "ligne_facture",
    "piece_facture",
    "reglement",
    "tva_facture",
)


@dataclass(frozen=True)
class Dossier:
    """An issued document, and a draft of the same devis."""

    database: Database
    emise: Facture
    brouillon: Facture

    @property
    def ou(self) -> dict[str, str]:
        """Which rows of each table are frozen."""
        emise = f"facture_id = '{self.emise.id.hex}'"
        return {
            "evenement": f"objet_id = '{self.emise.id.hex}'",
            "facture": f"id = '{self.emise.id.hex}'",
            "imputation": emise,
            "ligne_facture": emise,
            "piece_facture": emise,
            "reglement": f"client_id = '{self.emise.client_id.hex}'",
            "tva_facture": emise,
            "version_devis": f"devis_id = '{self.brouillon.devis_id.hex}'",  # type: ignore[union-attr]
        }

    def executer(self, ordre: str) -> None:
        """Run one statement in its own transaction."""
        with self.database.engine.begin() as connexion:
            connexion.exec_driver_sql(ordre)

    def est_refuse(self, ordre: str) -> bool:
        """Whether our trigger stops the statement; any other error is not a refusal."""
        try:
            self.executer(ordre)
        except DBAPIError as erreur:
            return "document fige" in str(erreur.orig)
        return False

    def photo(self) -> dict[str, list[Any]]:
        """Every frozen row, as stored."""
        with self.database.engine.connect() as connexion:
            return {
                table: list(connexion.exec_driver_sql(f"SELECT * FROM {table} WHERE {ou}"))  # noqa: S608
                for table, ou in self.ou.items()
            }


@pytest.fixture
def dossier(database: Database) -> Iterator[Dossier]:
    """Compared before and after: nothing of it may have changed."""
    with database.write() as session:
        une_entreprise(session)
        devis = un_devis_accepte(session)
        emise = facturer_et_emettre(session, devis, pourcentage="50")
        regler(session, emise, "10")
        figer_version(session, devis)
        session.add(
            PieceFacture(
                facture_id=emise.id,
                pdf=b"pdf",
                xml=b"xml",
                pdf_sha256="0" * 64,
                xml_sha256="0" * 64,
                rendue_le=maintenant(),
            )
        )
        brouillon = facturer(session, devis)
    dossier = Dossier(database, emise, brouillon)
    avant = dossier.photo()
    assert all(avant.values())
    yield dossier
    assert dossier.photo() == avant


def test_aucune_colonne_ne_se_modifie(dossier: Dossier) -> None:
    for nom in FIGEES:
        for colonne in Base.metadata.tables[nom].columns:
            ordre = f"UPDATE {nom} SET {colonne.name} = {_autre(colonne)} WHERE {dossier.ou[nom]}"  # noqa: S608
            assert dossier.est_refuse(ordre), ordre


def test_rien_ne_se_supprime(dossier: Dossier) -> None:
    for nom, ou in dossier.ou.items():
        assert dossier.est_refuse(f"DELETE FROM {nom} WHERE {ou}"), nom  # noqa: S608


def test_rien_ne_se_remplace(dossier: Dossier) -> None:
    for nom in FIGEES:
        copie = f"SELECT * FROM {nom} WHERE {dossier.ou[nom]}"  # noqa: S608
        assert dossier.est_refuse(f"REPLACE INTO {nom} {copie}"), nom


def test_une_insertion_ne_se_change_pas_en_modification(dossier: Dossier) -> None:
    for nom in FIGEES:
        table = Base.metadata.tables[nom]
        cle = ", ".join(colonne.name for colonne in table.primary_key)
        autre = next(colonne for colonne in table.columns if not colonne.primary_key)
        suite = (
            f"ON CONFLICT ({cle}) DO UPDATE SET"
            if dossier.database.is_sqlite
            else "ON DUPLICATE KEY UPDATE"
        )
        copie = f"SELECT * FROM {nom} WHERE {dossier.ou[nom]}"  # noqa: S608
        ordre = f"INSERT INTO {nom} {copie} {suite} {autre.name} = {_autre(autre)}"
        assert dossier.est_refuse(ordre), ordre


def test_une_ligne_ne_s_ajoute_pas_a_un_document_emis(dossier: Dossier) -> None:
    brouillon, emise = dossier.brouillon.id.hex, dossier.emise.id.hex
    for nom, nouvelles in (
        ("ligne_facture", {"id": new_id().hex, "facture_id": emise}),
        ("tva_facture", {"facture_id": emise, "taux": "10000"}),
    ):
        valeurs = ", ".join(
            f"'{nouvelles[c.name]}'" if c.name in nouvelles else c.name
            for c in Base.metadata.tables[nom].columns
        )
        ordre = (
            f"INSERT INTO {nom} ({_colonnes(nom)}) "  # noqa: S608
            f"SELECT {valeurs} FROM {nom} WHERE facture_id = '{brouillon}'"
        )
        assert dossier.est_refuse(ordre), nom


def test_une_ligne_ne_change_pas_de_document(dossier: Dossier) -> None:
    brouillon, emise = dossier.brouillon.id.hex, dossier.emise.id.hex
    for nom in ("ligne_facture", "tva_facture"):
        for vers, depuis in ((emise, brouillon), (brouillon, emise)):
            ordre = f"UPDATE {nom} SET facture_id = '{vers}' WHERE facture_id = '{depuis}'"  # noqa: S608
            assert dossier.est_refuse(ordre), ordre


def test_un_brouillon_ne_prend_pas_la_place_d_un_document_emis(dossier: Dossier) -> None:
    brouillon, emise = dossier.brouillon, dossier.emise
    ligne = f"(SELECT id FROM ligne_facture WHERE facture_id = '{emise.id.hex}')"  # noqa: S608
    for ordre in (
        f"facture SET numero = '{emise.numero}', statut = 'EMISE' WHERE id = '{brouillon.id.hex}'",
        f"facture SET id = '{emise.id.hex}' WHERE id = '{brouillon.id.hex}'",
        f"ligne_facture SET id = {ligne} WHERE facture_id = '{brouillon.id.hex}'",
    ):
        if dossier.database.is_sqlite:
            assert dossier.est_refuse(f"UPDATE OR REPLACE {ordre}"), ordre
        else:
            with suppress(DBAPIError):  # refused or without effect: the fixture compares
                dossier.executer(f"UPDATE IGNORE {ordre}")


def test_un_brouillon_ne_devient_pas_emis_sans_numero(dossier: Dossier) -> None:
    ordre = f"UPDATE facture SET statut = 'EMISE' WHERE id = '{dossier.brouillon.id.hex}'"  # noqa: S608

    with pytest.raises(DBAPIError, match="numero_emise"):
        dossier.executer(ordre)


def test_la_version_envoyee_d_un_devis_garde_son_contenu_et_suit_son_statut(
    dossier: Dossier,
) -> None:
    ou = dossier.ou["version_devis"]
    for colonne in ("contenu", "devis_id", "version", "id"):
        valeur = _autre(Base.metadata.tables["version_devis"].columns[colonne])
        assert dossier.est_refuse(f"UPDATE version_devis SET {colonne} = {valeur} WHERE {ou}")  # noqa: S608

    assert not dossier.est_refuse(f"UPDATE version_devis SET statut = statut WHERE {ou}")  # noqa: S608


@pytest.mark.hors_journal("deletes with plain SQL")
def test_un_brouillon_reste_libre(dossier: Dossier) -> None:
    brouillon = dossier.brouillon.id.hex

    dossier.executer(f"UPDATE facture SET objet = 'X' WHERE id = '{brouillon}'")  # noqa: S608
    for nom in ("ligne_facture", "tva_facture"):
        dossier.executer(f"DELETE FROM {nom} WHERE facture_id = '{brouillon}'")  # noqa: S608
    dossier.executer(f"DELETE FROM facture WHERE id = '{brouillon}'")  # noqa: S608


def _colonnes(nom: str) -> str:
    table: Table = Base.metadata.tables[nom]
    return ", ".join(colonne.name for colonne in table.columns)


def _autre(colonne: Column[Any]) -> str:
    """Another value for this column, as SQL."""
    if isinstance(colonne.type, Uuid):
        return f"'{new_id().hex}'"
    if isinstance(colonne.type, (Date, UtcDateTime)):
        return "'2001-01-01'"
    if isinstance(colonne.type, (String, Text)):
        return "'x'"
    return {"details": "'{}'", "pdf": "X'00'", "xml": "X'00'"}.get(colonne.name, "7")
