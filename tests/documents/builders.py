"""Documents to render: complete by default, a test states only what matters to it."""

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from cordeau.documents.modele import (
    Adresse,
    CategorieTva,
    Destinataire,
    Document,
    Emetteur,
    Genre,
    LigneDocument,
    Mention,
    TvaDocument,
    TypeLigne,
)

CENT = Decimal("0.01")

EMETTEUR = Emetteur(
    nom="Atelier Vauban Rénovation",
    adresse=Adresse(ligne1="12 rue des Tonneliers", code_postal="49000", ville="Angers"),
    forme_juridique="SARL",
    capital=Decimal(50000),
    siren="732829320",
    siret="73282932000074",
    numero_tva="FR44732829320",
    rcs="RCS Angers 732 829 320",
    code_ape="4339Z",
    telephone="02 41 00 00 00",
    email="contact@atelier-vauban.example",
    site="atelier-vauban.example",
    iban="FR76 3000 6000 0112 3456 7890 189",
    bic="AGRIFRPP",
)
PROFESSIONNEL = Destinataire(
    nom="SCI Les Terrasses d’Évian",
    adresse=Adresse(ligne1="3 avenue du Port", code_postal="74500", ville="Évian-les-Bains"),
    type="PROFESSIONNEL",
    siren="404833048",
    siret="40483304800022",
    numero_tva="FR83404833048",
)
PARTICULIER = Destinataire(
    nom="Mme Anaïs Lefèvre",
    adresse=Adresse(
        ligne1="8 impasse du Lavoir", code_postal="49124", ville="Le Plessis-Grammoire"
    ),
    type="PARTICULIER",
)
PUBLIC = Destinataire(
    nom="Commune de Trélazé",
    adresse=Adresse(ligne1="Place Olivier-Couffon", code_postal="49800", ville="Trélazé"),
    type="PUBLIC",
    siren="214903536",
    siret="21490353600011",
)
MENTIONS = [
    Mention(code="ESCOMPTE", texte="Pas d’escompte pour paiement anticipé."),
    Mention(
        code="PENALITES",
        texte="Pénalités de retard : taux de la Banque centrale européenne majoré de 10 points.",
    ),
    Mention(
        code="INDEMNITE_40",
        texte="Indemnité forfaitaire pour frais de recouvrement : 40 €.",
    ),
    Mention(
        code="ASSURANCE",
        texte=(
            "Assurance responsabilité décennale : Mutuelle Exemple, 1 place du Bâtiment, "
            "75000 Paris, contrat n° 7412-88421, couverture : France métropolitaine."
        ),
    ),
]


def arrondi(montant: Decimal) -> Decimal:
    """To the cent, halves away from zero."""
    return montant.quantize(CENT, ROUND_HALF_UP)


def un_lot(numero: str, designation: str, montant: str, *, niveau: int = 0) -> LigneDocument:
    """A lot and its subtotal."""
    return LigneDocument(
        type=TypeLigne.LOT,
        numero=numero,
        designation=designation,
        niveau=niveau,
        montant_ht=Decimal(montant),
    )


def une_ligne(
    prix: str = "100",
    quantite: str = "1",
    *,
    taux: str = "20",
    remise: str = "0",
    **champs: Any,
) -> LigneDocument:
    """A priced row, its amount computed unless given."""
    brut = Decimal(prix) * Decimal(quantite) * (1 - Decimal(remise) / 100)
    valeurs: dict[str, Any] = {
        "type": TypeLigne.LIGNE,
        "designation": "Fourniture et pose",
        "unite": "u",
        "montant_ht": arrondi(brut),
    }
    return LigneDocument(
        prix_unitaire_ht=Decimal(prix),
        quantite=Decimal(quantite),
        taux_tva=Decimal(taux),
        remise=Decimal(remise),
        **valeurs | champs,
    )


def un_texte(texte: str) -> LigneDocument:
    """A text between two rows."""
    return LigneDocument(type=TypeLigne.TEXTE, designation=texte)


def une_deduction(prix: str, *, taux: str = "20", acompte: str = "FAC-2026-001") -> LigneDocument:
    """An acompte taken back at one rate."""
    return une_ligne(
        prix,
        "-1",
        taux=taux,
        type=TypeLigne.DEDUCTION,
        designation=f"Acompte déjà facturé ({acompte})",
    )


def un_document(
    lignes: Iterable[LigneDocument] = (),
    *,
    genre: Genre = Genre.FACTURE,
    remise: str = "0",
    categorie: CategorieTva | None = None,
    **champs: Any,
) -> Document:
    """A document whose totals agree with its rows."""
    rangees = list(lignes) or [une_ligne()]
    tva = _tva(rangees, Decimal(remise), categorie)
    total = sum((taxe.base_ht + taxe.remise_ht for taxe in tva), Decimal(0))
    ht = total - Decimal(remise)
    taxes = sum((taxe.montant_tva for taxe in tva), Decimal(0))
    valeurs: dict[str, Any] = {
        "numero": "DEV-2026-042" if genre is Genre.DEVIS else "FAC-2026-042",
        "date_emission": date(2026, 11, 21),
        "date_echeance": None if genre is Genre.DEVIS else date(2026, 12, 21),
        "emetteur": EMETTEUR,
        "destinataire": PROFESSIONNEL,
        "objet": "Réfection de la toiture",
        "mentions": MENTIONS,
        "conditions": "Paiement à 30 jours, par virement.",
        "code_type": {Genre.ACOMPTE: "386", Genre.AVOIR: "381"}.get(genre, "380"),
        "autoliquidation": categorie is CategorieTva.AE,
    }
    return Document(
        genre=genre,
        lignes=rangees,
        tva=tva,
        total_lignes_ht=total,
        remise_ht=Decimal(remise),
        montant_ht=ht,
        montant_tva=taxes,
        montant_ttc=ht + taxes,
        **valeurs | champs,
    )


def _tva(
    rangees: list[LigneDocument], remise: Decimal, categorie: CategorieTva | None
) -> list[TvaDocument]:
    """VAT per rate, the global discount shared by largest remainder."""
    bases: dict[Decimal, Decimal] = {}
    for ligne in rangees:
        if ligne.type in (TypeLigne.LIGNE, TypeLigne.DEDUCTION):
            taux = Decimal(0) if categorie else (ligne.taux_tva or Decimal(0))
            bases[taux] = bases.get(taux, Decimal(0)) + (ligne.montant_ht or Decimal(0))
    parts = _partager(remise, bases)
    return [
        TvaDocument(
            categorie=categorie or (CategorieTva.S if taux else CategorieTva.Z),
            taux=taux,
            base_ht=base - parts[taux],
            montant_tva=arrondi((base - parts[taux]) * taux / 100),
            remise_ht=parts[taux],
            motif={
                CategorieTva.AE: "Autoliquidation",
                CategorieTva.E: "TVA non applicable, art. 293 B du CGI",
            }.get(categorie or CategorieTva.S, ""),
        )
        for taux, base in sorted(bases.items(), reverse=True)
    ]


def _partager(remise: Decimal, bases: dict[Decimal, Decimal]) -> dict[Decimal, Decimal]:
    total = sum(bases.values(), Decimal(0))
    if not remise or not total:
        return dict.fromkeys(bases, Decimal(0))
    exactes = {taux: remise * base / total for taux, base in bases.items()}
    parts = {taux: (part // CENT) * CENT for taux, part in exactes.items()}
    manque = int((remise - sum(parts.values(), Decimal(0))) / CENT)
    for taux in sorted(exactes, key=lambda taux: parts[taux] - exactes[taux])[:manque]:
        parts[taux] += CENT
    return parts
