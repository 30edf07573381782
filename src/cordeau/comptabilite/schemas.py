"""The export as the API gives it, and what both doors are asked."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from fastapi import Query
from pydantic import BeforeValidator

from cordeau.comptabilite.queries import ExportJde, Periode
from cordeau.core.errors import refuser_saisie
from cordeau.facturation.states import StatutPaiement, TypeFacture
from cordeau.web.adresse import lu_dans_l_adresse
from cordeau.web.schemas import JourSaisi, MontantSorti, Schema, vide_en_none

JourFacultatif = Annotated[JourSaisi | None, BeforeValidator(vide_en_none)]


class FormatExport(StrEnum):
    """How rows are written."""

    CSV = "csv"
    JSON = "json"


class ProfilJde(StrEnum):
    """Which columns are written."""

    #: One row per document.
    SIMPLE = "simple"


class LigneJdeSchema(Schema):
    """An issued facture, acompte or avoir; an avoir has negative amounts."""

    reference: str
    client: str
    montant: MontantSorti
    date_emission: date
    date_paiement: date | None
    code_jde: str
    montant_ht: MontantSorti
    montant_tva: MontantSorti
    montant_ttc: MontantSorti
    statut_paiement: StatutPaiement
    type: TypeFacture


class ExportJdeSchema(Schema):
    """The rows of the period, and what to complete before the import."""

    elements: list[LigneJdeSchema]
    avertissements: list[str]


def en_schema(export: ExportJde) -> ExportJdeSchema:
    """The export as JSON."""
    return ExportJdeSchema(
        elements=[LigneJdeSchema.model_validate(ligne) for ligne in export.lignes],
        avertissements=[client.avertissement for client in export.sans_code],
    )


def read_periode(
    du: Annotated[JourFacultatif, Query(description="Premier jour d’émission.")] = None,
    au: Annotated[JourFacultatif, Query(description="Dernier jour d’émission.")] = None,
) -> Periode:
    """The period asked for, from the address."""
    if du is not None and au is not None and au < du:
        raise refuser_saisie("au", "La fin de la période ne peut pas précéder son début.")
    return Periode(du, au)


PeriodeDep = Annotated[Periode, lu_dans_l_adresse(read_periode)]
