"""Pages of factures, acomptes and avoirs, as people use them."""

import io
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from openpyxl import load_workbook
from sqlalchemy import event, select

from cordeau.clients.states import TypeClient
from cordeau.core.dates import aujourd_hui
from cordeau.core.db import Database
from cordeau.core.listing import Demande
from cordeau.core.permissions import SYSTEME
from cordeau.devis.commands.chantier import ouvrir_depuis_devis
from cordeau.devis.models import Devis
from cordeau.facturation import queries
from cordeau.facturation.models import Facture
from cordeau.facturation.queries import FiltreFacture
from tests.chantiers.builders import un_chantier
from tests.clients.builders import SIREN, un_client
from tests.devis.builders import LE_JOUR, un_devis_accepte, un_devis_envoye, un_lot, une_ligne
from tests.facturation.builders import (
    emettre,
    facturer,
    regler,
    un_acompte,
    un_avoir_emis,
    une_entreprise,
    une_facture,
    une_facture_emise,
)
from tests.gens import Navigateur

Ouvrir = Callable[..., Navigateur]
DEUX_LIGNES = [
    une_ligne("50", "10", designation="Cloison", unite="METRE_CARRE"),
    une_ligne("200", "1", designation="Porte"),
]


def test_la_liste_montre_filtre_et_totalise(database: Database, navigateur: Ouvrir) -> None:
    with database.write() as session:
        une_entreprise(session)
        client = un_client(session)
        une_facture(session, client=client, objet="Toiture")
        emise = une_facture_emise(session, client=client, objet="Façade")
        un_avoir_emis(session, emise)
    comptable = navigateur("comptable")

    tout = comptable.get("/factures").text
    brouillons = comptable.get("/factures", params={"etat": "BROUILLON", "du": "", "au": ""}).text
    avoirs = comptable.get("/factures", params={"type": "AVOIR"}).text
    deux = comptable.get("/factures?etat=BROUILLON&etat=PAYE").text
    vide = comptable.get("/factures", params={"q": "piscine"}).text

    assert "3 documents" in tout
    assert "Toiture" in brouillons
    assert "Façade" not in brouillons
    assert "−120,00\u00a0€" in avoirs
    assert "3 documents" in deux
    assert "Aucune facture ne correspond" in vide


def test_la_liste_se_restreint_a_un_client_et_le_dit(
    database: Database, navigateur: Ouvrir
) -> None:
    with database.write() as session:
        facture = une_facture(session)
        une_facture(session, client=un_client(session, "Dupont"))

    page = navigateur().get("/factures", params={"clientId": str(facture.client_id)}).text

    assert "1 document<" in page
    assert f'name="clientId" value="{facture.client_id}" checked' in page


@pytest.mark.parametrize("genre", ["csv", "xlsx"])
def test_la_liste_s_exporte_telle_qu_elle_est_filtree(
    database: Database, navigateur: Ouvrir, genre: str
) -> None:
    with database.write() as session:
        une_entreprise(session)
        une_facture(session)
        un_avoir_emis(session, une_facture_emise(session, objet="=1+1"))

    fichier = navigateur().get(f"/factures/export.{genre}", params={"type": "AVOIR"})

    if genre == "csv":
        lignes = fichier.content.decode("utf-8-sig").splitlines()
        assert lignes[1].startswith("AVO-2026-001;Avoir;Soldé;Constructeo;'=1+1;;02/03/2026;")
        assert lignes[1].endswith("-100,00;-20,00;-120,00;0,00")
    else:
        feuille: Any = load_workbook(io.BytesIO(fichier.content)).active
        assert [feuille["A2"].value, feuille["K2"].value] == ["AVO-2026-001", -120]
        assert feuille.max_row == 2


def test_un_technicien_ne_voit_aucune_facture(database: Database, navigateur: Ouvrir) -> None:
    with database.write() as session:
        facture = une_facture(session)
    technicien = navigateur("technicien")

    for page in ("", "/nouvelle", "/export.csv", f"/{facture.id}", f"/{facture.id}/pdf"):
        assert technicien.get(f"/factures{page}").status_code == 403


