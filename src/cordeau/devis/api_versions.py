"""Versions of a devis over the API: each as it was sent, whatever became of the devis."""

import datetime as dt
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import Field

from cordeau.auth.deps import limiter, requires
from cordeau.core.permissions import Permission
from cordeau.core.quotas import Geste
from cordeau.devis import queries
from cordeau.devis.models import VersionDevis
from cordeau.devis.schemas import TvaSchema
from cordeau.devis.sorties import exact, sans_zeros
from cordeau.devis.states import UNITES, StatutDevis, TypeLigne, Unite
from cordeau.devis.versions import lire_version
from cordeau.documents.modele import Document, LigneDocument
from cordeau.documents.rendu import rendre_pdf
from cordeau.web.deps import ReadSession
from cordeau.web.route import CordeauRoute
from cordeau.web.schemas import (
    LIMITEE,
    JsonResponse,
    ListeSchema,
    MontantSorti,
    Nombre,
    Schema,
    repondre,
)
from cordeau.web.templating import piece_jointe

router = APIRouter(
    prefix="/api/v1/devis/{devis_id}/versions",
    route_class=CordeauRoute,
    tags=["Devis"],
    dependencies=[requires(Permission.DEVIS_LIRE)],
)
UNITES_PAR_CODE = {code: unite for unite, (_, code) in UNITES.items()}


class VersionResumeSchema(Schema):
    """A version in a list."""

    version: int
    statut: StatutDevis = Field(description="Ce qu’elle est devenue.")
    figee_le: dt.datetime
    objet: str
    date_emission: dt.date
    date_validite: dt.date | None
    montant_ht: MontantSorti = Field(alias="montantHT")
    montant_tva: MontantSorti = Field(alias="montantTVA")
    montant_ttc: MontantSorti = Field(alias="montantTTC")


class LigneVersionSchema(Schema):
    """A row, as it was printed."""

    type: TypeLigne
    numero: str
    niveau: int = Field(description="Profondeur dans les lots, 0 à la racine.")
    designation: str
    description: str
    quantite: Nombre | None
    unite: Unite
    prix_unitaire_ht: Nombre | None = Field(alias="prixUnitaireHT")
    remise: Nombre
    taux_tva: Nombre | None = Field(alias="tauxTVA")
    montant_ht: MontantSorti | None = Field(alias="montantHT")


class VersionSchema(VersionResumeSchema):
    """A version, whole."""

    devis_id: UUID
    numero: str
    client: str
    autoliquidation: bool
    conditions: str
    remise_ht: MontantSorti = Field(alias="remiseHT")
    lignes: list[LigneVersionSchema]
    tva: list[TvaSchema]


@router.get("", response_model=ListeSchema[VersionResumeSchema], summary="Les versions envoyées")
def lister(session: ReadSession, devis_id: UUID) -> Response:
    """The versions that were sent, latest first."""
    devis = queries.get_devis(session, devis_id)
    versions = queries.list_versions(session, devis.id)
    elements = [
        VersionResumeSchema.model_construct(**_resume(v, lire_version(v))).model_dump(by_alias=True)
        for v in versions
    ]
    return JsonResponse({"elements": elements, "suivant": None})


@router.get("/{version}", response_model=VersionSchema, summary="Une version envoyée")
def lire(session: ReadSession, devis_id: UUID, version: int) -> Response:
    """A version as it was sent."""
    trouvee = queries.get_version(session, devis_id, version)
    document = lire_version(trouvee)
    return repondre(
        VersionSchema.model_construct(
            **_resume(trouvee, document),
            devis_id=devis_id,
            numero=document.numero,
            client=document.destinataire.nom,
            autoliquidation=document.autoliquidation,
            conditions=document.conditions,
            remise_ht=document.remise_ht,
            lignes=[_ligne(ligne) for ligne in document.lignes],
            tva=[
                TvaSchema.model_construct(
                    taux=exact(t.taux, 2), base_ht=t.base_ht, montant_tva=t.montant_tva
                )
                for t in document.tva
            ],
        )
    )


@router.get(
    "/{version}/pdf",
    dependencies=[limiter(Geste.PDF)],
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}}, **LIMITEE},
    summary="Une version envoyée, en PDF",
)
def pdf(session: ReadSession, devis_id: UUID, version: int) -> Response:
    """A version as it was printed."""
    document = lire_version(queries.get_version(session, devis_id, version))
    nom = f"{document.numero}-v{version}.pdf"
    return piece_jointe(rendre_pdf(document), nom, "application/pdf", inline=True)


def _resume(version: VersionDevis, document: Document) -> dict[str, Any]:
    return {
        "version": version.version,
        "statut": StatutDevis(version.statut),
        "figee_le": version.figee_le,
        "objet": document.objet,
        "date_emission": document.date_emission,
        "date_validite": document.date_validite,
        "montant_ht": document.montant_ht,
        "montant_tva": document.montant_tva,
        "montant_ttc": document.montant_ttc,
    }


def _ligne(ligne: LigneDocument) -> LigneVersionSchema:
    return LigneVersionSchema.model_construct(
        type=TypeLigne(ligne.type),
        numero=ligne.numero,
        niveau=ligne.niveau,
        designation=ligne.designation,
        description=ligne.description,
        quantite=sans_zeros(ligne.quantite),
        unite=UNITES_PAR_CODE[ligne.code_unite],
        prix_unitaire_ht=sans_zeros(ligne.prix_unitaire_ht, 2),
        remise=exact(ligne.remise),
        taux_tva=sans_zeros(ligne.taux_tva, 2),
        montant_ht=ligne.montant_ht,
    )
