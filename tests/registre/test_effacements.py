"""An erasure is chained; what goes without one shows in `cordeau ledger verify`."""

from pathlib import Path

import pytest
from sqlalchemy import Connection

from cordeau.comptabilite.verification import verifier, verifier_sur
from cordeau.core.db import Database
from cordeau.rgpd.dossier import Personne
from cordeau.rgpd.effacement import effacer
from tests.clients.builders import un_client
from tests.devis.builders import LE_JOUR, un_devis_envoye
from tests.facturation.builders import une_entreprise
from tests.registre.dossiers import en_superutilisateur, raisons, remplir

#: A register row that names every record but those already erased.
FORGER = (
    (
        "INSERT INTO effacement VALUES ('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'client', "
        "'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', '2026-01-01 00:00:00', 'x', '{}')"
    ),
    (
        "INSERT INTO effacement_objet "
        "SELECT DISTINCT objet_type, objet_id, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' FROM evenement e "
        "WHERE NOT EXISTS (SELECT 1 FROM effacement_objet o "
        "WHERE o.objet_type = e.objet_type AND o.objet_id = e.objet_id)"
    ),
)
AJOUTER = (
    "INSERT INTO effacement_objet "
    "SELECT 'devis', 'cccccccccccccccccccccccccccccccc', id FROM effacement"
)
VIDER = (
    "UPDATE evenement SET changements = NULL, objet_nom = NULL, recherche = NULL, details = '{}' "
    "WHERE changements IS NOT NULL"
)
OUBLIER = "DELETE FROM version_devis"


@pytest.fixture
def efface(database: Database, tmp_path: Path) -> Personne:
    """A prospect erased with a devis that was sent, beside a firm at work."""
    remplir(database)
    with database.write() as session:
        une_entreprise(session)
        client = un_client(session, "Zéphyrine", type="PARTICULIER")
        un_devis_envoye(session, client=client).statut = "REFUSE"
        un_devis_envoye(session)
    personne = Personne("client", client.id, client.nom, client.email)
    database.transaction(lambda session: effacer(session, personne, le=LE_JOUR, par="cordeau rgpd"))
    return personne


def test_un_effacement_est_au_registre(
    efface: Personne, database: Database, tmp_path: Path
) -> None:
    assert verifier(database, tmp_path).anomalies == []
    with database.engine.connect() as connexion:
        contenu = connexion.exec_driver_sql(
            "SELECT contenu FROM registre_entree WHERE evenement = 'EFFACEMENT'"
        ).scalar_one()
    assert efface.id.hex in contenu
    assert "Zéphyrine" not in contenu


@pytest.mark.parametrize("effet", [VIDER, OUBLIER])
def test_un_effacement_forge_par_l_application_se_voit(
    efface: Personne, database: Database, tmp_path: Path, effet: str
) -> None:
    """What the application's own connection may do on SQLite: the guards let it, not the ledger."""
    with database.engine.connect() as connexion:
        for ordre in (*FORGER, effet):
            connexion.exec_driver_sql(ordre)

        assert {"hors_registre", "effacement"} <= _raisons(connexion, tmp_path)

        connexion.rollback()


def test_un_objet_ajoute_a_un_effacement_inscrit_se_voit(
    efface: Personne, database: Database, tmp_path: Path
) -> None:
    with database.write() as session:
        session.connection().exec_driver_sql(AJOUTER)

    assert raisons(database, tmp_path) == {"effacement"}


@pytest.mark.parametrize(
    "ordre",
    [
        VIDER,
        OUBLIER,
        "UPDATE evenement SET acteur_nom = 'Utilisateur effacé', acteur_id = id",
        "UPDATE effacement SET par = 'personne'",
        "UPDATE effacement SET bilan = '{}'",
        "DELETE FROM effacement_objet",
    ],
)
def test_ce_qui_part_sans_effacement_se_voit(
    efface: Personne, database: Database, tmp_path: Path, ordre: str
) -> None:
    with en_superutilisateur(database) as connexion:
        connexion.exec_driver_sql(ordre)

    assert raisons(database, tmp_path) == {"effacement"}


def _raisons(connexion: Connection, data: Path) -> set[str]:
    return {anomalie.raison for anomalie in verifier_sur(connexion, data).anomalies}
