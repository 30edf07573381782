"""The list of clients, what is exported of it, and the choice of a client in other forms."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from cordeau.auth.deps import CurrentUser, limiter, requires
from cordeau.clients import queries
from cordeau.clients.colonnes import entetes, valeurs
from cordeau.clients.extensions import Soldes, soldes_pour
from cordeau.clients.models import Client
from cordeau.clients.queries import FiltresClient
from cordeau.clients.rules import LIBELLES_TYPES
from cordeau.clients.schemas import FiltresDep
from cordeau.core.permissions import Permission
from cordeau.core.quotas import Geste
from cordeau.core.recherche import COURANT
from cordeau.web.deps import DemandeDep, ReadSession
from cordeau.web.route import CordeauRoute
from cordeau.web.schemas import JsonResponse
from cordeau.web.tableur import Cellule, FormatTableur, repondre_tableau
from cordeau.web.templating import rendre

router = APIRouter(
    prefix="/clients", route_class=CordeauRoute, dependencies=[requires(Permission.CLIENT_LIRE)]
)


async def filtres_de_page(
    filtres: FiltresDep, actor: CurrentUser, solde: Literal["", "du"] = ""
) -> FiltresClient:
    """The filters of the page: clients in use unless archived ones are asked for."""
    soldes = soldes_pour(actor)
    return replace(
        filtres,
        archive=bool(filtres.archive),
        ids=soldes.debiteurs() if soldes and solde else None,
    )


FiltresPage = Annotated[FiltresClient, Depends(filtres_de_page)]


@router.get("")
def lister(
    request: Request,
    session: ReadSession,
    demande: DemandeDep,
    filtres: FiltresPage,
    actor: CurrentUser,
) -> Response:
    """The clients, by name."""
    page = queries.list_clients(session, demande, filtres)
    soldes = soldes_pour(actor)
    nombre = queries.count_clients(session, demande.q, filtres)
    ids = queries.select_clients(session, demande.q, filtres).with_only_columns(Client.id)
    return rendre(
        request,
        "clients/liste.html",
        rubrique="clients",
        clients=page.elements,
        suivant=page.suivant,
        nombre=nombre,
        beaucoup=COURANT,
        soldes=_soldes(session, soldes, page.elements),
        total=soldes.total(session, ids) if soldes and nombre is not None else None,
        types=LIBELLES_TYPES,
    )


@router.get("/export", dependencies=[limiter(Geste.EXPORT)])
def exporter(
    session: ReadSession,
    demande: DemandeDep,
    filtres: FiltresPage,
    actor: CurrentUser,
    format: FormatTableur = FormatTableur.XLSX,  # noqa: A002 (the published address)
) -> Response:
    """What the list shows, whole, as a spreadsheet that can be imported again."""
    soldes = soldes_pour(actor)
    titres = [*entetes(), "Solde dû"] if soldes else entetes()
    lignes = _lignes(session, demande.q, filtres, soldes)
    return repondre_tableau(format, "clients", titres, lignes)


@router.get("/choix")
def choisir(session: ReadSession, q: str = "") -> Response:
    """Clients whose name, town or number holds these words, for a choice list."""
    elements = [{"id": c.id, "nom": _nom_situe(c)} for c in queries.choix_clients(session, q)]
    return JsonResponse({"elements": elements})


def _nom_situe(client: Client) -> str:
    """The name, and the town that tells two homonyms apart."""
    ville = client.adresse.ville
    return f"{client.nom} ({ville})" if ville else client.nom


def _soldes(
    session: Session, soldes: Soldes | None, clients: list[Client]
) -> Mapping[UUID, Decimal] | None:
    return soldes.par_client(session, [client.id for client in clients]) if soldes else None


def _lignes(
    session: Session, q: str, filtres: FiltresClient, soldes: Soldes | None
) -> Iterator[list[Cellule]]:
    for clients in queries.iter_clients(session, q, filtres):
        dus = _soldes(session, soldes, clients) or {}
        for client in clients:
            suite: list[Cellule] = [dus.get(client.id, Decimal("0.00"))] if soldes else []
            yield [*valeurs(client), *suite]
