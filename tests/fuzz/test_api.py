"""Schemathesis on the description of the API, as everybody: no accident, nothing undescribed.

`--exemples` says how many requests each operation gets as an administrator; a quarter as each other
identity. What is sent aims at what exists as often as not, and is as often forbidden as allowed.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
import schemathesis
from fastapi import FastAPI
from httpx2 import Response
from hypothesis import HealthCheck, Phase, given
from hypothesis import strategies as st
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.schemas import APIOperation
from starlette.testclient import TestClient

from tests.dossier import Dossier, remplir
from tests.droits.corps import objets_de
from tests.droits.guichet import sans_garder
from tests.droits.identites import Identite, identites
from tests.droits.matrice import Regle, lire_table, parametres

VERIFICATIONS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
#: What the description cannot know: which fields of a body name something that exists.
CHAMPS = {
    "clientId": "client",
    "chantierId": "chantier",
    "devisId": "devis_accepte",
    "factureId": "facture_emise",
}
#: An operation of the description; its own parameters are of no use here.
Operation = APIOperation[Any, Any, Any, Any]


@pytest.fixture
def exemples(request: pytest.FixtureRequest) -> int:
    """How many requests an operation gets."""
    nombre: int = request.config.getoption("--exemples")
    return nombre


def test_l_api_repond_toujours_comme_elle_le_dit(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch, exemples: int, capsys: pytest.CaptureFixture[str]
) -> None:
    dossier = remplir(app.state.database)
    personnes = identites(app)
    comptes: Counter[str] = Counter()
    fautes: list[str] = []
    with TestClient(app) as client:
        sans_garder(app.state.database, monkeypatch)
        for operation in _operations(app):
            for qui in personnes:
                nombre = exemples if qui.nom == "admin" else max(1, exemples // 4)
                banc = Banc(client, operation, qui, dossier, comptes)
                fautes += banc.eprouver(nombre, au_hasard=exemples > COURT)
    with capsys.disabled():
        sys.stdout.write(f"\n{sum(comptes.values())} requêtes : {dict(sorted(comptes.items()))}\n")

    assert not fautes, f"{len(fautes)} fautes :\n" + "\n\n".join(fautes[:20])


#: Up to this many, the requests are always the same; beyond, each run draws its own.
COURT = 10


class Banc:
    """One operation, as one person."""

    def __init__(
        self,
        client: TestClient,
        operation: Operation,
        qui: Identite,
        dossier: Dossier,
        comptes: Counter[str],
    ) -> None:
        self.client, self.operation, self.qui = client, operation, qui
        self.dossier, self.comptes = dossier, comptes
        self.regle: Regle = lire_table()[f"{operation.method.upper()} {operation.path}"]

    def eprouver(self, nombre: int, *, au_hasard: bool) -> Iterator[str]:
        """Ask so many times; the first thing wrong, if any."""
        reglages = hypothesis.settings(
            max_examples=nombre,
            derandomize=not au_hasard,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        try:
            reglages(given(data=st.data())(self._essayer))()
        except (Exception, FailureGroup) as faute:  # noqa: BLE001 (reported with its request)
            yield f"{self.operation.label} · {self.qui.nom} : {faute}"[:1500]

    def _essayer(self, data: st.DataObject) -> None:
        mode = data.draw(st.sampled_from([GenerationMode.POSITIVE, GenerationMode.NEGATIVE]))
        cas = data.draw(self.operation.as_strategy(generation_mode=mode))
        if data.draw(st.booleans()):
            self._viser(cas)
        reponse = self._envoyer(cas)
        self.comptes[str(reponse.status_code)] += 1
        self._exiger_la_porte(reponse)
        cas.validate_response(reponse, checks=VERIFICATIONS)

    def _viser(self, cas: Any) -> None:
        """Aim at what exists."""
        noms = parametres(self.operation.path)
        cas.path_parameters = objets_de(self.regle.cle, noms, self.dossier)
        if cas.headers and "If-Match" in cas.headers:
            cas.headers["If-Match"] = "*"
        for nom, objet in CHAMPS.items():
            if isinstance(cas.body, dict) and nom in cas.body:
                cas.body[nom] = self.dossier[objet]

    def _envoyer(self, cas: Any) -> Response:
        demande = cas.as_transport_kwargs(base_url="http://testserver")
        entetes = {n: v for n, v in demande.pop("headers").items() if n.lower() != "authorization"}
        if self.qui.jeton:
            entetes["Authorization"] = f"Bearer {self.qui.jeton}"
        elif self.qui.cookie:
            entetes["Cookie"] = f"cordeau_session={self.qui.cookie}"
        contenu = demande.pop("data", None)
        return self.client.request(
            **{nom: valeur for nom, valeur in demande.items() if nom != "cookies"},
            headers={nom: str(valeur).encode("utf-8") for nom, valeur in entetes.items()},
            **({} if contenu is None else {"content": contenu}),
        )

    def _exiger_la_porte(self, reponse: Response) -> None:
        """Whatever is sent, who may not enter does not."""
        fermees = {401} if not self.qui.role else {401, 403}
        ferme = self.qui.lecture and self.regle.methode != "GET"
        if not self.qui.role or ferme or self.qui.role not in self.regle.roles:
            # 422: what is not even JSON, or a key too long, is refused before anybody is known.
            assert reponse.status_code in fermees | {422}, reponse.text


def _operations(app: FastAPI) -> list[Operation]:
    schema = schemathesis.openapi.from_dict(app.openapi())
    schema.app = app
    lues = [trouvee.ok() for trouvee in schema.get_all_operations() if isinstance(trouvee, Ok)]
    assert len(lues) == sum(map(len, app.openapi()["paths"].values()))
    return lues
