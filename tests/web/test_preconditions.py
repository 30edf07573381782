"""A row is replaced only by who says which version it replaces (RFC 9110 §13.1.1, RFC 6585)."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from cordeau.web.preconditions import expected_revision, typed_revision
from tests.clients.builders import un_client
from tests.devis.builders import un_devis, un_devis_accepte
from tests.facturation.builders import regler, une_entreprise, une_facture, une_facture_emise

Api = Callable[..., TestClient]


@pytest.mark.parametrize(
    ("entete", "attendues"),
    [
        (None, None),
        ("*", None),
        (" * ", None),
        ('"3"', {3}),
        ('"3", "5"', {3, 5}),
        (', ,"3",\t"5" ,', {3, 5}),
        ('"a,b", "7"', {7}),
        ('W/"3"', set()),
        ('W/"3", "4"', {4}),
        ('"03"', set()),
        ('"3', set()),
        ('"3" "4"', set()),
        ("3", set()),
        ("", set()),
        ('"' + "9" * 5000 + '"', set()),
        ('"é"', set()),
        ('"3", *', set()),
    ],
)
def test_if_match_se_lit_comme_la_norme_l_ecrit(
    entete: str | None, attendues: Collection[int] | None
) -> None:
    lues = expected_revision(entete)

    assert (lues if lues is None else set(lues)) == attendues


@pytest.mark.parametrize(
    ("champ", "attendues"), [("", None), ("4", {4}), ("*", set()), ('4", "5', {4, 5})]
)
def test_un_formulaire_dit_ce_qu_il_a_lu(champ: str, attendues: Collection[int] | None) -> None:
    lues = typed_revision(champ)

    assert (lues if lues is None else set(lues)) == attendues


def test_toute_ligne_remplacee_ou_supprimee_exige_sa_version(app: FastAPI) -> None:
    """Walks the published contract: `PUT` and `DELETE` of a row, whatever the collection."""
    sans = [
        f"{methode} {chemin}"
        for chemin, operations in app.openapi()["paths"].items()
        for methode in ("put", "delete")
        if chemin.endswith("}") and methode in operations
        if not _if_match(operations[methode]).get("required")
    ]

    assert sans == []


def test_une_action_sur_une_ligne_accepte_sa_version(app: FastAPI) -> None:
    sans = [
        chemin
        for chemin, operations in app.openapi()["paths"].items()
        for methode in ("put", "post")
        if methode in operations and (methode == "put" or "{" in chemin)
        if not _if_match(operations[methode])
    ]

    assert sans == []


def test_sans_version_rien_ne_change(app: FastAPI, api: Api) -> None:
    programme = api()
    for adresse in _lignes(app):
        avant = programme.get(adresse)
        for reponse in (programme.put(adresse, json={"notes": "x"}), programme.delete(adresse)):
            if reponse.status_code != 405:
                assert reponse.status_code == 428
                assert reponse.json()["title"] == "Version à préciser"
                assert "If-Match" in reponse.json()["detail"]
        assert programme.get(adresse).json() == avant.json()


@pytest.mark.parametrize(("entete", "statut"), [("*", 200), ('"1", "77"', 200), ('W/"1"', 412)])
def test_la_version_donnee_est_comparee(app: FastAPI, api: Api, entete: str, statut: int) -> None:
    programme = api()
    for adresse in _lignes(app):
        reponse = programme.put(adresse, json={"objet": "x"}, headers={"If-Match": entete})
        assert reponse.status_code == statut, reponse.text


def test_une_action_refuse_une_version_perimee(app: FastAPI, api: Api) -> None:
    """Each action that creates something from a row: 412, and nothing is created."""
    programme = api()
    for adresse, corps in _actions(app):
        perimee = programme.post(adresse, json=corps, headers={"If-Match": '"99999"'})
        assert perimee.status_code == 412, (adresse, perimee.text)
        lue = programme.get(adresse.rpartition("/")[0].replace("/depuis-devis", ""))
        marque = lue.headers.get("etag", "*")
        faite = programme.post(adresse, json=corps, headers={"If-Match": marque})
        assert faite.status_code == 201, (adresse, faite.text)


def test_un_reglement_annule_a_une_autre_version(app: FastAPI, api: Api) -> None:
    programme = api()
    *_, (annulation, _corps) = _actions(app)
    reglement = annulation.rpartition("/")[0]
    avant = programme.get(reglement).headers["etag"]
    programme.post(annulation)

    assert programme.get(reglement).headers["etag"] != avant
    assert programme.post(annulation, headers={"If-Match": avant}).status_code == 412
    assert programme.post(annulation).status_code == 409


def test_deux_lignes_de_l_entete_sont_une_seule_liste(app: FastAPI, api: Api) -> None:
    adresse, *_ = _lignes(app)
    deux = [("If-Match", '"77"'), ("If-Match", '"1"')]

    assert api().put(adresse, json={"nom": "x"}, headers=deux).status_code == 200


def test_une_ligne_absente_n_a_pas_de_version(api: Api) -> None:
    adresse = "/api/v1/clients/00000000-0000-0000-0000-000000000000"

    assert api().put(adresse, json={"nom": "x"}, headers={"If-Match": "*"}).status_code == 404


def _if_match(operation: Mapping[str, Any]) -> Mapping[str, Any]:
    parametres = operation.get("parameters", ())
    return next((p for p in parametres if p["name"] == "If-Match"), {})


def _lignes(app: FastAPI) -> list[str]:
    """One row of each collection, at its first revision."""
    with app.state.database.write() as session:
        client = un_client(session)
        devis = un_devis(session, client=client)
        facture = une_facture(session, client=client)
        return [
            f"/api/v1/clients/{client.id}",
            f"/api/v1/devis/{devis.id}",
            f"/api/v1/factures/{facture.id}",
        ]


def _actions(app: FastAPI) -> list[tuple[str, dict[str, Any]]]:
    """What creates something from a row, and a body for it; the last reverses a règlement."""
    with app.state.database.write() as session:
        une_entreprise(session)
        devis, facture = un_devis_accepte(session), une_facture_emise(session)
        reglement = regler(session, facture, "10")
        return [
            (f"/api/v1/devis/{devis.id}/dupliquer", {}),
            (f"/api/v1/devis/{devis.id}/chantier", {}),
            (f"/api/v1/factures/depuis-devis/{devis.id}", {}),
            (f"/api/v1/factures/{facture.id}/reglements", {"montant": "5", "mode": "VIREMENT"}),
            (f"/api/v1/factures/{facture.id}/avoir", {}),
            (f"/api/v1/reglements/{reglement.id}/annulation", {}),
        ]
