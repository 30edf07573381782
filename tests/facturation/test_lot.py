"""What one does with several documents of the list at once."""

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from cordeau.clients.states import TypeClient
from cordeau.core.dates import aujourd_hui
from cordeau.core.db import Database
from cordeau.facturation.models import Facture
from tests.clients.builders import un_client
from tests.facturation.builders import une_entreprise, une_facture, une_facture_emise
from tests.gens import Navigateur

Ouvrir = Callable[..., Navigateur]


@pytest.fixture
def brouillons(database: Database) -> list[str]:
    """Two drafts that can be issued, and one whose client has no SIREN."""
    with database.write() as session:
        une_entreprise(session)
        client = un_client(session)
        firme = un_client(session, "Sans SIREN", type=TypeClient.PROFESSIONNEL)
        faites = [
            une_facture(session, client=client, objet="première"),
            une_facture(session, client=firme, objet="sans SIREN"),
            une_facture(session, client=client, objet="dernière"),
        ]
        return [str(facture.id) for facture in faites]


def numeros(app: FastAPI) -> dict[str, str | None]:
    with app.state.database.read() as session:
        factures = session.execute(select(Facture.objet, Facture.numero))
        return {facture.objet: facture.numero for facture in factures}


def test_les_brouillons_coches_sont_emis_dans_l_ordre(
    app: FastAPI, navigateur: Ouvrir, brouillons: list[str]
) -> None:
    ids = [brouillons[2], brouillons[0]]
    reponse = navigateur("comptable").soumettre("/factures/lot/emission", {"ids": ids})

    assert (reponse.status_code, reponse.headers["location"]) == (303, "/factures")
    annee = aujourd_hui().year
    assert numeros(app) == {
        "première": f"FAC-{annee}-001",
        "dernière": f"FAC-{annee}-002",
        "sans SIREN": None,
    }


def test_ce_qui_manque_a_l_une_ne_retient_pas_les_autres(
    app: FastAPI, navigateur: Ouvrir, brouillons: list[str]
) -> None:
    reponse = navigateur("comptable").soumettre("/factures/lot/emission", {"ids": brouillons})

    assert reponse.status_code == 200
    assert "1 sur 3" in reponse.text
    assert "Le SIREN de Sans SIREN, client professionnel." in reponse.text
    annee = aujourd_hui().year
    assert set(numeros(app).values()) == {f"FAC-{annee}-001", f"FAC-{annee}-002", None}


def test_une_demande_repetee_n_emet_pas_deux_fois(
    app: FastAPI, navigateur: Ouvrir, brouillons: list[str]
) -> None:
    comptable = navigateur("comptable")
    demande = {"ids": brouillons, "cle_operation": "une-seule-fois"}
    premiere = comptable.soumettre("/factures/lot/emission", demande)

    assert comptable.soumettre("/factures/lot/emission", demande).text == premiere.text
    assert len([n for n in numeros(app).values() if n]) == 2


def test_une_facture_deja_emise_se_dit(navigateur: Ouvrir, database: Database) -> None:
    with database.write() as session:
        une_entreprise(session)
        emise = une_facture_emise(session, dateEcheance=f"{aujourd_hui() + timedelta(days=9)}")
        facture_id = str(emise.id)
    reponse = navigateur("comptable").soumettre("/factures/lot/emission", {"ids": [facture_id]})

    assert reponse.status_code == 200
    assert "1 sur 1" in reponse.text


def test_les_pdf_coches_viennent_en_une_archive(
    navigateur: Ouvrir, database: Database, brouillons: list[str]
) -> None:
    with database.write() as session:
        emise = une_facture_emise(session)
        nom, facture_id = f"{emise.numero}.pdf", str(emise.id)
    ids = [brouillons[0], facture_id]
    reponse = navigateur("commercial").soumettre("/factures/lot/pdf", {"ids": ids})

    with zipfile.ZipFile(io.BytesIO(reponse.content)) as archive:
        assert sorted(archive.namelist()) == [nom, "projet-1.pdf"]
        assert all(archive.read(n).startswith(b"%PDF") for n in archive.namelist())


def test_qui_ne_peut_pas_ecrire_n_emet_pas(
    app: FastAPI, navigateur: Ouvrir, brouillons: list[str]
) -> None:
    commercial = navigateur("commercial")

    assert commercial.soumettre("/factures/lot/emission", {"ids": brouillons}).status_code == 403
    assert "/factures/lot/emission" not in commercial.get("/factures").text
    assert not any(numeros(app).values())
