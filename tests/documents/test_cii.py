"""The e-invoice, as the official checks and its reader see it."""

from datetime import date
from decimal import Decimal

import pytest

from cordeau.documents.cii import SANS_ADRESSE, ecrire_cii
from cordeau.documents.errors import RenduImpossibleError
from cordeau.documents.modele import Adresse, CategorieTva, Document, Genre, Mention, Reference
from tests.documents.builders import (
    EMETTEUR,
    PARTICULIER,
    PUBLIC,
    un_document,
    un_lot,
    un_texte,
    une_deduction,
    une_ligne,
)
from tests.documents.lecture import montants, notes, valeurs
from tests.documents.validation import valider

FACTURE_ANTERIEURE = [Reference(numero="FAC-2026-001", date_emission=date(2026, 9, 1))]
DETESTABLE = "Ça <b>coûte</b> & « 1 » > 0 \"'\x00\x08\x1b\x7f\ufffe ]]> œuf 中文 😀 e\u0301"


def ecrire(document: Document) -> bytes:
    """The e-invoice, seen valid."""
    xml = ecrire_cii(document)
    assert valider(xml) == []
    return xml


def test_trois_taux_et_une_remise_globale_donnent_le_total_attendu() -> None:
    facture = un_document(
        [
            une_ligne("208.72"),
            une_ligne("143.93", taux="10"),
            une_ligne("56.08", taux="5.5"),
        ],
        remise="28.61",
        remise_pourcentage=Decimal(7),
    )

    xml = ecrire(facture)

    assert valeurs(xml, "//ram:GrandTotalAmount") == ["435.20"]
    assert sum(montants(xml, "//ram:SpecifiedTradeAllowanceCharge/ram:ActualAmount")) == Decimal(
        "28.61"
    )
    assert valeurs(xml, "//ram:SpecifiedTradeAllowanceCharge/ram:CalculationPercent") == ["7"] * 3


def test_une_remise_de_ligne_relie_le_prix_au_montant() -> None:
    xml = ecrire(un_document([une_ligne("12.345678", "3.1415", remise="7.5")]))

    assert valeurs(xml, "//ram:NetPriceProductTradePrice/ram:ChargeAmount") == ["12.345678"]
    assert valeurs(xml, "//ram:BilledQuantity") == ["3.1415"]
    assert valeurs(xml, "//ram:SpecifiedTradeAllowanceCharge/ram:Reason") == ["Remise"]
    assert valeurs(xml, "//ram:SpecifiedTradeAllowanceCharge/ram:ActualAmount") == ["2.90"]
    assert valeurs(xml, "//ram:IncludedSupplyChainTradeLineItem//ram:LineTotalAmount") == ["35.88"]


@pytest.mark.parametrize(("montant", "majoration"), [("33.34", "true"), ("33.32", "false")])
def test_un_centime_d_ecart_devient_un_arrondi(montant: str, majoration: str) -> None:
    xml = ecrire(un_document([une_ligne("33.33", montant_ht=Decimal(montant))]))

    assert valeurs(xml, "//udt:Indicator") == [majoration]
    assert valeurs(xml, "//ram:SpecifiedTradeAllowanceCharge/ram:ActualAmount") == ["0.01"]
    assert valeurs(xml, "//ram:SpecifiedTradeAllowanceCharge/ram:Reason") == ["Arrondi"]


def test_l_autoliquidation_dit_son_motif() -> None:
    xml = ecrire(un_document([une_ligne("3900", taux="20")], categorie=CategorieTva.AE, cadre="S5"))

    assert valeurs(xml, "//ram:CategoryCode") == ["AE", "AE"]
    assert valeurs(xml, "//ram:RateApplicablePercent") == ["0", "0"]
    assert valeurs(xml, "//ram:ExemptionReason") == ["Autoliquidation"]
    assert valeurs(xml, "//ram:ExemptionReasonCode") == ["VATEX-FR-AE"]
    assert valeurs(xml, "//ram:DueDateTypeCode") == []


