"""Rows 8 to 11: the order of things, their limits, all or nothing, once."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any, ClassVar

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import Connection, event, select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from cordeau.core.db import Base, Database, WritingSession
from cordeau.web.deps import REQUETE
from tests.devis.builders import un_devis, un_devis_accepte, un_devis_envoye, une_ligne
from tests.dossier import remplir
from tests.facturation.builders import regler, une_entreprise, une_facture, une_facture_emise
from tests.gens import porter_jeton
from tests.navigateur import servir

Api = Callable[..., TestClient]
TOUTES = {"If-Match": "*"}
ENSEMBLE = 20


class TestV08_2_3_1:
    """The order of states is held by the server: each pair (state, action) is known."""

    #: What each action on a devis answers, for a draft, one sent, accepted, declined.
    DEVIS: ClassVar = {
        ("PUT", ""): (200, 200, 409, 200),
        ("PUT", "/envoyer"): (200, 200, 409, 409),
        ("PUT", "/accepter"): (409, 200, 409, 409),
        ("PUT", "/refuser"): (409, 200, 409, 409),
        ("POST", "/chantier"): (409, 409, 201, 409),
    }
    #: On a facture: a draft, then issued.
    FACTURES: ClassVar = {
        ("PUT", ""): (200, 409),
        ("PUT", "/emettre"): (200, 409),
        ("DELETE", ""): (204, 409),
        ("POST", "/avoir"): (409, 201),
        ("POST", "/reglements"): (409, 201),
    }

    @pytest.mark.parametrize("action", DEVIS)
    def test_un_devis_ne_saute_aucune_etape(
        self, database: Database, api: Api, action: tuple[str, str]
    ) -> None:
        with database.write() as session:
            refuse = un_devis_envoye(session)
            devis = [
                un_devis(session).id,
                un_devis_envoye(session).id,
                un_devis_accepte(session).id,
                refuse.id,
            ]
        programme = api()
        programme.put(f"/api/v1/devis/{refuse.id}/refuser").raise_for_status()

        assert self._demander(programme, "devis", devis, action) == self.DEVIS[action]

    @pytest.mark.parametrize("action", FACTURES)
    def test_une_facture_emise_ne_change_plus(
        self, database: Database, api: Api, action: tuple[str, str]
    ) -> None:
        with database.write() as session:
            une_entreprise(session)
            factures = [une_facture(session).id, une_facture_emise(session).id]

        assert self._demander(api(), "factures", factures, action) == self.FACTURES[action]

    def test_seul_un_devis_accepte_se_facture(self, database: Database, api: Api) -> None:
        with database.write() as session:
            devis = [un_devis(session).id, un_devis_envoye(session).id]
            accepte = un_devis_accepte(session).id

        url = "/api/v1/factures/depuis-devis/"
        assert [api().post(f"{url}{d}").status_code for d in devis] == [409, 409]
        assert api().post(f"{url}{accepte}").status_code == 201

    def _demander(
        self, programme: TestClient, liste: str, ids: list[Any], action: tuple[str, str]
    ) -> tuple[int, ...]:
        corps = {"/reglements": {"montant": 1}, "": {"objet": "Charpente"}}.get(action[1])
        envoi = None if action[0] == "DELETE" else corps
        return tuple(
            programme.request(
                action[0], f"/api/v1/{liste}/{ident}{action[1]}", json=envoi, headers=TOUTES
            ).status_code
            for ident in ids
        )


class TestV09_2_3_2:
    """Limits of the trade: no discount above the price, nothing paid or credited twice."""

    @pytest.mark.parametrize("remise", [100.01, 1000, -1])
    def test_une_remise_ne_depasse_pas_le_prix(
        self, database: Database, api: Api, remise: float
    ) -> None:
        with database.write() as session:
            devis = un_devis(session).id

        for corps in (
            {"remise": {"pourcentage": remise}},
            {"lignes": [une_ligne(remise=remise)]},
        ):
            reponse = api().put(f"/api/v1/devis/{devis}", json=corps, headers=TOUTES)
            assert reponse.status_code == 422, corps

    @pytest.mark.parametrize("montant", [0, -1, 120.01, 1e9])
    def test_un_reglement_ne_depasse_pas_ce_qui_est_du(
        self, database: Database, api: Api, montant: float
    ) -> None:
        with database.write() as session:
            une_entreprise(session)
            emise = une_facture_emise(session).id  # 120 € with VAT

        reponse = api().post(f"/api/v1/factures/{emise}/reglements", json={"montant": montant})

        assert reponse.status_code in {409, 422}

    def test_ce_qui_est_paye_ne_se_paie_plus(self, database: Database, api: Api) -> None:
        with database.write() as session:
            une_entreprise(session)
            emise = une_facture_emise(session)
            regler(session, emise, "120")

        reponse = api().post(f"/api/v1/factures/{emise.id}/reglements", json={"montant": 0.01})

        assert reponse.status_code in {409, 422}

    def test_un_avoir_ne_depasse_pas_sa_facture(self, database: Database, api: Api) -> None:
        with database.write() as session:
            une_entreprise(session)
            emise = une_facture_emise(session)
            ligne = str(emise.lignes[0].id)
        programme = api()

        trop = {"lignes": [{"ligneId": ligne, "quantite": 1.01}]}
        assert programme.post(f"/api/v1/factures/{emise.id}/avoir", json=trop).status_code == 409
        assert programme.post(f"/api/v1/factures/{emise.id}/avoir").status_code == 201
        assert programme.post(f"/api/v1/factures/{emise.id}/avoir").status_code == 409

    @pytest.mark.parametrize("pourcentage", [0, -1, 100.01])
    def test_on_ne_facture_pas_plus_que_le_devis(
        self, database: Database, api: Api, pourcentage: float
    ) -> None:
        with database.write() as session:
            devis = un_devis_accepte(session).id

        url = f"/api/v1/factures/depuis-devis/{devis}"
        assert api().post(url, json={"pourcentage": pourcentage}).status_code == 422


class PanneError(Exception):
    """The power goes out at this statement."""


class TestV10_2_3_3:
    """Each use is one transaction: cut at any statement, it leaves everything or nothing."""

    @pytest.mark.parametrize(
        ("methode", "chemin"),
        [
            ("PUT", "/api/v1/factures/{facture}/emettre"),
            ("POST", "/api/v1/factures/{facture_emise}/reglements"),
            ("PUT", "/api/v1/devis/{devis_envoye}/accepter"),
        ],
    )
    def test_une_coupure_a_chaque_instruction_ne_laisse_rien(
        self, app: FastAPI, api: Api, methode: str, chemin: str
    ) -> None:
        dossier = remplir(app.state.database)
        programme = TestClient(app, raise_server_exceptions=False)
        programme.headers.update(api().headers)
        adresse = chemin.format(**dossier)
        corps = {"montant": 1} if chemin.endswith("reglements") else None
        avant = _empreinte(app.state.database)

        for rang in range(1, 400):
            with _coupure(app.state.database, rang) as coupe:
                reponse = programme.request(methode, adresse, json=corps, headers=TOUTES)
            if not coupe:
                break
            assert reponse.status_code >= 500, rang
            assert _empreinte(app.state.database) == avant, f"instruction {rang}"

        assert reponse.is_success
        assert rang > 5
        assert _empreinte(app.state.database) != avant


class TestV11_2_3_4:
    """Many at once obtain one effect."""

    @pytest.mark.parametrize(
        ("chemin", "corps"),
        [
            ("PUT /api/v1/factures/{facture}/emettre", None),
            ("POST /api/v1/factures/{facture_emise}/reglements", {"montant": "5173.54"}),
            ("PUT /api/v1/devis/{devis_envoye}/accepter", None),
            ("POST /api/v1/devis/{devis_accepte}/chantier", None),
            ("POST /api/v1/factures/depuis-devis/{devis_accepte}", None),
        ],
    )
    def test_vingt_demandes_a_la_fois_n_ont_qu_un_effet(
        self, app: FastAPI, chemin: str, corps: dict[str, Any] | None
    ) -> None:
        dossier = remplir(app.state.database)
        porteur = TestClient(app)
        porter_jeton(porteur, app, "admin")
        methode, adresse = chemin.format(**dossier).split()
        depart = threading.Barrier(ENSEMBLE)

        with servir(app) as serveur:

            def demander(_rang: int) -> int:
                depart.wait(timeout=30)
                return httpx2.request(
                    methode,
                    serveur + adresse,
                    json=corps,
                    headers={**TOUTES, "Authorization": porteur.headers["Authorization"]},
                    timeout=60,
                ).status_code

            with _premier_retenu(), ThreadPoolExecutor(ENSEMBLE) as foule:
                statuts = Counter(foule.map(demander, range(ENSEMBLE)))

        reussies = sum(n for statut, n in statuts.items() if statut < 300)
        assert reussies == 1, statuts
        assert sum(n for statut, n in statuts.items() if statut in {409, 412, 422}) == ENSEMBLE - 1


@contextmanager
def _premier_retenu() -> Iterator[None]:
    """Hold the first COMMIT until another request comes to its own: none does if they wait."""
    rencontre = threading.Barrier(2)

    def attendre(session: Session) -> None:
        if REQUETE in session.info:
            with suppress(threading.BrokenBarrierError):
                rencontre.wait(timeout=0.5)

    event.listen(WritingSession, "before_commit", attendre)
    try:
        yield
    finally:
        event.remove(WritingSession, "before_commit", attendre)


@contextmanager
def _coupure(database: Database, rang: int) -> Iterator[list[int]]:
    """Fail the statement of this rank in a writing transaction."""
    vus, coupe, en_ecriture = [0], [], set()

    def commencer(_session: Session, _transaction: object, connexion: Connection) -> None:
        en_ecriture.add(connexion)

    def compter(connexion: Connection, *_: Any) -> None:
        if connexion not in en_ecriture:
            return
        vus[0] += 1
        if vus[0] == rang:
            coupe.append(rang)
            raise PanneError

    event.listen(WritingSession, "after_begin", commencer)
    event.listen(database.engine, "before_cursor_execute", compter)
    try:
        yield coupe
    finally:
        event.remove(database.engine, "before_cursor_execute", compter)
        event.remove(WritingSession, "after_begin", commencer)


def _empreinte(database: Database) -> dict[str, list[str]]:
    """Every row of every table."""
    with database.read() as session:
        return {
            table.name: sorted(map(str, session.execute(select(table))))
            for table in Base.metadata.sorted_tables
        }