def test_un_commercial_lit_sans_bouton(database: Database, navigateur: Ouvrir) -> None:
    with database.write() as session:
        une_entreprise(session)
        facture = une_facture_emise(session)
    commercial = navigateur("commercial")

    page = commercial.get(f"/factures/{facture.id}").text

    assert "120,00" in page
    assert "/reglement" not in page
    assert f"/factures/{facture.id}/avoir" not in page
    assert commercial.get(f"/factures/{facture.id}/avoir").status_code == 403


def test_un_identifiant_malforme_ou_inconnu_n_existe_pas(navigateur: Ouvrir) -> None:
    chef = navigateur()

    assert chef.get("/factures/abc").status_code == 404
    assert chef.get(f"/factures/{UUID(int=7)}").status_code == 404
    assert chef.get(f"/factures/generer/{UUID(int=7)}").status_code == 404


def test_facturer_un_devis_sans_rien_choisir_facture_tout_le_reste(
    database: Database, navigateur: Ouvrir
) -> None:
    with database.write() as session:
        devis = un_devis_accepte(session, lignes=DEUX_LIGNES)
    chef = navigateur()
    page = chef.get(f"/factures/generer/{devis.id}")

    reponse = chef.soumettre(f"/factures/generer/{devis.id}")

    assert "Cloison" in page.text
    assert _factures(database, devis)[0].montant_ht == Decimal("700.00")
    assert reponse.headers["location"] == f"/factures/{_factures(database, devis)[0].id}"
    assert "Tout ce devis est facturé" in chef.get(f"/factures/generer/{devis.id}").text
    assert chef.soumettre(f"/factures/generer/{devis.id}").status_code == 409


@pytest.mark.parametrize(
    ("champs", "ht", "genre"),
    [
        ({"choix": "POURCENTAGE", "pourcentage": "30"}, "210.00", "FACTURE"),
        ({"choix": "ACOMPTE", "acompte": "12,5"}, "87.50", "ACOMPTE"),
    ],
)
def test_facturer_une_part_d_un_devis(
    database: Database, navigateur: Ouvrir, champs: dict[str, str], ht: str, genre: str
) -> None:
    with database.write() as session:
        devis = un_devis_accepte(session, lignes=DEUX_LIGNES)

    navigateur().soumettre(f"/factures/generer/{devis.id}", champs)

    facture = _factures(database, devis)[0]
    assert (facture.montant_ht, facture.type) == (Decimal(ht), genre)


def test_facturer_des_quantites_ligne_par_ligne(database: Database, navigateur: Ouvrir) -> None:
    with database.write() as session:
        devis = un_devis_accepte(session, lignes=DEUX_LIGNES)
    cloison, porte = (str(ligne.id) for ligne in devis.lignes)
    champs = {"choix": "LIGNES", "ligne_id": [cloison, porte], "quantite": ["4,5", ""]}
    chef = navigateur()

    chef.soumettre(f"/factures/generer/{devis.id}", champs)
    trop = chef.soumettre(f"/factures/generer/{devis.id}", champs | {"quantite": ["", "2"]})

    assert [f.montant_ht for f in _factures(database, devis)] == [Decimal("225.00")]
    assert trop.status_code == 409
    assert f'id="faute-{porte}">Il reste 1 à facturer sur cette ligne.' in trop.text
    assert 'value="2"' in trop.text


@pytest.mark.parametrize(
    ("champs", "champ"),
    [
        ({"choix": "POURCENTAGE", "pourcentage": "beaucoup"}, "pourcentage"),
        ({"choix": "POURCENTAGE", "pourcentage": ""}, "pourcentage"),
        ({"choix": "ACOMPTE", "acompte": "130"}, "acompte"),
        ({"choix": "ACOMPTE", "acompte": ""}, "acompte"),
        ({"choix": "LIGNES"}, "lignes"),
        ({"choix": "RESTE", "pourcentage": "30"}, "lignes"),
    ],
)
def test_une_part_insensee_est_refusee_a_cote_du_champ(
    database: Database, navigateur: Ouvrir, champs: dict[str, str], champ: str
) -> None:
    with database.write() as session:
        devis = un_devis_accepte(session)

    reponse = navigateur().soumettre(f"/factures/generer/{devis.id}", champs)

    assert reponse.status_code == 422
    assert f'id="champ-{champ}-note"' in reponse.text
    assert f'href="#champ-{champ}"' in reponse.text
    assert _factures(database, devis) == []


