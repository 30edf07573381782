"""Every list is read along an index, whatever it is sorted and filtered by.

Planned by SQLite on an empty base without statistics, as a new installation starts.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from cordeau.chantiers import queries as chantiers
from cordeau.chantiers.queries import FiltresChantier
from cordeau.chantiers.states import StatutChantier
from cordeau.clients import queries as clients
from cordeau.clients.queries import FiltresClient
from cordeau.clients.states import TypeClient
from cordeau.core.db import Database
from cordeau.core.listing import Demande
from cordeau.devis import queries as devis
from cordeau.devis.queries import FiltreDevis
from cordeau.devis.states import StatutDevis
from cordeau.facturation import queries as factures
from cordeau.facturation import reglements
from cordeau.facturation.queries import FiltreFacture
from cordeau.facturation.reglements import FiltreReglement
from cordeau.facturation.states import ModeReglement, StatutFacture, StatutPaiement, TypeFacture
from tests import serveurs
from tests.performances.ecoute import ecouter

Lister = Callable[[Session, Demande], object]
JOUR, CLE = date(2026, 3, 2), UUID(int=7)
SANS = Demande()

TRIS: dict[str, tuple[str, Any, Lister]] = {
    "clients": ("client", clients.TRIS, clients.list_clients),
    "chantiers": ("chantier", chantiers.TRIS, chantiers.list_chantiers),
    "devis": ("devis", devis.TRIS, lambda s, d: devis.list_devis(s, d, FiltreDevis())),
    "factures": (
        "facture",
        factures.TRIS,
        lambda s, d: factures.list_factures(s, d, FiltreFacture(), JOUR),
    ),
    "reglements": (
        "reglement",
        reglements.TRIS,
        lambda s, d: reglements.list_reglements(s, d, FiltreReglement()),
    ),
}
FILTRES: dict[
    str, tuple[dict[str, dict[str, Any]], Callable[[Session, dict[str, Any]], object]]
] = {
    "client": (
        {
            "type": {"types": [TypeClient.PUBLIC]},
            "code JDE": {"code_jde": "100001"},
            "courriel": {"email": "a@exemple.fr"},
            "siren": {"siren": "732829320"},
            "siret": {"siret": "73282932000074"},
            "en service": {"archive": False},
            "nom": {"nom": "dupont"},
            "ville": {"ville": "le mans"},
        },
        lambda s, f: clients.list_clients(s, SANS, FiltresClient(**f)),
    ),
    "chantier": (
        {
            "statut": {"statuts": [StatutChantier.EN_COURS]},
            "client": {"client_id": CLE},
            "responsable": {"responsable": "Karim"},
            "période": {"du": JOUR, "au": JOUR},
        },
        lambda s, f: chantiers.list_chantiers(s, SANS, FiltresChantier(**f)),
    ),
    "devis": (
        {
            "statut": {"statuts": [StatutDevis.ENVOYE]},
            "deux statuts": {"statuts": [StatutDevis.ENVOYE, StatutDevis.REFUSE]},
            "client": {"client_id": CLE},
            "chantier": {"chantier_id": CLE},
            "période": {"du": JOUR, "au": JOUR},
            "numéro": {"numero": "DEV-2026-001"},
            "date d’émission": {"date_emission": JOUR},
            "date de validité": {"date_validite": JOUR},
        },
        lambda s, f: devis.list_devis(s, SANS, FiltreDevis(**f)),
    ),
    "facture": (
        {
            "statut": {"statuts": [StatutFacture.EMISE]},
            "type": {"types": [TypeFacture.AVOIR]},
            "en retard": {"paiements": [StatutPaiement.EN_RETARD]},
            "client": {"client_id": CLE},
            "devis": {"devis_id": CLE},
            "chantier": {"chantier_id": CLE},
            "période": {"du": JOUR, "au": JOUR},
            "numéro": {"numero": "FAC-2026-001"},
            "facture d’origine": {"facture_origine_id": CLE},
            "date d’émission": {"date_emission": JOUR},
            "date d’échéance": {"date_echeance": JOUR},
        },
        lambda s, f: factures.list_factures(s, SANS, FiltreFacture(**f), JOUR),
    ),
    "reglement": (
        {
            "client": {"client_id": CLE},
            "mode": {"modes": [ModeReglement.CHEQUE]},
            "période": {"du": JOUR, "au": JOUR},
        },
        lambda s, f: reglements.list_reglements(s, SANS, FiltreReglement(**f)),
    ),
}


@pytest.fixture(scope="module")
def sqlite() -> Iterator[Database]:
    """An empty embedded base."""
    base = serveurs.BaseSqlite()
    base.remettre_a_neuf()
    database = serveurs.ouvrir(base.url)
    yield database
    database.dispose()
    base.arreter()


@pytest.mark.parametrize("sens", ["", "-"])
@pytest.mark.parametrize(
    ("liste", "tri"), [(nom, tri) for nom, (_, tris, _) in TRIS.items() for tri in tris]
)
def test_un_tri_suit_un_index(sqlite: Database, liste: str, tri: str, sens: str) -> None:
    table, _, lister = TRIS[liste]

    plan = _plan(sqlite, table, lambda session: lister(session, Demande(tri=f"{sens}{tri}")))

    assert _suit_un_index(plan, table), plan
    assert not any("TEMP B-TREE" in etape for etape in plan), plan


@pytest.mark.parametrize(
    ("table", "filtre"), [(table, nom) for table, (noms, _) in FILTRES.items() for nom in noms]
)
def test_un_filtre_suit_un_index(sqlite: Database, table: str, filtre: str) -> None:
    filtres, lister = FILTRES[table]

    plan = _plan(sqlite, table, lambda session: lister(session, filtres[filtre]))

    assert _suit_un_index(plan, table), plan
    assert not any(etape.startswith(f"SCAN {table}") for etape in plan), plan


def _suit_un_index(plan: list[str], table: str) -> bool:
    etapes = [e for e in plan if e.split()[1:2] == [table]]
    return bool(etapes) and all("INDEX" in etape for etape in etapes)


def _plan(database: Database, table: str, lister: Callable[[Session], object]) -> list[str]:
    """How SQLite answers the statement of a list."""
    with ecouter(database) as ordres, database.read() as session:
        lister(session)
    (ordre,) = [o for o in ordres if f"FROM {table} " in f"{o.sql.replace(chr(10), ' ')} "]
    with database.engine.connect() as connexion:
        etapes = connexion.exec_driver_sql(f"EXPLAIN QUERY PLAN {ordre.sql}", ordre.parametres)
        return [etape.detail for etape in etapes]
