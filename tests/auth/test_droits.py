"""Who may do what: the table, and the doors that apply it."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from cordeau.auth import commands
from cordeau.auth.models import Utilisateur
from cordeau.core.permissions import (
    DROITS,
    LIBELLES,
    LIBELLES_ROLES,
    SYSTEME,
    Permission,
    Role,
)
from tests.gens import Navigateur, un_utilisateur

P = Permission


def test_les_droits_sont_ranges_et_nommes() -> None:
    codes = [permission.value for permission in Permission]

    assert codes == sorted(codes)
    assert set(LIBELLES) == set(Permission)
    assert set(LIBELLES_ROLES) == set(DROITS) == set(Role)
    for permission in Permission:
        assert permission.name == permission.value.replace(":", "_").upper()


def test_qui_ecrit_peut_aussi_lire() -> None:
    for role, droits in DROITS.items():
        for permission in droits:
            lecture = permission.value.replace(":ecrire", ":lire")
            if lecture in set(Permission):
                assert Permission(lecture) in droits, role


def test_l_administrateur_peut_tout_le_gestionnaire_tout_sauf_les_comptes() -> None:
    assert DROITS[Role.ADMIN] == set(Permission)
    assert DROITS[Role.ADMIN] - DROITS[Role.GESTIONNAIRE] == {P.UTILISATEUR_GERER}


def test_le_comptable_lit_tout_et_n_ecrit_que_l_argent() -> None:
    ecrits = {p for p in DROITS[Role.COMPTABLE] if p.value.endswith(":ecrire")}

    assert ecrits == {P.CLOTURE_ECRIRE, P.FACTURE_ECRIRE, P.REGLEMENT_ECRIRE}
    assert {p for p in Permission if p.value.endswith(":lire")} <= DROITS[Role.COMPTABLE]


def test_le_technicien_ne_voit_ni_prix_ni_cout_ni_marge() -> None:
    assert DROITS[Role.TECHNICIEN] <= {P.CHANTIER_LIRE, P.TABLEAU_LIRE}


def test_la_page_des_droits_montre_la_table_appliquee(
    navigateur: Callable[..., Navigateur],
) -> None:
    page = navigateur("comptable").get("/parametres/droits")

    assert page.status_code == 200
    for libelle in (*LIBELLES.values(), *LIBELLES_ROLES.values()):
        assert libelle in page.text


def test_sans_le_droit_la_porte_reste_fermee(
    navigateur: Callable[..., Navigateur], api: Callable[..., TestClient]
) -> None:
    page = navigateur("technicien").get("/parametres/droits")
    appel = api("technicien").get("/api/v1/entreprise")

    assert (page.status_code, appel.status_code) == (403, 403)
    assert "Votre rôle ne permet pas cette action" in page.text
    assert appel.json()["status"] == 403


def test_le_droit_se_verifie_avant_l_existence(api: Callable[..., TestClient]) -> None:
    inconnu = "/api/v1/devis/01900000-0000-7000-8000-000000000000"
    assert api("technicien").get(inconnu).status_code == 403
    assert api("comptable").get(inconnu).status_code == 404


@pytest.mark.parametrize(
    "autorisation",
    ["Bearer faux", "Bearer ", "Bearer", "Basic YTpi", "bearer cordeau_" + "x" * 5000],
)
def test_un_jeton_inconnu_est_refuse(client_http: TestClient, autorisation: str) -> None:
    reponse = client_http.get("/api/v1/entreprise", headers={"Authorization": autorisation})

    assert reponse.status_code == 401


def test_un_jeton_n_ouvre_que_l_api(api: Callable[..., TestClient]) -> None:
    assert api().get("/parametres/droits", follow_redirects=False).status_code == 303


def test_le_jeton_d_un_compte_ferme_n_ouvre_plus(
    app: FastAPI, api: Callable[..., TestClient]
) -> None:
    programme = api("comptable")
    camille = un_utilisateur(app.state.database, "comptable")
    with app.state.database.write() as session:
        commands.desactiver(session, session.get_one(Utilisateur, camille.id), actor=SYSTEME)

    assert programme.get("/api/v1/entreprise").status_code == 401
