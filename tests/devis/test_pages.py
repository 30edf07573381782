"""Pages of devis, as people use them, with and without script."""

import html
import io
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from httpx2 import Response
from sqlalchemy import select
from starlette.testclient import TestClient

from cordeau.core.db import Database
from cordeau.core.permissions import Role
from cordeau.devis import queries
from cordeau.devis.models import Devis, ModeleDevis
from cordeau.devis.states import StatutDevis
from cordeau.notifications.models import Message
from tests.chantiers.builders import un_chantier
from tests.clients.builders import un_client
from tests.devis.builders import un_devis, un_devis_accepte, un_devis_envoye, un_lot, une_ligne
from tests.devis.formulaire import Formulaire
from tests.gens import Navigateur
from tests.performances.ecoute import ecouter

Ouvrir = Callable[..., Navigateur]

LIGNES = [
    un_lot("l1"),
    une_ligne("48", "12", designation="Dépose", parentId="l1", coutUnitaireHT="31", tauxTVA="10"),
    {"type": "SOUS_TOTAL", "designation": "Sous-total", "parentId": "l1"},
    {"type": "TEXTE", "designation": "Fournitures comprises"},
    une_ligne("35.5", "2", designation="Coffre", type="OPTION"),
]


def _cree(database: Database, **champs: Any) -> Devis:
    with database.write() as session:
        return un_devis(session, **champs)


def _relire(database: Database, devis_id: UUID | str) -> Devis:
    with database.read() as session:
        return queries.get_devis(session, UUID(str(devis_id)))


def _tous(database: Database) -> list[Devis]:
    with database.read() as session:
        return list(session.scalars(select(Devis)))


def _numero_de_page(reponse: Response) -> str:
    return reponse.headers["location"].split("/")[2]


def _champs(page: str, formulaire: str = "editeur") -> dict[str, Any]:
    """The form of the editor, as a browser without script would send it, each time anew."""
    champs = Formulaire(page, formulaire).champs
    champs.pop("csrf")
    champs.pop("cle_operation")
    return {nom: v if nom.startswith("ligne_") else v[0] for nom, v in champs.items()}


def test_le_formulaire_du_premier_cahier_cree_un_devis(
    database: Database, navigateur: Ouvrir
) -> None:
    with database.write() as session:
        client_id = str(un_client(session).id)

    cree = navigateur().soumettre(
        "/devis/nouveau", {"client_id": client_id, "montant": "18 400,00 €"}
    )

    assert cree.status_code == 303
    devis = _relire(database, _numero_de_page(cree))
    assert (devis.montant_ht, devis.montant_tva, devis.montant_ttc) == (
        Decimal("18400.00"),
        Decimal("3680.00"),
        Decimal("22080.00"),
    )
    assert [(x.designation, x.unite) for x in devis.lignes] == [("Prestation", "FORFAIT")]
    assert navigateur().get(cree.headers["location"]).status_code == 200


def test_le_client_de_l_adresse_est_deja_choisi(database: Database, navigateur: Ouvrir) -> None:
    with database.write() as session:
        client_id = str(un_client(session).id)

    page = navigateur().get(f"/devis/nouveau?client_id={client_id}")

    assert f'<option value="{client_id}" selected>' in page.text


@pytest.mark.parametrize(
    ("champs", "message"),
    [
        ({"client_id": ""}, "Choisissez le client."),
        ({"client_id": "abc"}, "Cet identifiant n’est pas valable."),
        ({"montant": "beaucoup"}, "Écrivez un nombre"),
        ({"montant": "-5"}, "ne peut pas être inférieure"),
        ({"date_validite": "2001-01-01"}, "La validité doit finir après"),
    ],
)
def test_une_creation_refusee_garde_ce_qui_fut_tape(
    database: Database, navigateur: Ouvrir, champs: dict[str, str], message: str
) -> None:
    with database.write() as session:
        client_id = str(un_client(session).id)

    page = navigateur().soumettre(
        "/devis/nouveau",
        {"client_id": client_id, "montant": "100", "objet": "Toit <b>nord</b>", **champs},
    )

    assert page.status_code == 422
    assert message in page.text
    assert 'value="Toit &lt;b&gt;nord&lt;/b&gt;"' in page.text
    assert _tous(database) == []


def test_l_editeur_sans_script_enregistre_ce_qu_il_montre(
    database: Database, navigateur: Ouvrir
) -> None:
    devis = _cree(database, lignes=LIGNES)
    personne, url = navigateur(), f"/devis/{devis.id}/modifier"

    reponse = personne.soumettre(url, _champs(personne.get(url).text))

    relu = _relire(database, devis.id)
    assert reponse.status_code == 303
    assert relu.revision > devis.revision
    assert [(x.id, x.type, x.parent_id, x.montant_ht, x.cout_unitaire_ht) for x in relu.lignes] == [
        (x.id, x.type, x.parent_id, x.montant_ht, x.cout_unitaire_ht) for x in devis.lignes
    ]


