"""The list of devis, and what is exported of it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BeforeValidator
from sqlalchemy.orm import Session

from cordeau.auth.deps import CurrentUser, limiter, requires
from cordeau.chantiers.queries import get_chantier
from cordeau.clients.queries import get_client
from cordeau.core.errors import IntrouvableError
from cordeau.core.listing import LIMITE_MAX, Colonnes, Demande
from cordeau.core.permissions import Permission
from cordeau.core.quotas import Geste
from cordeau.core.recherche import COURANT
from cordeau.devis import queries
from cordeau.devis.etapes import LIBELLES, PLURIELS
from cordeau.devis.queries import FiltreDevis
from cordeau.devis.rules import Marge
from cordeau.devis.states import StatutDevis
from cordeau.web.adresse import lu_dans_l_adresse
from cordeau.web.deps import DemandeDep, ReadSession
from cordeau.web.route import CordeauRoute
from cordeau.web.schemas import JourSaisi, vide_en_none
from cordeau.web.tableur import Cellule, FormatTableur, repondre_tableau
from cordeau.web.templating import rendre

router = APIRouter(
    prefix="/devis", route_class=CordeauRoute, dependencies=[requires(Permission.DEVIS_LIRE)]
)

Facultatif = BeforeValidator(vide_en_none)
ENTETES = (
    "Numéro",
    "Version",
    "Statut",
    "Client",
    "Objet",
    "Chantier",
    "Émis le",
    "Valable jusqu’au",
    "Total HT",
    "TVA",
    "Total TTC",
)


def read_filtre(
    statut: Annotated[tuple[StatutDevis, ...], Query()] = (),
    client_id: Annotated[UUID | None, Facultatif, Query(alias="clientId")] = None,
    chantier_id: Annotated[UUID | None, Facultatif, Query(alias="chantierId")] = None,
    du: Annotated[JourSaisi | None, Facultatif, Query()] = None,
    au: Annotated[JourSaisi | None, Facultatif, Query()] = None,
) -> FiltreDevis:
    """Which devis are wanted, from the address."""
    return FiltreDevis(tuple(statut), client_id, chantier_id, du, au)


FiltreDep = Annotated[FiltreDevis, lu_dans_l_adresse(read_filtre)]


@router.get("")
def lister(
    request: Request, session: ReadSession, demande: DemandeDep, filtre: FiltreDep
) -> Response:
    """The devis, latest first, with the total of what is filtered."""
    page = queries.list_devis(session, demande, filtre)
    comptes = queries.compute_stats(session)
    total: tuple[int, Decimal] | None = comptes.total, comptes.montant_ht
    if demande.q or filtre != FiltreDevis():
        total = queries.total_filtre(session, demande.q, filtre)
    return rendre(
        request,
        "devis/liste.html",
        rubrique="devis",
        devis=page.elements,
        suivant=page.suivant,
        total=total,
        beaucoup=COURANT,
        filtre=filtre,
        restrictions=_restrictions(session, filtre),
        statuts=[
            (statut.value, mot, comptes.par_statut[statut]) for statut, mot in PLURIELS.items()
        ],
        marge=taux_de_marge,
        champs_export=list(request.query_params.multi_items()),
    )


@router.get("/export.{genre}", dependencies=[limiter(Geste.EXPORT)])
def exporter(
    session: ReadSession,
    demande: DemandeDep,
    filtre: FiltreDep,
    actor: CurrentUser,
    genre: FormatTableur,
) -> Response:
    """Every devis of the filtered list, in its order."""
    marge = actor.peut(Permission.MARGE_LIRE)
    entetes = [*ENTETES, "Marge HT"] if marge else list(ENTETES)
    lignes = (_cellules(devis, marge=marge) for devis in _tous(session, demande, filtre))
    return repondre_tableau(genre, "devis", entetes, lignes)


def taux_de_marge(devis: Colonnes) -> Marge:
    """The margin of a devis over the rows whose cost is known."""
    return Marge(devis.marge_vente_ht, devis.marge_cout_ht, 0)


def _restrictions(session: Session, filtre: FiltreDevis) -> list[tuple[str, UUID, str]]:
    """The client and the chantier the list is narrowed to, as chips that can be taken off."""
    chips: list[tuple[str, UUID, str]] = []
    try:
        if filtre.client_id:
            nom = get_client(session, filtre.client_id).nom
            chips.append(("clientId", filtre.client_id, nom))
        if filtre.chantier_id:
            nom = get_chantier(session, filtre.chantier_id).nom
            chips.append(("chantierId", filtre.chantier_id, nom))
    except IntrouvableError:
        return chips
    return chips


def _tous(session: Session, demande: Demande, filtre: FiltreDevis) -> Iterator[Colonnes]:
    suite = replace(demande, limite=LIMITE_MAX, curseur=None)
    while True:
        page = queries.list_devis(session, suite, filtre)
        yield from page.elements
        if page.suivant is None:
            return
        suite = replace(suite, curseur=page.suivant)


def _cellules(devis: Colonnes, *, marge: bool) -> Sequence[Cellule]:
    cellules: list[Cellule] = [
        devis.numero,
        devis.version,
        LIBELLES[StatutDevis(devis.statut)],
        devis.client,
        devis.objet,
        devis.chantier or "",
        devis.date_emission,
        devis.date_validite,
        devis.montant_ht,
        devis.montant_tva,
        devis.montant_ttc,
    ]
    return [*cellules, taux_de_marge(devis).montant] if marge else cellules
