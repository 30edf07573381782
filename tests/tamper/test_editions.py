"""Edits by a superuser, guards taken off: every one of them shows in `cordeau ledger verify`."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Boolean, Column, Connection, Date, Integer, Uuid, text

from cordeau.comptabilite.verification import verifier, verifier_sur
from cordeau.core.columns import ScaledDecimal, UtcDateTime
from cordeau.core.db import Base, Database
from tests.registre.dossiers import ancrer, en_superutilisateur, remplir, remplir_les_reglages

#: Chained, or worked out again from what is chained.
TABLES = (
    "cloture",
    "entreprise",
    "facture",
    "imputation",
    "ligne_facture",
    "mention",
    "piece_facture",
    "reglage_acces",
    "registre_ancre",
    "registre_entree",
    "registre_tete",
    "reglement",
    "serie",
    "solde",
    "tva_facture",
    "utilisateur",
)
#: Who a person is may be corrected, then erased: only what they may do is chained.
COLONNES = {"utilisateur": {"id", "role", "actif"}}


@dataclass(frozen=True)
class Cible:
    """A cell to change."""

    table: str
    colonne: str
    cle: dict[str, Any]
    autre: Any

    def modifier(self, connexion: Connection) -> None:
        """Write another value in the cell."""
        ou = " AND ".join(f"{nom} = :cle_{nom}" for nom in self.cle)
        change = connexion.execute(
            text(f"UPDATE {self.table} SET {self.colonne} = :autre WHERE {ou}"),  # noqa: S608
            {"autre": self.autre, **{f"cle_{nom}": lue for nom, lue in self.cle.items()}},
        )
        assert change.rowcount == 1, self


@pytest.fixture
def firme(database: Database, tmp_path: Path) -> Iterator[Connection]:
    """A firm whose ledger is valid and anchored; a connection that no guard stops."""
    remplir(database)
    remplir_les_reglages(database)
    assert ancrer(database, tmp_path) > 0
    assert verifier(database, tmp_path).anomalies == []
    with en_superutilisateur(database) as connexion:
        yield connexion
    assert verifier(database, tmp_path).anomalies == []


def test_chaque_modification_se_voit(
    firme: Connection, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    hasard = random.Random(20261126)  # noqa: S311 (the same edits each time)
    manquees = []

    for cible in hasard.choices(list(_cibles(firme)), k=request.config.getoption("--editions")):
        cible.modifier(firme)
        if verifier_sur(firme, tmp_path).valide:
            manquees.append(f"{cible.table}.{cible.colonne} = {cible.autre}")
        firme.rollback()

    assert manquees == []


def test_chaque_colonne_modifiee_se_voit(firme: Connection, tmp_path: Path) -> None:
    manquees = []

    for cible in {(c.table, c.colonne): c for c in _cibles(firme)}.values():
        cible.modifier(firme)
        if verifier_sur(firme, tmp_path).valide:
            manquees.append(f"{cible.table}.{cible.colonne}")
        firme.rollback()

    assert manquees == []


def test_chaque_ligne_supprimee_se_voit(firme: Connection, tmp_path: Path) -> None:
    manquees = []

    for cible in {(c.table, *c.cle.values()): c for c in _cibles(firme)}.values():
        ou = " AND ".join(f"{nom} = :{nom}" for nom in cible.cle)
        firme.execute(text(f"DELETE FROM {cible.table} WHERE {ou}"), cible.cle)  # noqa: S608
        if verifier_sur(firme, tmp_path).valide:
            manquees.append(f"{cible.table} {cible.cle}")
        firme.rollback()

    assert manquees == []


@pytest.mark.parametrize(
    "table",
    [
        "cloture",
        "facture",
        "imputation",
        "ligne_facture",
        "mention",
        "registre_entree",
        "registre_tete",
        "reglement",
        "serie",
        "utilisateur",
    ],
)
def test_une_ligne_ajoutee_se_voit(firme: Connection, tmp_path: Path, table: str) -> None:
    colonnes = [colonne.name for colonne in Base.metadata.tables[table].columns]
    neuves = {"id": f"'{'e' * 32}'", "numero": "'FAC-2099-001'", "annule_id": "NULL"}
    neuves |= {"annee": "2033", "code": "'AUTRE'", "debut": "'1999-12-31'", "email": "'autre@b.fr'"}
    neuves |= {"journal": "'AUTRE'", "rang": "-5"} if table.startswith("registre") else {}
    valeurs = ", ".join(neuves.get(nom, nom) for nom in colonnes)
    ou = {"facture": "WHERE statut = 'EMISE'", "serie": "WHERE prefixe = 'FAC'"}.get(table, "")
    firme.exec_driver_sql(
        f"INSERT INTO {table} ({', '.join(colonnes)}) SELECT {valeurs} FROM {table} {ou} LIMIT 1"  # noqa: S608
    )

    assert not verifier_sur(firme, tmp_path).valide

    firme.rollback()


@pytest.mark.parametrize(
    "ordre",
    [
        "UPDATE serie SET rang_initial = 500, dernier_rang = 500 WHERE annee = 2031",
        "DELETE FROM serie WHERE annee = 2031",
        "INSERT INTO serie (prefixe, annee, dernier_rang, rang_initial) VALUES ('FAC', 2032, 9, 9)",
        "UPDATE serie SET dernier_rang = dernier_rang - 1 WHERE prefixe = 'DEV'",
        "DELETE FROM serie WHERE prefixe = 'DEV'",
        "UPDATE mention SET valable_au = '2030-01-01'",
        "UPDATE registre_entree SET rang = -5 WHERE journal = 'FACTURES' AND rang = 1",
    ],
)
def test_une_retouche_choisie_se_voit(firme: Connection, tmp_path: Path, ordre: str) -> None:
    firme.exec_driver_sql(ordre)

    assert not verifier_sur(firme, tmp_path).valide

    firme.rollback()


def _cibles(connexion: Connection) -> Iterator[Cible]:
    """Every cell of every row of these tables."""
    for nom in TABLES:
        table = Base.metadata.tables[nom]
        ou = " WHERE prefixe IN ('FAC', 'AVO')" if nom == "serie" else ""
        lignes = connexion.exec_driver_sql(f"SELECT * FROM {nom}{ou}").mappings().all()  # noqa: S608
        assert lignes, nom
        for ligne in lignes:
            cle = {colonne.name: ligne[colonne.name] for colonne in table.primary_key}
            for colonne in table.columns:
                if colonne.name not in COLONNES.get(nom, {colonne.name}):
                    continue
                yield Cible(nom, colonne.name, cle, _autre(colonne, ligne[colonne.name]))


def _autre(colonne: Column[Any], valeur: Any) -> Any:
    """Another value of the same type."""
    if isinstance(valeur, bytes):
        return valeur + b"!"
    if isinstance(colonne.type, (Date, UtcDateTime)):
        return "1999-12-31" if isinstance(colonne.type, Date) else "1999-12-31 00:00:00.000000"
    if isinstance(colonne.type, Uuid):
        return "f" * 32 if valeur is None else valeur[:-1] + ("0" if valeur[-1] != "0" else "1")
    if isinstance(colonne.type, Boolean):
        return 1 - valeur
    if isinstance(colonne.type, (Integer, ScaledDecimal)):
        return (valeur or 0) + 1000  # where no other row stands
    return "Z" if not valeur else valeur[:-1] + ("y" if valeur[-1] != "y" else "z")
