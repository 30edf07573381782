"""Devis as the API sends and receives them; the pages' editor speaks the same JSON."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, Field, model_serializer, model_validator

from cordeau.core.money import ZERO
from cordeau.core.texte import nettoyer
from cordeau.core.totaux import Remise, Totaux
from cordeau.devis.commands.redaction import CHAMPS_SIMPLES, SaisieDevis
from cordeau.devis.models import Devis
from cordeau.devis.rules import Chiffrage, LigneRangee, LigneSaisie, Marge
from cordeau.devis.states import CHIFFREES, StatutDevis, TypeLigne, Unite
from cordeau.web.schemas import (
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

    email_client: Ligne = Field(default="", examples=["jean.dupont@example.com"])
    message: Paragraphe = ""


class AcceptationSaisie(Schema):
    """What came with the client's agreement."""

    attestation_signee: bool | None = None


class AttestationSaisie(Schema):
    """Whether the certificate for reduced rates is signed."""

    attestation_signee: bool = True


class RefusSaisie(Schema):
    """Why the client declined."""

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


def sans_zeros(valeur: Decimal | None, decimales: int = 0) -> Decimal | None:
    """`exact`, for what may be absent."""
    return None if valeur is None else exact(valeur, decimales)


def exact(valeur: Decimal, decimales: int = 0) -> Decimal:
    """A number as people write it: no trailing zero beyond `decimales`."""
    courte = valeur.normalize()
    exposant = courte.as_tuple().exponent
    if not isinstance(exposant, int) or -exposant < decimales:
        return valeur.quantize(Decimal(1).scaleb(-decimales))
    return courte if exposant <= 0 else courte.quantize(Decimal(1))


def resume(devis: Devis) -> dict[str, Any]:
    """The fields of a devis in a list."""
    return {
        "id": devis.id,
        "numero": devis.numero,
        "client": devis.client.nom,
        "client_id": devis.client_id,
        "chantier": devis.chantier.nom if devis.chantier else None,
        "chantier_id": devis.chantier_id,
        "objet": devis.objet,
        "date_emission": devis.date_emission,
        "date_validite": devis.date_validite,
        "statut": StatutDevis(devis.statut),
        "version": devis.version,
        "montant_ht": devis.montant_ht,
        "montant_tva": devis.montant_tva,
        "montant_ttc": devis.montant_ttc,
    }


def ligne_schema(rangee: LigneRangee, *, couts: bool) -> LigneDevisSchema:
    """A computed row; without `couts`, its cost is left out."""
    saisie = rangee.saisie
    cout = sans_zeros(saisie.cout_unitaire_ht, 2) if couts else None
    return LigneDevisSchema.model_construct(
        id=saisie.cle,
        type=saisie.type,
        parent_id=saisie.parent,
        numero=rangee.numero,
        designation=saisie.designation,
        description=saisie.description,
        quantite=sans_zeros(saisie.quantite),
        unite=saisie.unite,
        prix_unitaire_ht=sans_zeros(saisie.prix_unitaire_ht, 2),
        remise=exact(saisie.remise),
        taux_tva=sans_zeros(rangee.taux_tva, 2),
        cout_unitaire_ht=cout,
        montant_ht=rangee.montant_ht,
    )


def tva_schema(totaux: Totaux) -> list[TvaSchema]:
    """The VAT table."""
    return [
        TvaSchema.model_construct(
            taux=exact(t.taux, 2), base_ht=t.base_ht, montant_tva=t.montant_tva
        )
        for t in totaux.par_taux
    ]


def marge_schema(marge: Marge) -> MargeSchema:
    """A margin."""
    return MargeSchema.model_construct(
        montant=marge.montant, taux=marge.taux, lignes_sans_cout=marge.lignes_sans_cout
    )


def chiffrage_schema(chiffrage: Chiffrage, *, couts: bool) -> ChiffrageSchema:
    """What the editor shows while one types."""
    totaux = chiffrage.totaux
    lots: Mapping[str, MargeSchema] = {
        str(cle): marge_schema(marge) for cle, marge in chiffrage.marge_par_lot.items()
    }
    return ChiffrageSchema.model_construct(
        lignes=[ligne_schema(r, couts=couts) for r in chiffrage.lignes],
        remise_ht=totaux.remise_ht,
        options_ht=chiffrage.options_ht,
        montant_ht=totaux.montant_ht,
        montant_tva=totaux.montant_tva,
        montant_ttc=totaux.montant_ttc,
        tva=tva_schema(totaux),
        marge=marge_schema(chiffrage.marge) if couts else None,
        marge_par_lot=dict(lots) if couts else None,
    )


def devis_schema(
    devis: Devis, chiffrage: Chiffrage, avertissements: list[str], *, couts: bool
) -> DevisSchema:
    """A devis, whole."""
    remise = RemiseSchema.model_construct(
        pourcentage=sans_zeros(devis.remise_pourcentage), montant=devis.remise_montant
    )
    vide = devis.remise_pourcentage is None and devis.remise_montant is None
    return DevisSchema.model_construct(
        **resume(devis),
        taux_tva=exact(devis.taux_tva, 2),
        remise=None if vide else remise,
        autoliquidation=devis.autoliquidation,
        **{nom: getattr(devis, nom) for nom in CHAMPS_SIMPLES if nom != "objet"},
        lignes=[ligne_schema(r, couts=couts) for r in chiffrage.lignes],
        remise_ht=chiffrage.totaux.remise_ht,
        options_ht=chiffrage.options_ht,
        tva=tva_schema(chiffrage.totaux),
        marge=marge_schema(chiffrage.marge) if couts else None,
        avertissements=avertissements,
    )
