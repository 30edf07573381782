"""No page asks more of the database when it has more to show."""

from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID

from fastapi import FastAPI
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from cordeau.chantiers.models import Chantier
from cordeau.clients.models import Client
from cordeau.core.db import Database
from cordeau.devis.models import Devis
from tests.chantiers.builders import un_chantier
from tests.clients.builders import un_client
from tests.devis.builders import un_devis, un_devis_accepte, une_ligne
from tests.facturation.builders import (
    facturer,
    facturer_et_emettre,
    regler,
    un_avoir_emis,
    une_entreprise,
)
from tests.performances.ecoute import ecouter

PEU, BEAUCOUP = 10, 60
LISTES = ("clients", "chantiers", "devis", "factures", "reglements")
PAGES = (
    "/dashboard",
    "/parametres/messages",
    "/export/jde",
    "/chantiers/evenements?du=2026-03-01&au=2026-04-01",
)


class Dossier(NamedTuple):
    """What detail pages are looked at for: all of it has as many rows as asked."""

    client: UUID
    chantier: UUID
    devis: UUID
    brouillon: UUID
    facture: UUID

    def pages(self) -> dict[str, str]:
        """Address of each detail page, by what it shows."""
        return {
            "client": f"/clients/{self.client}",
            "chantier": f"/chantiers/{self.chantier}",
            "devis": f"/devis/{self.devis}",
            "éditeur de devis": f"/devis/{self.brouillon}/modifier",
            "à facturer": f"/factures/generer/{self.devis}",
            "facture": f"/factures/{self.facture}",
            "devis (API)": f"/api/v1/devis/{self.devis}",
            "facture (API)": f"/api/v1/factures/{self.facture}",
        }


def test_aucune_page_ne_demande_plus_quand_il_y_a_plus_de_lignes(
    app: FastAPI,
    navigateur: Callable[..., TestClient],
    api: Callable[..., TestClient],
) -> None:
    database: Database = app.state.database
    with database.write() as session:
        une_entreprise(session)
    clients = {"page": navigateur("admin"), "api": api("admin")}

    avec_peu = _compter(clients, database, _remplir(database, PEU))
    avec_beaucoup = _compter(clients, database, _remplir(database, BEAUCOUP))

    assert avec_beaucoup == avec_peu
    assert max(avec_peu.values()) <= 30


def _remplir(database: Database, nombre: int) -> Dossier:
    """As many documents more as rows in each, of one client and chantier."""
    with database.write() as session:
        client = un_client(session, f"Client de {nombre}")
        chantier = un_chantier(session, client_id=client.id)
        for rang in range(nombre):
            _ajouter(session, client, chantier, rang)
        lignes = [une_ligne() for _ in range(nombre)]
        brouillon = un_devis(session, client=client, lignes=lignes)
        devis = un_devis_accepte(session, client=client, chantierId=chantier.id, lignes=lignes)
        moitie = [(ligne.id, "0.5") for ligne in devis.lignes]
        facture = facturer_et_emettre(session, devis, lignes=moitie)
        un_avoir_emis(session, facture, [(facture.lignes[0].id, "0.1")])
        return Dossier(client.id, chantier.id, devis.id, brouillon.id, facture.id)


def _ajouter(session: Session, client: Client, chantier: Chantier, rang: int) -> None:
    un_client(session, f"Voisin {rang}")
    un_chantier(session, client_id=client.id)
    devis: Devis = un_devis_accepte(session, client=client, chantierId=chantier.id)
    if rang % 2:
        facture = facturer_et_emettre(session, devis)
        regler(session, facture, "20.00")
    else:
        facturer(session, devis)


def _compter(
    clients: dict[str, TestClient], database: Database, dossier: Dossier
) -> dict[str, int]:
    """Statements of each page, the firm's name and the sign-in included."""
    adresses = {page: page for page in PAGES}
    adresses |= {f"/{liste}": f"/{liste}?limite=200" for liste in LISTES}
    adresses |= {f"{liste} (API)": f"/api/v1/{liste}?limite=200" for liste in LISTES}
    adresses |= dossier.pages()
    return {nom: _statements(clients, database, url) for nom, url in adresses.items()}


def _statements(clients: dict[str, TestClient], database: Database, url: str) -> int:
    client = clients["api" if url.startswith("/api/") else "page"]
    with ecouter(database) as ordres:
        reponse = client.get(url)
    assert reponse.status_code == 200, f"{url}: {reponse.status_code}"
    return len(ordres)
