"""A row of a batch that collides has the whole batch done again, not given up."""

import threading
import time
from uuid import UUID

import pytest
from sqlalchemy import Update, insert, select, update
from sqlalchemy.orm import Session

from cordeau.clients.models import Client
from cordeau.core.db import Database, Temoin
from cordeau.core.ids import new_id
from cordeau.core.jobs import Job, enqueue
from cordeau.web.lots import tenter
from tests.clients.builders import un_client

POIDS = 60


class Voisin:
    """Another transaction, which wrote too much to be the one a deadlock undoes."""

    def __init__(self, database: Database, tenu: UUID) -> None:
        self.connexion = database.engine.connect()
        self.connexion.execute(insert(Temoin), [{"id": new_id()} for _ in range(POIDS)])
        self.connexion.execute(_toucher(tenu))
        self.fil: threading.Thread | None = None

    def attendre(self, autre: UUID) -> None:
        """Wait for a row somebody holds, then undo everything."""
        self.fil = threading.Thread(target=self._demander, args=(autre,))
        self.fil.start()
        time.sleep(0.5)

    def _demander(self, autre: UUID) -> None:
        with self.connexion:
            self.connexion.execute(_toucher(autre))


def test_un_lot_pris_dans_un_interblocage_est_rejoue_en_entier(database: Database) -> None:
    """The deadlock takes the savepoint along: its absence (1305) must not hide the collision."""
    if database.is_sqlite:
        pytest.skip("une base embarquée n’a qu’un écrivain")
    with database.write() as session:
        premier, second = un_client(session).id, un_client(session).id
    voisin = Voisin(database, premier)
    essais: list[int] = []

    def lot(session: Session) -> str:
        essais.append(1)
        enqueue(session, "lot", {"essai": len(essais)})
        session.execute(_toucher(second))
        if voisin.fil is None:
            voisin.attendre(second)
        return tenter(session, lambda: _nommer(session, premier), url="", nom="").nom

    assert database.transaction(lot) == "fait"

    assert voisin.fil is not None
    voisin.fil.join()
    assert len(essais) == 2
    with database.read() as session:
        assert session.scalars(select(Job.parametres)).all() == [{"essai": 2}]


def _nommer(session: Session, client_id: UUID) -> str:
    session.execute(_toucher(client_id))
    return "fait"


def _toucher(client_id: UUID) -> Update:
    return update(Client).where(Client.id == client_id).values(telephone="06 00 00 00 00")
