"""Settings: identity, logo, numbering, mentions, rights, messages."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from fastapi import FastAPI

from cordeau.core.numbering import next_number
from cordeau.entreprise.mentions import CodeMention
from cordeau.entreprise.models import Entreprise
from cordeau.entreprise.queries import find_entreprise, mentions_en_vigueur
from cordeau.notifications.commands import Piece, ecrire
from tests.entreprise.builders import une_entreprise, une_image
from tests.gens import Navigateur

Navigateurs = Callable[..., Navigateur]
URL = "/parametres/entreprise"

SAISIE = {
    "nom": "Charpentes & Cie",
    "capital": "10 000",
    "siret": "73282932000074",
    "ville": "Angers",
    "iban": "FR76 3000 6000 0112 3456 7890 189",
    "assurance_echeance": "31/12/2026",
    "regime_tva": "DEBITS",
    "taux_tva_defaut": "10",
    "delai_paiement": "45",
    "duree_validite": "60",
}


def lire(app: FastAPI) -> Entreprise:
    with app.state.database.read() as session:
        entreprise = find_entreprise(session)
    assert entreprise is not None
    return entreprise


def test_le_sommaire_mene_aux_reglages(navigateur: Navigateurs) -> None:
    page = navigateur().get("/parametres").text

    for sujet in ("entreprise", "numerotation", "messages", "droits"):
        assert f'href="/parametres/{sujet}"' in page


@pytest.mark.parametrize(
    "sujet", ["", "/entreprise", "/numerotation", "/mentions", "/messages", "/droits"]
)
def test_les_reglages_ne_s_ouvrent_pas_a_tous(navigateur: Navigateurs, sujet: str) -> None:
    assert navigateur("comptable").get(f"/parametres{sujet}").status_code == 200
    assert navigateur("commercial").get(f"/parametres{sujet}").status_code == 403


@pytest.mark.parametrize(
    "url",
    [URL, f"{URL}/logo/suppression", "/parametres/numerotation", "/parametres/mentions/NATURE"],
)
def test_un_comptable_lit_les_reglages_sans_les_changer(navigateur: Navigateurs, url: str) -> None:
    assert navigateur("comptable").soumettre(url, SAISIE).status_code == 403


def test_l_entreprise_se_decrit_avant_comme_apres_son_installation(
    navigateur: Navigateurs, app: FastAPI
) -> None:
    chef = navigateur()
    assert 'value="30"' in chef.get(URL).text

    reponse = chef.soumettre(URL, SAISIE)

    entreprise = lire(app)
    assert reponse.status_code == 303
    assert entreprise.nom == "Charpentes & Cie"
    assert (entreprise.siren, entreprise.adresse.ville) == ("732829320", "Angers")
    assert entreprise.iban == "FR7630006000011234567890189"
    assert (entreprise.capital, entreprise.taux_tva_defaut) == (Decimal(10_000), Decimal(10))
    assert entreprise.assurance_echeance == date(2026, 12, 31)
    page = chef.get(URL).text
    assert "Charpentes &amp; Cie" in page
    assert 'value="10000"' in page


@pytest.mark.parametrize(
    ("champs", "champ"),
    [
        ({"siren": "123"}, "siren"),
        ({"numero_tva": "FR1"}, "numero_tva"),
        ({"iban": "FR12"}, "iban"),
        ({"capital": "beaucoup"}, "capital"),
        ({"code_postal": "1" * 21}, "code_postal"),
        ({"taux_tva_defaut": "101"}, "taux_tva_defaut"),
        ({"delai_paiement": ""}, "delai_paiement"),
        ({"duree_validite": "0"}, "duree_validite"),
        ({"regime_tva": "AUTRE"}, "regime_tva"),
        ({"assurance_echeance": "bientôt"}, "assurance_echeance"),
    ],
)
def test_une_saisie_refusee_garde_ce_qui_etait_tape(
    navigateur: Navigateurs, app: FastAPI, champs: dict[str, str], champ: str
) -> None:
    reponse = navigateur().soumettre(URL, {**SAISIE, **champs})

    assert reponse.status_code == 422
    assert f'href="#champ-{champ}"' in reponse.text
    assert f'id="champ-{champ}-note"' in reponse.text
    assert "Charpentes &amp; Cie" in reponse.text
    with app.state.database.read() as session:
        assert find_entreprise(session) is None


def test_deux_personnes_n_ecrasent_pas_leurs_changements(
    navigateur: Navigateurs, app: FastAPI
) -> None:
    with app.state.database.write() as session:
        une_entreprise(session)
    chef = navigateur()
    chef.soumettre(URL, {**SAISIE, "revision": "1"})

    assert chef.soumettre(URL, {**SAISIE, "nom": "Autre", "revision": "1"}).status_code == 412
    assert lire(app).nom == "Charpentes & Cie"


def test_la_page_dit_ce_qui_manque_aux_documents(navigateur: Navigateurs, app: FastAPI) -> None:
    with app.state.database.write() as session:
        une_entreprise(session, iban="")

    page = navigateur().get(URL).text

    assert "1 point à compléter" in page
    assert 'href="#champ-iban"' in page


def test_le_logo_est_reencode_montre_puis_retire(navigateur: Navigateurs, app: FastAPI) -> None:
    chef = navigateur()
    fichiers = {"logo": ("logo.jpg", une_image(2000, 10, "JPEG"))}

    chef.soumettre(f"{URL}/logo", fichiers=fichiers)

    logo = chef.get(f"{URL}/logo")
    assert logo.headers["content-type"] == "image/png"
    assert logo.content.startswith(b"\x89PNG")
    assert "Retirer le logo" in chef.get(URL).text
    chef.soumettre(f"{URL}/logo/suppression")
    assert chef.get(f"{URL}/logo").status_code == 404


@pytest.mark.parametrize("contenu", [b"", b"<svg/>", une_image()[:40]])
def test_un_logo_qui_n_est_pas_une_image_est_refuse(
    navigateur: Navigateurs, contenu: bytes
) -> None:
    reponse = navigateur().soumettre(f"{URL}/logo", fichiers={"logo": ("logo.png", contenu)})

    assert reponse.status_code == 422
    assert "Donnez une image PNG ou JPEG." in reponse.text


def test_sans_logo_choisi_le_formulaire_le_demande(navigateur: Navigateurs) -> None:
    reponse = navigateur().soumettre(f"{URL}/logo", fichiers={"logo": ("", b"")})

    assert reponse.status_code == 422
    assert "Donnez une image PNG ou JPEG." in reponse.text


def test_le_premier_numero_se_choisit(navigateur: Navigateurs, app: FastAPI) -> None:
    chef = navigateur()
    champs = {"prefixe": "FAC", "annee": "2026", "premier": "38"}

    chef.soumettre("/parametres/numerotation", champs)
    assert "FAC-2026-038" in chef.get("/parametres/numerotation").text

    with app.state.database.write() as session:
        next_number(session, "FAC", date(2026, 1, 2), chronologique=True)
    refus = chef.soumettre("/parametres/numerotation", {**champs, "premier": "1"})
    assert refus.status_code == 409
    assert "déjà utilisée" in refus.text


@pytest.mark.parametrize(
    "champs",
    [
        {"prefixe": "XYZ"},
        {"annee": "20026"},
        {"premier": "0"},
        {"premier": "un"},
        {"premier": "9" * 30},
        {"annee": ""},
    ],
)
def test_un_premier_numero_impossible_est_refuse(
    navigateur: Navigateurs, champs: dict[str, str]
) -> None:
    saisie = {"prefixe": "FAC", "annee": "2026", "premier": "2", **champs}

    reponse = navigateur().soumettre("/parametres/numerotation", saisie)

    assert reponse.status_code == 422
    assert f'href="#champ-{next(iter(champs))}"' in reponse.text


def test_une_mention_se_redige_a_partir_d_un_jour(navigateur: Navigateurs, app: FastAPI) -> None:
    chef = navigateur()
    url = "/parametres/mentions/ESCOMPTE"
    assert "Pas d’escompte" in chef.get("/parametres/mentions").text

    refus = chef.soumettre(url, {"texte": "{taux}", "valable_du": "2027-01-01"})
    chef.soumettre(url, {"texte": "Escompte : 1 %.", "valable_du": "2027-01-01"})

    assert refus.status_code == 422
    assert "Escompte : 1 %." in chef.get(url).text
    with app.state.database.read() as session:
        en_vigueur = mentions_en_vigueur(session, date(2027, 1, 1))
    assert en_vigueur[CodeMention.ESCOMPTE].texte == "Escompte : 1 %."


def test_une_mention_inconnue_est_introuvable(navigateur: Navigateurs) -> None:
    assert navigateur().get("/parametres/mentions/AUTRE").status_code == 404


def test_la_page_des_droits_dit_oui_et_non_sans_couleur(navigateur: Navigateurs) -> None:
    page = navigateur().get("/parametres/droits").text

    assert "Technicien" in page
    assert "Gérer les utilisateurs" in page
    assert 'aria-label="oui"' in page
    assert 'aria-label="non"' in page


def test_un_message_se_relit_avec_ses_pieces(navigateur: Navigateurs, app: FastAPI) -> None:
    with app.state.database.write() as session:
        message = ecrire(
            session,
            destinataire="jean.dupont@exemple.fr",
            sujet="Votre devis <1>",
            corps="Bonjour,\nvoici.",
            objet=("devis", UUID(int=3)),
            pieces=[Piece("devis.pdf", "application/pdf", b"%PDF")],
        )
        message_id, piece_id = message.id, message.pieces[0].id
    chef = navigateur()

    liste, page = chef.get("/parametres/messages"), chef.get(f"/parametres/messages/{message_id}")

    assert "Votre devis &lt;1&gt;" in liste.text
    assert "Bonjour,<br>" in page.text
    assert f"/devis/{UUID(int=3)}" in page.text
    assert chef.get(f"/parametres/messages/pieces/{piece_id}").content == b"%PDF"
