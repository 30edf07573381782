"""Whatever is sent, the answer is never an accident and nothing is kept of a refusal."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from unittest.mock import Mock

import pytest
from fastapi import FastAPI
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import func, select
from starlette.testclient import TestClient

from cordeau.core import jsonable
from cordeau.core.jobs import Job
from cordeau.web.corps import BODY_MAX, VISITEUR_MAX
from cordeau.web.schemas import JourSaisi
from tests.gens import Navigateur

pytestmark = pytest.mark.usefixtures("routes_d_essai")

Ouvrir = Callable[..., Navigateur]
#: A field that another coding than UTF-8 turns into what no base can hold.
SURROGAT = b'--x\r\ncontent-disposition: form-data; name="csrf"\r\n\r\n+2AA-\\ud800\r\n--x--\r\n'
JSON = {"content-type": "application/json"}


@pytest.fixture
def programme(api: Callable[..., TestClient]) -> TestClient:
    """A program with a token."""
    return api()


def nombre_de_jobs(app: FastAPI) -> int:
    """What was kept."""
    with app.state.database.read() as session:
        return session.scalar(select(func.count()).select_from(Job)) or 0


def test_un_prix_traverse_l_api_sans_perdre_une_decimale(programme: TestClient) -> None:
    reponse = programme.post("/api/essai", content=b'{"prix": 1.100000, "nom": "x"}', headers=JSON)

    assert jsonable.loads(reponse.content)["prix"] == Decimal("1.100000")
    assert b"1.100000" in reponse.content


@pytest.mark.parametrize(
    ("corps", "message"),
    [
        (b"", "obligatoire"),
        (b"{", "JSON"),
        (b"{'prix': 1}", "JSON"),
        (b"\xff\xfe", "JSON"),
        (b"[" * 50_000, "JSON"),
        (b'{"prix": NaN, "nom": ""}', "JSON"),
        (b'{"prix": 1, "prix": 2, "nom": ""}', "JSON"),
        (b"[]", "objet"),
        (b"12", "objet"),
        (b'{"nom": "x"}', "obligatoire"),
        (b'{"prix": true, "nom": "x"}', "nombre"),
        (b'{"prix": "abc", "nom": "x"}', "nombre"),
        (b'{"prix": {}, "nom": "x"}', "nombre"),
        (b'{"prix": -1, "nom": "x"}', "inférieure"),
        (b'{"prix": 0.0000001, "nom": "x"}', "décimales"),
        (b'{"prix": 1e400, "nom": "x"}', "démesuré"),
        (b'{"prix": 1, "nom": 3}', "texte"),
        (b'{"prix": 1, "nom": null}', "texte"),
    ],
)
def test_un_corps_douteux_est_refuse_en_francais(
    app: FastAPI, programme: TestClient, corps: bytes, message: str
) -> None:
    reponse = programme.post("/api/essai", content=corps, headers=JSON)

    assert reponse.status_code == 422
    assert message in str(reponse.json()["errors"])
    assert nombre_de_jobs(app) == 0


def test_chaque_champ_faux_a_son_message(programme: TestClient) -> None:
    fautes = programme.post("/api/essai", json={"prix": "x"}).json()["errors"]

    assert [faute["champ"] for faute in fautes] == ["prix", "nom"]


@pytest.mark.parametrize("jour", ["0001-01-01", "1989-12-31", "2200-01-01", "9999-12-31"])
def test_une_date_hors_de_toute_vraisemblance_est_refusee(jour: str) -> None:
    with pytest.raises(ValidationError, match="jour_hors_bornes"):
        TypeAdapter(JourSaisi).validate_python(jour)


def test_une_demande_demesuree_est_refusee(app: FastAPI, programme: TestClient) -> None:
    def morceaux() -> Iterator[bytes]:
        morceau = b" " * (1024 * 1024)
        yield from (morceau for _ in range(BODY_MAX // len(morceau) + 1))

    reponse = programme.post("/api/essai", content=morceaux(), headers=JSON)

    assert reponse.status_code in {413, 422}
    assert "volumineuse" in reponse.text
    assert nombre_de_jobs(app) == 0


@pytest.mark.parametrize("entetes", [{}, {"authorization": "Bearer faux"}])
def test_une_grande_demande_n_est_pas_lue_pour_un_inconnu(
    temoin: TestClient, monkeypatch: pytest.MonkeyPatch, entetes: dict[str, str]
) -> None:
    """Reading 25 MB of JSON keeps a server busy for seconds."""
    lire = Mock(wraps=jsonable.loads)
    monkeypatch.setattr(jsonable, "loads", lire)
    for taille in (VISITEUR_MAX, VISITEUR_MAX + 1):
        corps = b'{"nom": "", "prix": 1}'.ljust(taille)
        reponse = temoin.post("/api/essai", content=corps, headers=JSON | entetes)
        assert reponse.status_code == 401

    assert [len(appel.args[0]) for appel in lire.mock_calls] == [VISITEUR_MAX]


def test_une_grande_demande_est_lue_pour_qui_est_connu(
    app: FastAPI, programme: TestClient, navigateur: Ouvrir
) -> None:
    texte = "x" * VISITEUR_MAX
    page = navigateur()
    par_page = page.post("/essai?statut=200", data={"csrf": page.jeton(), "texte": texte})
    par_api = programme.post("/api/essai", json={"nom": texte, "prix": 1})

    assert (par_page.status_code, par_api.status_code) == (200, 200)
    assert nombre_de_jobs(app) == 2


@pytest.mark.parametrize(
    ("type_mime", "corps"),
    [
        ("multipart/form-data", b"sans frontiere"),
        ("multipart/form-data; boundary=x", b"--x\r\nn'importe quoi"),
        ("multipart/form-data; boundary=" + "x" * 5000, b""),
        *(
            (f"multipart/form-data; boundary=x; charset={codage}", SURROGAT)
            for codage in ("utf-7", "unicode_escape", "punycode", "UTF-16", '"utf-7"')
        ),
        ("application/x-www-form-urlencoded", b"%ff=%ff&csrf=%ff"),
        ("application/x-www-form-urlencoded", b"&&&===" * 1000),
        ("", b"\x00"),
        ("texte/inconnu", b"csrf=1"),
    ],
)
def test_un_formulaire_douteux_est_refuse(navigateur: Ouvrir, type_mime: str, corps: bytes) -> None:
    reponse = navigateur().post("/essai", content=corps, headers={"content-type": type_mime})

    assert 400 <= reponse.status_code < 500


def test_un_formulaire_dit_en_utf_8_est_lu(navigateur: Ouvrir) -> None:
    page = navigateur()
    entetes = {"content-type": "application/x-www-form-urlencoded; charset=UTF-8"}
    corps = f"csrf={page.jeton()}"

    assert page.post("/essai", content=corps, headers=entetes, follow_redirects=False).is_redirect


@pytest.mark.parametrize("exposant", ["1e999999999", "-1e999999999", "1e-999999999", "1E61"])
def test_un_nombre_demesure_ne_fige_pas_le_serveur(programme: TestClient, exposant: str) -> None:
    """An exponent of ten characters asks for an integer of gigabytes."""
    corps = f'{{"prix": {exposant}, "nom": "x"}}'.encode()

    assert programme.post("/api/essai", content=corps, headers=JSON).status_code == 422


def test_un_cookie_fabrique_n_est_pas_un_accident(client_http: TestClient) -> None:
    for valeur in ("x", "a.b", "é.é".encode().decode("latin-1"), "." * 3000):
        entetes = {"cookie": f"cordeau_session={valeur}; cordeau_avis={valeur}".encode("latin-1")}
        reponse = client_http.get("/login", headers=entetes)  # type: ignore[arg-type]

        assert reponse.status_code == 200


def test_une_page_refusee_n_ecrit_rien(app: FastAPI, navigateur: Ouvrir) -> None:
    assert navigateur().soumettre("/essai?statut=422").status_code == 422

    assert nombre_de_jobs(app) == 0