def test_sans_script_une_ligne_s_ajoute_au_lot_du_dessus_et_s_enleve(
    database: Database, navigateur: Ouvrir
) -> None:
    devis = _cree(database, lignes=LIGNES[:2])
    personne, url = navigateur(), f"/devis/{devis.id}/modifier"
    champs = _champs(personne.get(url).text)
    neuve = len(devis.lignes)
    champs["ligne_designation"][neuve] = "Évacuation"
    champs["ligne_quantite"][neuve] = "2,5"
    champs["ligne_prix_unitaire_ht"][neuve] = "1 000"

    ajoutee = personne.soumettre(url, champs)
    ensuite = _relire(database, devis.id)
    champs = {**_champs(personne.get(url).text), "ligne_supprimee": str(ensuite.lignes[1].id)}
    enlevee = personne.soumettre(url, champs)

    assert (ajoutee.status_code, enlevee.status_code) == (303, 303)
    assert enlevee.headers["location"] == url
    assert [(x.designation, x.montant_ht, x.parent_id) for x in ensuite.lignes][1:] == [
        ("Dépose", Decimal("576.00"), devis.lignes[0].id),
        ("Évacuation", Decimal("2500.00"), devis.lignes[0].id),
    ]
    assert [x.designation for x in _relire(database, devis.id).lignes] == [
        "Gros œuvre",
        "Évacuation",
    ]


def test_une_ligne_fausse_se_dit_a_sa_place_et_rien_ne_change(
    database: Database, navigateur: Ouvrir
) -> None:
    devis = _cree(database, lignes=LIGNES)
    personne, url = navigateur(), f"/devis/{devis.id}/modifier"
    champs = _champs(personne.get(url).text)
    champs["ligne_quantite"][1] = "douze"

    page = personne.soumettre(url, champs)

    assert page.status_code == 422
    assert 'value="douze"' in page.text
    assert f'aria-describedby="faute-{devis.lignes[1].id}"' in page.text
    assert _relire(database, devis.id).revision == devis.revision


def test_un_formulaire_de_cinq_cents_lignes_passe(database: Database, navigateur: Ouvrir) -> None:
    devis = _cree(database, lignes=[une_ligne() for _ in range(500)])
    personne, url = navigateur(), f"/devis/{devis.id}/modifier"
    champs = {**_champs(personne.get(url).text), "objet": "Long"}

    reponse = personne.soumettre(url, champs)

    assert reponse.status_code == 303
    assert _relire(database, devis.id).objet == "Long"


def test_un_formulaire_ampute_est_refuse(database: Database, navigateur: Ouvrir) -> None:
    devis = _cree(database)
    personne, url = navigateur(), f"/devis/{devis.id}/modifier"
    champs = _champs(personne.get(url).text)
    champs["ligne_quantite"].pop()

    page = personne.soumettre(url, champs)

    assert page.status_code == 422
    assert "Le formulaire est incomplet" in page.text


@pytest.mark.parametrize("champ", ["ligne_type", "ligne_unite", "ligne_parent", "ligne_taux_tva"])
def test_un_formulaire_insense_est_refuse_sans_accident(
    database: Database, navigateur: Ouvrir, champ: str
) -> None:
    devis = _cree(database)
    personne, url = navigateur(), f"/devis/{devis.id}/modifier"
    champs = _champs(personne.get(url).text)
    champs[champ][0] = "<i>rien</i>"

    page = personne.soumettre(url, champs)

    assert page.status_code == 422
    assert "<i>rien" not in page.text


def test_une_page_perimee_garde_la_saisie(database: Database, navigateur: Ouvrir) -> None:
    devis = _cree(database)
    personne, url = navigateur(), f"/devis/{devis.id}/modifier"
    champs = _champs(personne.get(url).text)
    personne.soumettre(url, {**champs, "objet": "Le premier"})

    page = personne.soumettre(url, {**champs, "objet": "Le second"})
    encore = personne.soumettre(url, _champs(page.text, "conflit"))

    assert page.status_code == 412
    assert "Le premier" in page.text
    assert encore.status_code == 303
    assert _relire(database, devis.id).objet == "Le second"


