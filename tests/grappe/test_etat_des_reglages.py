"""The upgrade that begins to compare settings: what had no entry gets one."""

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text

from cordeau import migrate
from cordeau.comptabilite.verification import verifier
from cordeau.core.db import Database
from cordeau.core.jsonable import loads
from cordeau.core.registre.canonique import GENESE

AVANT = "20261126_1530"
PERSONNE = text(
    "INSERT INTO utilisateur (id, email, nom, role, mot_de_passe, actif, cree_le) "
    "VALUES (:id, 'a@b.fr', 'A', 'comptable', '!', 1, '2026-11-20 09:30:00.000000')"
)
SERIE = text(
    "INSERT INTO serie (prefixe, annee, dernier_rang, rang_initial) VALUES ('FAC', 2026, 119, 119)"
)


@pytest.fixture
def avant(vide: Database) -> Database:
    """A base of the version before, with a person and a series no entry tells of."""
    config = migrate.make_config()
    with migrate._connection(vide) as migration:
        config.attributes["connection"] = migration
        command.upgrade(config, AVANT)
        migration.commit()
    with vide.engine.begin() as connexion:
        connexion.execute(PERSONNE, {"id": "e" * 32})
        connexion.execute(SERIE)
    return vide


def test_ce_qui_n_avait_pas_d_ecriture_en_recoit_une(avant: Database, tmp_path: Path) -> None:
    migrate.upgrade(avant)

    assert verifier(avant, tmp_path).anomalies == []
    with avant.engine.connect() as connexion:
        lue = connexion.scalar(text("SELECT contenu FROM registre_entree WHERE rang = 1"))
    etat = loads(str(lue).encode())["etat"]
    assert etat["utilisateur"] == [{"id": "e" * 32, "role": "comptable", "actif": 1}]
    assert etat["serie"] == [{"prefixe": "FAC", "annee": 2026, "rang_initial": 119}]
    assert len(etat["mention"]) > 10


def test_ce_qu_une_ecriture_dit_deja_n_est_pas_redit(avant: Database, tmp_path: Path) -> None:
    """A role changed behind the software's back before the upgrade is still found after it."""
    entree = (
        "INSERT INTO registre_entree (journal, rang, evenement, objet_id, survenu_le, algorithme, "
        "sel, contenu, contenu_sha256, precedente, empreinte) VALUES ('TECHNIQUE', 1, 'DROITS', "
        ":id, '2026-11-20 09:30:00.000000', 1, '', :contenu, '', :genese, 'e')"
    )
    droits = f'{{"utilisateur":"{"e" * 32}","role":"technicien","actif":1}}'
    with avant.engine.begin() as connexion:
        connexion.execute(text(entree), {"id": "e" * 32, "contenu": droits, "genese": GENESE})
        connexion.execute(
            text("UPDATE registre_tete SET rang = 1, empreinte = 'e' WHERE journal = 'TECHNIQUE'")
        )

    migrate.upgrade(avant)

    details = [a.detail for a in verifier(avant, tmp_path).anomalies if a.raison == "ligne"]
    assert details == [f"utilisateur {'e' * 32} modifiée : role"]
