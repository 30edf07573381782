"""Settlement of the e-invoice: how to pay, VAT per rate, discount, terms, totals."""

from decimal import Decimal

from cordeau.documents.caracteres import nettoyer_xml
from cordeau.documents.cii_lignes import CODE_REMISE
from cordeau.documents.cii_xml import Noeud, court, decimal, jour, noeud, somme
from cordeau.documents.formats import compacter
from cordeau.documents.modele import CategorieTva, Document, Genre, Reference, TvaDocument
from cordeau.documents.montants import net_a_payer

#: UNTDID 4461: credit transfer.
_VIREMENT = "30"
#: When VAT falls due (BT-8, UNTDID 2475): date of invoice with the option for débits, else date
#: of payment (art. 269-2-c CGI).
_EXIGIBILITE = {True: "5", False: "72"}
#: Why no VAT is charged: text when the document gives none, and VATEX code.
_EXONERATIONS = {
    CategorieTva.AE: ("Autoliquidation", "VATEX-FR-AE"),
    CategorieTva.E: ("TVA non applicable, art. 293 B du CGI", "VATEX-FR-FRANCHISE"),
}


def reglement(document: Document) -> Noeud | None:
    """The header settlement."""
    return noeud(
        "ram:ApplicableHeaderTradeSettlement",
        noeud("ram:PaymentReference", court(document.numero)),
        noeud("ram:InvoiceCurrencyCode", "EUR"),
        _virement(document),
        *(_taxe(document, tva) for tva in document.tva),
        *(_remise(document, tva) for tva in document.tva),
        _conditions(document),
        _totaux(document),
        *(_reference(reference) for reference in document.references),
    )


def _virement(document: Document) -> Noeud | None:
    """The account to pay; an avoir asks for no payment."""
    compte = compacter(document.emetteur.iban)
    if not compte or document.genre is Genre.AVOIR:
        return None
    return noeud(
        "ram:SpecifiedTradeSettlementPaymentMeans",
        noeud("ram:TypeCode", _VIREMENT),
        noeud("ram:PayeePartyCreditorFinancialAccount", noeud("ram:IBANID", compte)),
        noeud(
            "ram:PayeeSpecifiedCreditorFinancialInstitution",
            noeud("ram:BICID", compacter(document.emetteur.bic)),
        ),
    )


def _taxe(document: Document, tva: TvaDocument) -> Noeud | None:
    motif, code = _EXONERATIONS.get(tva.categorie, ("", ""))
    exigibilite = _EXIGIBILITE[document.tva_debits] if tva.categorie is CategorieTva.S else None
    return noeud(
        "ram:ApplicableTradeTax",
        noeud("ram:CalculatedAmount", somme(tva.montant_tva)),
        noeud("ram:TypeCode", "VAT"),
        noeud("ram:ExemptionReason", court(tva.motif) or motif if motif else None),
        noeud("ram:BasisAmount", somme(tva.base_ht)),
        noeud("ram:CategoryCode", tva.categorie),
        noeud("ram:ExemptionReasonCode", code),
        noeud("ram:DueDateTypeCode", exigibilite),
        noeud("ram:RateApplicablePercent", decimal(tva.taux)),
    )


def _remise(document: Document, tva: TvaDocument) -> Noeud | None:
    """The share of the global discount that one rate bears (BG-20)."""
    if not tva.remise_ht:
        return None
    pourcentage = document.remise_pourcentage
    return noeud(
        "ram:SpecifiedTradeAllowanceCharge",
        noeud("ram:ChargeIndicator", noeud("udt:Indicator", "false")),
        noeud("ram:CalculationPercent", decimal(pourcentage) if pourcentage else None),
        noeud("ram:BasisAmount", somme(tva.base_ht + tva.remise_ht) if pourcentage else None),
        noeud("ram:ActualAmount", somme(tva.remise_ht)),
        noeud("ram:ReasonCode", CODE_REMISE),
        noeud("ram:Reason", "Remise"),
        noeud(
            "ram:CategoryTradeTax",
            noeud("ram:TypeCode", "VAT"),
            noeud("ram:CategoryCode", tva.categorie),
            noeud("ram:RateApplicablePercent", decimal(tva.taux)),
        ),
    )


def _conditions(document: Document) -> Noeud | None:
    """Terms and due date: one of them at least when something is due (BR-CO-25)."""
    avoir = document.genre is Genre.AVOIR
    repli = "À déduire ou à rembourser." if avoir else "Paiement à réception."
    return noeud(
        "ram:SpecifiedTradePaymentTerms",
        noeud("ram:Description", nettoyer_xml(document.conditions) or repli),
        jour("ram:DueDateDateTime", document.date_echeance),
    )


def _totaux(document: Document) -> Noeud | None:
    return noeud(
        "ram:SpecifiedTradeSettlementHeaderMonetarySummation",
        noeud("ram:LineTotalAmount", somme(document.total_lignes_ht)),
        _si_non_nul("ram:AllowanceTotalAmount", document.remise_ht),
        noeud("ram:TaxBasisTotalAmount", somme(document.montant_ht)),
        noeud("ram:TaxTotalAmount", somme(document.montant_tva), currencyID="EUR"),
        noeud("ram:GrandTotalAmount", somme(document.montant_ttc)),
        _si_non_nul("ram:TotalPrepaidAmount", document.deja_regle),
        noeud("ram:DuePayableAmount", somme(net_a_payer(document))),
    )


def _si_non_nul(nom: str, valeur: Decimal) -> Noeud | None:
    return noeud(nom, somme(valeur)) if valeur else None


def _reference(reference: Reference) -> Noeud | None:
    """An earlier invoice (BG-3): the one an avoir corrects, an acompte taken back."""
    return noeud(
        "ram:InvoiceReferencedDocument",
        noeud("ram:IssuerAssignedID", court(reference.numero)),
        jour("ram:FormattedIssueDateTime", reference.date_emission, "qdt"),
    )
