"""Devis as the API sends and receives them; the pages' editor speaks the same JSON."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, Field, model_serializer, model_validator

from cordeau.core.money import ZERO
from cordeau.core.texte import nettoyer
from cordeau.core.totaux import Remise
from cordeau.devis.commands.redaction import CHAMPS_SIMPLES, SaisieDevis
from cordeau.devis.rules import LigneSaisie
from cordeau.devis.states import CHIFFREES, StatutDevis, TypeLigne, Unite
from cordeau.web.schemas import (
    IDENTIFIANT,
    JourSaisi,
    Ligne,
    MontantSaisi,
    MontantSorti,
    Nombre,
    Paragraphe,
    PourcentageSaisi,
    PrixSaisi,
    QuantiteSaisie,
    Schema,
    exemple,
    vide_en_none,
)

CENTIEME = Decimal("0.01")


def _uuid_or_text(value: Any) -> Any:
    """A row's identifier: a UUID when it reads as one, else any short text."""
    if not isinstance(value, str):
        return value
    try:
        return UUID(value)
    except ValueError:
        return nettoyer(value)[:64] or None


Identite = Annotated[UUID | str, BeforeValidator(_uuid_or_text), Field(examples=["lot-1"])]
Optionnel = BeforeValidator(vide_en_none)


class RemiseSchema(Schema):
    """Global discount: a percentage or an amount."""

    pourcentage: Annotated[PourcentageSaisi | None, Optionnel] = None
    montant: Annotated[MontantSaisi | None, Optionnel] = None

    @model_validator(mode="after")
    def _un_seul(self) -> "RemiseSchema":
        if self.pourcentage is not None and self.montant is not None:
            raise ValueError("Donnez un pourcentage ou un montant, pas les deux.")
        return self

    @model_serializer(mode="wrap")
    def _sans_vide(self, handler: Any) -> dict[str, Any]:
        """Only the part that was given."""
        return {nom: valeur for nom, valeur in handler(self).items() if valeur is not None}

    def en_remise(self) -> Remise:
        """As the rules take it."""
        return Remise(pourcentage=self.pourcentage, montant=self.montant)


class LigneDevisSaisie(Schema):
    """A row of a devis. `id` may be chosen by the caller so that `parentId` can name it."""

    id: Identite | None = None
    type: TypeLigne = TypeLigne.LIGNE
    parent_id: Identite | None = None
    designation: Annotated[Paragraphe, Field(max_length=2000)] = ""
    description: Paragraphe = ""
    quantite: Annotated[QuantiteSaisie | None, Optionnel] = None
    unite: Unite = Unite.UNITE
    prix_unitaire_ht: Annotated[PrixSaisi | None, Optionnel] = Field(
        default=None, alias="prixUnitaireHT"
    )
    remise: PourcentageSaisi = ZERO
    taux_tva: Annotated[PourcentageSaisi | None, Optionnel] = Field(default=None, alias="tauxTVA")
    cout_unitaire_ht: Annotated[PrixSaisi | None, Optionnel] = Field(
        default=None, alias="coutUnitaireHT"
    )

    def en_ligne(self, rang: int) -> LigneSaisie:
        """As the rules take it; a row without identifier is known by its rank."""
        chiffree = self.type in CHIFFREES
        return LigneSaisie(
            cle=rang if self.id is None else self.id,
            type=self.type,
            designation=self.designation,
            parent=self.parent_id,
            description=self.description,
            quantite=self.quantite if chiffree else None,
            unite=self.unite,
            prix_unitaire_ht=self.prix_unitaire_ht if chiffree else None,
            remise=self.remise if chiffree else ZERO,
            taux_tva=self.taux_tva if chiffree else None,
            cout_unitaire_ht=self.cout_unitaire_ht if chiffree else None,
        )


class DevisSaisie(Schema):
    """A devis to create or change; in a change, what is left out keeps its value."""

    model_config = exemple(
        clientId=IDENTIFIANT,
        dateEmission="2025-10-01",
        dateValidite="2025-11-01",
        tauxTVA=20,
        lignes=[
            {
                "designation": "Maçonnerie murs porteurs",
                "quantite": 45,
                "unite": "METRE_CARRE",
                "prixUnitaireHT": 120,
            }
        ],
    )

    client_id: UUID | None = None
    chantier_id: Annotated[UUID | None, Optionnel] = None
    objet: Ligne = ""
    date_emission: Annotated[JourSaisi | None, Optionnel] = None
    date_validite: Annotated[JourSaisi | None, Optionnel] = None
    taux_tva: PourcentageSaisi = Field(default=Decimal(20), alias="tauxTVA")
    remise: RemiseSchema | None = None
    autoliquidation: bool = False
    attestation_signee: bool = False
    date_debut_travaux: Annotated[JourSaisi | None, Optionnel] = None
    duree_travaux: Ligne = ""
    hors_etablissement: bool = False
    dechets_quantite: Ligne = ""
    dechets_gestion: Ligne = ""
    dechets_collecte: Ligne = ""
    dechets_cout: Ligne = ""
    conditions: Paragraphe = ""
    lignes: Annotated[list[LigneDevisSaisie], Field(max_length=5000)] = []  # noqa: RUF012 (pydantic copies it)

    def en_saisie(self) -> SaisieDevis:
        """As the commands take it."""
        donnes = self.model_fields_set
        return SaisieDevis(
            client_id=self.client_id,
            chantier_id=self.chantier_id,
            date_emission=self.date_emission,
            date_validite=self.date_validite,
            taux_tva=self.taux_tva if "taux_tva" in donnes else None,
            remise=self.remise.en_remise() if self.remise else Remise(),
            autoliquidation=self.autoliquidation,
            lignes=[ligne.en_ligne(rang) for rang, ligne in enumerate(self.lignes)],
            simples={nom: getattr(self, nom) for nom in CHAMPS_SIMPLES if nom in donnes},
            donnes=frozenset(donnes),
        )


