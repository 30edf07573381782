"""Whatever is billed: the e-invoice is valid, and the paper says the same totals."""

from decimal import Decimal

from hypothesis import example, given, settings
from hypothesis import strategies as st

from cordeau.documents import rendu
from cordeau.documents.formats import montant
from cordeau.documents.modele import LigneDocument
from tests.documents.builders import arrondi, un_document, un_lot, un_texte, une_ligne
from tests.documents.lecture import lire_pdf, montants, valeurs
from tests.documents.validation import valider

TEXTES = st.text(max_size=60)


def _decimal(entier: int, decimales: int) -> str:
    return str(Decimal(entier).scaleb(-decimales))


LIGNES = st.builds(
    une_ligne,
    st.builds(_decimal, st.integers(0, 10**9), st.sampled_from([2, 4, 6])),
    st.builds(_decimal, st.integers(1, 10**6), st.sampled_from([0, 2, 4])),
    taux=st.sampled_from(["20", "10", "5.5", "2.1"]),
    remise=st.sampled_from(["0", "0", "5", "12.5", "100"]),
    designation=TEXTES,
    description=TEXTES,
)


@st.composite
def tableaux(draw: st.DrawFn) -> list[LigneDocument]:
    """Rows, one of which at least has a price, texts among them."""
    lignes: list[LigneDocument] = [une_ligne(designation=draw(TEXTES))]
    for ligne in draw(st.lists(LIGNES, max_size=8)):
        lignes += [ligne, un_texte(draw(TEXTES))]
    return lignes


@settings(max_examples=20, deadline=None)
@given(tableaux(), st.integers(0, 99), TEXTES)
def test_le_papier_et_le_xml_disent_la_meme_chose(
    lignes: list[LigneDocument], pourcentage: int, objet: str
) -> None:
    total = sum((ligne.montant_ht or Decimal(0) for ligne in lignes), Decimal(0))
    remise = arrondi(total * pourcentage / 100)
    document = un_document(lignes, remise=str(remise), objet=objet)

    facture = rendu.rendre_facturx(document)

    assert valider(facture.xml) == []
    assert montants(facture.xml, "//ram:DuePayableAmount") == [document.montant_ttc]
    assert montants(facture.xml, "//ram:TaxTotalAmount") == [document.montant_tva]
    for ligne, brut, net in _lignes(facture.xml):
        assert brut == net, ligne
    lu = lire_pdf(facture.pdf)
    for valeur in (document.montant_ht, document.montant_ttc):
        assert montant(valeur) in lu


AGENCEMENTS = st.lists(
    st.tuples(st.sampled_from(["lot", "lot", "ligne"]), st.integers(0, 5)), max_size=12
)


@settings(max_examples=15, deadline=None)
@given(AGENCEMENTS)
@example([("lot", 0), ("lot", 0), ("ligne", 0)])
@example([("lot", 0), ("lot", 1), ("lot", 0), ("ligne", 1)])
def test_tout_agencement_de_lots_s_imprime(rangees: list[tuple[str, int]]) -> None:
    """Lots within lots, lots that hold nothing, in any order."""
    lignes = [
        un_lot(str(rang), f"Lot {rang}", "0", niveau=niveau)
        if genre == "lot"
        else une_ligne(niveau=niveau)
        for rang, (genre, niveau) in enumerate(rangees)
    ]

    assert rendu.rendre_pdf(un_document(lignes)).startswith(b"%PDF")


def _lignes(xml: bytes) -> list[tuple[str, Decimal, Decimal]]:
    """Each line: its number, quantity × price with its discount or rounding, its amount."""
    base = "//ram:IncludedSupplyChainTradeLineItem"
    reglement = "ram:SpecifiedLineTradeSettlement"
    lues = []
    for numero in valeurs(xml, f"{base}//ram:LineID"):
        ligne = f"{base}[.//ram:LineID='{numero}']"
        (prix,) = montants(xml, f"{ligne}//ram:NetPriceProductTradePrice/ram:ChargeAmount")
        (quantite,) = montants(xml, f"{ligne}//ram:BilledQuantity")
        (net,) = montants(xml, f"{ligne}//ram:LineTotalAmount")
        ecart = montants(xml, f"{ligne}/{reglement}//ram:ActualAmount")
        sens = valeurs(xml, f"{ligne}/{reglement}//udt:Indicator")
        signe = 1 if sens == ["true"] else -1
        brut = arrondi(prix * quantite) + signe * sum(ecart, Decimal(0))
        lues.append((numero, brut, net))
    return lues
