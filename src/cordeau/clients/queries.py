"""Reading clients: by identifier, by list, by what makes two of them alike."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import Row, Select, bindparam, func, select
from sqlalchemy.orm import Session, selectinload

from cordeau.clients.models import Client, Contact, Site
from cordeau.clients.rules import marque_ville
from cordeau.clients.states import TypeClient
from cordeau.core.errors import IntrouvableError
from cordeau.core.listing import LIMITE_MAX, Demande, Page, contient_mots, paginate
from cordeau.core.recherche import contient, est_vague, restreindre

TRIS = {"nom": Client.nom_tri, "creeLe": Client.cree_le}
TRI_DEFAUT = "nom"
CHOIX_MAX = 30
_CLIENT = select(Client).where(Client.id == bindparam("cle"))


@dataclass(frozen=True, slots=True)
class FiltresClient:
    """Which clients are wanted; what is left out filters nothing."""

    nom: str = ""
    ville: str = ""
    types: Sequence[TypeClient] = ()
    code_jde: str = ""
    email: str = ""
    siren: str = ""
    siret: str = ""
    archive: bool | None = None
    #: Only those an upper context names: who owes something.
    ids: Select[UUID] | None = None


def get_client(
    session: Session, client_id: UUID, *, for_update: bool = False, complet: bool = False
) -> Client:
    """A client; `complet` also loads contacts and sites, `for_update` locks the row."""
    statement = _CLIENT
    if complet:
        statement = statement.options(selectinload(Client.contacts), selectinload(Client.sites))
    if for_update:
        statement = statement.with_for_update()
    client = session.scalar(statement, {"cle": client_id})
    if client is None:
        raise IntrouvableError("Ce client n’existe pas.")
    return client


def list_clients(
    session: Session, demande: Demande, filtres: FiltresClient = FiltresClient()
) -> Page[Client]:
    """One page of clients."""
    return paginate(
        session,
        select_clients(session, demande.q, filtres),
        demande,
        tris=TRIS,
        defaut=TRI_DEFAUT,
        cle=Client.id,
    )


def count_clients(session: Session, q: str, filtres: FiltresClient) -> int | None:
    """How many clients the whole list holds; None when the words are too common to tell."""
    if est_vague(session, Client, q):
        return None
    statement = select_clients(session, q, filtres).with_only_columns(func.count(Client.id))
    return session.scalars(statement).one()


def iter_clients(session: Session, q: str, filtres: FiltresClient) -> Iterator[list[Client]]:
    """The whole list by name, for an export, so many at a time."""
    demande = Demande(q=q, limite=LIMITE_MAX)
    while True:
        page = list_clients(session, demande, filtres)
        yield page.elements
        if page.suivant is None:
            return
        demande = replace(demande, curseur=page.suivant)


def choix_clients(session: Session, q: str) -> list[Client]:
    """The first clients in use whose name, town or number holds these words."""
    statement = select_clients(session, q, FiltresClient(archive=False))
    return list(session.scalars(statement.order_by(Client.nom_tri, Client.id).limit(CHOIX_MAX)))


def identites_connues(session: Session) -> Sequence[Row[str, str, str]]:
    """Name, postcode and SIRET of every client: what a duplicate is known by."""
    code_postal = Client.__table__.c.adresse_code_postal
    return session.execute(select(Client.nom, code_postal, Client.siret)).all()


def contact_de(client: Client, contact_id: UUID) -> Contact:
    """One contact of a client loaded with its contacts."""
    for contact in client.contacts:
        if contact.id == contact_id:
            return contact
    raise IntrouvableError


def site_de(client: Client, site_id: UUID) -> Site:
    """One site of a client loaded with its sites."""
    for site in client.sites:
        if site.id == site_id:
            return site
    raise IntrouvableError


def select_clients(session: Session, q: str, filtres: FiltresClient) -> Select[Client]:
    """The clients of a list, in no order."""
    statement = restreindre(session, select(Client), Client, q)
    if filtres.nom:
        statement = statement.where(
            contient(session, Client, Client.id, filtres.nom),
            contient_mots(Client.nom_tri, filtres.nom),
        )
    if filtres.ville:
        ville = marque_ville(filtres.ville)
        statement = statement.where(
            contient(session, Client, Client.id, filtres.ville),
            Client.recherche.contains(ville, autoescape=True),
        )
    if filtres.types:
        statement = statement.where(Client.type.in_(filtres.types))
    for colonne, valeur in (
        (Client.code_jde, filtres.code_jde),
        (Client.email, filtres.email),
        (Client.siren, filtres.siren),
        (Client.siret, filtres.siret),
    ):
        if valeur:
            statement = statement.where(colonne == valeur)
    if filtres.archive is not None:
        statement = statement.where(Client.archive.is_(filtres.archive))
    if filtres.ids is not None:
        statement = statement.where(Client.id.in_(filtres.ids))
    return statement
