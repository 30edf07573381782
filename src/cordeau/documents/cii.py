"""The e-invoice: a Cross Industry Invoice of profile EN 16931, under the French rules (BR-FR)."""

from cordeau.documents.cii_lignes import Tableau, lignes, lire
from cordeau.documents.cii_notes import notes
from cordeau.documents.cii_reglement import reglement
from cordeau.documents.cii_xml import Noeud, court, ecrire, jour, noeud
from cordeau.documents.errors import RenduImpossibleError
from cordeau.documents.formats import compacter
from cordeau.documents.modele import Adresse, Destinataire, Document, Emetteur, Genre

PROFIL = "urn:cen.eu:en16931:2017"

#: ISO 6523: SIREN, SIRET, French e-invoicing address; EAS: e-mail.
_SIREN, _SIRET, _ADRESSE_FR, _COURRIEL = "0002", "0009", "0225", "EM"
#: BR-FR-12 wants an address for every buyer, even a consumer who has none: this one leads
#: nowhere, by construction (RFC 2606).
SANS_ADRESSE = "sans-adresse@particulier.invalid"


def ecrire_cii(document: Document) -> bytes:
    """The XML of a numbered facture, acompte or avoir."""
    if document.genre is Genre.DEVIS:
        message = "Un devis n’a pas de facture électronique."
        raise RenduImpossibleError(message)
    if not document.numero:
        message = "Une facture sans numéro n’a pas de facture électronique : émettez-la d’abord."
        raise RenduImpossibleError(message)
    tableau = lire(document)
    return ecrire(
        "rsm:CrossIndustryInvoice",
        _contexte(document),
        _en_tete(document, tableau),
        _transaction(document, tableau),
    )


def _contexte(document: Document) -> Noeud | None:
    return noeud(
        "rsm:ExchangedDocumentContext",
        noeud(
            "ram:BusinessProcessSpecifiedDocumentContextParameter",
            noeud("ram:ID", document.cadre),
        ),
        noeud("ram:GuidelineSpecifiedDocumentContextParameter", noeud("ram:ID", PROFIL)),
    )


def _en_tete(document: Document, tableau: Tableau) -> Noeud | None:
    return noeud(
        "rsm:ExchangedDocument",
        noeud("ram:ID", court(document.numero)),
        noeud("ram:TypeCode", document.code_type),
        jour("ram:IssueDateTime", document.date_emission),
        *notes(document, tableau.remarques),
    )


def _transaction(document: Document, tableau: Tableau) -> Noeud | None:
    return noeud(
        "rsm:SupplyChainTradeTransaction",
        *lignes(document, tableau.postes),
        noeud(
            "ram:ApplicableHeaderTradeAgreement",
            noeud("ram:BuyerReference", court(document.reference_acheteur)),
            _vendeur(document.emetteur),
            _acheteur(document.destinataire),
            noeud(
                "ram:BuyerOrderReferencedDocument",
                noeud("ram:IssuerAssignedID", court(document.reference_commande)),
            ),
        ),
        noeud(
            "ram:ApplicableHeaderTradeDelivery",
            _lieu(document),
            noeud(
                "ram:ActualDeliverySupplyChainEvent",
                jour("ram:OccurrenceDateTime", document.date_prestation or document.date_emission),
            ),
        ),
        reglement(document),
    )


def _vendeur(emetteur: Emetteur) -> Noeud | None:
    return noeud(
        "ram:SellerTradeParty",
        noeud("ram:GlobalID", compacter(emetteur.siret), schemeID=_SIRET),
        noeud("ram:Name", court(emetteur.nom)),
        _immatriculation(_siren(emetteur)),
        noeud(
            "ram:DefinedTradeContact",
            noeud(
                "ram:TelephoneUniversalCommunication",
                noeud("ram:CompleteNumber", court(emetteur.telephone)),
            ),
            noeud(
                "ram:EmailURIUniversalCommunication",
                noeud("ram:URIID", court(emetteur.email)),
            ),
        ),
        _adresse(emetteur.adresse),
        _adresse_electronique(_siren(emetteur), emetteur.email),
        _numero_fiscal(emetteur),
    )


def _acheteur(destinataire: Destinataire) -> Noeud | None:
    return noeud(
        "ram:BuyerTradeParty",
        noeud("ram:GlobalID", compacter(destinataire.siret), schemeID=_SIRET),
        noeud("ram:Name", court(destinataire.nom)),
        _immatriculation(_siren(destinataire)),
        _adresse(destinataire.adresse),
        _adresse_electronique(_siren(destinataire), destinataire.email),
        _numero_tva(destinataire.numero_tva),
    )


def _lieu(document: Document) -> Noeud | None:
    """Where the works are, when it is not the client's address (décret n° 2022-1299)."""
    if document.adresse_chantier is None:
        return None
    return noeud(
        "ram:ShipToTradeParty",
        noeud("ram:Name", court(document.destinataire.nom)),
        _adresse(document.adresse_chantier),
    )


def _siren(partie: Emetteur | Destinataire) -> str:
    """The SIREN, or the one that its SIRET begins with."""
    return compacter(partie.siren) or compacter(partie.siret)[:9]


def _immatriculation(siren: str) -> Noeud | None:
    return noeud("ram:SpecifiedLegalOrganization", noeud("ram:ID", siren, schemeID=_SIREN))


def _adresse(adresse: Adresse) -> Noeud | None:
    return noeud(
        "ram:PostalTradeAddress",
        noeud("ram:PostcodeCode", court(adresse.code_postal)),
        noeud("ram:LineOne", court(adresse.ligne1)),
        noeud("ram:LineTwo", court(adresse.ligne2)),
        noeud("ram:CityName", court(adresse.ville)),
        noeud("ram:CountryID", court(adresse.pays).upper() or "FR"),
    )


def _adresse_electronique(siren: str, courriel: str) -> Noeud | None:
    """Where the invoice is sent: by SIREN among French firms, else by e-mail."""
    adresse, mode = (siren, _ADRESSE_FR) if siren else (court(courriel) or SANS_ADRESSE, _COURRIEL)
    return noeud("ram:URIUniversalCommunication", noeud("ram:URIID", adresse, schemeID=mode))


def _numero_fiscal(emetteur: Emetteur) -> Noeud | None:
    """The VAT number, or the SIREN as tax number of a firm that has none (BR-S-02, BR-E-02)."""
    if compacter(emetteur.numero_tva):
        return _numero_tva(emetteur.numero_tva)
    return noeud("ram:SpecifiedTaxRegistration", noeud("ram:ID", _siren(emetteur), schemeID="FC"))


def _numero_tva(numero: str) -> Noeud | None:
    return noeud("ram:SpecifiedTaxRegistration", noeud("ram:ID", compacter(numero), schemeID="VA"))