def test_la_franchise_en_base_se_passe_de_numero_de_tva() -> None:
    emetteur = EMETTEUR.model_copy(update={"numero_tva": ""})

    xml = ecrire(
        un_document([une_ligne(taux="0")], categorie=CategorieTva.E, emetteur=emetteur, remise="5")
    )

    assert valeurs(xml, "//ram:ExemptionReason") == ["TVA non applicable, art. 293 B du CGI"]
    assert valeurs(xml, "//ram:SellerTradeParty//ram:ID[@schemeID='FC']") == [EMETTEUR.siren]


def test_un_avoir_cite_sa_facture_et_ne_demande_pas_de_virement() -> None:
    xml = ecrire(
        un_document(genre=Genre.AVOIR, numero="AVO-2026-001", references=FACTURE_ANTERIEURE)
    )

    assert valeurs(xml, "//ram:TypeCode")[0] == "381"
    assert valeurs(xml, "//ram:InvoiceReferencedDocument/ram:IssuerAssignedID") == ["FAC-2026-001"]
    assert valeurs(xml, "//ram:IBANID") == []


def test_un_avoir_d_acompte_est_valide() -> None:
    ecrire(
        un_document(
            genre=Genre.AVOIR,
            numero="AVO-2026-002",
            code_type="503",
            references=FACTURE_ANTERIEURE,
        )
    )


def test_un_acompte_puis_sa_facture_finale() -> None:
    acompte = [une_ligne("5400", taux="10"), une_ligne("3600")]
    finale = [
        un_lot("1", "Gros œuvre", "30000"),
        une_ligne("18000", taux="10", niveau=1),
        une_ligne("12000", niveau=1),
        une_deduction("5400", taux="10"),
        une_deduction("3600"),
    ]

    ecrire(un_document(acompte, genre=Genre.ACOMPTE, numero="FAC-2026-001"))
    xml = ecrire(un_document(finale, cadre="S4", references=FACTURE_ANTERIEURE))

    assert valeurs(xml, "//ram:BilledQuantity") == ["1", "1", "-1", "-1"]
    assert valeurs(xml, "//ram:TaxBasisTotalAmount") == ["21000.00"]
    assert valeurs(xml, "//ram:GrandTotalAmount") == ["23940.00"]


def test_une_facture_payee_d_avance_n_attend_rien() -> None:
    xml = ecrire(un_document(cadre="S2", deja_regle=Decimal(120)))

    assert valeurs(xml, "//ram:TotalPrepaidAmount") == ["120.00"]
    assert valeurs(xml, "//ram:DuePayableAmount") == ["0.00"]


def test_une_ligne_sans_prix_devient_une_note() -> None:
    xml = ecrire(
        un_document([une_ligne(), une_ligne("0", "2", designation="Nettoyage", unite="h")])
    )

    assert len(valeurs(xml, "//ram:LineID")) == 1
    assert "Sans supplément : Nettoyage (2 h)" in notes(xml, "AAI")


def test_une_option_n_entre_pas_dans_la_facture() -> None:
    xml = ecrire(
        un_document([une_ligne(), une_ligne("999", type="OPTION", designation="Variante")])
    )

    assert "Variante" not in xml.decode()


def test_un_texte_accompagne_la_ligne_qui_le_suit_et_le_lot_se_lit_sur_la_ligne() -> None:
    xml = ecrire(
        un_document(
            [
                un_lot("1", "Couverture", "100"),
                un_lot("1.1", "Ardoise", "100", niveau=1),
                un_texte("Ardoise d’Angers."),
                une_ligne(niveau=2, numero="1.1.1"),
                un_texte("Fin du lot."),
            ]
        )
    )

    assert valeurs(xml, "//ram:AssociatedDocumentLineDocument//ram:Content") == [
        "Ardoise d’Angers."
    ]
    assert valeurs(xml, "//ram:ApplicableProductCharacteristic/ram:Value") == [
        "1.1.1",
        "1 Couverture / 1.1 Ardoise",
    ]
    assert "Fin du lot." in notes(xml, "AAI")


