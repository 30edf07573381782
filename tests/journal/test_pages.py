"""The journal as people read it: on each record, and whole under Paramètres."""

import io
import re
from collections.abc import Callable, Mapping
from uuid import UUID

import openpyxl
import pytest
from fastapi import FastAPI
from sqlalchemy import select
from starlette.testclient import TestClient

from cordeau.clients.models import Client
from cordeau.clients.queries import get_client
from cordeau.core import permissions
from cordeau.core.db import Database
from cordeau.core.journal import Evenement
from cordeau.core.permissions import DROITS, SYSTEME, Permission, Role
from cordeau.devis.commands.redaction import modifier_devis
from tests.clients.builders import un_client
from tests.devis.builders import un_devis, une_ligne, une_saisie
from tests.facturation.builders import une_entreprise
from tests.gens import Navigateur
from tests.performances.ecoute import ecouter

Ouvrir = Callable[..., Navigateur]
URL = "/parametres/journal"


@pytest.fixture
def client(database: Database) -> Client:
    """A client whose telephone was changed."""
    with database.write() as session:
        client = un_client(
            session, nom="Lefèvre", telephone="0241000000", contacts=[{"nom": "Contact"}]
        )
    with database.write() as session:
        session.get_one(Client, client.id).telephone = "0241999999"
    return client


def test_la_fiche_mene_a_l_avant_et_l_apres(client: Client, navigateur: Ouvrir) -> None:
    personne = navigateur("commercial")

    fiche = personne.get(f"/clients/{client.id}").text
    page = personne.get(f"/historique/client/{client.id}").text

    assert f'href="/historique/client/{client.id}"' in fiche
    assert "téléphone" in page
    assert page.index("0241000000") < page.index("0241999999")


def test_l_adresse_d_ou_l_on_agit_ne_se_montre_qu_a_qui_lit_le_journal(
    database: Database, app: FastAPI, navigateur: Ouvrir
) -> None:
    with database.write() as session:
        client = un_client(session)
    chef, commercial = navigateur(), navigateur("commercial")
    chef.headers["X-Essai"] = "1"
    with TestClient(app, client=("203.0.113.7", 1)) as ailleurs:
        ailleurs.cookies.update(chef.cookies)
        jeton = chef.jeton(f"/clients/{client.id}/modifier")
        ailleurs.post(f"/clients/{client.id}/archivage", data={"csrf": jeton})

    url = f"/historique/client/{client.id}"
    assert "203.0.113.7" in chef.get(url).text
    assert "203.0.113.7" not in commercial.get(url).text
    assert "navigateur" in commercial.get(url).text


def test_des_enregistrements_repetes_font_une_ligne_sans_rien_perdre(
    database: Database, navigateur: Ouvrir
) -> None:
    with database.write() as session:
        devis = un_devis(session, objet="Un")
    for objet in ("Deux", "Trois", "Quatre"):
        with database.write() as session:
            modifier_devis(session, devis.id, une_saisie(objet=objet), actor=SYSTEME)

    page = navigateur().get(f"/historique/devis/{devis.id}").text

    assert page.count("<b>Devis modifié") == 1
    assert "en 3 fois" in page
    assert all(mot in page for mot in ("Un", "Deux", "Trois", "Quatre"))


def test_qui_n_a_pas_le_droit_ne_lit_ni_l_objet_ni_le_journal(
    database: Database, navigateur: Ouvrir
) -> None:
    with database.write() as session:
        devis = un_devis(session)

    technicien, commercial = navigateur("technicien"), navigateur("commercial")

    assert technicien.get(f"/historique/devis/{devis.id}").status_code == 403
    assert commercial.get(URL).status_code == 403
    assert commercial.get(f"{URL}/export").status_code == 403
    assert commercial.get(f"/historique/devis/{UUID(int=5)}").status_code == 404


