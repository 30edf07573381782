"""Recording the SQL of a request: it becomes the floor the request is compared with."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import event
from starlette.testclient import TestClient

from bench.instance import Instance
from bench.rejeu import Ordre, Releve, changeants
from cordeau.app import create_app
from cordeau.core.db import Database

#: What every request asks on top of its own work: who is there, the name of the firm.
ENTOURAGE = ("session_web", "jeton_api", "entreprise", "operation")
ECRITURES = ("INSERT", "UPDATE")
_NOMME = re.compile(r"%\((\w+)\)s")


class Releveur:
    """Cordeau in this process, its statements recorded."""

    def __init__(self, instance: Instance, client: TestClient, database: Database) -> None:
        self._instance = instance
        self._client = client
        self._database = database

    def lecture(self, chemin: str, entetes: dict[str, str], table: str = "") -> Releve:
        """The SELECTs of a page; with `table`, those that start from it."""
        ordres, reponse = self._ordres("GET", chemin, entetes=entetes)
        voulus = [o for o in _sans_entourage(ordres) if f"FROM {table}" in o.sql]
        assert voulus, chemin
        return Releve(voulus, reponse, [])

    def creation(self, chemin: str, corps: bytes) -> Releve:
        """The rows a POST writes."""
        premier, second = self._deux_fois("POST", [chemin] * 3, corps)
        return _releve([_ecritures(ordres) for ordres, _ in (premier, second)], premier[1])

    def emission(self, factures: Sequence[UUID]) -> Releve:
        """What issuing a facture reads and writes: one cannot freeze what one has not read.

        Of the three given, the second is recorded.
        """
        chemins = [f"/api/v1/factures/{cle}/emettre" for cle in factures]
        premier, second = self._deux_fois("PUT", chemins, None)
        return _releve([_sans_entourage(ordres) for ordres, _ in (premier, second)], premier[1])

    def _deux_fois(
        self, methode: str, chemins: Sequence[str], corps: bytes | None
    ) -> list[tuple[list[Ordre], Any]]:
        """Two like requests, after one that may do more: the first of the day, or of the year."""
        entetes = {**self._instance.programme, "Content-Type": "application/json"}
        return [self._ordres(methode, chemin, corps, entetes=entetes) for chemin in chemins][1:]

    def _ordres(
        self, methode: str, chemin: str, corps: bytes | None = None, *, entetes: dict[str, str]
    ) -> tuple[list[Ordre], Any]:
        with _enregistrer(self._database) as ordres:
            reponse = self._client.request(methode, chemin, content=corps, headers=entetes)
        assert reponse.status_code < 300, reponse.text
        json = reponse.headers["content-type"].startswith("application/json")
        return ordres, orjson.loads(reponse.content) if json else None


@contextmanager
def relever(instance: Instance) -> Iterator[Releveur]:
    """Record what Cordeau asks of the base of this instance."""
    app = create_app(instance.settings)
    with TestClient(app) as client:
        yield Releveur(instance, client, app.state.database)


def enregistrer_releves(releves: dict[str, Releve], fichier: Path) -> Path:
    """Write recordings for the floor's process."""
    fichier.write_bytes(orjson.dumps(releves))
    return fichier


@contextmanager
def _enregistrer(database: Database) -> Iterator[list[Ordre]]:
    ordres: list[Ordre] = []

    def noter(*recu: Any) -> None:
        _connexion, _curseur, sql, parametres, _contexte, plusieurs = recu
        if not sql.startswith("BEGIN"):
            ordres.append(_en_ordre(sql, parametres if plusieurs else [parametres]))

    with _ecouter(database, noter):
        yield ordres


def _en_ordre(sql: str, lignes: Sequence[Any]) -> Ordre:
    """With its parameters by rank, whether the driver takes them by rank or by name."""
    noms = _NOMME.findall(sql)
    if noms:
        lignes = [[ligne[nom] for nom in noms] for ligne in lignes]
    return Ordre(_NOMME.sub("%s", sql), [[_simple(v) for v in ligne] for ligne in lignes])


def _simple(valeur: Any) -> Any:
    """As a driver would be given it by hand."""
    if isinstance(valeur, datetime):
        return valeur.isoformat(" ")
    return valeur.isoformat() if isinstance(valeur, date) else valeur


@contextmanager
def _ecouter(database: Database, noter: Callable[..., None]) -> Iterator[None]:
    event.listen(database.engine, "before_cursor_execute", noter)
    try:
        yield
    finally:
        event.remove(database.engine, "before_cursor_execute", noter)


def _releve(deux: Sequence[list[Ordre]], reponse: Any) -> Releve:
    """What differs between the two is what must be new each time."""
    premier, second = deux
    assert sorted(o.sql for o in premier) == sorted(o.sql for o in second)
    return Releve(premier, reponse, changeants(premier, second), *_chainon(premier))


def _chainon(ordres: Sequence[Ordre]) -> tuple[int, str]:
    """The rank at which the ledger was written and the digest it followed, if it was."""
    for ordre in ordres:
        if ordre.sql.startswith("INSERT INTO registre_entree"):
            colonnes = ordre.sql.partition("(")[2].partition(")")[0].split(", ")
            ligne: dict[str, Any] = dict(zip(colonnes, ordre.lignes[0], strict=True))
            return ligne["rang"], ligne["precedente"]
    return 0, ""


def _ecritures(ordres: list[Ordre]) -> list[Ordre]:
    return [ordre for ordre in ordres if ordre.sql.startswith(ECRITURES)]


def _sans_entourage(ordres: list[Ordre]) -> list[Ordre]:
    return [ordre for ordre in ordres if not _entoure(ordre.sql)]


def _entoure(sql: str) -> bool:
    return any(f"FROM {table}" in sql or f"JOIN {table}" in sql for table in ENTOURAGE)