def test_cinq_cents_lignes() -> None:
    lignes = [
        une_ligne(f"{rang}.37", "2.5", taux=("20", "10", "5.5")[rang % 3]) for rang in range(1, 501)
    ]

    xml = ecrire(un_document(lignes))

    assert len(valeurs(xml, "//ram:LineID")) == len(set(valeurs(xml, "//ram:LineID"))) == 500


def test_un_particulier_sans_adresse_electronique_recoit_une_adresse_qui_ne_mene_nulle_part() -> (
    None
):
    xml = ecrire(un_document(destinataire=PARTICULIER, bar="B2C", mentions=[]))

    assert valeurs(xml, "//ram:BuyerTradeParty//ram:URIID") == [SANS_ADRESSE]


def test_un_particulier_est_joint_par_son_courriel() -> None:
    client = PARTICULIER.model_copy(update={"email": "anais@exemple.example"})

    xml = ecrire(un_document(destinataire=client, bar="B2C"))

    assert valeurs(xml, "//ram:BuyerTradeParty//ram:URIID/@schemeID") == ["EM"]
    assert valeurs(xml, "//ram:BuyerTradeParty//ram:URIID") == ["anais@exemple.example"]


def test_un_acheteur_public_donne_son_code_service() -> None:
    xml = ecrire(un_document(destinataire=PUBLIC, reference_acheteur="SERVICE-TECHNIQUE"))

    assert valeurs(xml, "//ram:BuyerReference") == ["SERVICE-TECHNIQUE"]
    assert valeurs(xml, "//ram:BuyerTradeParty//ram:URIID") == [PUBLIC.siren]


@pytest.mark.parametrize(("debits", "code"), [(False, "72"), (True, "5")])
def test_l_exigibilite_suit_l_option_pour_les_debits(debits: bool, code: str) -> None:  # noqa: FBT001
    xml = ecrire(un_document(tva_debits=debits))

    assert valeurs(xml, "//ram:DueDateTypeCode") == [code]
    assert len(notes(xml, "TXD")) == debits


@pytest.mark.parametrize("presentes", [[], ["PENALITES", "PENALITES", "ESCOMPTE"]])
def test_les_mentions_obligatoires_sont_ecrites_une_fois_chacune(presentes: list[str]) -> None:
    mentions = [Mention(code=code, texte=f"Dit par {code}.") for code in presentes]

    xml = ecrire(un_document(mentions=mentions))

    assert [len(notes(xml, code)) for code in ("PMT", "PMD", "AAB", "BAR")] == [1, 1, 1, 1]


def test_les_interets_dus_par_un_particulier_tiennent_lieu_de_penalites() -> None:
    mentions = [Mention(code="PENALITES_PARTICULIER", texte="Intérêts au taux légal.")]

    xml = ecrire(un_document(destinataire=PARTICULIER, bar="B2C", mentions=mentions))

    assert notes(xml, "PMD") == ["Intérêts au taux légal."]
    assert "Intérêts au taux légal." not in notes(xml, "AAI")


def test_le_lieu_des_travaux_la_commande_et_la_date_de_prestation_sont_dits() -> None:
    chantier = Adresse(ligne1="3 rue C", code_postal="69003", ville="Lyon")

    xml = ecrire(
        un_document(
            adresse_chantier=chantier,
            reference_commande="DEV-2026-007",
            date_prestation=date(2026, 11, 15),
        )
    )

    assert valeurs(xml, "//ram:ShipToTradeParty//ram:CityName") == ["Lyon"]
    assert valeurs(xml, "//ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID") == [
        "DEV-2026-007"
    ]
    assert valeurs(xml, "//ram:OccurrenceDateTime/udt:DateTimeString") == ["20261115"]


