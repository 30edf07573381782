"""What a printed document says, complete and frozen: the only input of every renderer.

The same value is stored as JSON in an issued facture, so a PDF or an e-invoice rendered years
later says what was true on the day of issue. Amounts are `Decimal`, serialised as strings.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Genre(StrEnum):
    """Which document of the trade this is."""

    DEVIS = "DEVIS"
    FACTURE = "FACTURE"
    ACOMPTE = "ACOMPTE"
    AVOIR = "AVOIR"


class TypeLigne(StrEnum):
    """What a row of the table is."""

    #: A titled group of rows; carries the subtotal of what it holds.
    LOT = "LOT"
    #: A priced row.
    LIGNE = "LIGNE"
    #: Free text between priced rows.
    TEXTE = "TEXTE"
    #: Subtotal of the rows of the same level that precede it, back to the previous subtotal.
    SOUS_TOTAL = "SOUS_TOTAL"
    #: A priced row proposed to the client, outside the totals.
    OPTION = "OPTION"
    #: An acompte taken back by a later facture: quantity below zero, price above.
    DEDUCTION = "DEDUCTION"


class CategorieTva(StrEnum):
    """VAT category of EN 16931 (UNTDID 5305), as far as a building firm meets it."""

    #: Standard or reduced rate.
    S = "S"
    #: Reverse charge (autoliquidation, art. 283-2 nonies CGI): rate 0.
    AE = "AE"
    #: Exempt (franchise en base, art. 293 B CGI): rate 0, with a reason.
    E = "E"
    #: Rate of 0 %.
    Z = "Z"


class Valeur(BaseModel):
    """Base of the frozen values below."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Adresse(Valeur):
    """A postal address."""

    ligne1: str = ""
    ligne2: str = ""
    code_postal: str = ""
    ville: str = ""
    #: ISO 3166-1 alpha-2.
    pays: str = "FR"


class Emetteur(Valeur):
    """The firm, as of the day of issue (art. L. 441-9 C. com., 242 nonies A ann. II CGI)."""

    nom: str
    adresse: Adresse
    #: « SARL », « EURL »…; empty for a sole trader.
    forme_juridique: str = ""
    #: Share capital, euros.
    capital: Decimal | None = None
    siren: str = ""
    siret: str = ""
    numero_tva: str = ""
    #: « RCS Angers 123 456 789 ».
    rcs: str = ""
    code_ape: str = ""
    telephone: str = ""
    email: str = ""
    site: str = ""
    iban: str = ""
    bic: str = ""
    #: Logo as a PNG or JPEG, base64; empty for the drawn default.
    logo_base64: str = ""


class Destinataire(Valeur):
    """The client, as of the day of issue."""

    nom: str
    adresse: Adresse
    #: PARTICULIER, PROFESSIONNEL or PUBLIC.
    type: str
    siren: str = ""
    siret: str = ""
    numero_tva: str = ""
    #: Electronic address of a buyer without SIREN (BT-49, BR-FR-12).
    email: str = ""


class LigneDocument(Valeur):
    """One row, already numbered and rounded. Unused fields stay at their default."""

    type: TypeLigne
    #: « 1.2 »; empty for texts, subtotals and deductions.
    numero: str = ""
    #: Depth in the tree of lots, 0 at the root.
    niveau: int = 0
    designation: str
    description: str = ""
    #: At most 4 decimals; below zero on a DEDUCTION only.
    quantite: Decimal | None = None
    #: « m² », as printed.
    unite: str = ""
    #: UN/ECE Recommendation 20 code: MTK.
    code_unite: str = "C62"
    #: At most 6 decimals, never below zero.
    prix_unitaire_ht: Decimal | None = None
    #: Discount of the line, percent, 0 to 100.
    remise: Decimal = Decimal(0)
    taux_tva: Decimal | None = None
    #: Net of discount, to the cent: a row's own amount, or the subtotal of a LOT or SOUS_TOTAL.
    #: May differ by a cent or so from quantity × price when partial factures are closed to the
    #: cent of the whole: the e-invoice carries the difference as a line allowance or charge.
    montant_ht: Decimal | None = None


class TvaDocument(Valeur):
    """One row of the VAT table. `base_ht` is after the share of the global discount."""

    categorie: CategorieTva
    taux: Decimal
    base_ht: Decimal
    montant_tva: Decimal
    #: Share of the global discount borne by this rate, ≥ 0.
    remise_ht: Decimal = Decimal(0)
    #: Why no VAT is charged (AE, E): « Autoliquidation ».
    motif: str = ""


class Mention(Valeur):
    """A legal sentence to print, in its block."""

    #: Stable code of the rule: « ASSURANCE », « PENALITES », « INDEMNITE_40 », « ESCOMPTE »…
    code: str
    texte: str


class Reference(Valeur):
    """An earlier document this one refers to (BG-3)."""

    numero: str
    date_emission: date


class Document(Valeur):
    """A devis, facture, acompte or avoir, complete."""

    genre: Genre
    #: Empty while a facture is a draft: prints « PROJET » across the page, no number.
    numero: str = ""
    #: Version of a devis, printed from the second one.
    version: int = 1
    date_emission: date
    emetteur: Emetteur
    destinataire: Destinataire
    #: « Réfection de toiture », title of the document; may be empty.
    objet: str = ""
    #: Place of the works; None when it is the client's address.
    adresse_chantier: Adresse | None = None
    lignes: list[LigneDocument]
    #: Σ of the priced rows, before the global discount.
    total_lignes_ht: Decimal
    #: Global discount, ≥ 0, with its percentage when it was typed as one.
    remise_ht: Decimal = Decimal(0)
    remise_pourcentage: Decimal | None = None
    tva: list[TvaDocument]
    montant_ht: Decimal
    montant_tva: Decimal
    montant_ttc: Decimal
    mentions: list[Mention] = []
    #: Payment terms in one sentence: « Paiement à 30 jours, par virement. ».
    conditions: str = ""
    autoliquidation: bool = False

    # Devis.
    date_validite: date | None = None
    date_debut_travaux: date | None = None
    #: « 3 semaines »; printed beside the start.
    duree_travaux: str = ""
    #: The client's certificate for reduced rates, to print above the signature; empty if none.
    attestation_tva: str = ""

    # Facture, acompte, avoir.
    date_echeance: date | None = None
    #: Amount already paid and printed as such, TTC (BT-113).
    deja_regle: Decimal = Decimal(0)
    #: Document type code, UNTDID 1001: 380, 386, 381, 503.
    code_type: str = "380"
    #: « cadre de facturation » (BT-23): S1, S4, S5…
    cadre: str = "S1"
    #: VAT due on collection (False) or on débits (True), BT-8.
    tva_debits: bool = False
    #: B2B, B2C, … (note BAR).
    bar: str = "B2B"
    #: Date of the works or of their end (BT-72); the issue date when unknown.
    date_prestation: date | None = None
    #: Number of the devis billed, or of the client's order (BT-13).
    reference_commande: str = ""
    #: Buyer's reference asked by public buyers (BT-10, « code service »).
    reference_acheteur: str = ""
    #: The facture an avoir corrects, the acomptes a facture takes back.
    references: list[Reference] = []
    #: What the ledger knows the document by: 16 hexadecimal digits, printed at the foot. Never in
    #: the frozen document itself, which the digest covers.
    empreinte: str = ""
