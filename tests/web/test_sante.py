"""What the instance says of itself."""

import threading

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from cordeau.core.jobs import Worker


def test_la_sante_dit_la_base_et_les_jobs(client_http: TestClient, moteur: str) -> None:
    reponse = client_http.get("/sante")

    assert reponse.status_code == 200
    assert reponse.json()["base"] in (moteur, "mysql")
    assert reponse.json()["jobs"] == {"EN_ATTENTE": 0, "EN_COURS": 0, "FAIT": 0, "MORT": 0}


def test_sans_job_l_ouvrier_n_a_rien_a_faire(app: FastAPI) -> None:
    assert app.state.worker.run_one() is False


def test_la_sante_dit_que_l_ouvrier_est_ailleurs(client_http: TestClient) -> None:
    assert client_http.get("/sante").json()["ouvrier"] == "ailleurs"


def test_un_ouvrier_arrete_se_voit(
    app: FastAPI, client_http: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    ouvrier = Worker(app.state.database, {})
    monkeypatch.setattr(app.state, "with_worker", True)
    monkeypatch.setattr(app.state, "worker", ouvrier)
    fil = threading.Thread(target=ouvrier.run)
    fil.start()
    vivant = client_http.get("/sante")

    ouvrier.stop()
    fil.join()
    arrete = client_http.get("/sante")

    assert (vivant.status_code, vivant.json()["ouvrier"]) == (200, "vivant")
    assert (arrete.status_code, arrete.json()["ouvrier"]) == (503, "arrêté")
    assert "redémarrez" in arrete.json()["statut"]
