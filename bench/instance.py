"""An instance to measure: its schema, its firm, someone signed in, many devis, drafts to issue."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from bench.grossissement import grossir
from bench.moteurs import Moteur
from bench.remplissage import remplir
from cordeau import migrate
from cordeau.analytics.agregats import reconstruire
from cordeau.auth import commands as auth
from cordeau.core.agregats import MouvementAgregat, replier
from cordeau.core.dates import aujourd_hui
from cordeau.core.db import Database
from cordeau.core.permissions import SYSTEME, Acteur, Role
from cordeau.core.settings import Settings, read_settings
from cordeau.devis.queries import get_devis
from cordeau.entreprise.demo import creer_entreprise
from cordeau.facturation.commands.depuis_devis import Demande, facturer_devis

EMAIL, MOT_DE_PASSE = "mesure@example.com", "une phrase assez longue"
#: Beyond it the base is copies of itself, written by bulk SQL.
PATRON = 20_000


@dataclass(frozen=True, slots=True)
class Instance:
    """A data folder, and what is needed to act in it."""

    data: Path
    #: The address of its base.
    url: str
    acteur: Acteur
    jeton: str
    cookie: str
    client_id: UUID
    #: Factures ready to be issued.
    brouillons: list[UUID]

    @property
    def settings(self) -> Settings:
        """The settings of this instance."""
        return settings_de(self.data, self.url)

    @property
    def programme(self) -> dict[str, str]:
        """What a program of the API sends with each request."""
        return {"Authorization": f"Bearer {self.jeton}"}

    @property
    def navigateur(self) -> dict[str, str]:
        """What a browser signed in sends with each request."""
        return {"Cookie": f"cordeau_session={self.cookie}"}


def settings_de(data: Path, url: str) -> Settings:
    """The settings of an instance on this folder, whatever the environment says."""
    return read_settings({"CORDEAU_DATA": str(data), "CORDEAU_DATABASE_URL": url})


def preparer(moteur: Moteur, data: Path, devis: int, brouillons: int) -> Instance:
    """Make the instance in an empty folder, then close its base."""
    data.mkdir(parents=True)
    url = moteur.base_vide(data)
    database = Database(url)
    le = aujourd_hui()
    try:
        migrate.upgrade(database)
        acteur, jeton, cookie = database.transaction(lambda session: _gens(session, le))
        acceptes = remplir(database, min(devis, PATRON), brouillons, le)
        grossir(database, devis // PATRON)
        _replier(database)
        with database.write() as session:
            factures = [_brouillon(session, cle, acteur, le) for cle in acceptes]
        with database.read() as session:
            client_id = get_devis(session, acceptes[0]).client_id
    finally:
        database.dispose()
    return Instance(data, url, acteur, jeton, cookie, client_id, factures)


def _replier(database: Database) -> None:
    """Leave the kept sums as the job leaves them: bulk rows made as many movements."""
    with database.write() as session:
        session.execute(delete(MouvementAgregat))
    database.transaction(reconstruire)
    while database.transaction(replier):
        pass


def _gens(session: Session, le: date) -> tuple[Acteur, str, str]:
    creer_entreprise(session, le, actor=SYSTEME)
    user = auth.ajouter_utilisateur(
        session,
        email=EMAIL,
        nom="Mesure",
        role=Role.ADMIN,
        password=MOT_DE_PASSE,
        actor=SYSTEME,
    )
    jeton = auth.creer_jeton(session, user, actor=SYSTEME)
    cookie = auth.ouvrir_session(session, email=EMAIL, password=MOT_DE_PASSE)
    assert cookie is not None
    return user.en_acteur(), jeton, cookie


def _brouillon(session: Session, devis_id: UUID, acteur: Acteur, le: date) -> UUID:
    return facturer_devis(session, devis_id, Demande(), actor=acteur, le=le).id
