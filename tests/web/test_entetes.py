"""Headers of every answer: what the browser may load, keep and show."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

CSP = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
)


@pytest.mark.parametrize(
    "adresse", ["/", "/login", "/sante", "/nulle-part", "/api/v1/entreprise", "/static/cordeau.css"]
)
def test_chaque_reponse_est_protegee(client_http: TestClient, adresse: str) -> None:
    entetes = client_http.get(adresse).headers

    for directive in CSP:
        assert directive in entetes["content-security-policy"]
    assert "unsafe" not in entetes["content-security-policy"]
    assert entetes["x-content-type-options"] == "nosniff"
    assert entetes["referrer-policy"] == "same-origin"
    assert entetes["x-frame-options"] == "DENY"


def test_une_page_ne_se_garde_pas_un_fichier_si(client_http: TestClient) -> None:
    assert client_http.get("/login").headers["cache-control"] == "no-store"
    assert client_http.get("/static/cordeau.css").headers["cache-control"] == "no-cache"
    assert "immutable" in client_http.get("/static/cordeau.css?v=1").headers["cache-control"]


def test_une_panne_est_protegee_aussi(temoin: TestClient) -> None:
    entetes = temoin.get("/essai/panne").headers

    assert "default-src 'none'" in entetes["content-security-policy"]


def test_chaque_demande_a_son_numero(client_http: TestClient) -> None:
    numeros = {client_http.get("/sante").headers["x-request-id"] for _ in range(5)}

    assert len(numeros) == 5


def test_chaque_demande_laisse_une_ligne_au_journal(
    client_http: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="cordeau.requete")

    client_http.get("/login?suite=/secret")

    trace = caplog.records[-1]
    assert trace.getMessage() == "GET /login"
    assert trace.__dict__["statut"] == 200


def test_un_etat_perime_est_refuse(app: FastAPI, api: Callable[..., TestClient]) -> None:
    programme = api()
    premier = programme.put("/api/v1/entreprise", json={"nom": "Un"}).headers["etag"]
    second = programme.put(
        "/api/v1/entreprise", json={"nom": "Deux"}, headers={"If-Match": premier}
    )
    perime = programme.put(
        "/api/v1/entreprise", json={"nom": "Trois"}, headers={"If-Match": premier}
    )

    assert (second.status_code, perime.status_code) == (200, 412)
    assert programme.get("/api/v1/entreprise").json()["nom"] == "Deux"
    assert second.headers["etag"] == programme.get("/api/v1/entreprise").headers["etag"]


@pytest.mark.parametrize("if_match", ["*", "", '"abc"', "abc", '"99999999999999999999"'])
def test_un_etat_qui_n_est_pas_le_notre(api: Callable[..., TestClient], if_match: str) -> None:
    programme = api()
    programme.put("/api/v1/entreprise", json={"nom": "Un"})

    reponse = programme.put(
        "/api/v1/entreprise", json={"nom": "Deux"}, headers={"If-Match": if_match}
    )

    assert reponse.status_code == (200 if if_match == "*" else 412)
