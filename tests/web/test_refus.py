"""What goes wrong is said calmly, in French, in the form its reader understands."""

import pytest
from starlette.testclient import TestClient

ATTENDUS = {
    "panne": (500, "Une erreur est survenue"),
    "base": (503, "Service momentanément indisponible"),
    "contrainte": (409, "Action refusée"),
    "perime": (412, "Modifié entre-temps"),
    "conflit": (409, "Action refusée"),
    "introuvable": (404, "Introuvable"),
    "saisie": (422, "Saisie à corriger"),
}


@pytest.mark.parametrize("genre", ATTENDUS)
def test_une_page_dit_ce_qui_ne_va_pas(temoin: TestClient, genre: str) -> None:
    statut, titre = ATTENDUS[genre]

    reponse = temoin.get(f"/essai/{genre}")

    assert reponse.status_code == statut
    assert titre in reponse.text
    assert "secret" not in reponse.text
    assert reponse.headers["x-request-id"] in reponse.text


@pytest.mark.parametrize("genre", ATTENDUS)
def test_l_api_repond_par_un_probleme(temoin: TestClient, genre: str) -> None:
    statut, titre = ATTENDUS[genre]

    reponse = temoin.get(f"/api/essai/{genre}")

    probleme = reponse.json()
    assert reponse.status_code == probleme["status"] == statut
    assert reponse.headers["content-type"] == "application/problem+json"
    assert (probleme["type"], probleme["title"]) == ("about:blank", titre)
    assert "secret" not in reponse.text


def test_une_faute_nomme_son_champ(temoin: TestClient) -> None:
    probleme = temoin.get("/api/essai/saisie").json()

    assert probleme["errors"] == [
        {"champ": "lignes[0].quantite", "message": "Écrivez une quantité."}
    ]


def test_une_panne_est_notee_avec_sa_cause(
    temoin: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    temoin.get("/essai/panne")

    pannes = [trace for trace in caplog.records if trace.getMessage() == "unexpected error"]
    assert pannes
    assert pannes[0].exc_info
    assert "détail secret" in str(pannes[0].exc_info[1])


@pytest.mark.parametrize("adresse", ["/nulle-part", "/api/v1/nulle-part", "/static/absent.css"])
def test_une_adresse_inconnue_est_introuvable(client_http: TestClient, adresse: str) -> None:
    reponse = client_http.get(adresse)

    assert reponse.status_code == 404
    assert "n’existe pas" in reponse.text


@pytest.mark.parametrize("chemin", ["../serve.py", "..%2f..%2fserve.py", "%2e%2e/app.py"])
def test_les_fichiers_servis_sont_ceux_du_dossier(client_http: TestClient, chemin: str) -> None:
    assert client_http.get(f"/static/{chemin}").status_code == 404


def test_une_methode_inconnue_est_refusee(client_http: TestClient) -> None:
    reponse = client_http.delete("/login")

    assert reponse.status_code == 405
    assert "Méthode non permise" in reponse.text
    assert "GET" in reponse.headers["allow"]


def test_la_page_d_erreur_de_qui_est_connecte_garde_son_cadre(navigateur: object) -> None:
    assert callable(navigateur)

    page = navigateur("comptable").get("/nulle-part")

    assert page.status_code == 404
    assert "Introuvable" in page.text
