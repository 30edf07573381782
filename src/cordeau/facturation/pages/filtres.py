"""Which documents and règlements a list shows, read from the address of its page."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BeforeValidator

from cordeau.facturation.queries import FiltreFacture
from cordeau.facturation.reglements import FiltreReglement
from cordeau.facturation.states import (
    ModeReglement,
    StatutFacture,
    StatutPaiement,
    TypeFacture,
)
from cordeau.web.adresse import lu_dans_l_adresse
from cordeau.web.schemas import JourSaisi, vide_en_none


class EtatListe(StrEnum):
    """Where a document stands, as the chips of the list say it: draft, or how it is paid."""

    BROUILLON = "BROUILLON"
    IMPAYE = "IMPAYE"
    EN_RETARD = "EN_RETARD"
    PARTIEL = "PARTIEL"
    PAYE = "PAYE"


Jour = Annotated[JourSaisi | None, BeforeValidator(vide_en_none), Query()]
Identifiant = Annotated[UUID | None, BeforeValidator(vide_en_none)]


def read_filtre_factures(
    etat: Annotated[tuple[EtatListe, ...], Query()] = (),
    type_facture: Annotated[tuple[TypeFacture, ...], Query(alias="type")] = (),
    client_id: Annotated[Identifiant, Query(alias="clientId")] = None,
    chantier_id: Annotated[Identifiant, Query(alias="chantierId")] = None,
    devis_id: Annotated[Identifiant, Query(alias="devisId")] = None,
    du: Jour = None,
    au: Jour = None,
) -> FiltreFacture:
    """Chips of one kind add up: « brouillons » and « en retard » shows both."""
    paiements = [StatutPaiement(e) for e in etat if e != EtatListe.BROUILLON]
    brouillons = EtatListe.BROUILLON in etat
    return FiltreFacture(
        statuts=[StatutFacture.BROUILLON] if brouillons and not paiements else (),
        paiements=paiements,
        types=type_facture,
        client_id=client_id,
        chantier_id=chantier_id,
        devis_id=devis_id,
        du=du,
        au=au,
        ou_brouillons=brouillons,
    )


def read_filtre_reglements(
    mode: Annotated[tuple[ModeReglement, ...], Query()] = (),
    client_id: Annotated[Identifiant, Query(alias="clientId")] = None,
    du: Jour = None,
    au: Jour = None,
) -> FiltreReglement:
    """Which règlements are wanted."""
    return FiltreReglement(client_id=client_id, modes=mode, du=du, au=au)


FiltreFacturesDep = Annotated[FiltreFacture, lu_dans_l_adresse(read_filtre_factures)]
FiltreReglementsDep = Annotated[FiltreReglement, lu_dans_l_adresse(read_filtre_reglements)]