def test_le_formulaire_court_change_le_montant_puis_l_etat(
    database: Database, navigateur: Ouvrir
) -> None:
    devis = _cree(database)
    personne, url = navigateur(), f"/devis/{devis.id}/modifier"
    court = {"client_id": str(devis.client_id), "montant": "250,50"}

    etats = []
    for statut in ("BROUILLON", "envoyé", "Accepté"):
        assert personne.soumettre(url, {**court, "statut": statut}).status_code == 303
        relu = _relire(database, devis.id)
        etats.append((relu.montant_ht, relu.version, relu.statut))

    assert etats == [
        (Decimal("250.50"), 1, "BROUILLON"),
        (Decimal("250.50"), 1, "ENVOYE"),
        (Decimal("250.50"), 1, "ACCEPTE"),
    ]


@pytest.mark.parametrize(
    ("statut", "attendu"), [("ACCEPTE", 409), ("EXPIRE", 409), ("peut-être", 422)]
)
def test_le_formulaire_court_suit_les_memes_regles(
    database: Database, navigateur: Ouvrir, statut: str, attendu: int
) -> None:
    devis = _cree(database)

    page = navigateur().soumettre(f"/devis/{devis.id}/modifier", {"statut": statut})

    assert page.status_code == attendu
    assert _relire(database, devis.id).statut == StatutDevis.BROUILLON


def test_un_devis_accepte_se_lit_et_ne_change_plus(database: Database, navigateur: Ouvrir) -> None:
    with database.write() as session:
        devis = un_devis_accepte(session, lignes=LIGNES)
    personne, url = navigateur(), f"/devis/{devis.id}/modifier"

    page = personne.get(url)
    refus = personne.soumettre(url, {"montant": "1"})

    assert page.status_code == 200
    assert "il ne change plus" in page.text
    assert "data-editeur" not in page.text
    assert refus.status_code == 409
    assert "Rien n’a été enregistré." in refus.text


def test_l_editeur_annonce_la_version_qui_commence(database: Database, navigateur: Ouvrir) -> None:
    with database.write() as session:
        devis = un_devis_envoye(session, lignes=LIGNES)
    personne, url = navigateur(), f"/devis/{devis.id}/modifier"

    page = personne.get(url)
    personne.soumettre(url, {**_champs(page.text), "objet": "Reprise"})

    assert "Le modifier en fait la version 2" in page.text
    relu = _relire(database, devis.id)
    assert (relu.version, relu.statut) == (2, "BROUILLON")
    assert personne.get(f"/devis/{devis.id}/versions/1/pdf").content.startswith(b"%PDF")
    assert personne.get(f"/devis/{devis.id}/versions/2/pdf").status_code == 404


def test_la_liste_filtre_compte_et_totalise(database: Database, navigateur: Ouvrir) -> None:
    with database.write() as session:
        client = un_client(session, "Lefèvre")
        un_devis(session, client=client, objet="Toiture")
        un_devis_envoye(session, client=client, objet="Terrasse", lignes=[une_ligne("1000")])
        un_devis(session, client=un_client(session, "Morel"))
    personne = navigateur()

    tous = personne.get("/devis").text
    envoyes = personne.get("/devis?statut=ENVOYE").text
    cherches = personne.get("/devis?q=lefevre toit").text
    du_client = personne.get(f"/devis?clientId={client.id}").text
    rien = personne.get("/devis?du=2030-01-01").text

    assert "3 devis" in tous
    assert "1\u202f200,00\u00a0€" in tous
    assert "Terrasse" in envoyes
    assert "Toiture" not in envoyes
    assert "DEV-2026-001" in cherches
    assert "DEV-2026-002" not in cherches
    assert "2 devis" in du_client
    assert "Aucun devis ne correspond" in rien


def test_la_liste_se_suit_page_par_page(database: Database, navigateur: Ouvrir) -> None:
    with database.write() as session:
        client = un_client(session)
        for _ in range(3):
            un_devis(session, client=client)
    personne = navigateur()

    premiere = personne.get("/devis?limite=2").text
    lien = re.search(r'href="(\?[^"]*curseur=[^"]*)" rel="next"', premiere)
    assert lien
    suite = personne.get(f"/devis{html.unescape(lien.group(1))}").text

    assert "DEV-2026-003" in premiere
    assert "DEV-2026-001" not in premiere
    assert "DEV-2026-001" in suite


def test_la_liste_ne_lit_pas_chaque_ligne(database: Database, navigateur: Ouvrir, app: Any) -> None:
    with database.write() as session:
        for nom in ("A", "B", "C"):
            un_devis(session, client=un_client(session, nom))
    personne = navigateur()
    personne.get("/devis")

    with ecouter(app.state.database) as peu:
        personne.get("/devis?limite=1")
    with ecouter(app.state.database) as beaucoup:
        personne.get("/devis?limite=3")

    assert len(beaucoup) == len(peu)


