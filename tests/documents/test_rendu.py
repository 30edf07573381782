"""The printed documents: what they say, what they carry, and that they never vary."""

import base64
import io
from datetime import date
from decimal import Decimal
from hashlib import sha256

import pikepdf
import pytest
from PIL import Image

from cordeau.documents import rendu
from cordeau.documents.errors import RenduImpossibleError
from cordeau.documents.formats import montant, nombre
from cordeau.documents.modele import (
    Adresse,
    CategorieTva,
    Destinataire,
    Document,
    Emetteur,
    Genre,
    LigneDocument,
    Mention,
    Reference,
    TypeLigne,
)
from tests.documents.builders import (
    EMETTEUR,
    PROFESSIONNEL,
    un_document,
    un_lot,
    un_texte,
    une_deduction,
    une_ligne,
)
from tests.documents.lecture import lire_pdf, pages

FX = "{urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#}"
TROIS_TAUX = [
    un_lot("1", "Toiture", "208.72"),
    une_ligne("208.72", numero="1.1", niveau=1, designation="Ardoises", unite="m²"),
    une_ligne("143.93", taux="10", remise="5", designation="Zinguerie"),
    une_ligne("56.08", taux="5.5", designation="Isolation"),
]


def texte(document: Document) -> str:
    """The text of the printed document."""
    return lire_pdf(rendu.rendre_pdf(document))


def test_un_devis_signe_hors_etablissement_porte_le_formulaire_de_retractation() -> None:
    mention = Mention(code="RETRACTATION", texte="Vous disposez de quatorze jours.")
    devis = un_document([une_ligne()], genre=Genre.DEVIS, mentions=[mention])

    lu = " ".join(texte(devis).split())

    assert "FORMULAIRE DE RÉTRACTATION" in lu
    assert f"À l’attention de : {EMETTEUR.nom}, 12 rue des Tonneliers" in lu
    assert f"devis {devis.numero} du" in lu
    assert "RÉTRACTATION" not in texte(un_document([une_ligne()], genre=Genre.DEVIS))


def test_une_facture_porte_son_xml_et_le_declare() -> None:
    facture = rendu.rendre_facturx(un_document(TROIS_TAUX))

    with pikepdf.open(io.BytesIO(facture.pdf)) as pdf:
        (joint,) = list(pdf.Root.AF)
        assert joint.AFRelationship == "/Alternative"
        assert joint.UF == "factur-x.xml"
        assert joint.EF.F.Subtype == "/text/xml"
        assert joint.EF.F.read_bytes() == facture.xml
        with pdf.open_metadata(set_pikepdf_as_editor=False) as metadonnees:
            assert metadonnees[f"{FX}DocumentType"] == "INVOICE"
            assert metadonnees[f"{FX}DocumentFileName"] == "factur-x.xml"
            assert metadonnees[f"{FX}Version"] == "1.0"
            assert metadonnees[f"{FX}ConformanceLevel"] == "EN 16931"
            assert metadonnees["pdfaid:part"] == "3"
        assert pdf.Root.Metadata.read_bytes().count(b"<rdf:RDF") == 1
        assert b"Factur-X PDFA Extension Schema" in pdf.Root.Metadata.read_bytes()
        assert pdf.check_pdf_syntax() == []


def test_chaque_montant_et_les_deux_empreintes() -> None:
    document = un_document(TROIS_TAUX, remise="20.01", deja_regle=Decimal(100))

    facture = rendu.rendre_facturx(document)

    lu = lire_pdf(facture.pdf)
    attendus = [document.total_lignes_ht, document.montant_ht, document.montant_ttc]
    attendus += [tva.montant_tva for tva in document.tva] + [tva.base_ht for tva in document.tva]
    attendus.append(document.montant_ttc - 100)
    assert [montant(valeur) for valeur in attendus if montant(valeur) not in lu] == []
    assert [
        ligne.montant_ht
        for ligne in document.lignes
        if ligne.montant_ht is not None and nombre(ligne.montant_ht, 2) not in lu
    ] == []
    assert facture.pdf_sha256 == sha256(facture.pdf).hexdigest()
    assert facture.xml_sha256 == sha256(facture.xml).hexdigest()