class EnvoiSaisie(Schema):
    """How to send; everything may be left out."""

    model_config = exemple(emailClient="jean.dupont@example.com", message="Bonjour,")

    email_client: Ligne = Field(default="", examples=["jean.dupont@example.com"])
    message: Paragraphe = ""


class AcceptationSaisie(Schema):
    """What came with the client's agreement."""

    model_config = exemple(attestationSignee=True)

    attestation_signee: bool | None = None


class AttestationSaisie(Schema):
    """Whether the certificate for reduced rates is signed."""

    model_config = exemple(attestationSignee=True)

    attestation_signee: bool = True


class RefusSaisie(Schema):
    """Why the client declined."""

    model_config = exemple(motif="Budget dépassé")

    motif: Ligne = ""


class LigneDevisSchema(Schema):
    """A row, computed."""

    id: Any = Field(json_schema_extra={"type": "string", "format": "uuid"})
    type: TypeLigne
    parent_id: Any = Field(json_schema_extra={"type": ["string", "null"], "format": "uuid"})
    numero: str = Field(description="« 1.2 », vide pour un texte ou un sous-total.")
    designation: str
    description: str
    quantite: Nombre | None
    unite: Unite
    prix_unitaire_ht: Nombre | None = Field(alias="prixUnitaireHT")
    remise: Nombre
    taux_tva: Nombre | None = Field(alias="tauxTVA")
    cout_unitaire_ht: Nombre | None = Field(default=None, alias="coutUnitaireHT")
    montant_ht: MontantSorti | None = Field(alias="montantHT")


class TvaSchema(Schema):
    """One rate of the VAT table."""

    taux: Nombre
    base_ht: MontantSorti = Field(alias="baseHT")
    montant_tva: MontantSorti = Field(alias="montantTVA")


class MargeSchema(Schema):
    """Margin over the rows whose cost is known."""

    montant: MontantSorti
    taux: Nombre | None
    lignes_sans_cout: int


class ChiffrageSchema(Schema):
    """The live totals of the editor."""

    lignes: list[LigneDevisSchema]
    remise_ht: MontantSorti = Field(alias="remiseHT")
    options_ht: MontantSorti = Field(alias="optionsHT")
    montant_ht: MontantSorti = Field(alias="montantHT")
    montant_tva: MontantSorti = Field(alias="montantTVA")
    montant_ttc: MontantSorti = Field(alias="montantTTC")
    tva: list[TvaSchema]
    marge: MargeSchema | None = None
    marge_par_lot: dict[str, MargeSchema] | None = None


class DevisResumeSchema(Schema):
    """A devis in a list."""

    id: UUID
    numero: str = Field(examples=["DEV-2025-001"])
    client: str
    client_id: UUID
    chantier: str | None
    chantier_id: UUID | None
    objet: str
    date_emission: date
    date_validite: date | None
    statut: StatutDevis
    version: int
    montant_ht: MontantSorti = Field(alias="montantHT")
    montant_tva: MontantSorti = Field(alias="montantTVA")
    montant_ttc: MontantSorti = Field(alias="montantTTC")


class DevisSchema(DevisResumeSchema):
    """A devis, whole."""

    taux_tva: Nombre = Field(alias="tauxTVA")
    remise: RemiseSchema | None
    autoliquidation: bool
    attestation_signee: bool
    date_debut_travaux: date | None
    duree_travaux: str
    hors_etablissement: bool
    dechets_quantite: str
    dechets_gestion: str
    dechets_collecte: str
    dechets_cout: str
    conditions: str
    lignes: list[LigneDevisSchema]
    remise_ht: MontantSorti = Field(alias="remiseHT")
    options_ht: MontantSorti = Field(alias="optionsHT")
    tva: list[TvaSchema]
    marge: MargeSchema | None = None
    avertissements: list[str] = Field(default_factory=list)


#: What who may not see costs does not get.
SANS_COUTS: dict[str, Any] = {
    "marge": True,
    "marge_par_lot": True,
    "lignes": {"__all__": {"cout_unitaire_ht"}},
}


class StatistiquesSchema(Schema):
    """How devis fare."""

    total: int
    par_statut: dict[str, int]
    montant_ht_accepte: MontantSorti = Field(alias="montantHTAccepte")
    taux_acceptation: Nombre | None
