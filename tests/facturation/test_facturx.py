"""The Factur-X of issued documents, through the whole chain: valid, exact, the same for ever."""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from cordeau.clients.states import TypeClient
from cordeau.comptabilite.queries import Periode, lire_export_jde
from cordeau.core.db import Database
from cordeau.core.errors import ConflitError
from cordeau.core.jobs import Job
from cordeau.documents.cii import ecrire_cii
from cordeau.documents.modele import Document
from cordeau.facturation.models import Facture, PieceFacture
from cordeau.facturation.pieces import obtenir_piece
from cordeau.facturation.queries import get_facture
from tests.chantiers.builders import un_chantier
from tests.clients.builders import NUMERO_TVA, SIREN, SIRET, un_client
from tests.devis.builders import LE_JOUR, un_devis_accepte, un_lot, une_ligne
from tests.documents.lecture import lire_pdf, montants, valeurs
from tests.documents.validation import valider
from tests.facturation.builders import (
    TROIS_TAUX,
    URL,
    facturer_et_emettre,
    un_acompte,
    un_avoir_emis,
    une_entreprise,
    une_facture,
    une_facture_emise,
)

Api = Callable[..., TestClient]
Fabrique = Callable[[Session], list[Facture]]
PIEGES = "Æ<b>&amp;</b> « é » ]]> \" ' œ € \u2009\u202f 漢 🏗 <!-- & > %s {x}"
REGIE: dict[str, Any] = {"attestationSignee": True}


@pytest.fixture(autouse=True)
def _entreprise(database: Database) -> None:
    with database.write() as session:
        une_entreprise(session)


def _professionnel(session: Session, **champs: Any) -> Any:
    identite = {"siren": SIREN, "siret": SIRET, "numero_tva": NUMERO_TVA, "nom": "SCI Bâti"}
    return un_client(session, type=TypeClient.PROFESSIONNEL, **{**identite, **champs})


def _trois_taux_et_remises(session: Session) -> list[Facture]:
    lignes = [*TROIS_TAUX, une_ligne("33.333333", "3.3333", remise="12.5")]
    return [une_facture_emise(session, lignes=lignes, remise={"pourcentage": 7}, **REGIE)]


def _autoliquidation(session: Session) -> list[Facture]:
    return [une_facture_emise(session, client=_professionnel(session), autoliquidation=True)]


def _avoir(session: Session) -> list[Facture]:
    facture = une_facture_emise(session, lignes=TROIS_TAUX, remise={"montant": 50}, **REGIE)
    partiel = un_avoir_emis(session, facture, [(facture.lignes[0].id, "0.3")])
    return [partiel, un_avoir_emis(session, facture)]


def _acompte_et_solde(session: Session) -> list[Facture]:
    client = _professionnel(session)
    devis = un_devis_accepte(session, client=client, lignes=TROIS_TAUX, **REGIE)
    acompte = un_acompte(session, devis, "33.3")
    partie = facturer_et_emettre(session, devis, pourcentage="33.3")
    solde = facturer_et_emettre(session, devis)
    return [acompte, partie, solde, un_avoir_emis(session, solde)]


def _acompte_total(session: Session) -> list[Facture]:
    devis = un_devis_accepte(session)
    acompte = un_acompte(session, devis, "100")
    solde = facturer_et_emettre(session, devis)
    autre = un_acompte(session, un_devis_accepte(session))
    return [acompte, solde, un_avoir_emis(session, autre)]


def _cinq_cents_lignes(session: Session) -> list[Facture]:
    lots = [un_lot(str(rang), designation=f"Lot {rang}") for rang in range(5)]
    lignes = [
        une_ligne(f"{rang}.{rang % 1000:03d}", "1.37", parentId=str(rang % 5), remise=rang % 7)
        for rang in range(1, 496)
    ]
    return [une_facture_emise(session, lignes=[*lots, *lignes], remise={"pourcentage": "3.3333"})]


def _prix_nul(session: Session) -> list[Facture]:
    lignes = [une_ligne("0", designation="Nettoyage"), une_ligne(), une_ligne("0.000001")]
    return [une_facture_emise(session, lignes=lignes)]


def _pieges(session: Session) -> list[Facture]:
    client = _professionnel(session, nom=PIEGES)
    chantier = un_chantier(session, PIEGES, client_id=client.id)
    facture = une_facture_emise(
        session,
        client=client,
        chantierId=str(chantier.id),
        objet=PIEGES,
        conditions=PIEGES * 20,
        referenceCommande=PIEGES,
        referenceAcheteur=PIEGES,
        lignes=[
            {**un_lot("A"), "designation": PIEGES},
            une_ligne(designation=PIEGES, description=f"{PIEGES}\n\n{PIEGES}", parentId="A"),
            {"type": "TEXTE", "designation": PIEGES},
        ],
    )
    return [facture]


def _chaque_client(session: Session) -> list[Facture]:
    mairie = un_client(session, "Commune", type=TypeClient.PUBLIC, siren="214903536")
    public = une_facture_emise(session, client=mairie, referenceAcheteur="SERVICE-1")
    return [
        public,
        une_facture_emise(session),
        une_facture_emise(session, client=_professionnel(session)),
    ]


def _remise_totale(session: Session) -> list[Facture]:
    offert = [une_ligne(), une_ligne("50", remise=100)]
    return [une_facture_emise(session, lignes=offert, remise={"pourcentage": 100})]


def _regimes(session: Session) -> list[Facture]:
    une_entreprise(session, regime_tva="DEBITS")
    debits = une_facture_emise(session)
    une_entreprise(session, regime_tva="FRANCHISE", numero_tva="")
    return [debits, une_facture_emise(session)]