def test_l_export_ne_laisse_passer_aucune_formule(database: Database, navigateur: Ouvrir) -> None:
    with database.write() as session:
        client = un_client(session, "=1+1")
        un_devis(session, client=client, objet="@toit")
        un_devis(session, client=un_client(session, "Morel"))
    personne = navigateur()

    csv = personne.get("/devis/export.csv").content.decode("utf-8-sig").splitlines()
    classeur = openpyxl.load_workbook(io.BytesIO(personne.get("/devis/export.xlsx?q=toit").content))
    rangees = list(classeur.worksheets[0].iter_rows())

    assert csv[0].startswith("Numéro;Version;Statut;Client;")
    assert len(csv) == 3
    assert "DEV-2026-001;1;Brouillon;'=1+1;'@toit;" in csv[2]
    assert len(rangees) == 2
    assert (rangees[1][3].value, rangees[1][3].data_type) == ("=1+1", "s")
    assert rangees[1][8].value == 100


@pytest.mark.parametrize(
    ("batir", "boutons"),
    [
        (un_devis, ["Modifier", "Envoyer"]),
        (un_devis_envoye, ["Nouvelle version", "Renvoyer", "Noter le refus", "Noter l’accord"]),
        (un_devis_accepte, ["Ouvrir le chantier", "Facturer"]),
    ],
)
def test_la_fiche_propose_ce_que_l_etat_permet(
    database: Database, navigateur: Ouvrir, batir: Callable[..., Devis], boutons: list[str]
) -> None:
    with database.write() as session:
        devis = batir(session, lignes=LIGNES)

    page = navigateur().get(f"/devis/{devis.id}").text
    tete = page[page.index('class="c-actions"') : page.index("</header>")]

    assert re.findall(r"</svg>([^<]+)</", tete)[1:] == boutons
    assert tete.count("btn-primary") == 1
    assert "Fournitures comprises" in page


def test_la_fiche_raconte_une_seance_en_une_ligne(database: Database, navigateur: Ouvrir) -> None:
    devis = _cree(database)
    personne, url = navigateur(), f"/devis/{devis.id}/modifier"
    for objet in ("A", "AB", "ABC"):
        personne.soumettre(url, {**_champs(personne.get(url).text), "objet": objet})

    page = personne.get(f"/devis/{devis.id}").text

    assert page.count("Devis modifié") == 1


def test_envoyer_ecrit_au_client_et_garde_la_version(
    database: Database, navigateur: Ouvrir
) -> None:
    with database.write() as session:
        client = un_client(session, email="lefevre@exemple.fr")
        devis = un_devis(session, client=client)
    personne, url = navigateur(), f"/devis/{devis.id}/envoi"

    formulaire = personne.get(url)
    faux = personne.soumettre(url, {"email": "nulle part", "message": "Bonjour"})
    envoi = personne.soumettre(url, {"email": "autre@exemple.fr", "message": "Voici"}, suivre=True)

    assert 'value="lefevre@exemple.fr"' in formulaire.text
    assert "Date de validité" in formulaire.text
    assert faux.status_code == 422
    assert 'value="nulle part"' in faux.text
    assert "en route vers autre@exemple.fr" in envoi.text
    with database.read() as session:
        assert [(x.destinataire, x.corps) for x in session.scalars(select(Message))] == [
            ("autre@exemple.fr", "Voici")
        ]
    assert _relire(database, devis.id).statut == StatutDevis.ENVOYE


def test_l_accord_se_note_avec_l_attestation(database: Database, navigateur: Ouvrir) -> None:
    with database.write() as session:
        devis = un_devis_envoye(session, lignes=LIGNES)
    personne = navigateur()

    assert "attestation" in personne.get(f"/devis/{devis.id}/acceptation").text
    accord = personne.soumettre(f"/devis/{devis.id}/acceptation", {"attestation_signee": "1"})
    deux_fois = personne.soumettre(f"/devis/{devis.id}/acceptation")

    relu = _relire(database, devis.id)
    assert (accord.status_code, deux_fois.status_code) == (303, 409)
    assert (relu.statut, relu.attestation_signee) == ("ACCEPTE", True)
    assert "Seul un devis envoyé peut être accepté." in deux_fois.text
    personne.soumettre(f"/devis/{devis.id}/attestation")
    assert not _relire(database, devis.id).attestation_signee


