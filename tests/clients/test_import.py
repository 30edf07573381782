"""Clients imported from a spreadsheet."""

import csv
import io
import re
import tracemalloc
import zipfile
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import Response
from openpyxl import Workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from cordeau.clients.classeur import OCTETS_MAX, lire_classeur
from cordeau.clients.importation import Lecture, Mode, analyser, importer, lire_fichier
from cordeau.clients.mesure import COLONNES_MAX, LIGNES_MAX
from cordeau.clients.models import Client
from cordeau.core.errors import ConflitError, SaisieError
from cordeau.core.permissions import SYSTEME
from tests.badinput.fichiers import avec_textes_partages, renvois
from tests.clients.builders import SIRET, un_client
from tests.gens import Navigateur

Navigateurs = Callable[..., Navigateur]
MORCEAU = re.compile(r'name="donnees" value="([^"]*)"')


def un_csv(*lignes: str, encodage: str = "utf-8") -> bytes:
    return "\r\n".join(lignes).encode(encodage)


def un_xlsx(*lignes: list[Any]) -> bytes:
    classeur = Workbook()
    feuille: Any = classeur.active
    for ligne in lignes:
        feuille.append(ligne)
    sortie = io.BytesIO()
    classeur.save(sortie)
    return sortie.getvalue()


def envoyer(chef: Navigateur, contenu: bytes, nom: str = "clients.csv") -> Response:
    return chef.soumettre(
        "/clients/import", depuis="/clients/import", fichiers={"fichier": (nom, contenu)}
    )


def confirmer(chef: Navigateur, apercu: Response, mode: str) -> Response:
    return chef.soumettre(
        "/clients/import/confirmation",
        {"donnees": MORCEAU.findall(apercu.text), "mode": mode},
    )


def noms(app: FastAPI) -> list[str]:
    with app.state.database.read() as session:
        return list(session.scalars(select(Client.nom).order_by(Client.nom_tri)))


@pytest.mark.parametrize(
    "contenu",
    [
        un_csv("Nom;Ville", "Éléonore;Angers"),
        un_csv("Nom,Ville", "Éléonore,Angers"),
        un_csv("Nom\tVille", "Éléonore\tAngers"),
        un_csv("\ufeffNom;Ville", '"Éléonore";Angers', ";", ""),
        un_csv("Nom;Ville", "Éléonore;Angers", encodage="cp1252"),
        un_csv("Nom\tVille", "Éléonore\tAngers", encodage="utf-16"),
        un_xlsx(["Nom", "Ville"], ["Éléonore", "Angers"]),
    ],
)
def test_un_fichier_se_lit_quelle_que_soit_sa_forme(contenu: bytes) -> None:
    lecture = lire_fichier(contenu)

    assert lecture.champs == ["nom", "adresse.ville"]
    assert lecture.lignes == [(2, ["Éléonore", "Angers"])]


def test_les_entetes_d_autres_logiciels_sont_reconnus() -> None:
    lecture = lire_fichier(
        un_csv("Raison Sociale;C.P.;E-MAIL;N° SIRET;TVA intracommunautaire;Couleur", "a;b;c;d;e;f")
    )

    assert lecture.champs == ["nom", "adresse.codePostal", "email", "siret", "numeroTva"]
    assert lecture.ignorees == ["Couleur"]


@pytest.mark.parametrize(
    ("contenu", "message"),
    [
        (b"", "Choisissez un fichier"),
        (b"\n\n", "vide"),
        (un_csv("Ville", "Angers"), "Aucune colonne"),
        (un_csv("Nom;Ville"), "aucun client"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "ni un CSV ni un XLSX"),
        (b"PK\x03\x04 pas un zip", "n’est pas lisible"),
        (un_csv("Nom", *["x"] * LIGNES_MAX), "trop grand"),
        (un_csv("Nom", "x" * (OCTETS_MAX + 1)), "trop lourd"),
        (un_csv("Nom", '"' + "x" * 200_000), "CSV lisible"),
    ],
)
def test_un_fichier_illisible_est_refuse(contenu: bytes, message: str) -> None:
    with pytest.raises(SaisieError) as refus:
        lire_fichier(contenu)

    assert message in refus.value.fautes[0].message


def un_zip(parties: dict[str, bytes]) -> bytes:
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as archive:
        for nom, partie in parties.items():
            archive.writestr(nom, partie)
    return sortie.getvalue()


def avec_feuille(feuille: bytes) -> bytes:
    """A workbook whose sheet is replaced."""
    with zipfile.ZipFile(io.BytesIO(un_xlsx(["Nom"]))) as archive:
        parties = {nom: archive.read(nom) for nom in archive.namelist()}
    return un_zip({**parties, "xl/worksheets/sheet1.xml": feuille})


FEUILLE = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    b"%s</sheetData></worksheet>"
)


