"""Many people at once: no gap, no duplicate, nothing billed nor paid twice."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from cordeau.core.db import Database
from cordeau.core.errors import DomainError
from cordeau.core.permissions import SYSTEME
from cordeau.facturation.commands import avoir, depuis_devis, emission, reglements
from cordeau.facturation.commands.depuis_devis import Demande
from cordeau.facturation.commands.reglements import SaisieReglement
from cordeau.facturation.models import Facture, Imputation, Solde
from cordeau.facturation.reglements import reste_ouverture
from cordeau.facturation.states import ModeReglement
from tests.clients.builders import un_client
from tests.devis.builders import LE_JOUR, un_devis_accepte
from tests.facturation.builders import (
    URL,
    un_avoir,
    une_entreprise,
    une_facture,
    une_facture_emise,
)

Api = Callable[..., TestClient]
EMETTEURS = 16
CHACUN = 2
PAIEMENT = SaisieReglement(LE_JOUR, ModeReglement.VIREMENT)


class PanneError(Exception):
    """The power goes out just before the commit."""


@pytest.fixture(autouse=True)
def _entreprise(database: Database) -> None:
    with database.write() as session:
        une_entreprise(session)


def ensemble(nombre: int, agir: Callable[[int], Any]) -> Counter[str]:
    """Do it from that many threads at the same instant; count what came of it."""
    depart = threading.Barrier(nombre)

    def partir(rang: int) -> str:
        depart.wait(timeout=30)
        try:
            agir(rang)
        except DomainError as refus:
            return type(refus).__name__
        return "fait"

    with ThreadPoolExecutor(nombre) as equipe:
        return Counter(equipe.map(partir, range(nombre)))


def test_seize_emetteurs_et_une_panne_sur_cinq_ne_laissent_ni_trou_ni_double(
    database: Database,
) -> None:
    with database.write() as session:
        client = un_client(session)
        ids = [une_facture(session, client=client).id for _ in range(EMETTEURS * CHACUN)]

    def emettre(rang: int) -> None:
        for i in range(CHACUN):
            numero = rang * CHACUN + i
            if numero % 5 == 0:
                with pytest.raises(PanneError):
                    database.transaction(partial(_emettre, facture_id=ids[numero], panne=True))
            database.transaction(partial(_emettre, facture_id=ids[numero]))

    assert ensemble(EMETTEURS, emettre) == {"fait": EMETTEURS}

    with database.read() as session:
        numeros = session.scalars(select(Facture.numero).order_by(Facture.numero_tri)).all()
    assert numeros == [f"FAC-2026-{rang:03d}" for rang in range(1, len(ids) + 1)]


def test_un_meme_brouillon_emis_par_huit_personnes_ne_prend_qu_un_numero(
    database: Database,
) -> None:
    with database.write() as session:
        facture_id = une_facture(session).id

    issue = ensemble(8, lambda _: database.transaction(partial(_emettre, facture_id=facture_id)))

    assert issue == {"fait": 1, "FactureEmiseError": 7}
    with database.write() as session:
        assert une_facture_emise(session).numero == "FAC-2026-002"


def test_seize_paiements_d_une_facture_ne_la_depassent_pas(database: Database) -> None:
    with database.write() as session:
        facture = une_facture_emise(session)  # 120 € TTC

    issue = ensemble(16, lambda _: database.transaction(partial(_regler, facture=facture)))

    assert issue == {"fait": 12, "ConflitError": 4}
    with database.read() as session:
        assert session.get_one(Solde, facture.id).reste == 0
        assert session.scalar(select(func.sum(Imputation.montant))) == Decimal("120.00")


def test_huit_paiements_du_solde_d_ouverture_ne_le_depassent_pas(database: Database) -> None:
    with database.write() as session:
        client_id = un_client(
            session, solde_ouverture=Decimal("100.00"), solde_ouverture_le=LE_JOUR
        ).id

    def payer(session: Session) -> None:
        parts: list[tuple[UUID | None, Decimal]] = [(None, Decimal(30))]
        reglements.enregistrer(session, client_id, parts, PAIEMENT, actor=SYSTEME)

    assert ensemble(8, lambda _: database.transaction(payer)) == {"fait": 3, "ConflitError": 5}
    with database.read() as session:
        assert reste_ouverture(session, client_id) == Decimal("10.00")


def test_deux_personnes_ne_facturent_pas_deux_fois_le_meme_devis(database: Database) -> None:
    with database.write() as session:
        devis_id = un_devis_accepte(session).id
        autre_id = un_devis_accepte(session).id

    reste = ensemble(4, lambda _: _facturer(database, devis_id, Demande()))
    tiers = ensemble(6, lambda _: _facturer(database, autre_id, Demande(pourcentage=Decimal(30))))

    assert reste == {"fait": 1, "RienAFacturerError": 3}
    assert tiers == {"fait": 3, "TropFactureError": 3}


def test_deux_avoirs_totaux_ne_se_preparent_pas_ensemble(database: Database) -> None:
    with database.write() as session:
        facture_id = une_facture_emise(session).id

    def crediter(session: Session) -> None:
        avoir.preparer_avoir(session, facture_id, actor=SYSTEME, le=LE_JOUR)

    assert ensemble(4, lambda _: database.transaction(crediter)) == {"fait": 1, "ConflitError": 3}


def test_un_paiement_et_un_avoir_ensemble_gardent_le_compte_juste(database: Database) -> None:
    with database.write() as session:
        facture = une_facture_emise(session)
        credit = un_avoir(session, facture, [(facture.lignes[0].id, "0.5")])

    def agir(rang: int) -> None:
        if rang == 0:
            database.transaction(partial(_emettre, facture_id=credit.id))
        else:
            database.transaction(partial(_regler, facture=facture))

    issue = ensemble(10, agir)

    with database.read() as session:
        du, a_rendre = (session.get_one(Solde, i).reste for i in (facture.id, credit.id))
    paye = Decimal(10) * (issue["fait"] - 1)
    assert du - a_rendre == Decimal(120) - Decimal(60) - paye


def test_un_double_clic_ne_facture_et_n_encaisse_qu_une_fois(database: Database, api: Api) -> None:
    with database.write() as session:
        devis_id = un_devis_accepte(session).id
        facture_id = une_facture_emise(session).id
    programme = api()
    reponses: dict[str, list[Any]] = {}
    for adresse, corps in (
        (f"{URL}/depuis-devis/{devis_id}", {"pourcentage": 10}),
        (f"{URL}/{facture_id}/reglements", {"montant": 10}),
    ):
        recues = reponses.setdefault(adresse, [])

        def cliquer(_: int, *, adresse: str = adresse, corps: Any = corps) -> None:
            entetes = {"Idempotency-Key": adresse[-40:]}
            reponses[adresse].append(programme.post(adresse, json=corps, headers=entetes))

        ensemble(4, cliquer)

        assert {recue.status_code for recue in recues} <= {201, 409}
        assert len({recue.json().get("id") for recue in recues if recue.is_success}) == 1

    assert len(programme.get(URL, params={"devisId": str(devis_id)}).json()["elements"]) == 1
    assert programme.get(f"{URL}/{facture_id}").json()["resteAPayer"] == 110


def test_une_cle_deja_servie_a_autre_chose_est_refusee(database: Database, api: Api) -> None:
    with database.write() as session:
        facture_id = une_facture_emise(session).id
    programme = api()
    entetes = {"Idempotency-Key": "cle-1"}
    adresse = f"{URL}/{facture_id}/reglements"
    assert programme.post(adresse, json={"montant": 10}, headers=entetes).status_code == 201

    refus = programme.post(adresse, json={"montant": 20}, headers=entetes)

    assert refus.status_code == 422
    assert programme.get(f"{URL}/{facture_id}").json()["resteAPayer"] == 110


def _emettre(session: Session, facture_id: UUID, *, panne: bool = False) -> None:
    emission.emettre(session, facture_id, actor=SYSTEME, le=LE_JOUR)
    if panne:
        raise PanneError


def _regler(session: Session, facture: Facture) -> None:
    reglements.regler_facture(session, facture.id, Decimal(10), PAIEMENT, actor=SYSTEME)


def _facturer(database: Database, devis_id: UUID, demande: Demande) -> None:
    def facturer(session: Session) -> None:
        depuis_devis.facturer_devis(session, devis_id, demande, actor=SYSTEME, le=LE_JOUR)

    database.transaction(facturer)
