"""Clients as the API sends and receives them."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from cordeau.clients.models import Client, Contact, Site
from cordeau.clients.queries import FiltresClient
from cordeau.clients.states import TypeClient
from cordeau.core import identifiants
from cordeau.core.adresse import Adresse
from cordeau.entreprise.schemas import AdresseSchema, NumeroTva, Siren, Siret
from cordeau.web.adresse import lu_dans_l_adresse
from cordeau.web.schemas import (
    Code,
    JourSaisi,
    Ligne,
    LigneRequise,
    MontantSorti,
    Nombre,
    Paragraphe,
    Schema,
    exemple,
    vide_en_none,
)

DELAI_MAX = 120
ELEMENTS_MAX = 200
SOLDE_MAX = Decimal(10_000_000_000)


def _adresse_en_texte(valeur: Any) -> Any:
    """An address sent as plain text is its first line."""
    return {"ligne1": valeur} if isinstance(valeur, str) else valeur


Email = Annotated[Ligne, AfterValidator(identifiants.courriel)]
AdresseSaisie = Annotated[AdresseSchema, BeforeValidator(_adresse_en_texte)]
Delai = Annotated[Annotated[int, Field(ge=0, le=DELAI_MAX)] | None, BeforeValidator(vide_en_none)]
Solde = Annotated[
    Annotated[Nombre, Field(gt=-SOLDE_MAX, lt=SOLDE_MAX, decimal_places=2)] | None,
    BeforeValidator(vide_en_none),
]
Jour = Annotated[JourSaisi | None, BeforeValidator(vide_en_none)]


class ContactSchema(Schema):
    """A person to talk to at a client's; `id` names the one to change."""

    id: UUID | None = None
    nom: LigneRequise
    fonction: Ligne = ""
    email: Email = ""
    telephone: Code = ""


class SiteSchema(Schema):
    """An address where works may take place; `id` names the one to change."""

    id: UUID | None = None
    nom: LigneRequise
    adresse: AdresseSaisie = AdresseSchema()

    def champs(self) -> dict[str, Any]:
        """As columns."""
        return {"id": self.id, "nom": self.nom, "adresse": self.adresse.en_adresse()}


class ClientModification(Schema):
    """What a `PUT` may change; a field left out, or null, keeps its value.

    `delaiPaiement` and `soldeOuverture` are erased by null; `contacts` and `sites` are replaced
    whole.
    """

    model_config = exemple(
        nom="Constructeo",
        type="PROFESSIONNEL",
        siret="73282932000074",
        adresse={"ligne1": "12 rue des Tilleuls", "codePostal": "49000", "ville": "Angers"},
    )

    nom: LigneRequise = Field(default="", examples=["Constructeo"])
    type: TypeClient = TypeClient.PARTICULIER
    email: Email = Field(default="", examples=["contact@constructeo.fr"])
    telephone: Code = Field(default="", examples=["0123456789"])
    adresse: AdresseSaisie = Field(default=AdresseSchema(), description="Adresse de facturation.")
    siren: Siren = Field(default="", examples=["732829320"])
    siret: Siret = Field(default="", examples=["73282932000074"])
    numero_tva: NumeroTva = Field(default="", alias="numeroTva", examples=["FR44732829320"])
    code_jde: Code = Field(default="", examples=["CLI001"])
    delai_paiement: Delai = Field(
        default=None, description="Jours ; celui de l’entreprise par défaut."
    )
    notes: Paragraphe = ""
    solde_ouverture: Solde = Field(
        default=None, description="Ce que le client devait à l’arrivée dans Cordeau."
    )
    solde_ouverture_le: Jour = None
    contacts: Annotated[list[ContactSchema], Field(max_length=ELEMENTS_MAX)] = Field(
        default_factory=list
    )
    sites: Annotated[list[SiteSchema], Field(max_length=ELEMENTS_MAX)] = Field(default_factory=list)

    @model_validator(mode="before")
    @classmethod
    def _null_ne_change_rien(cls, donnees: Any) -> Any:
        if not isinstance(donnees, Mapping):
            return donnees
        effacables = {"delaiPaiement", "soldeOuverture"}
        return {k: v for k, v in donnees.items() if v is not None or k in effacables}

    def champs(self) -> dict[str, Any]:
        """What was given, as columns."""
        donnes: dict[str, Any] = {nom: getattr(self, nom) for nom in self.model_fields_set}
        if "adresse" in donnes:
            donnes["adresse"] = self.adresse.en_adresse()
        if "contacts" in donnes:
            donnes["contacts"] = [contact.model_dump() for contact in self.contacts]
        if "sites" in donnes:
            donnes["sites"] = [site.champs() for site in self.sites]
        return donnes