@pytest.mark.parametrize(
    "contenu",
    [
        un_zip({f"{rang}.xml": b"<a/>" for rang in range(1001)}),
        un_zip({"xl/bombe.xml": b" " * (51 * 1024 * 1024)}),
        avec_feuille(FEUILLE % b'<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c></row>'),
        avec_feuille(FEUILLE % b'<row r="1048576"><c><v>1</v></c></row>'),
        avec_feuille(
            FEUILLE % (b'<row r="1">' + b"<c><v>1</v></c>" * (COLONNES_MAX + 1) + b"</row>")
        ),
    ],
)
def test_un_classeur_pense_pour_nuire_est_refuse_sans_etre_ouvert(contenu: bytes) -> None:

    with pytest.raises(SaisieError) as refus:
        lire_classeur(contenu, "fichier")

    assert "trop grand" in refus.value.fautes[0].message


@pytest.mark.parametrize(
    ("textes", "lignes"),
    [
        (["Nom", "a" * 32_768], 2),
        (["Nom", "a" * 32_000], 400),
    ],
)
def test_un_texte_que_mille_cellules_partagent_compte_mille_fois(
    textes: list[str], lignes: int
) -> None:
    table = b"".join(b"<si><t>%s</t></si>" % texte.encode() for texte in textes)
    bombe = avec_textes_partages(table, renvois(lignes))

    tracemalloc.start()
    with pytest.raises(SaisieError) as refus:
        lire_classeur(bombe, "fichier")
    sommet = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert "32 767 caractères" in refus.value.fautes[0].message
    assert sommet < 10_000_000


def test_un_texte_partage_par_tout_un_classeur_se_lit() -> None:
    table = b"<si><t>Nom</t></si><si><r><t>An</t></r><r><t>gers</t></r></si>"

    lignes = lire_classeur(avec_textes_partages(table, renvois(10_000)), "fichier")

    assert len(lignes) == LIGNES_MAX
    assert {ligne[0] for ligne in lignes} == {"Nom", "Angers"}


def test_un_classeur_avec_une_declaration_de_type_est_refuse() -> None:
    feuille = b'<!DOCTYPE a [<!ENTITY x "y">]>' + FEUILLE % b""

    with pytest.raises(SaisieError):
        lire_classeur(avec_feuille(feuille), "fichier")


def test_les_nombres_d_un_tableur_redeviennent_des_codes(session: Session) -> None:
    lecture = lire_fichier(
        un_xlsx(
            ["Nom", "SIRET", "Code postal", "Délai", "Solde"],
            ["Bâtimax", int(SIRET), 1000, 30, 1234.5],
        )
    )

    (ligne,) = analyser(session, lecture)

    assert ligne.fautes == ()
    client = ligne.client
    assert client is not None
    assert (client.siret, client.adresse.code_postal) == (SIRET, "01000")
    assert (client.delai_paiement, client.solde_ouverture) == (30, Decimal("1234.50"))


def test_chaque_ligne_refusee_dit_pourquoi(session: Session) -> None:
    un_client(session, "Déjà là", siret=SIRET)
    lecture = lire_fichier(
        un_csv(
            "Nom;Type;SIRET;Code postal;Courriel;Ville",
            ";;;;;Angers",
            "Bon;pro;;49000;;",
            "BON;;;49000;;",
            f"Autre nom;;{SIRET};;;",
            "dejà  là;;;49000;;",
            "Faux;ami;;;pas une adresse;",
        )
    )

    lignes = analyser(session, lecture)

    assert [(ligne.numero, ligne.client is None) for ligne in lignes] == [
        (2, True),
        (3, False),
        (4, True),
        (5, True),
        (6, True),
        (7, True),
    ]
    assert lignes[0].fautes == ["Nom : Ce champ est obligatoire."]
    assert lignes[2].fautes == ["Doublon : répète la ligne 3."]
    assert lignes[3].fautes == ["Doublon : déjà dans vos clients : Déjà là."]
    assert lignes[4].fautes == lignes[3].fautes
    assert [faute.split(" : ")[0] for faute in lignes[5].fautes] == ["Type", "Courriel"]


def test_tout_ou_rien_n_importe_rien_si_une_ligne_est_fausse(session: Session) -> None:
    lecture = lire_fichier(un_csv("Nom;SIRET", "Bon;", "Faux;123"))

    with pytest.raises(ConflitError):
        importer(session, lecture, Mode.TOUT, actor=SYSTEME)
    assert session.scalars(select(Client.nom)).all() == []

    assert importer(session, lecture, Mode.JUSTES, actor=SYSTEME) == 1
    assert session.scalars(select(Client.nom)).all() == ["Bon"]


def test_ce_que_porte_la_page_est_ce_qui_a_ete_lu() -> None:
    lecture = lire_fichier(un_csv("Nom;Notes;Age", "Éléonore;l'été;3"))

    relue = Lecture.relire(lecture.en_texte())

    assert [tuple(ligne) for ligne in relue.lignes] == [(2, ["Éléonore", "l'été"])]
    assert (relue.champs, relue.ignorees) == (lecture.champs, lecture.ignorees)


