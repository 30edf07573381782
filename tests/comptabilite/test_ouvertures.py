"""Opening balances and what holds them: closed periods, and what was paid of them."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select
from starlette.testclient import TestClient

from cordeau.comptabilite.commands.cloture import clore
from cordeau.comptabilite.periodes import mois_precedent
from cordeau.comptabilite.verification import verifier
from cordeau.core.dates import aujourd_hui
from cordeau.core.permissions import SYSTEME
from cordeau.core.registre.models import EntreeRegistre
from cordeau.core.registre.states import Evenement, GenreCloture
from tests.clients.builders import un_client
from tests.facturation.builders import une_entreprise
from tests.gens import Navigateur

CLIENTS = "/api/v1/clients"
AUJOURD_HUI = aujourd_hui()
CLOS = mois_precedent(AUJOURD_HUI)
OUVERT = AUJOURD_HUI.replace(day=1)


@pytest.fixture
def programme(app: FastAPI, api: Callable[..., TestClient]) -> TestClient:
    """A program, on a base with its firm."""
    with app.state.database.write() as session:
        une_entreprise(session)
    return api()


def fermer(app: FastAPI) -> None:
    """Close last month."""
    with app.state.database.write() as session:
        clore(session, GenreCloture.MOIS, CLOS, actor=SYSTEME, le=AUJOURD_HUI)


def creer(programme: TestClient, le: date, montant: str = "100") -> dict[str, Any]:
    """A client with an opening balance."""
    corps = {"nom": "Durand", "soldeOuverture": montant, "soldeOuvertureLe": le.isoformat()}
    cree = programme.post(CLIENTS, json=corps)
    assert cree.status_code == 201, cree.text
    lu: dict[str, Any] = cree.json()
    return lu


def changer(programme: TestClient, client: dict[str, Any], **corps: str) -> Any:
    """Save a client with these fields."""
    voulu = {"nom": "Durand", "soldeOuverture": "100", **corps}
    toute = {"If-Match": "*"}
    return programme.put(f"{CLIENTS}/{client['id']}", json=voulu, headers=toute)


def test_un_solde_ne_porte_pas_un_jour_clos(app: FastAPI, programme: TestClient) -> None:
    fermer(app)

    refus = programme.post(
        CLIENTS,
        json={"nom": "X", "soldeOuverture": "60", "soldeOuvertureLe": CLOS.isoformat()},
    )

    assert refus.status_code == 409
    assert "close jusqu’au" in refus.json()["detail"]
    assert refus.json()["errors"][0]["champ"] == "soldeOuvertureLe"
    creer(programme, OUVERT)


@pytest.mark.parametrize(
    "corps",
    [{"soldeOuverture": "90"}, {"soldeOuvertureLe": OUVERT.isoformat()}],
)
def test_un_solde_d_un_jour_clos_ne_change_plus(
    app: FastAPI, programme: TestClient, corps: dict[str, str]
) -> None:
    client = creer(programme, CLOS)
    fermer(app)

    assert changer(programme, client, **corps).status_code == 409
    assert changer(programme, client, nom="Durand et fils").status_code == 200
    assert programme.get(f"{CLIENTS}/{client['id']}").json()["soldeOuvertureLe"] == str(CLOS)


def test_un_solde_reste_au_dessus_de_ce_qui_en_fut_regle(programme: TestClient) -> None:
    client = creer(programme, OUVERT)
    regle = {"clientId": client["id"], "mode": "VIREMENT", "imputations": [{"montant": "60"}]}
    assert programme.post("/api/v1/reglements", json=regle).status_code == 201

    refus = changer(programme, client, soldeOuverture="59.99")

    assert refus.status_code == 409
    assert "60,00 € ont déjà été réglés" in refus.json()["detail"]
    assert changer(programme, client, soldeOuverture="60").status_code == 200


def test_la_page_garde_ce_qui_fut_saisi(
    app: FastAPI, navigateur: Callable[..., Navigateur]
) -> None:
    fermer(app)

    page = navigateur().soumettre(
        "/clients/nouveau",
        {"nom": "Maçonnerie Petit", "solde_ouverture": "60", "solde_ouverture_le": str(CLOS)},
    )

    assert page.status_code == 409
    assert "Maçonnerie Petit" in page.text
    assert "close jusqu’au" in page.text


def test_chaque_changement_d_un_solde_est_au_registre(app: FastAPI, tmp_path: Path) -> None:
    with app.state.database.write() as session:
        client = un_client(
            session,
            solde_ouverture=Decimal("12.5"),
            solde_ouverture_le=AUJOURD_HUI - timedelta(days=3),
        )
        un_client(session)

    with app.state.database.read() as session:
        contenu = session.scalars(
            select(EntreeRegistre.contenu).where(
                EntreeRegistre.evenement == Evenement.SOLDE_OUVERTURE
            )
        ).one()
    assert verifier(app.state.database, tmp_path).valide
    assert json.loads(contenu)["soldes"] == [
        {
            "client": client.id.hex,
            "montant": "12.50",
            "le": str(AUJOURD_HUI - timedelta(days=3)),
        }
    ]