class ClientCreation(ClientModification):
    """What a `POST` sends: a name at least."""

    nom: LigneRequise = Field(examples=["Constructeo"])


class ClientResume(Schema):
    """A client in a list."""

    id: UUID
    nom: str
    type: TypeClient
    email: str
    telephone: str
    adresse: AdresseSchema
    siren: str
    siret: str
    numero_tva: str = Field(alias="numeroTva")
    code_jde: str
    delai_paiement: int | None
    notes: str
    archive: bool
    solde_ouverture: MontantSorti | None
    solde_ouverture_le: date | None

    @classmethod
    def lire(cls, client: Client) -> "ClientResume":
        """The client as it leaves: already checked when it came in."""
        return cls.model_construct(**_colonnes(client))


class ClientSchema(ClientResume):
    """A client with its contacts and its sites."""

    contacts: list[ContactSchema]
    sites: list[SiteSchema]

    @classmethod
    def lire(cls, client: Client) -> "ClientSchema":
        """The client loaded complete, as it leaves."""
        return cls.model_construct(
            **_colonnes(client),
            contacts=[_lire_contact(contact) for contact in client.contacts],
            sites=[_lire_site(site) for site in client.sites],
        )


def _colonnes(client: Client) -> dict[str, Any]:
    noms = ClientResume.model_fields.keys() - {"adresse", "type"}
    valeurs = {nom: getattr(client, nom) for nom in noms}
    return {"adresse": _lire_adresse(client.adresse), "type": TypeClient(client.type), **valeurs}


def _lire_contact(contact: Contact) -> ContactSchema:
    return ContactSchema.model_construct(
        **{nom: getattr(contact, nom) for nom in ContactSchema.model_fields}
    )


def _lire_site(site: Site) -> SiteSchema:
    return SiteSchema.model_construct(id=site.id, nom=site.nom, adresse=_lire_adresse(site.adresse))


def _lire_adresse(adresse: Adresse) -> AdresseSchema:
    return AdresseSchema.model_construct(None, **adresse.en_dict())


def read_filtres(
    types: Annotated[tuple[TypeClient, ...], Query(alias="type")] = (),
    nom: Annotated[str, Query(max_length=200)] = "",
    ville: Annotated[str, Query(max_length=200, description="Début du nom de la ville.")] = "",
    code_jde: Annotated[str, Query(alias="codeJde", max_length=40)] = "",
    email: Annotated[str, Query(max_length=255)] = "",
    siren: Annotated[str, Query(max_length=20)] = "",
    siret: Annotated[str, Query(max_length=20)] = "",
    archive: Annotated[
        bool | None, BeforeValidator(vide_en_none), Query(description="Archivés, ou non.")
    ] = None,
) -> FiltresClient:
    """Which clients are wanted, from the address."""
    return FiltresClient(
        nom=nom.strip(),
        ville=ville.strip(),
        types=tuple(types),
        code_jde=code_jde.strip(),
        email=email.strip(),
        siren=siren.strip(),
        siret=siret.strip(),
        archive=archive,
    )


FiltresDep = Annotated[FiltresClient, lu_dans_l_adresse(read_filtres)]