def test_envoyer_regarder_confirmer(navigateur: Navigateurs, app: FastAPI) -> None:
    chef = navigateur()

    apercu = envoyer(chef, un_csv("Nom;Ville;SIRET", "Dupont <b>;Angers;", "Faux;;123"))

    assert apercu.status_code == 200
    assert "Dupont &lt;b&gt;" in apercu.text
    assert "SIRET : Ce SIRET" in apercu.text
    assert noms(app) == []

    refus = confirmer(chef, apercu, "tout")
    assert refus.status_code == 409
    assert "rien n’a été importé" in refus.text
    assert noms(app) == []

    assert confirmer(chef, refus, "justes").headers["location"] == "/clients"
    assert noms(app) == ["Dupont <b>"]


def test_un_import_confirme_deux_fois_ne_double_rien(navigateur: Navigateurs, app: FastAPI) -> None:
    chef = navigateur()
    apercu = envoyer(chef, un_csv("Nom", "Dupont"))
    confirmer(chef, apercu, "tout")

    assert confirmer(chef, apercu, "justes").status_code == 409
    assert noms(app) == ["Dupont"]


def test_un_apercu_falsifie_ou_d_un_autre_est_refuse(navigateur: Navigateurs, app: FastAPI) -> None:
    apercu = envoyer(navigateur("commercial"), un_csv("Nom", "Dupont"))
    chef = navigateur()

    assert confirmer(chef, apercu, "tout").status_code == 422
    faux = chef.soumettre(
        "/clients/import/confirmation", {"donnees": "WyJ4Il0=.00", "mode": "tout"}
    )
    assert faux.status_code == 422
    assert noms(app) == []


def test_un_mauvais_fichier_ramene_au_formulaire(navigateur: Navigateurs) -> None:
    reponse = envoyer(navigateur(), b"\x00\x01", "x.xlsx")

    assert reponse.status_code == 422
    assert "ni un CSV ni un XLSX" in reponse.text


def test_sans_fichier_choisi_le_formulaire_le_demande(navigateur: Navigateurs) -> None:
    reponse = envoyer(navigateur(), b"", "")

    assert reponse.status_code == 422
    assert "Choisissez un fichier" in reponse.text


def test_le_modele_vide_est_reconnu_en_entier(navigateur: Navigateurs) -> None:
    modele = navigateur().get("/clients/import/modele.csv").content
    entetes = next(csv.reader(io.StringIO(modele.decode("utf-8-sig")), delimiter=";"))

    lecture = lire_fichier(modele + ";".join("x" for _ in entetes).encode())

    assert len(lecture.champs) == len(entetes)
    assert lecture.ignorees == []


def test_un_export_se_reimporte(navigateur: Navigateurs, app: FastAPI) -> None:
    with app.state.database.write() as session:
        un_client(
            session,
            "=Curieux",
            type="PUBLIC",
            siret=SIRET,
            telephone="+33 2 41",
            solde_ouverture=Decimal("-1234.50"),
            notes='a;b\n"c"',
        )
    export = navigateur().get("/clients/export?format=csv").content
    with app.state.database.write() as session:
        avant = session.scalars(select(Client)).one()
        session.delete(avant)

    with app.state.database.write() as session:
        (ligne,) = analyser(session, lire_fichier(export))
        client = ligne.client

    assert client is not None
    noms = ("nom", "type", "siret", "telephone", "solde_ouverture", "solde_ouverture_le", "notes")
    assert [getattr(client, nom) for nom in noms] == [getattr(avant, nom) for nom in noms]


def test_cinq_mille_lignes_s_importent_d_un_coup(navigateur: Navigateurs, app: FastAPI) -> None:
    chef = navigateur()
    lignes = [f"Client {rang};{rang:05d};Ville {rang % 97};c{rang}@a.fr" for rang in range(5000)]

    apercu = envoyer(chef, un_csv("Nom;CP;Ville;Mail", *lignes))
    confirmer(chef, apercu, "tout")

    assert len(noms(app)) == 5000


def test_ce_qu_un_tableur_a_perdu_est_retrouve(session: Session) -> None:
    """A number has no leading zero, and a postcode no space."""
    lecture = lire_fichier(
        un_xlsx(["Nom", "CP", "Tél."], ["Durand", 1000.0, 241000000.0], ["Li", "49 100", "02 41"])
    )
    clients = [ligne.client for ligne in analyser(session, lecture)]

    assert [(c.adresse.code_postal, c.telephone) for c in clients if c] == [
        ("01000", "0241000000"),
        ("49100", "02 41"),
    ]


def test_un_classeur_d_ancien_format_dit_quoi_faire() -> None:
    with pytest.raises(SaisieError) as refus:
        lire_fichier(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))

    assert "enregistrez-le en XLSX" in refus.value.fautes[0].message
