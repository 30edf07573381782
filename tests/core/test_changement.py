"""A row written by a statement of its own leaves behind what a flush would."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import inspect, select, update
from sqlalchemy.orm import Session, undefer
from sqlalchemy.orm.exc import StaleDataError

from cordeau.clients.models import Client
from cordeau.core import detail
from cordeau.core.adresse import Adresse
from cordeau.core.changement import Changement, inserer
from cordeau.core.dates import maintenant
from cordeau.core.db import Base, Database
from cordeau.core.journal import Evenement
from cordeau.core.recherche import Mot
from tests.clients.builders import un_client

RENOMME = {"nom": "Besnard", "nom_tri": "besnard", "recherche": "besnard laval"}


def test_une_ligne_ecrite_a_part_laisse_ce_qu_une_ligne_suivie_laisse(database: Database) -> None:
    with database.write() as session:
        a_part, suivie = un_client(session, "Garnier").id, un_client(session, "Garnier").id

    with database.write() as session:
        changement = Changement(session.get_one(Client, a_part))
        changement.poser(**RENOMME)
        changement.ecrire(session)
    with database.write() as session:
        client = session.get_one(Client, suivie)
        for nom, valeur in RENOMME.items():
            setattr(client, nom, valeur)

    with database.read() as session:
        assert _reste(session, a_part) == _reste(session, suivie)
        assert _reste(session, a_part)["mots"] == ["besnard", "laval"]


def test_une_ligne_ajoutee_a_part_laisse_ce_qu_une_ligne_suivie_laisse(database: Database) -> None:
    neuf: dict[str, Any] = {
        "nom": "Garnier",
        "nom_tri": "garnier",
        "recherche": "garnier",
        "cree_le": maintenant(),
    }

    with database.write() as session:
        suivi, a_part = (Client(type="PARTICULIER", adresse=Adresse(), **neuf) for _ in range(2))
        session.add(suivi)
        session.flush()
        inserer(session, a_part)
        cles = a_part.id, suivi.id
        assert a_part not in session.dirty | session.new
        assert {**vars(a_part), "id": 0}.keys() >= {c.key for c in inspect(Client).column_attrs}

    with database.read() as session:
        un, autre = (_reste(session, cle, "Création") for cle in cles)
    assert un == autre
    assert un["mots"] == ["garnier"]


def test_l_objet_montre_ce_qui_s_ecrit_et_n_est_plus_a_ecrire(database: Database) -> None:
    with database.write() as session:
        client = un_client(session, "Garnier")
        session.flush()
        avant = client.revision
        changement = Changement(client)

        changement.poser(**RENOMME)
        changement.ecrire(session)

        assert (client.nom, client.revision) == ("Besnard", avant + 1)
        assert client not in session.dirty


def test_une_ligne_changee_entre_temps_n_est_pas_recouverte(database: Database) -> None:
    with database.write() as session:
        cle = un_client(session, "Garnier").id

    with database.write() as session:
        client = session.get_one(Client, cle)
        session.connection().execute(
            update(Base.metadata.tables["client"]).values(revision=client.revision + 1)
        )
        changement = Changement(client)
        changement.poser(**RENOMME)
        with pytest.raises(StaleDataError):
            changement.ecrire(session)
        session.rollback()

    with database.read() as session:
        assert session.get_one(Client, cle).nom == "Garnier"


def _reste(session: Session, cle: UUID, action: str = "Modification") -> dict[str, Any]:
    """The row, its words and the last line of its journal, without what differs by nature."""
    client = session.get_one(Client, cle)
    fait = session.scalars(
        select(Evenement)
        .where(Evenement.objet_id == cle, Evenement.action == action)
        .options(undefer(Evenement.changements))
    ).one()
    return {
        "ligne": {
            attribut.key: getattr(client, attribut.key)
            for attribut in inspect(Client).column_attrs
            if attribut.key not in ("id", "cree_le")
        },
        "mots": sorted(session.scalars(select(Mot.mot).where(Mot.objet_id == cle))),
        "journal": [_sans_ordre(groupe) for groupe in detail.lire(fait.changements or "")],
        "nom": fait.objet_nom,
    }


def _sans_ordre(groupe: dict[str, Any]) -> dict[str, Any]:
    """A group of the journal, whatever the order of its columns and the identifier of its row."""
    if groupe["o"] == "M":
        return {**groupe, "k": ""}
    [(_, *valeurs)] = groupe["r"]
    return {"o": groupe["o"], **dict(zip(groupe["c"], valeurs, strict=True))}
