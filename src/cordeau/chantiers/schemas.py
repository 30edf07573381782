"""Chantiers as the API sends and receives them."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import BeforeValidator, Field

from cordeau.chantiers.queries import FiltresChantier
from cordeau.chantiers.states import StatutChantier
from cordeau.entreprise.schemas import AdresseSchema
from cordeau.web.adresse import lu_dans_l_adresse
from cordeau.web.schemas import (
    IDENTIFIANT,
    Code,
    JourSaisi,
    Ligne,
    LigneRequise,
    Paragraphe,
    Schema,
    exemple,
    vide_en_none,
)

JourFacultatif = Annotated[JourSaisi | None, BeforeValidator(vide_en_none)]


class ChantierModification(Schema):
    """What a `PUT` may change; a field left out, or null, keeps its value."""

    model_config = exemple(
        nom="Réfection de la toiture",
        clientId=IDENTIFIANT,
        dateDebut="2025-10-06",
        dateFin="2025-10-24",
        responsable="Karim",
    )

    nom: LigneRequise = Field(default="", examples=["Réfection de la toiture"])
    client_id: UUID | None = None
    code: Code = Field(default="", description="« CH-2026-001 » si rien n’est donné.")
    adresse: AdresseSchema | None = Field(default=None, description="Le lieu des travaux.")
    date_debut: JourFacultatif = Field(default=None, description="Aujourd’hui par défaut.")
    date_fin: JourFacultatif = Field(default=None, description="Le jour du début par défaut.")
    responsable: Ligne = ""
    statut: StatutChantier | None = None
    notes: Paragraphe = ""

    def champs(self) -> dict[str, Any]:
        """What was given, as columns; the state is moved by its own command."""
        donnes = {nom: getattr(self, nom) for nom in self.model_fields_set - {"statut"}}
        if self.adresse is not None:
            donnes["adresse"] = self.adresse.en_adresse()
        return {nom: valeur for nom, valeur in donnes.items() if valeur is not None}


class ChantierCreation(ChantierModification):
    """What a `POST` sends: a name and a client at least."""

    nom: LigneRequise = Field(examples=["Réfection de la toiture"])
    client_id: UUID

    def ouverture(self, today: date) -> dict[str, Any]:
        """The arguments that open this chantier, missing days filled in."""
        debut = self.date_debut or today
        jours = {"date_debut": debut, "date_fin": self.date_fin or debut}
        return {**self.champs(), **jours}


class StatutSaisi(Schema):
    """The state asked for."""

    model_config = exemple(statut="EN_COURS")

    statut: StatutChantier


class ChantierSchema(Schema):
    """A chantier."""

    id: UUID
    nom: str
    code: str
    client_id: UUID
    adresse: AdresseSchema
    date_debut: date
    date_fin: date
    statut: StatutChantier
    responsable: str
    notes: str


def read_filtres(
    statut: Annotated[tuple[StatutChantier, ...], Query()] = (),
    client_id: Annotated[
        UUID | None, BeforeValidator(vide_en_none), Query(alias="clientId")
    ] = None,
    responsable: Annotated[str, Query(max_length=255)] = "",
    du: Annotated[JourFacultatif, Query(description="Fini ce jour ou après.")] = None,
    au: Annotated[JourFacultatif, Query(description="Commencé ce jour ou avant.")] = None,
) -> FiltresChantier:
    """Which chantiers are wanted, from the address."""
    return FiltresChantier(
        statuts=tuple(statut), client_id=client_id, responsable=responsable.strip(), du=du, au=au
    )


FiltresDep = Annotated[FiltresChantier, lu_dans_l_adresse(read_filtres)]
