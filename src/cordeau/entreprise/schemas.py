"""The firm as the API, the page and `cordeau entreprise set` write and read it."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from cordeau.core import identifiants
from cordeau.core.adresse import Adresse
from cordeau.entreprise.models import Entreprise
from cordeau.entreprise.states import RegimeTva
from cordeau.web.schemas import (
    Code,
    JourSaisi,
    Ligne,
    MontantSaisi,
    Paragraphe,
    PourcentageSaisi,
    Schema,
    exemple,
    vide_en_none,
)

Siren = Annotated[Ligne, AfterValidator(identifiants.siren)]
Siret = Annotated[Ligne, AfterValidator(identifiants.siret)]
NumeroTva = Annotated[Ligne, AfterValidator(identifiants.numero_tva)]
Iban = Annotated[Ligne, AfterValidator(identifiants.iban)]
Courriel = Annotated[Ligne, AfterValidator(identifiants.courriel)]
Bic = Annotated[Ligne, AfterValidator(identifiants.bic)]


class AdresseSchema(Schema):
    """A postal address."""

    ligne1: Ligne = ""
    ligne2: Ligne = ""
    code_postal: Annotated[Code, Field(max_length=20)] = ""
    ville: Ligne = ""
    pays: Annotated[str, Field(pattern=r"^[A-Z]{2}$", examples=["FR"])] = "FR"

    def en_adresse(self) -> Adresse:
        """As models keep it."""
        return Adresse(**self.model_dump())


class EntrepriseSchema(Schema):
    """Every field of the firm; those left out of a `PUT` keep their value."""

    model_config = exemple(
        nom="Guérin & Fils",
        siret="73282932000074",
        numeroTva="FR44732829320",
        adresse={"ligne1": "8 quai Gambetta", "codePostal": "49000", "ville": "Angers"},
    )

    nom: Ligne = ""
    forme_juridique: Code = ""
    capital: Annotated[MontantSaisi | None, BeforeValidator(vide_en_none)] = None
    siren: Siren = Field(default="", examples=["732829320"])
    siret: Siret = ""
    numero_tva: NumeroTva = Field(default="", alias="numeroTva")
    rcs: Ligne = ""
    code_ape: Code = ""
    adresse: AdresseSchema = AdresseSchema()
    telephone: Code = ""
    email: Courriel = ""
    site: Ligne = ""
    assureur: Ligne = ""
    assureur_adresse: Ligne = ""
    assurance_police: Code = ""
    assurance_zone: Ligne = ""
    assurance_echeance: Annotated[JourSaisi | None, BeforeValidator(vide_en_none)] = None
    mediateur: Ligne = ""
    mediateur_site: Ligne = ""
    iban: Iban = ""
    bic: Bic = ""
    regime_tva: RegimeTva = Field(default=RegimeTva.ENCAISSEMENTS, alias="regimeTva")
    taux_tva_defaut: PourcentageSaisi = Field(default=Decimal(20), alias="tauxTVADefaut")
    delai_paiement: Annotated[int, Field(ge=0, le=120)] = 30
    duree_validite: Annotated[int, Field(ge=1, le=365)] = 30
    conditions: Paragraphe = ""
    courriel_ancres: Courriel = ""

    @model_validator(mode="after")
    def _siret_suit_siren(self) -> "EntrepriseSchema":
        if self.siren and self.siret and not self.siret.startswith(self.siren):
            raise ValueError("Le SIRET doit commencer par le SIREN.")
        return self

    def champs(self) -> dict[str, Any]:
        """What was given, as columns."""
        donnes: dict[str, Any] = {nom: getattr(self, nom) for nom in self.model_fields_set}
        if "adresse" in donnes:
            donnes["adresse"] = self.adresse.en_adresse()
        return donnes


def entreprise_schema(entreprise: Entreprise) -> EntrepriseSchema:
    """The firm as it is kept."""
    valeurs = {nom: getattr(entreprise, nom) for nom in EntrepriseSchema.model_fields}
    valeurs["adresse"] = AdresseSchema.model_construct(None, **entreprise.adresse.en_dict())
    valeurs["regime_tva"] = RegimeTva(entreprise.regime_tva)
    return EntrepriseSchema.model_construct(**valeurs)
