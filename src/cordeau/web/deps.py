"""What a route asks for by type: a session, today's date, the settings.

A dependency that waits for nothing is `async`: FastAPI runs it in place, where a `def` would
travel to a thread and back.
"""

from datetime import date
from typing import Annotated

from fastapi import Depends, Query, Request
from sqlalchemy.orm import Session

from cordeau.core.dates import aujourd_hui
from cordeau.core.db import Database
from cordeau.core.listing import LIMITE_DEFAUT, Demande
from cordeau.core.settings import Settings
from cordeau.web.adresse import lu_dans_l_adresse

#: Under which name a unit of work knows the request it is for (`Session.info`).
REQUETE = "requete"


def get_database(request: Request) -> Database:
    """The database of this application."""
    database: Database = request.app.state.database
    return database


def get_settings(request: Request) -> Settings:
    """The settings of this application."""
    settings: Settings = request.app.state.settings
    return settings


def is_secure(request: Request) -> bool:
    """Whether people reach this instance over HTTPS."""
    return request.scope["scheme"] == "https" or get_settings(request).base_url.startswith("https:")


async def unit_of_work(request: Request) -> Session:
    """The one writing transaction of a request.

    It begins and commits around the endpoint, in its thread (`CordeauRoute`): nothing but an
    endpoint asks for it.
    """
    session = get_database(request).session_for_writing()
    session.info[REQUETE] = request
    return session


async def read_session(request: Request) -> Session:
    """A session for routes that change nothing.

    It connects in the thread of the endpoint, where the route closes it (`CordeauRoute`).
    """
    session: Session = get_database(request).session_for_reading()
    request.state.lecture = session
    return session


async def today() -> date:
    """The legal day, in Paris."""
    return aujourd_hui()


def read_demande(
    q: Annotated[str, Query(max_length=200, description="Mots cherchés.")] = "",
    tri: Annotated[
        str, Query(max_length=60, description="Champ de tri, précédé de - pour l’ordre inverse.")
    ] = "",
    limite: Annotated[int, Query(description="De 1 à 200 éléments.")] = LIMITE_DEFAUT,
    curseur: Annotated[
        str | None, Query(max_length=1000, description="« suivant » de la page précédente.")
    ] = None,
) -> Demande:
    """What a list is asked, from the address."""
    return Demande(q=q, tri=tri, limite=limite, curseur=curseur)


UnitOfWork = Annotated[Session, Depends(unit_of_work)]
ReadSession = Annotated[Session, Depends(read_session)]
DatabaseDep = Annotated[Database, Depends(get_database)]
SettingsDep = Annotated[Settings, Depends(get_settings)]
Today = Annotated[date, Depends(today)]
DemandeDep = Annotated[Demande, lu_dans_l_adresse(read_demande)]
