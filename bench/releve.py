"""Recording the SQL of a request: it becomes the floor the request is compared with."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import event
from starlette.testclient import TestClient

from bench.instance import BASE, Instance, settings_de
from bench.rejeu import Ordre, Releve, changeants
from cordeau.app import create_app
from cordeau.core.db import Database

#: What every request asks on top of its own work: who is there, the name of the firm.
ENTOURAGE = ("session_web", "jeton_api", "entreprise", "operation")
ECRITURES = ("INSERT", "UPDATE")


class Releveur:
    """Cordeau in this process, on a copy of the base, its statements recorded."""

    def __init__(self, instance: Instance, client: TestClient, database: Database) -> None:
        self._instance = instance
        self._client = client
        self._database = database

    def lecture(self, chemin: str, entetes: dict[str, str], table: str = "") -> Releve:
        """The SELECTs of a page; with `table`, those that start from it."""
        ordres, reponse = self._ordres("GET", chemin, entetes=entetes)
        voulus = [o for o in ordres if f"FROM {table}" in o.sql and not _entoure(o.sql)]
        assert voulus, chemin
        return Releve(voulus, reponse, [])

    def creation(self, chemin: str, corps: bytes) -> Releve:
        """The rows a POST writes."""
        return self._ecriture("POST", (chemin, chemin), corps)

    def emission(self, premiere: UUID, seconde: UUID) -> Releve:
        """The rows that issuing a facture writes."""
        chemins = tuple(f"/api/v1/factures/{cle}/emettre" for cle in (premiere, seconde))
        return self._ecriture("PUT", (chemins[0], chemins[1]), None)

    def _ecriture(self, methode: str, chemins: tuple[str, str], corps: bytes | None) -> Releve:
        """Two requests: what differs is what must be new each time."""
        entetes = {**self._instance.programme, "Content-Type": "application/json"}
        (premier, reponse), (second, _) = [
            self._ordres(methode, chemin, corps, entetes=entetes) for chemin in chemins
        ]
        ecrits = [
            [o for o in ordres if o.sql.startswith(ECRITURES)] for ordres in (premier, second)
        ]
        assert len(ecrits[0]) == len(ecrits[1])
        return Releve(ecrits[0], reponse, changeants(*ecrits))

    def _ordres(
        self, methode: str, chemin: str, corps: bytes | None = None, *, entetes: dict[str, str]
    ) -> tuple[list[Ordre], Any]:
        with _enregistrer(self._database) as ordres:
            reponse = self._client.request(methode, chemin, content=corps, headers=entetes)
        assert reponse.status_code < 300, reponse.text
        json = reponse.headers["content-type"].startswith("application/json")
        return ordres, orjson.loads(reponse.content) if json else None


@contextmanager
def relever(instance: Instance, data: Path) -> Iterator[Releveur]:
    """Record on a copy of the base, which is then thrown away."""
    data.mkdir()
    instance.copier_base(data / BASE)
    app = create_app(settings_de(data))
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
            lignes = parametres if plusieurs else [parametres]
            ordres.append(Ordre(sql, [list(ligne) for ligne in lignes]))

    with _ecouter(database, noter):
        yield ordres


@contextmanager
def _ecouter(database: Database, noter: Callable[..., None]) -> Iterator[None]:
    event.listen(database.engine, "before_cursor_execute", noter)
    try:
        yield
    finally:
        event.remove(database.engine, "before_cursor_execute", noter)


def _ecritures(ordres: list[Ordre]) -> list[Ordre]:
    return [ordre for ordre in ordres if ordre.sql.startswith(ECRITURES)]


def _entoure(sql: str) -> bool:
    return any(f"FROM {table}" in sql or f"JOIN {table}" in sql for table in ENTOURAGE)
