"""Exports and documents are counted by person, for browsers and programs alike."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from sqlalchemy import func, select
from starlette.testclient import TestClient

from cordeau.core.limites import Limite
from cordeau.core.quotas import Geste, Quota
from tests.dossier import remplir
from tests.gens import Navigateur

Ouvrir = Callable[..., Navigateur]
DEUX = Quota(2, timedelta(minutes=5))
EXPORTS = (
    "/export/jde?format=csv",
    "/dashboard/export.xlsx",
    "/clients/export",
    "/chantiers/export",
    "/devis/export.csv",
    "/factures/export.xlsx",
    "/reglements/export.csv",
)
PDF = ("/devis/{devis}/pdf", "/factures/{facture}/pdf", "/factures/{facture_emise}/xml")


@pytest.fixture(autouse=True)
def _deux_de_chaque(app: FastAPI) -> None:
    quotas = {**app.state.settings.quotas, Geste.EXPORT: DEUX, Geste.PDF: DEUX}
    app.state.settings = replace(app.state.settings, quotas=quotas)


@pytest.mark.parametrize("adresse", EXPORTS)
def test_le_troisieme_export_est_refuse(navigateur: Ouvrir, adresse: str) -> None:
    client = navigateur()

    statuts = [client.get(adresse).status_code for _ in range(3)]
    trop = client.get(adresse)

    assert statuts == [200, 200, 429]
    assert int(trop.headers["retry-after"]) > 200
    assert "Réessayez dans 5 minutes" in trop.text
    assert navigateur("gestionnaire").get(adresse).status_code == 200


@pytest.mark.parametrize("adresse", PDF)
def test_le_troisieme_document_est_refuse(app: FastAPI, navigateur: Ouvrir, adresse: str) -> None:
    dossier: Mapping[str, str] = remplir(app.state.database)
    client = navigateur()

    statuts = [client.get(adresse.format_map(dossier)).status_code for _ in range(3)]

    assert statuts == [200, 200, 429]


def test_un_jeton_est_compte_aussi(api: Callable[..., TestClient]) -> None:
    client = api("comptable")
    adresse = "/api/v1/exports/jde?du=2026-01-01&au=2026-12-31"

    statuts = [client.get(adresse).status_code for _ in range(3)]
    trop = client.get(adresse)

    assert statuts == [200, 200, 429]
    assert trop.headers["content-type"] == "application/problem+json"
    assert trop.json()["status"] == 429


def test_un_refus_de_droit_ne_compte_pour_personne(app: FastAPI, navigateur: Ouvrir) -> None:
    assert navigateur("technicien").get("/devis/export.csv").status_code == 403

    with app.state.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Limite)) == 0


def test_les_pages_ordinaires_ne_comptent_rien(app: FastAPI, navigateur: Ouvrir) -> None:
    client = navigateur()
    for adresse in ("/dashboard", "/clients", "/export/jde", "/devis", "/compte"):
        assert client.get(adresse).status_code == 200

    with app.state.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Limite)) == 0


def test_chaque_fichier_de_liste_est_compte(app: FastAPI) -> None:
    """A new export that forgets its quota shows here."""
    exports = [
        contexte.original_route
        for contexte in iter_route_contexts(app.routes)
        if isinstance(contexte.original_route, APIRoute)
        and contexte.original_route.path.endswith(("/export", ".xlsx", "/export.{genre}", "/pdf"))
    ]

    sans_quota = [
        route.path
        for route in exports
        if not any(
            getattr(d.dependency, "__qualname__", "").startswith("limiter.")
            for d in route.dependencies
        )
    ]
    assert len(exports) > 8
    assert not sans_quota