def test_un_devis_non_accepte_ne_se_facture_pas(database: Database, navigateur: Ouvrir) -> None:
    with database.write() as session:
        devis = un_devis_envoye(session)
    chef = navigateur()

    assert chef.get(f"/factures/generer/{devis.id}").status_code == 409
    refus = chef.soumettre(f"/factures/generer/{devis.id}")

    assert refus.status_code == 409
    assert "Seul un devis accepté se facture." in refus.text
    assert f'href="/devis/{devis.id}"' in refus.text


def test_saisir_une_facture_libre(database: Database, navigateur: Ouvrir) -> None:
    with database.write() as session:
        client = un_client(session)

    reponse = navigateur().soumettre("/factures/nouvelle", _saisie(client.id))

    facture = _seule(database)
    assert reponse.headers["location"] == f"/factures/{facture.id}"
    assert [(li.type, li.niveau, li.designation) for li in facture.lignes] == [
        ("LOT", 0, "Dépannage"),
        ("LIGNE", 1, "Déplacement"),
        ("TEXTE", 1, "Le matin"),
    ]
    assert facture.montant_ht == Decimal("1111.05")
    assert {t.taux: t.montant_tva for t in facture.tva} == {Decimal(10): Decimal("111.11")}


def test_une_facture_libre_refusee_garde_ce_qui_est_tape(
    database: Database, navigateur: Ouvrir
) -> None:
    with database.write() as session:
        client = un_client(session)
    champs = _saisie(client.id, ligne_quantite=["", "deux", "", ""], date_echeance="hier")

    reponse = navigateur().soumettre("/factures/nouvelle", champs)

    assert reponse.status_code == 422
    assert 'id="champ-date_echeance-note"' in reponse.text
    assert 'value="deux"' in reponse.text
    assert 'href="#champ-lignes[1].quantite"' in reponse.text
    assert 'id="champ-lignes[1].quantite"' in reponse.text
    assert _toutes(database) == []


@pytest.mark.parametrize(
    ("reglages", "propose"),
    [({}, "20"), ({"taux_tva_defaut": Decimal("8.5")}, "8,5"), ({"regime_tva": "FRANCHISE"}, "0")],
)
def test_le_taux_propose_est_celui_de_l_entreprise(
    database: Database, navigateur: Ouvrir, reglages: dict[str, Any], propose: str
) -> None:
    with database.write() as session:
        une_entreprise(session, **reglages)
        client = un_client(session)
    chef = navigateur()

    page = chef.get("/factures/nouvelle").text
    chef.soumettre("/devis/nouveau", {"client_id": str(client.id), "montant": "100"})

    assert re.search(rf'name="taux_tva"[^>]*value="{propose}"', page)
    with database.read() as session:
        devis = session.scalars(select(Devis)).one()
    assert devis.montant_tva == Decimal(propose.replace(",", "."))


def test_une_facture_sans_client_ni_ligne_dit_les_deux(navigateur: Ouvrir) -> None:
    reponse = navigateur().soumettre("/factures/nouvelle", {"client_id": ""})

    assert reponse.status_code == 422
    assert "Choisissez le client." in reponse.text


def test_le_calcul_donne_les_montants_sans_rien_garder(
    database: Database, navigateur: Ouvrir
) -> None:
    chef = navigateur()

    calcul = chef.soumettre("/factures/calcul", _saisie("")).json()
    refus = chef.soumettre("/factures/calcul", _saisie("", ligne_quantite=["", "", "", ""]))

    assert calcul["lignes"] == ["1\u202f234,50", "1\u202f234,50", "", ""]
    assert calcul["totaux"][-1] == {
        "terme": "Total TTC",
        "valeur": "1\u202f222,16\u00a0€",
        "classe": "grand",
    }
    assert list(refus.json()["erreurs"]) == ["lignes[1].quantite"]
    assert _toutes(database) == []


