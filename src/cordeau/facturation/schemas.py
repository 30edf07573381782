"""Factures and règlements as the API sends and receives them."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, Field

from cordeau.core.totaux import Remise
from cordeau.devis.schemas import (
    LigneDevisSaisie,
    Optionnel,
    RemiseSchema,
    TvaSchema,
)
from cordeau.devis.sorties import exact, sans_zeros
from cordeau.facturation.commands.brouillon import CHAMPS_SIMPLES, SaisieFacture
from cordeau.facturation.commands.depuis_devis import Demande
from cordeau.facturation.models import Facture, LigneFacture, Reglement
from cordeau.facturation.states import (
    ModeReglement,
    StatutFacture,
    StatutPaiement,
    TypeFacture,
    TypeLigneFacture,
    echeance_opposable,
    statut_paiement,
)
from cordeau.web.schemas import (
    IDENTIFIANT,
    JourSaisi,
    Ligne,
    MontantSorti,
    MontantStrict,
    Nombre,
    Paragraphe,
    PourcentageSaisi,
    QuantiteSaisie,
    Schema,
    exemple,
    lire_nombre,
)

PartSaisie = Annotated[Decimal, BeforeValidator(lire_nombre), Field(gt=0, le=100, decimal_places=4)]


class FactureSaisie(Schema):
    """A free facture to create or change; in a change, what is left out keeps its value."""

    model_config = exemple(
        clientId=IDENTIFIANT,
        objet="Dépannage du 3 mars",
        lignes=[
            {"designation": "Main d’œuvre", "quantite": 2, "unite": "HEURE", "prixUnitaireHT": 52}
        ],
    )

    client_id: UUID | None = None
    chantier_id: Annotated[UUID | None, Optionnel] = None
    objet: Ligne = ""
    date_echeance: Annotated[JourSaisi | None, Optionnel] = None
    date_prestation: Annotated[JourSaisi | None, Optionnel] = None
    reference_commande: Ligne = ""
    reference_acheteur: Ligne = ""
    conditions: Paragraphe = ""
    attestation_signee: bool = False
    taux_tva: PourcentageSaisi = Field(default=Decimal(20), alias="tauxTVA")
    remise: RemiseSchema | None = None
    autoliquidation: bool = False
    lignes: Annotated[list[LigneDevisSaisie], Field(max_length=5000)] = []  # noqa: RUF012 (pydantic copies it)

    def en_saisie(self) -> SaisieFacture:
        """As the commands take it."""
        donnes = self.model_fields_set
        return SaisieFacture(
            client_id=self.client_id,
            chantier_id=self.chantier_id,
            taux_tva=self.taux_tva if "taux_tva" in donnes else None,
            remise=self.remise.en_remise() if self.remise else Remise(),
            autoliquidation=self.autoliquidation,
            lignes=[ligne.en_ligne(rang) for rang, ligne in enumerate(self.lignes)],
            simples={nom: getattr(self, nom) for nom in CHAMPS_SIMPLES if nom in donnes},
            donnes=frozenset(donnes),
        )


class LigneChoisie(Schema):
    """A row to bill or credit, and how much of it."""

    ligne_id: UUID
    quantite: QuantiteSaisie


class DepuisDevisSaisie(Schema):
    """What to bill of a devis; nothing given bills all that remains."""

    model_config = exemple(type="ACOMPTE", pourcentage=30)

    type: TypeFacture = TypeFacture.FACTURE
    pourcentage: Annotated[PartSaisie | None, Optionnel] = None
    lignes: Annotated[list[LigneChoisie], Field(min_length=1, max_length=5000)] = []  # noqa: RUF012 (pydantic copies it)

    def en_demande(self) -> Demande:
        """As the commands take it."""
        return Demande(
            type=self.type,
            pourcentage=self.pourcentage,
            lignes=[(ligne.ligne_id, ligne.quantite) for ligne in self.lignes],
        )


class AvoirSaisie(Schema):
    """What to credit; nothing given credits all that is left."""

    model_config = exemple(lignes=[{"ligneId": IDENTIFIANT, "quantite": 1}])

    lignes: Annotated[list[LigneChoisie], Field(min_length=1, max_length=5000)] = []  # noqa: RUF012 (pydantic copies it)


class ReglementSaisie(Schema):
    """Money received."""

    model_config = exemple(date="2025-10-15", montant=1200.50, mode="CHEQUE", reference="n° 4711")

    date: Annotated[JourSaisi | None, Optionnel] = None
    montant: MontantStrict
    mode: ModeReglement = ModeReglement.VIREMENT
    reference: Ligne = ""


class ImputationSaisie(Schema):
    """The part of a payment that goes to one document; none: the opening balance."""

    facture_id: UUID | None = None
    montant: MontantStrict


class ReglementMultipleSaisie(Schema):
    """One payment over several documents of a client."""

    model_config = exemple(
        clientId=IDENTIFIANT,
        mode="VIREMENT",
        imputations=[{"factureId": IDENTIFIANT, "montant": 1200.50}],
    )

    client_id: UUID
    date: Annotated[JourSaisi | None, Optionnel] = None
    mode: ModeReglement = ModeReglement.VIREMENT
    reference: Ligne = ""
    imputations: Annotated[list[ImputationSaisie], Field(min_length=1, max_length=500)]


class AnnulationSaisie(Schema):
    """Why a règlement is reversed."""

    model_config = exemple(motif="Chèque refusé")

    motif: Ligne = ""


class LigneFactureSchema(Schema):
    """A row of a facture."""

    id: UUID
    type: TypeLigneFacture
    numero: str
    ligne_devis_id: UUID | None
    designation: str
    description: str
    quantite: Nombre | None
    unite: str
    prix_unitaire_ht: Nombre | None = Field(alias="prixUnitaireHT")
    remise: Nombre
    taux_tva: Nombre | None = Field(alias="tauxTVA")
    montant_ht: MontantSorti | None = Field(alias="montantHT")


class FactureResumeSchema(Schema):
    """A document in a list."""

    id: UUID
    numero: str | None = Field(examples=["FAC-2026-001"])
    type: TypeFacture
    statut: StatutFacture
    statut_paiement: StatutPaiement
    client: str
    client_id: UUID
    devis_id: UUID | None
    chantier_id: UUID | None
    facture_origine_id: UUID | None
    objet: str
    date_emission: dt.date | None
    date_echeance: dt.date | None
    montant_ht: MontantSorti = Field(alias="montantHT")
    montant_tva: MontantSorti = Field(alias="montantTVA")
    montant_ttc: MontantSorti = Field(alias="montantTTC")
    reste_a_payer: MontantSorti


class FactureSchema(FactureResumeSchema):
    """A document, whole."""

    date_prestation: dt.date | None
    reference_commande: str
    reference_acheteur: str
    conditions: str
    attestation_signee: bool
    taux_tva: Nombre = Field(alias="tauxTVA")
    autoliquidation: bool
    remise: RemiseSchema | None
    remise_ht: MontantSorti = Field(alias="remiseHT")
    lignes: list[LigneFactureSchema]
    tva: list[TvaSchema]


class ReglementSchema(Schema):
    """A règlement; on a document, `montant` is the part that settles it."""

    id: UUID
    date: dt.date
    montant: MontantSorti
    mode: ModeReglement
    reference: str
    annule_id: UUID | None = Field(description="Le règlement que cette écriture annule.")
    annule: bool = Field(description="Vrai quand une écriture inverse l’annule.")


def resume(facture: Facture, le: dt.date) -> dict[str, Any]:
    """The fields of a document in a list."""
    reste = facture.reste_a_payer
    return {
        "id": facture.id,
        "numero": facture.numero,
        "type": TypeFacture(facture.type),
        "statut": StatutFacture(facture.statut),
        "statut_paiement": paiement(facture, le),
        "client": facture.client_nom,
        "client_id": facture.client_id,
        "devis_id": facture.devis_id,
        "chantier_id": facture.chantier_id,
        "facture_origine_id": facture.facture_origine_id,
        "objet": facture.objet,
        "date_emission": facture.date_emission,
        "date_echeance": facture.date_echeance,
        "montant_ht": facture.montant_ht,
        "montant_tva": facture.montant_tva,
        "montant_ttc": facture.montant_ttc,
        "reste_a_payer": reste,
    }


def paiement(facture: Facture, le: dt.date) -> StatutPaiement:
    """How its payment stands; a draft asks for nothing yet."""
    if facture.statut == StatutFacture.BROUILLON:
        return StatutPaiement.IMPAYE
    echeance = echeance_opposable(facture.type, facture.date_echeance)
    return statut_paiement(facture.reste_a_payer, facture.montant_ttc, echeance, le)


def ligne_schema(ligne: LigneFacture) -> LigneFactureSchema:
    """A row."""
    return LigneFactureSchema.model_construct(
        id=ligne.id,
        type=TypeLigneFacture(ligne.type),
        numero=ligne.numero,
        ligne_devis_id=ligne.ligne_devis_id,
        designation=ligne.designation,
        description=ligne.description,
        quantite=sans_zeros(ligne.quantite),
        unite=ligne.unite,
        prix_unitaire_ht=sans_zeros(ligne.prix_unitaire_ht, 2),
        remise=exact(ligne.remise),
        taux_tva=sans_zeros(ligne.taux_tva, 2),
        montant_ht=ligne.montant_ht,
    )


def facture_schema(facture: Facture, le: dt.date) -> FactureSchema:
    """A document, whole."""
    vide = facture.remise_pourcentage is None and facture.remise_montant is None
    remise = RemiseSchema.model_construct(
        pourcentage=sans_zeros(facture.remise_pourcentage), montant=facture.remise_montant
    )
    return FactureSchema.model_construct(
        **resume(facture, le),
        date_prestation=facture.date_prestation,
        reference_commande=facture.reference_commande,
        reference_acheteur=facture.reference_acheteur,
        conditions=facture.conditions,
        attestation_signee=facture.attestation_signee,
        taux_tva=exact(facture.taux_tva, 2),
        autoliquidation=facture.autoliquidation,
        remise=None if vide else remise,
        remise_ht=facture.remise_ht,
        lignes=[ligne_schema(ligne) for ligne in facture.lignes],
        tva=[
            TvaSchema.model_construct(
                taux=exact(t.taux, 2), base_ht=t.base_ht, montant_tva=t.montant_tva
            )
            for t in facture.tva
        ],
    )


def reglement_schema(reglement: Reglement, montant: Decimal, annules: set[UUID]) -> ReglementSchema:
    """A règlement and the part of it that matters here."""
    return ReglementSchema.model_construct(
        id=reglement.id,
        date=reglement.date,
        montant=montant,
        mode=ModeReglement(reglement.mode),
        reference=reglement.reference,
        annule_id=reglement.annule_id,
        annule=reglement.id in annules,
    )