@pytest.mark.parametrize(
    "fabrique",
    [
        _trois_taux_et_remises,
        _autoliquidation,
        _avoir,
        _acompte_et_solde,
        _acompte_total,
        _cinq_cents_lignes,
        _prix_nul,
        _pieges,
        _chaque_client,
        _remise_totale,
        _regimes,
    ],
)
def test_le_xml_est_valide_et_porte_les_montants_du_document(
    database: Database, fabrique: Fabrique
) -> None:
    with database.write() as session:
        emises = [get_facture(session, facture.id) for facture in fabrique(session)]
        for facture in emises:
            xml = ecrire_cii(Document.model_validate_json(facture.contenu or ""))

            assert valider(xml) == []
            assert _totaux(xml) == [
                facture.montant_ht,
                facture.montant_tva,
                facture.montant_ttc,
            ]
            assert _par_taux(xml) == {t.taux: (t.base_ht, t.montant_tva) for t in facture.tva}


def test_pdf_xml_api_et_export_disent_les_memes_montants(database: Database, api: Api) -> None:
    with database.write() as session:
        documents = [get_facture(session, emise.id) for emise in _acompte_et_solde(session)]
    programme = api()
    with database.read() as session:
        export = {li.reference: li for li in lire_export_jde(session, Periode(), LE_JOUR).lignes}

    for document in documents:
        lu = programme.get(f"{URL}/{document.id}").json()
        texte = lire_pdf(programme.get(f"{URL}/{document.id}/pdf").content)
        xml = programme.get(f"{URL}/{document.id}/xml").content

        attendus = [document.montant_ht, document.montant_tva, document.montant_ttc]
        assert _totaux(xml) == attendus
        assert [Decimal(str(lu[f"montant{m}"])) for m in ("HT", "TVA", "TTC")] == attendus
        ligne = export[document.numero or ""]
        signes = [document.signe * montant for montant in attendus]
        assert [ligne.montant_ht, ligne.montant_tva, ligne.montant_ttc] == signes
        compact = "".join(texte.split())
        imprimes = [document.montant_ht, document.montant_ttc]
        imprimes += [montant for t in document.tva for montant in (t.base_ht, t.montant_tva)]
        for montant in imprimes:
            assert f"{montant:.2f}".replace(".", ",") in compact
        assert (document.numero or "") in texte


def test_les_memes_octets_pour_toujours_avec_leur_empreinte(database: Database, api: Api) -> None:
    with database.write() as session:
        facture = une_facture_emise(session)
    programme = api()

    premier = programme.get(f"{URL}/{facture.id}/pdf")
    with database.write() as session:
        une_entreprise(session, nom="Nouveau nom", iban="")
    second, xml = (programme.get(f"{URL}/{facture.id}/{genre}") for genre in ("pdf", "xml"))

    assert premier.content == second.content
    assert premier.headers["content-type"] == "application/pdf"
    with database.read() as session:
        piece = session.get_one(PieceFacture, facture.id)
    assert piece.pdf_sha256 == hashlib.sha256(second.content).hexdigest()
    assert piece.xml_sha256 == hashlib.sha256(xml.content).hexdigest()
    assert valeurs(xml.content, "//rsm:ExchangedDocument/ram:ID") == [facture.numero]


def test_le_travail_rend_la_piece_et_la_demande_la_retrouve(
    app: FastAPI, database: Database, api: Api
) -> None:
    with database.write() as session:
        facture = une_facture_emise(session)

    while app.state.worker.run_one():
        pass

    with database.read() as session:
        rendue = session.get_one(PieceFacture, facture.id)
        assert [job.etat for job in session.scalars(select(Job))] == ["FAIT"]
    assert api().get(f"{URL}/{facture.id}/pdf").content == rendue.pdf


def test_le_travail_et_les_demandes_ensemble_ne_gardent_qu_une_piece(database: Database) -> None:
    with database.write() as session:
        facture_id = une_facture_emise(session).id

    with ThreadPoolExecutor(4) as equipe:
        pieces = list(equipe.map(lambda _: obtenir_piece(database, facture_id), range(4)))

    assert len({piece.pdf for piece in pieces}) == 1
    with database.read() as session:
        assert len(session.scalars(select(PieceFacture)).all()) == 1


def test_un_brouillon_a_un_apercu_mais_pas_de_facture_electronique(
    database: Database, api: Api
) -> None:
    with database.write() as session:
        facture_id = une_facture(session).id
    programme = api()

    apercu = programme.get(f"{URL}/{facture_id}/pdf")

    assert "PROJET" in lire_pdf(apercu.content)
    assert programme.get(f"{URL}/{facture_id}/xml").status_code == 409
    with pytest.raises(ConflitError):
        obtenir_piece(database, facture_id)
    with database.read() as session:
        assert session.scalars(select(PieceFacture)).all() == []


def _totaux(xml: bytes) -> list[Decimal]:
    """HT, VAT and TTC."""
    somme = "//ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:"
    noms = ("TaxBasisTotalAmount", "TaxTotalAmount", "GrandTotalAmount")
    return [montants(xml, f"{somme}{nom}")[0] for nom in noms]


def _par_taux(xml: bytes) -> dict[Decimal, tuple[Decimal, Decimal]]:
    """(base, VAT) by rate."""
    table = "//ram:ApplicableHeaderTradeSettlement/ram:ApplicableTradeTax/ram:"
    colonnes = (
        montants(xml, f"{table}{nom}")
        for nom in ("RateApplicablePercent", "BasisAmount", "CalculatedAmount")
    )
    return {taux: (base, tva) for taux, base, tva in zip(*colonnes, strict=True)}