def test_modifier_un_brouillon_libre_et_garder_ses_lots(
    database: Database, navigateur: Ouvrir
) -> None:
    with database.write() as session:
        client = un_client(session)
        lignes = [un_lot("l1"), une_ligne(parentId="l1"), une_ligne("50")]
        facture = une_facture(session, client=client, lignes=lignes)
    chef = navigateur()
    page = chef.get(f"/factures/{facture.id}/modifier").text
    champs = _saisie(client.id, revision=str(facture.revision))

    chef.soumettre(f"/factures/{facture.id}/modifier", champs)
    perimee = chef.soumettre(f"/factures/{facture.id}/modifier", champs | {"objet": "Autre"})

    assert page.count('name="ligne_niveau" value="1"') == 1
    assert "150,00" in page
    assert _seule(database).montant_ht == Decimal("1111.05")
    assert perimee.status_code == 412
    assert 'value="Autre"' in perimee.text
    assert f'name="revision" value="{_seule(database).revision}"' in perimee.text


def test_un_brouillon_de_devis_ne_change_que_ses_termes(
    database: Database, navigateur: Ouvrir
) -> None:
    with database.write() as session:
        facture = facturer(session, un_devis_accepte(session))
    chef = navigateur()
    url = f"/factures/{facture.id}/modifier"
    champs = {"objet": "Solde", "reference_commande": "BC 12", "revision": str(facture.revision)}

    page = chef.get(url).text
    chef.soumettre(url, champs)
    refus = chef.soumettre(url, champs | {"date_echeance": "demain"})

    changee = _seule(database)
    assert "ligne_quantite" not in page
    assert (changee.objet, changee.reference_commande) == ("Solde", "BC 12")
    assert changee.montant_ht == Decimal("100.00")
    assert refus.status_code in (412, 422)


def test_un_brouillon_complet_s_emet_et_ne_change_plus(
    database: Database, navigateur: Ouvrir
) -> None:
    with database.write() as session:
        une_entreprise(session)
        facture = une_facture(session)
    chef = navigateur()
    url = f"/factures/{facture.id}"
    avant = chef.get(url).text

    sans_reponse = chef.soumettre(
        f"{url}/emission",
        {"revision": str(facture.revision), "question": "Émettre cette facture ?"},
    )
    restee = _seule(database).statut
    apres = chef.soumettre(f"{url}/emission", {"revision": str(facture.revision)}, suivre=True)

    assert sans_reponse.status_code == 200
    assert "Émettre cette facture ?" in sans_reponse.text
    assert f'name="revision" value="{facture.revision}"' in sans_reponse.text
    assert restee == "BROUILLON"
    assert f'action="{url}/emission"' in avant
    assert 'name="question" value="Émettre cette facture ? ' in avant
    numero = _seule(database).numero
    assert f"Facture {numero} : émission faite." in apres.text
    assert f'href="{url}/reglement"' in apres.text
    assert chef.soumettre(f"{url}/emission").status_code == 409
    assert chef.soumettre(f"{url}/suppression").status_code == 409
    assert chef.get(f"{url}/modifier").status_code == 409


@pytest.mark.parametrize(
    ("venu", "retour"),
    [
        ("http://testserver/factures?page=2", "/factures?page=2"),
        ("http://testserver/factures/{id}", "/factures/{id}"),
        ("http://testserver//clients", "/clients"),
        ("http://testserver//ailleurs.example/", "/dashboard"),
        ("https://ailleurs.example/factures", "/dashboard"),
        ("http://testserver/factures/{id}/emission", "/dashboard"),
        ("http://[", "/dashboard"),
        ("", "/dashboard"),
    ],
)
def test_renoncer_ramene_la_d_ou_l_on_venait(
    database: Database, navigateur: Ouvrir, venu: str, retour: str
) -> None:
    with database.write() as session:
        une_entreprise(session)
        facture = une_facture(session)
    chef = navigateur()
    chef.headers["Referer"] = venu.format(id=facture.id)

    page = chef.soumettre(f"/factures/{facture.id}/emission", {"question": "Émettre ?"})

    assert f'href="{retour.format(id=facture.id)}">Renoncer' in page.text


