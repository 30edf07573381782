"""What the instance says of itself."""

from fastapi import FastAPI
from starlette.testclient import TestClient


def test_la_sante_dit_la_base_et_les_jobs(client_http: TestClient, moteur: str) -> None:
    reponse = client_http.get("/sante")

    assert reponse.status_code == 200
    assert reponse.json()["base"] in (moteur, "mysql")
    assert reponse.json()["jobs"] == {"EN_ATTENTE": 0, "EN_COURS": 0, "FAIT": 0, "MORT": 0}


def test_sans_job_l_ouvrier_n_a_rien_a_faire(app: FastAPI) -> None:
    assert app.state.worker.run_one() is False