def test_n_importe_quel_texte_donne_un_xml_valide() -> None:
    adresse = Adresse(ligne1=DETESTABLE, ligne2=DETESTABLE, ville=DETESTABLE, code_postal="49000")
    client = PARTICULIER.model_copy(update={"nom": DETESTABLE, "adresse": adresse})
    emetteur = EMETTEUR.model_copy(update={"nom": DETESTABLE, "rcs": DETESTABLE})
    lignes = [
        un_lot("1", DETESTABLE, "100"),
        un_texte(DETESTABLE),
        une_ligne(designation=DETESTABLE, description=DETESTABLE, niveau=1),
        une_ligne(designation="\x01\x02", description=" "),
    ]

    xml = ecrire(
        un_document(
            lignes,
            emetteur=emetteur,
            destinataire=client,
            bar="B2C",
            objet=DETESTABLE,
            conditions=DETESTABLE,
            mentions=[Mention(code="LIBRE", texte=DETESTABLE)],
        )
    )

    assert valeurs(xml, "//ram:SpecifiedTradeProduct/ram:Name")[1] == "Sans désignation"
    assert "Ça <b>coûte</b> & « 1 » > 0" in valeurs(xml, "//ram:BuyerTradeParty/ram:Name")[0]


def test_un_document_presque_vide_reste_valide() -> None:
    emetteur = EMETTEUR.model_copy(
        update={"telephone": "", "email": "", "iban": "", "bic": "", "rcs": "", "siret": ""}
    )

    ecrire(un_document(emetteur=emetteur, objet="", conditions="", date_echeance=None, mentions=[]))


@pytest.mark.parametrize("blanc", [" ", "\x01", "\n\t\x1f"])
def test_un_texte_sans_caractere_lisible_n_ecrit_rien(blanc: str) -> None:
    lignes = [
        un_lot(blanc, blanc, "100"),
        un_texte(blanc),
        une_ligne(designation=blanc, description=blanc, numero=blanc, niveau=1),
        une_ligne("0", designation=blanc),
        un_texte(blanc),
    ]
    mentions = [Mention(code=code, texte=blanc) for code in ("PENALITES", "ESCOMPTE", "LIBRE")]

    xml = ecrire(
        un_document(
            lignes,
            objet=blanc,
            conditions=blanc,
            mentions=mentions,
            attestation_tva=blanc,
            reference_commande=blanc,
            reference_acheteur=blanc,
            adresse_chantier=Adresse(ligne1=blanc, ligne2=blanc, ville=blanc),
        )
    )

    assert notes(xml, "AAB") == ["Pas d’escompte pour paiement anticipé."]


@pytest.mark.parametrize("champs", [{"genre": Genre.DEVIS}, {"numero": ""}])
def test_ni_devis_ni_projet_n_ont_de_facture_electronique(champs: dict[str, object]) -> None:
    with pytest.raises(RenduImpossibleError):
        ecrire_cii(un_document(**champs))  # type: ignore[arg-type]


def test_un_taux_absent_du_recapitulatif_est_refuse() -> None:
    facture = un_document([une_ligne()])
    fausse = facture.model_copy(update={"lignes": [une_ligne(taux="10")]})

    with pytest.raises(RenduImpossibleError, match="taux de TVA absent"):
        ecrire_cii(fausse)


@pytest.mark.parametrize(
    ("avant", "apres", "regle"),
    [
        ("<ram:SubjectCode>PMT", "<ram:SubjectCode>AAI", "BR-FR-05_BT-22_PMT"),
        ("<ram:ID>FAC-2026-042", "<ram:ID>FAC 2026 042", "BR-FR-02_BT-1"),
        ("<ram:GrandTotalAmount>120", "<ram:GrandTotalAmount>121", "BR-CO-15"),
        ("<ram:ChargeAmount>100", "<ram:ChargeAmount>-100", "BR-27"),
        ("<ram:RateApplicablePercent>20", "<ram:RateApplicablePercent>19", "BR-FR-16_BT-119"),
        ("<ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>", "", "XSD"),
    ],
)
def test_le_validateur_voit_les_fautes(avant: str, apres: str, regle: str) -> None:
    xml = ecrire(un_document())
    assert avant.encode() in xml

    echecs = valider(xml.replace(avant.encode(), apres.encode()))

    assert any(echec.startswith(f"{regle} :") for echec in echecs), echecs