def test_le_refus_garde_son_motif(database: Database, navigateur: Ouvrir) -> None:
    with database.write() as session:
        devis = un_devis_envoye(session)
    personne = navigateur()

    assert personne.get(f"/devis/{devis.id}/refus").status_code == 200
    page = personne.soumettre(f"/devis/{devis.id}/refus", {"motif": "Trop cher"}, suivre=True)

    assert "Trop cher" in page.text
    assert _relire(database, devis.id).statut == StatutDevis.REFUSE


def test_dupliquer_et_ouvrir_le_chantier(database: Database, navigateur: Ouvrir) -> None:
    with database.write() as session:
        devis = un_devis_accepte(session, objet="Toiture")
    personne = navigateur()

    copie = personne.soumettre(f"/devis/{devis.id}/duplication")
    chantier = personne.soumettre(f"/devis/{devis.id}/chantier", suivre=True)
    encore = personne.soumettre(f"/devis/{devis.id}/chantier")

    assert _relire(database, _numero_de_page(copie)).numero == "DEV-2026-002"
    assert chantier.url.path.startswith("/chantiers/")
    assert "Toiture" in chantier.text
    assert encore.status_code == 409


def test_un_modele_se_garde_sert_et_s_enleve(database: Database, navigateur: Ouvrir) -> None:
    devis = _cree(database, lignes=LIGNES, conditions="Acompte de 30 %")
    personne = navigateur()

    sans_nom = personne.soumettre(f"/devis/{devis.id}/modele", {"nom": " "})
    garde = personne.soumettre(f"/devis/{devis.id}/modele", {"nom": "Cloison"}, suivre=True)
    with database.read() as session:
        modele = session.scalars(select(ModeleDevis)).one()
    neuf = personne.soumettre(
        "/devis/nouveau", {"client_id": str(devis.client_id), "modele": str(modele.id)}
    )
    enleve = personne.soumettre(f"/devis/modeles/{modele.id}/suppression")

    relu = _relire(database, _numero_de_page(neuf))
    assert sans_nom.status_code == 422
    assert "Cloison" in garde.text
    assert [(x.designation, x.montant_ht) for x in relu.lignes] == [
        (x.designation, x.montant_ht) for x in devis.lignes
    ]
    assert (relu.conditions, relu.numero) == ("Acompte de 30 %", "DEV-2026-002")
    assert enleve.status_code == 303
    assert "Aucun modèle" in personne.get("/devis/modeles").text


def test_le_pdf_se_lit_dans_le_navigateur(database: Database, navigateur: Ouvrir) -> None:
    devis = _cree(database)

    pdf = navigateur().get(f"/devis/{devis.id}/pdf")

    assert pdf.headers["content-disposition"] == 'inline; filename="DEV-2026-001.pdf"'
    assert pdf.content.startswith(b"%PDF")


def test_le_client_et_le_chantier_montrent_leurs_devis(
    database: Database, navigateur: Ouvrir
) -> None:
    with database.write() as session:
        chantier = un_chantier(session)
        client_id = chantier.client_id
        un_devis(session, clientId=client_id, chantierId=chantier.id, objet="Charpente")
    personne = navigateur()

    for page in (f"/clients/{client_id}", f"/chantiers/{chantier.id}"):
        assert "Charpente" in personne.get(page).text


@pytest.mark.parametrize(
    ("role", "lecture", "ecriture"),
    [
        (Role.COMMERCIAL, 200, 200),
        (Role.COMPTABLE, 200, 403),
        (Role.TECHNICIEN, 403, 403),
    ],
)
def test_chacun_voit_selon_son_role(
    database: Database, navigateur: Ouvrir, role: Role, lecture: int, ecriture: int
) -> None:
    devis = _cree(database)
    personne = navigateur(role)

    lues = [personne.get(f"/devis{suite}") for suite in ("", f"/{devis.id}", "/export.csv")]
    ecrites = [personne.get(f"/devis{suite}") for suite in ("/nouveau", f"/{devis.id}/modifier")]

    assert {page.status_code for page in lues} == {lecture}
    assert {page.status_code for page in ecrites} == {ecriture}
    assert personne.soumettre(f"/devis/{devis.id}/duplication").status_code in (303, 403)


def test_un_devis_inconnu_n_existe_pas(navigateur: Ouvrir) -> None:
    personne = navigateur()

    for chemin in ("abc", "00000000-0000-0000-0000-000000000000"):
        for suite in ("", "/modifier", "/pdf", "/envoi"):
            assert personne.get(f"/devis/{chemin}{suite}").status_code == 404


def test_l_anonyme_est_envoye_se_connecter(client_http: TestClient) -> None:
    reponse = client_http.get("/devis", follow_redirects=False)

    assert reponse.status_code == 303
    assert reponse.headers["location"] == "/login?suite=/devis"