def test_le_meme_document_donne_les_memes_octets_d_un_processus_a_l_autre() -> None:
    premiere = rendu.rendre_facturx(un_document(TROIS_TAUX))
    rendu.arreter()

    assert rendu.rendre_facturx(un_document(TROIS_TAUX)) == premiere


def test_un_devis_dit_ce_qui_engage() -> None:
    devis = un_document(
        [
            *TROIS_TAUX,
            une_ligne("999", type=TypeLigne.OPTION, designation="Velux"),
            un_texte("Échafaudage compris."),
            LigneDocument(
                type=TypeLigne.SOUS_TOTAL, designation="Sous-total", montant_ht=Decimal("408.73")
            ),
        ],
        genre=Genre.DEVIS,
        version=2,
        adresse_chantier=Adresse(ligne1="4 chemin des Vignes", ville="Thonon", code_postal="74200"),
        date_validite=date(2026, 12, 31),
        date_debut_travaux=date(2027, 1, 11),
        duree_travaux="3 semaines",
        attestation_tva="Je certifie que les locaux ont plus de deux ans.",
    )

    lu = texte(devis)

    for attendu in (
        "DEV-2026-042",
        "Version 2",
        "31/12/2026",
        "11/01/2027",
        "3 semaines",
        "4 chemin des Vignes",
        "option, non comprise",
        "(999,00)",
        "−5",
        "Échafaudage compris.",
        "Je certifie",
        "« Bon pour accord »",
        "SIRET",
        "page 1 / 1",
    ):
        assert attendu in lu, attendu
    assert "VIREMENT" not in lu


def test_un_projet_se_voit_et_n_a_pas_de_numero() -> None:
    projet = un_document(numero="")

    assert "PROJET" in texte(projet)
    with pytest.raises(RenduImpossibleError):
        rendu.rendre_facturx(projet)


def test_un_avoir_cite_sa_facture() -> None:
    lu = texte(
        un_document(
            genre=Genre.AVOIR,
            numero="AVO-2026-001",
            references=[Reference(numero="FAC-2026-012", date_emission=date(2026, 9, 1))],
        )
    )

    assert "Total de l’avoir" in lu
    assert "FAC-2026-012 du 01/09/2026" in lu
    assert "VIREMENT" not in lu


def test_un_acompte_et_sa_deduction() -> None:
    acompte = texte(un_document(genre=Genre.ACOMPTE))
    finale = texte(un_document([une_ligne("1000"), une_deduction("300")]))

    assert "Facture d’acompte" in acompte
    assert "−300,00" in finale
    assert montant(Decimal(840)) in finale


def test_l_autoliquidation_montre_les_deux_numeros() -> None:
    lu = texte(un_document(categorie=CategorieTva.AE))

    assert "Autoliquidation" in lu
    assert EMETTEUR.numero_tva in lu
    assert PROFESSIONNEL.numero_tva in lu


def test_la_franchise_dit_son_motif() -> None:
    assert "art. 293 B du CGI" in texte(un_document(categorie=CategorieTva.E))


@pytest.mark.parametrize(
    ("champs", "present"),
    [
        ({}, True),
        ({"deja_regle": Decimal(120)}, False),
        ({"emetteur": EMETTEUR.model_copy(update={"iban": ""})}, False),
        ({"emetteur": EMETTEUR.model_copy(update={"iban": "FR00 1234"})}, False),
        ({"lignes": [une_ligne("999999999")]}, False),
    ],
)
def test_le_code_de_virement_ne_demande_que_ce_qui_est_du(
    champs: dict[str, object],
    present: bool,  # noqa: FBT001
) -> None:
    lu = texte(un_document(**champs))  # type: ignore[arg-type]

    assert ("Le code ouvre le virement" in lu) is present


