"""Reading chantiers: by identifier, by list, by period."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from cordeau.chantiers.models import Chantier
from cordeau.chantiers.states import StatutChantier
from cordeau.clients.models import Client
from cordeau.core.errors import IntrouvableError
from cordeau.core.listing import Demande, Page, paginate
from cordeau.core.recherche import restreindre

TRIS = {"dateDebut": Chantier.date_debut, "nom": Chantier.nom_tri, "code": Chantier.code}
TRI_DEFAUT = "-dateDebut"
#: What a calendar shows of a period at most: beyond, a person reads the list.
EVENEMENTS_MAX = 1000
#: What a page without script proposes; with it, the server searches them all.
CLIENTS_MAX = 200
#: Rows read at a time by an export.
LOT = 1000


@dataclass(frozen=True, slots=True)
class FiltresChantier:
    """Which chantiers are wanted; what is left out filters nothing."""

    statuts: Sequence[StatutChantier] = ()
    client_id: UUID | None = None
    responsable: str = ""
    #: Chantiers with at least one day in the period.
    du: date | None = None
    au: date | None = None


def get_chantier(session: Session, chantier_id: UUID, *, for_update: bool = False) -> Chantier:
    """A chantier with its client; `for_update` locks its row."""
    statement = (
        select(Chantier).where(Chantier.id == chantier_id).options(joinedload(Chantier.client))
    )
    if for_update:
        statement = statement.with_for_update(of=Chantier)
    chantier = session.scalar(statement)
    if chantier is None:
        raise IntrouvableError("Ce chantier n’existe pas.")
    return chantier


def list_chantiers(
    session: Session, demande: Demande, filtres: FiltresChantier = FiltresChantier()
) -> Page[Chantier]:
    """One page of chantiers, each with its client."""
    return paginate(
        session,
        _select(session, demande.q, filtres).options(joinedload(Chantier.client)),
        demande,
        tris=TRIS,
        defaut=TRI_DEFAUT,
        cle=Chantier.id,
    )


def count_chantiers(session: Session, q: str, filtres: FiltresChantier) -> int:
    """How many chantiers the whole list holds."""
    statement = _select(session, q, filtres).with_only_columns(func.count(Chantier.id))
    return session.scalars(statement).one()


def iter_chantiers(session: Session, q: str, filtres: FiltresChantier) -> Iterator[Chantier]:
    """The whole list by first day, for an export."""
    statement = _select(session, q, filtres).options(joinedload(Chantier.client))
    return iter(
        session.scalars(
            statement.order_by(Chantier.date_debut, Chantier.id).execution_options(yield_per=LOT)
        )
    )


def list_periode(session: Session, du: date, au: date) -> list[Chantier]:
    """The chantiers of a period, for a calendar, by first day."""
    return list(
        session.scalars(
            _select(session, "", FiltresChantier(du=du, au=au))
            .options(joinedload(Chantier.client))
            .order_by(Chantier.date_debut, Chantier.id)
            .limit(EVENEMENTS_MAX)
        )
    )


def list_responsables(session: Session) -> list[str]:
    """Everybody who runs or ran a chantier."""
    return list(
        session.scalars(
            select(Chantier.responsable)
            .where(Chantier.responsable != "")
            .distinct()
            .order_by(Chantier.responsable)
        )
    )


def list_clients_proposes(session: Session, choisi: UUID | None) -> list[tuple[str, str]]:
    """Clients to choose from without script: the chosen one, then the first ones by name."""
    clients = session.execute(
        select(Client.id, Client.nom)
        .where(Client.archive.is_(False))
        .order_by(Client.nom_tri, Client.id)
        .limit(CLIENTS_MAX)
    )
    proposes = [(str(client_id), nom) for client_id, nom in clients]
    client = None if choisi is None else session.get(Client, choisi)
    if client is None or any(cle == str(client.id) for cle, _nom in proposes):
        return proposes
    return [(str(client.id), client.nom), *proposes]


def code_existe(session: Session, code: str) -> bool:
    """Whether a chantier already bears this code."""
    return session.scalar(select(Chantier.id).where(Chantier.code == code)) is not None


def _select(session: Session, q: str, filtres: FiltresChantier) -> Select[Chantier]:
    statement = select(Chantier)
    if filtres.statuts:
        statement = statement.where(Chantier.statut.in_(filtres.statuts))
    if filtres.client_id is not None:
        statement = statement.where(Chantier.client_id == filtres.client_id)
    if filtres.responsable:
        statement = statement.where(Chantier.responsable == filtres.responsable)
    if filtres.au is not None:
        statement = statement.where(Chantier.date_debut <= filtres.au)
    if filtres.du is not None:
        statement = statement.where(Chantier.date_fin >= filtres.du)
    if q:
        statement = restreindre(session, statement, Chantier, q)
    return statement
