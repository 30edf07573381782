"""A row of the list of devis, kept drawn: for the same devis to the cent, and nothing else."""

from collections.abc import Callable

from fastapi import FastAPI

from cordeau.core.db import Database
from cordeau.core.listing import Demande
from cordeau.core.permissions import SYSTEME
from cordeau.devis.commands import redaction
from cordeau.devis.pages.liste import taux_de_marge
from cordeau.devis.queries import FiltreDevis, list_devis
from tests.devis.builders import LE_JOUR, un_devis, une_ligne, une_saisie
from tests.gens import Navigateur

Ouvrir = Callable[..., Navigateur]


def test_une_rangee_deja_dessinee_suit_chaque_centime(
    database: Database, navigateur: Ouvrir
) -> None:
    with database.write() as session:
        devis = un_devis(session, lignes=[une_ligne("100")])
        client_id = devis.client_id
    page = navigateur("admin")
    assert "100,00\u00a0€" in page.get("/devis").text

    with database.write() as session:
        saisie = une_saisie(clientId=client_id, lignes=[une_ligne("100.01")])
        redaction.modifier_devis(session, devis.id, saisie, actor=SYSTEME)

    texte = page.get("/devis").text
    assert "100,01\u00a0€" in texte
    assert "100,00\u00a0€" not in texte


def test_la_marge_ne_se_voit_pas_pour_avoir_ete_montree(app: FastAPI, database: Database) -> None:
    with database.write() as session:
        un_devis(session, lignes=[une_ligne("100", coutUnitaireHT="33")])
        [devis] = list_devis(session, Demande(), FiltreDevis()).elements
    rangee = app.state.templates.get_template("devis/_rangee.html").module.rangee

    assert "67,0\u00a0%" in rangee(devis, LE_JOUR, taux_de_marge)
    assert "67,0\u00a0%" not in rangee(devis, LE_JOUR, None)