def test_le_meme_geste_refait_apres_sa_question_redonne_sa_reponse(
    database: Database, navigateur: Ouvrir
) -> None:
    with database.write() as session:
        une_entreprise(session)
        facture = une_facture(session)
    chef = navigateur()
    url = f"/factures/{facture.id}/emission"
    champs = {"cle_operation": "geste-1", "revision": str(facture.revision)}

    reponses = []
    for _ in range(2):
        question = chef.soumettre(url, {**champs, "question": "Émettre ?"}).text
        caches = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', question))
        assert question.count('name="cle_operation"') == 1
        reponses.append(chef.post(url, data=caches, follow_redirects=False))

    assert [reponse.status_code for reponse in reponses] == [303, 303]
    assert reponses[0].headers["location"] == reponses[1].headers["location"]
    assert reponses[1].headers["Idempotency-Replayed"] == "true"


def test_la_question_ne_se_pose_qu_a_qui_a_le_droit(database: Database, navigateur: Ouvrir) -> None:
    with database.write() as session:
        une_entreprise(session)
        facture = une_facture(session)
    commercial = navigateur("commercial")

    refus = commercial.soumettre(f"/factures/{facture.id}/emission", {"question": "Émettre ?"})

    assert refus.status_code == 403
    assert "Émettre ?" not in refus.text


def test_emettre_dit_tout_ce_qui_manque_et_ou_le_completer(
    database: Database, navigateur: Ouvrir
) -> None:
    with database.write() as session:
        client = un_client(session, type=TypeClient.PROFESSIONNEL)
        facture = une_facture(session, client=client, lignes=[une_ligne(tauxTVA="10")])
    chef = navigateur()
    url = f"/factures/{facture.id}"

    page = chef.get(url).text
    refus = chef.soumettre(f"{url}/emission")

    assert 'href="#avant-emission"' in page
    assert f'action="{url}/emission"' not in page
    for texte in (page, refus.text):
        assert '<a href="/parametres/entreprise">Le SIREN de l’entreprise.</a>' in texte
        assert f'<a href="/clients/{client.id}/modifier">Le SIREN de Constructeo' in texte
        assert f'action="{url}/attestation"' in texte
    assert refus.status_code == 409
    assert "Il manque des éléments pour émettre ce document." in refus.text
    assert _seule(database).numero is None


def test_un_comptable_sait_a_qui_demander_ce_qui_manque(
    database: Database, navigateur: Ouvrir
) -> None:
    with database.write() as session:
        facture = une_facture(session)

    page = navigateur("comptable").get(f"/factures/{facture.id}").text

    assert "À demander à qui peut modifier l’entreprise." in page
    assert 'href="/parametres/entreprise"' not in page


def test_une_echeance_passee_empeche_d_emettre(database: Database, navigateur: Ouvrir) -> None:
    with database.write() as session:
        une_entreprise(session)
        facture = une_facture(session, dateEcheance="2020-01-31")
    chef = navigateur()

    page = chef.get(f"/factures/{facture.id}").text

    assert f'<a href="/factures/{facture.id}/modifier">L’échéance du 31/01/2020 est passée' in page
    assert chef.soumettre(f"/factures/{facture.id}/emission").status_code == 409


def test_l_attestation_se_note_sur_la_page(database: Database, navigateur: Ouvrir) -> None:
    with database.write() as session:
        une_entreprise(session)
        facture = une_facture(session, lignes=[une_ligne(tauxTVA="10")])
    chef = navigateur()

    page = chef.soumettre(f"/factures/{facture.id}/attestation", suivre=True).text

    assert _seule(database).attestation_signee
    assert f'action="/factures/{facture.id}/emission"' in page