def test_un_cout_ne_se_lit_pas_sans_le_droit_aux_marges(
    database: Database, navigateur: Ouvrir, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.write() as session:
        une_entreprise(session, iban="FR7630006000011234567890189")
        devis = un_devis(session, lignes=[une_ligne("100", coutUnitaireHT="37.77")])
    chef = navigateur("comptable")
    url, lecture = f"/historique/devis/{devis.id}", f"{URL}/export?format=csv"
    assert "37,77" in chef.get(url).text
    assert "FR7630006000011234567890189" in chef.get(lecture).text

    _retirer(monkeypatch, Role.COMPTABLE, Permission.MARGE_LIRE, Permission.ENTREPRISE_LIRE)

    for page in (chef.get(url).text, chef.get(URL).text, chef.get(lecture).text):
        assert "37,77" not in page
        assert "coût" not in page.replace("coûts et les marges", "")
        assert "FR7630006000011234567890189" not in page


def test_les_comptes_ne_se_lisent_que_par_qui_les_gere(navigateur: Ouvrir) -> None:
    chef, comptable = navigateur(), navigateur("comptable")

    assert "Compte créé" in chef.get(URL).text
    assert "Compte créé" not in comptable.get(URL).text
    assert "Compte créé" not in comptable.get(f"{URL}/export?format=csv").text


def test_les_filtres_se_cumulent_et_restent_dans_l_adresse(
    client: Client, navigateur: Ouvrir
) -> None:
    chef = navigateur()

    def lignes(adresse: str) -> int:
        return chef.get(f"{URL}?{adresse}").text.count("<li>\n        <b>")

    assert lignes("objet=client") == 2
    assert lignes("objet=client&q=lefevre+modification") == 1
    assert lignes("objet=client&qui=logiciel") == 2
    assert lignes("objet=client&du=2020-01-01&au=2020-12-31") == 0
    assert lignes("objet=client&du=2020-01-01") == 2
    page = chef.get(f"{URL}?objet=client&q=lefevre&du=2020-01-01").text
    assert 'value="client" selected' in page
    assert 'value="2020-01-01"' in page
    assert "Aucun fait ne correspond" in chef.get(f"{URL}?q=introuvable").text


def test_le_journal_se_parcourt_page_a_page(database: Database, navigateur: Ouvrir) -> None:
    with database.write() as session:
        for rang in range(5):
            un_client(session, nom=f"Client {rang}")
    chef, vus, adresse = navigateur(), [], f"{URL}?objet=client&limite=2"
    while adresse:
        page = chef.get(adresse).text
        vus += re.findall(r">Client Client (\d)<", page)
        suite = re.search(r'href="(\?[^"]*curseur=[^"]*)" rel="next"', page)
        adresse = URL + suite.group(1).replace("&amp;", "&") if suite else ""

    assert vus == ["4", "3", "2", "1", "0"]


def test_l_export_lit_la_base_par_lots_quel_que_soit_le_nombre_de_faits(
    client: Client, app: FastAPI, navigateur: Ouvrir
) -> None:
    database: Database = app.state.database
    chef, url = navigateur(), f"{URL}/export?objet=client&format=csv"
    chef.get(url)
    with ecouter(database) as peu:
        chef.get(url)
    for rang in range(30):
        with database.write() as session:
            contact = get_client(session, client.id, complet=True).contacts[0]
            contact.nom = f"Contact {rang}"

    with ecouter(database) as beaucoup:
        lignes = chef.get(url).text.count("Contact 1")

    assert lignes > 10
    assert len(beaucoup) <= len(peu) + 1  # the names of the contacts, all at once


@pytest.mark.parametrize("genre", ["csv", "xlsx"])
def test_le_journal_s_exporte_un_champ_par_ligne(
    client: Client, navigateur: Ouvrir, genre: str
) -> None:
    reponse = navigateur().get(f"{URL}/export?objet=client&format={genre}")

    if genre == "csv":
        texte = reponse.content.decode("utf-8-sig")
    else:
        feuille = openpyxl.load_workbook(io.BytesIO(reponse.content)).worksheets[0]
        texte = "\n".join(";".join(str(c.value) for c in rang) for rang in feuille)
    assert "téléphone;0241000000;0241999999" in texte


def test_un_acces_refuse_se_note_une_fois(database: Database, navigateur: Ouvrir) -> None:
    technicien = navigateur("technicien")

    for _ in range(3):
        assert technicien.get("/devis").status_code == 403

    assert _refus(database) == {"GET /devis": 1}
    assert "Accès refusé" in navigateur().get(URL).text


def test_un_visiteur_refuse_n_ecrit_rien(database: Database, client_http: Navigateur) -> None:
    client_http.post("/login", data={"csrf": "faux"})

    assert _refus(database) == {}


def test_une_adresse_trompeuse_ne_forge_pas_de_ligne(
    database: Database, navigateur: Ouvrir, caplog: pytest.LogCaptureFixture
) -> None:
    technicien = navigateur("technicien")

    technicien.get("/factures/%0d%0a2026 faux fait?jeton=secret-de-l-adresse")
    technicien.get("/factures", headers={"X-Forwarded-For": "1.2.3.4\n9.9.9.9"})

    assert _refus(database) == {"GET /factures/{facture_id}": 1, "GET /factures": 1}
    assert "secret-de-l-adresse" not in caplog.text


def _refus(database: Database) -> Mapping[str, int]:
    with database.read() as session:
        lieux = session.scalars(
            select(Evenement.lieu).where(Evenement.action == "Accès refusé")
        ).all()
    return {str(lieu): lieux.count(lieu) for lieu in lieux}


def _retirer(monkeypatch: pytest.MonkeyPatch, role: Role, *droits: Permission) -> None:
    monkeypatch.setattr(permissions, "DROITS", {**DROITS, role: DROITS[role] - set(droits)})
