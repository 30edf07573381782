"""An instance to measure: its schema, its firm, someone signed in, many devis, drafts to issue."""

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session

from bench.remplissage import remplir
from cordeau import migrate
from cordeau.auth import commands as auth
from cordeau.core.dates import aujourd_hui
from cordeau.core.db import Database
from cordeau.core.permissions import SYSTEME, Acteur, Role
from cordeau.core.settings import Settings, read_settings
from cordeau.devis.queries import get_devis
from cordeau.entreprise.demo import creer_entreprise
from cordeau.facturation.commands.depuis_devis import Demande, facturer_devis

EMAIL, MOT_DE_PASSE = "mesure@example.com", "une phrase assez longue"
BASE = "cordeau.db"


@dataclass(frozen=True, slots=True)
class Instance:
    """A data folder, and what is needed to act in it."""

    data: Path
    acteur: Acteur
    jeton: str
    cookie: str
    client_id: UUID
    #: Factures ready to be issued.
    brouillons: list[UUID]

    @property
    def base(self) -> Path:
        """The file of the base."""
        return self.data / BASE

    @property
    def settings(self) -> Settings:
        """The settings of this instance."""
        return settings_de(self.data)

    @property
    def programme(self) -> dict[str, str]:
        """What a program of the API sends with each request."""
        return {"Authorization": f"Bearer {self.jeton}"}

    @property
    def navigateur(self) -> dict[str, str]:
        """What a browser signed in sends with each request."""
        return {"Cookie": f"cordeau_session={self.cookie}"}

    def copier_base(self, vers: Path) -> Path:
        """Another file with the same rows."""
        shutil.copyfile(self.base, vers)
        return vers


def settings_de(data: Path) -> Settings:
    """The settings of an instance on this folder, whatever the environment says."""
    return read_settings({"CORDEAU_DATA": str(data)})


def preparer(data: Path, devis: int, brouillons: int) -> Instance:
    """Make the instance in an empty folder, then close its base."""
    data.mkdir(parents=True)
    database = Database(settings_de(data).database_url)
    le = aujourd_hui()
    try:
        migrate.upgrade(database)
        acteur, jeton, cookie = database.transaction(lambda session: _gens(session, le))
        acceptes = remplir(database, devis, brouillons, le)
        with database.write() as session:
            factures = [_brouillon(session, cle, acteur, le) for cle in acceptes]
        with database.read() as session:
            client_id = get_devis(session, acceptes[0]).client_id
    finally:
        database.dispose()
    return Instance(data, acteur, jeton, cookie, client_id, factures)


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