def test_supprimer_un_brouillon(database: Database, navigateur: Ouvrir) -> None:
    with database.write() as session:
        facture = une_facture(session)

    page = navigateur().soumettre(f"/factures/{facture.id}/suppression", suivre=True)

    assert "Brouillon supprimé." in page.text
    assert _toutes(database) == []


def test_un_avoir_total_ou_par_lignes(database: Database, navigateur: Ouvrir) -> None:
    with database.write() as session:
        une_entreprise(session)
        facture = emettre(session, une_facture(session, lignes=DEUX_LIGNES))
    cloison, porte = (str(ligne.id) for ligne in facture.lignes)
    chef = navigateur()
    url = f"/factures/{facture.id}/avoir"
    champs = {"choix": "LIGNES", "ligne_id": [cloison, porte], "quantite": ["3", ""]}

    chef.soumettre(url, champs)
    trop = chef.soumettre(url, champs | {"quantite": ["8", ""]})
    chef.soumettre(url)

    with database.read() as session:
        avoirs = queries.list_avoirs(session, facture.id)
    assert [a.montant_ht for a in avoirs] == [Decimal("150.00"), Decimal("550.00")]
    assert trop.status_code == 409
    assert "Il reste 7 à créditer sur cette ligne." in trop.text
    assert "Tout est déjà crédité" in chef.get(url).text


def test_un_acompte_deja_deduit_renvoie_a_la_facture_qui_le_deduit(
    database: Database, navigateur: Ouvrir
) -> None:
    with database.write() as session:
        une_entreprise(session)
        devis = un_devis_accepte(session)
        acompte = un_acompte(session, devis)
        solde = emettre(session, facturer(session, devis))

    refus = navigateur().get(f"/factures/{acompte.id}/avoir")

    assert refus.status_code == 409
    assert "Cet acompte est déjà déduit d’une facture" in refus.text
    assert f'<a href="/factures/{solde.id}">{solde.numero}</a>' in refus.text


def test_un_chantier_ouvert_apres_l_acompte_montre_l_acompte_et_son_reglement(
    database: Database, navigateur: Ouvrir
) -> None:
    with database.write() as session:
        une_entreprise(session)
        devis = un_devis_accepte(session)
        acompte = un_acompte(session, devis)
        regler(session, acompte, "12")
        chantier = ouvrir_depuis_devis(session, devis.id, actor=SYSTEME, le=LE_JOUR)
        ailleurs = un_chantier(session, client_id=devis.client_id)
    chef = navigateur()

    fiche = chef.get(f"/chantiers/{chantier.id}").text
    liste = chef.get(f"/factures?chantierId={chantier.id}").text

    assert f"/factures/{acompte.id}" in fiche
    assert "12,00" in fiche
    assert f"/factures/{acompte.id}" in liste
    assert f"/factures/{acompte.id}" not in chef.get(f"/chantiers/{ailleurs.id}").text


def test_le_pdf_et_le_xml_d_une_facture_emise_se_telechargent(
    database: Database, navigateur: Ouvrir
) -> None:
    with database.write() as session:
        une_entreprise(session)
        facture = une_facture_emise(session)
        brouillon = une_facture(session)
    chef = navigateur()
    url = f"/factures/{facture.id}"

    assert "Factur-X en préparation" in chef.get(url).text
    pdf, xml = chef.get(f"{url}/pdf"), chef.get(f"{url}/xml")

    assert pdf.content.startswith(b"%PDF")
    assert xml.headers["content-type"].startswith("application/xml")
    assert "SHA-256" in chef.get(url).text
    assert chef.get(f"/factures/{brouillon.id}/xml").status_code == 409


def test_la_page_relie_le_devis_le_client_et_la_facture_corrigee(
    database: Database, navigateur: Ouvrir
) -> None:
    with database.write() as session:
        une_entreprise(session)
        devis = un_devis_accepte(session)
        facture = emettre(session, facturer(session, devis))
        avoir = un_avoir_emis(session, facture)
    chef = navigateur()

    page, correction = (chef.get(f"/factures/{f.id}").text for f in (facture, avoir))

    assert f'<a href="/devis/{devis.id}">{devis.numero}</a>' in page
    assert f'<a href="/clients/{facture.client_id}">Constructeo</a>' in page
    assert f'<a href="/factures/{avoir.id}">{avoir.numero}</a>' in page
    assert f'<a href="/factures/{facture.id}">{facture.numero}</a>' in correction