def test_cinq_cents_lignes_repetent_l_entete_et_ne_laissent_aucun_titre_seul() -> None:
    lignes: list[LigneDocument] = []
    for lot in range(1, 51):
        lignes.append(un_lot(str(lot), f"Lot-{lot:02}", "10"))
        lignes.append(un_lot(f"{lot}.1", f"Sous-{lot:02}", "10", niveau=1))
        lignes += [
            une_ligne(str(rang + 1), niveau=2, designation=f"Pose {lot}-{rang} " * (1 + rang % 5))
            for rang in range(10)
        ]

    lues = pages(rendu.rendre_pdf(un_document(lignes)))

    tableaux = [page for page in lues if "Pose" in page]
    assert len(tableaux) > 10
    assert all("DÉSIGNATION" in page for page in tableaux)
    for page in tableaux:
        dernier_titre = max(page.rfind("Lot-"), page.rfind("Sous-"))
        assert page.rfind("Pose") > dernier_titre, page[-400:]


def test_les_champs_vides_et_les_textes_demesures_s_impriment() -> None:
    vide = un_document(
        emetteur=Emetteur(nom="X", adresse=Adresse()),
        destinataire=Destinataire(nom="Y", adresse=Adresse(), type="PARTICULIER"),
        objet="",
        mentions=[],
        conditions="",
        date_echeance=None,
    )
    long = "mot " * 2500
    demesure = un_document(
        [
            un_lot("1", long, "100"),
            une_ligne(designation=long, description=long, niveau=1),
            une_ligne(designation="x" * 10_000),
            une_ligne(description="ligne\n" * 200),
            un_texte(long),
        ],
        genre=Genre.DEVIS,
        objet=long,
        conditions=long,
        attestation_tva=long,
        mentions=[Mention(code="LIBRE", texte=long)],
    )

    assert "120,00" in texte(vide)
    lu = texte(demesure)
    assert lu.replace("\n", " ").count("mot") >= 8 * 2500
    assert lu.count("x") >= 10_000


def test_le_texte_d_un_client_n_est_jamais_interprete() -> None:
    ruse = '#panic("x") *gras* _x_ $a$ = titre\n- liste @ref <b> `c` \\ // fin /* */ #import "y"'

    lu = texte(un_document([une_ligne(designation=ruse)], objet=ruse))

    assert '#panic("x") *gras* _x_ $a$ = titre' in lu
    assert '<b> `c` \\ // fin /* */ #import "y"' in lu


def test_ce_que_la_police_n_a_pas_s_imprime_en_carre() -> None:
    lu = texte(un_document(objet="Toit 😀 中 \ue000\x07\x00 e\u0301te\u0301 \ud800fin"))

    assert "Toit □ □ □ été fin" in lu.replace("  ", " ")


@pytest.mark.parametrize("taille", [(900, 90), (60, 300)])
def test_un_logo_remplace_la_marque_dessinee(taille: tuple[int, int]) -> None:
    sortie = io.BytesIO()
    Image.new("RGBA", taille, (200, 60, 20, 128)).save(sortie, "PNG")
    logo = base64.b64encode(sortie.getvalue()).decode()
    emetteur = EMETTEUR.model_copy(update={"logo_base64": logo})

    with pikepdf.open(io.BytesIO(rendu.rendre_pdf(un_document(emetteur=emetteur)))) as pdf:
        assert len(pdf.pages[0].get_images()) == 1


@pytest.mark.parametrize("logo", ["pas du base64 !", base64.b64encode(b"pas une image").decode()])
def test_un_logo_illisible_laisse_la_marque_dessinee(logo: str) -> None:
    emetteur = EMETTEUR.model_copy(update={"logo_base64": logo})

    assert EMETTEUR.nom in texte(un_document(emetteur=emetteur))


def test_une_adresse_hors_de_france_nomme_son_pays() -> None:
    berlin = Adresse(ligne1="1 Gasse", code_postal="10115", ville="Berlin", pays="DE")
    client = PROFESSIONNEL.model_copy(update={"adresse": berlin})

    assert "Allemagne" in texte(un_document(destinataire=client))
    assert "France\n" not in texte(un_document())


def test_un_avoir_ne_dit_pas_d_echeance() -> None:
    """Nobody has to pay it."""
    assert "Échéance" in texte(un_document())
    assert "Échéance" not in texte(un_document(genre=Genre.AVOIR))