def test_le_client_le_chantier_et_le_devis_montrent_leurs_factures(
    database: Database, navigateur: Ouvrir
) -> None:
    with database.write() as session:
        une_entreprise(session)
        devis = un_devis_accepte(session)
        facture = emettre(session, facturer(session, devis))
    chef = navigateur()

    client = chef.get(f"/clients/{facture.client_id}").text
    page_devis = chef.get(f"/devis/{devis.id}").text
    liste = chef.get("/clients", params={"solde": "du"}).text

    assert "solde dû 120,00\u00a0€" in client
    assert facture.numero is not None
    assert facture.numero in page_devis
    assert "Constructeo" in liste
    assert "120,00\u00a0€" in liste


def test_un_client_professionnel_avec_siren_ne_manque_de_rien(
    database: Database, navigateur: Ouvrir
) -> None:
    with database.write() as session:
        une_entreprise(session)
        client = un_client(session, type=TypeClient.PROFESSIONNEL, siren=SIREN)
        facture = une_facture(session, client=client)

    assert "avant-emission" not in navigateur().get(f"/factures/{facture.id}").text


@pytest.mark.parametrize("page", ["/factures", "/reglements", "client"])
def test_une_page_coute_autant_de_requetes_pour_un_que_pour_dix(
    database: Database, app: FastAPI, navigateur: Ouvrir, page: str
) -> None:
    with database.write() as session:
        une_entreprise(session)
        client = un_client(session)
        regler(session, une_facture_emise(session, client=client), "20")
    chef = navigateur()
    url = f"/clients/{client.id}" if page == "client" else page
    seul = _cout(app, chef, url)
    with database.write() as session:
        for _ in range(9):
            autre = client if page == "client" else un_client(session)
            regler(session, une_facture_emise(session, client=autre), "20")

    assert _cout(app, chef, url) == seul


def _cout(app: FastAPI, navigateur: Navigateur, url: str) -> int:
    """How many times a page asks the base."""
    moteur = app.state.database.engine
    requetes: list[str] = []

    def noter(_c: object, _cursor: object, statement: str, *_reste: object) -> None:
        requetes.append(statement)

    event.listen(moteur, "before_cursor_execute", noter)
    try:
        assert navigateur.get(url).status_code == 200
    finally:
        event.remove(moteur, "before_cursor_execute", noter)
    return len(requetes)


def _saisie(client_id: object, **champs: Any) -> dict[str, Any]:
    """A form: a lot, a row at 10 %, a text, a blank row; ten per cent off."""
    return {
        "client_id": str(client_id),
        "objet": "Fuite",
        "taux_tva": "20",
        "remise_type": "POURCENTAGE",
        "remise_valeur": "10",
        "ligne_type": ["LOT", "LIGNE", "TEXTE", "LIGNE"],
        "ligne_niveau": ["", "", "", ""],
        "ligne_designation": ["Dépannage", "Déplacement", "Le matin", ""],
        "ligne_description": ["", "", "", ""],
        "ligne_quantite": ["", "2", "", ""],
        "ligne_unite": ["UNITE", "HEURE", "UNITE", "UNITE"],
        "ligne_prix_unitaire_ht": ["", "617,25 €", "", ""],
        "ligne_remise": ["", "", "", ""],
        "ligne_taux_tva": ["", "10", "", ""],
        **champs,
    }


def _toutes(database: Database) -> list[Facture]:
    with database.read() as session:
        page = queries.list_factures(session, Demande(), FiltreFacture(), aujourd_hui())
        return [queries.get_facture(session, facture.id) for facture in page.elements]


def _seule(database: Database) -> Facture:
    (facture,) = _toutes(database)
    return facture


def _factures(database: Database, devis: Devis) -> list[Facture]:
    with database.read() as session:
        return queries.list_factures_devis(session, devis.id)
