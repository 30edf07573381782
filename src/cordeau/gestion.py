"""What an administrator does from the console: schema, people, keys, the firm's identity."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

import cordeau.models  # noqa: F401 (a command meets every kind of row)
from cordeau import migrate
from cordeau.analytics.agregats import reconstruire
from cordeau.auth import commands as auth
from cordeau.auth.models import Utilisateur
from cordeau.auth.queries import get_user, has_admin
from cordeau.auth.rules import PORTEE_LECTURE
from cordeau.core import jsonable
from cordeau.core.dates import aujourd_hui
from cordeau.core.db import Database
from cordeau.core.errors import ConflitError
from cordeau.core.gardes import examiner_gardes
from cordeau.core.permissions import LIBELLES_ROLES, SYSTEME, Role
from cordeau.core.settings import Settings
from cordeau.entreprise import commands as entreprise
from cordeau.entreprise.models import Entreprise
from cordeau.entreprise.schemas import EntrepriseSchema
from cordeau.exploitation import reprise_registre
from cordeau.exploitation.logiciel import noter_version
from cordeau.exploitation.marquage import exiger_restauration_finie
from cordeau.exploitation.restauration import achever
from cordeau.web.validation import valider

Result = TypeVar("Result")


@contextmanager
def ouvrir(settings: Settings) -> Iterator[Database]:
    """The database of an instance, closed at the end."""
    database = Database(settings.database_url)
    try:
        yield database
    finally:
        database.dispose()


@contextmanager
def ouvrir_a_jour(settings: Settings) -> Iterator[Database]:
    """The database of an instance whose schema is this version's, its guards looked at."""
    exiger_restauration_finie(settings)
    with ouvrir(settings) as database:
        exiger_schema(database)
        veiller_aux_gardes(database)
        yield database


def veiller_aux_gardes(database: Database) -> None:
    """Say which triggers were lost: until they are back, nothing is issued."""
    with database.engine.connect() as connection:
        etat = examiner_gardes(connection)
    database.gardes_manquantes = etat.bloquantes
    if etat.perdues:
        suite = "rien ne sera émis, encaissé ni clos" if etat.bloquantes else "des sommes dérivent"
        sys.stderr.write(
            f"ATTENTION : des protections de la base {etat.recit}. Tant qu’elles ne sont pas "
            f"recréées, {suite} : lancez « cordeau ledger guards --recreer ».\n"
        )


def exiger_schema(database: Database) -> None:
    """Refuse a schema that is not the one this version expects."""
    exiger_schema_connu(database)
    if not migrate.is_current(database) or est_sans_table(database):
        raise ConflitError(
            "La base de données n’est pas à jour de cette version. Faites une copie de sécurité, "
            "puis lancez « cordeau migrate »."
        )


def exiger_schema_connu(database: Database) -> None:
    """Refuse a base that a later version of Cordeau has written: this one knows nothing of it."""
    schema = migrate.schema(database)
    if schema and not migrate.is_known(schema):
        raise ConflitError(
            f"Cette base vient d’une version plus récente de Cordeau (schéma {schema}) : rien n’a "
            "été changé. Installez cette version, ou restaurez une sauvegarde plus ancienne."
        )


def est_sans_table(database: Database) -> bool:
    """Whether nothing was ever installed there."""
    return not inspect(database.engine).get_table_names()


def migrer(settings: Settings) -> None:
    """Bring the schema to this version."""
    exiger_restauration_finie(settings)
    with ouvrir(settings) as database:
        exiger_schema_connu(database)
        reprise_registre.annoncer(settings, database)
        migrate.upgrade(database)
        achever(settings, database)
        database.transaction(reconstruire)  # what others wrote while sums were set up
        reprises = reprise_registre.achever(settings, database)
        noter_version(database)
    if reprises:
        _dire(f"Inscrits au registre : {reprises} documents, règlements et fichiers antérieurs.")
    _dire("La base de données est à jour.")


def charger_demo(settings: Settings, *, si_vide: bool) -> None:
    """Fill an empty base with the demonstration firm, one login per role."""
    with ouvrir_a_jour(settings) as database:
        if not _est_vierge(database):
            if si_vide:
                return
            raise ConflitError("La base contient déjà des données : la démonstration est refusée.")
        from cordeau import demo

        logins = demo.charger(database, le=aujourd_hui())
    _dire("L’entreprise de démonstration est prête. Comptes, montrés une seule fois :")
    for login in logins:
        _dire(f"  {login.email:<28} {login.mot_de_passe}   {LIBELLES_ROLES[login.role]}")


def ajouter_utilisateur(
    settings: Settings, *, email: str, nom: str, role: Role, password: str
) -> None:
    """Create a person's account."""
    _executer(
        settings,
        lambda session: auth.ajouter_utilisateur(
            session, email=email, nom=nom, role=role, password=password, actor=SYSTEME
        ),
    )
    _dire(f"Compte créé : {email} ({LIBELLES_ROLES[role]}).")


def changer_mot_de_passe(settings: Settings, email: str, password: str) -> None:
    """Set a person's password; their sessions end."""
    _executer(
        settings,
        lambda session: auth.changer_mot_de_passe(
            session, get_user(session, email), password, actor=SYSTEME
        ),
    )
    _dire(f"Mot de passe changé pour {email}. Ses sessions sont fermées.")


def desactiver(settings: Settings, email: str) -> None:
    """Close a person's account."""
    reste = _executer(settings, partial(_desactiver, email=email))
    _dire(f"Compte fermé : {email}.")
    if not reste:
        sys.stderr.write("Plus personne n’administre : « cordeau user enable » rouvre un compte.\n")


def reactiver(settings: Settings, email: str) -> None:
    """Open a closed account again."""
    _executer(
        settings, lambda session: auth.reactiver(session, get_user(session, email), actor=SYSTEME)
    )
    _dire(f"Compte rouvert : {email}.")


def changer_role(settings: Settings, email: str, role: Role) -> None:
    """Give a person other rights."""
    _executer(
        settings,
        lambda session: auth.changer_role(session, get_user(session, email), role, actor=SYSTEME),
    )
    _dire(f"{email} a le rôle {LIBELLES_ROLES[role]}. Ses sessions sont fermées.")


def retirer_facteur(settings: Settings, email: str) -> None:
    """Take the second factor of a person off: telephone and codes lost."""
    _executer(
        settings,
        lambda session: auth.retirer_facteur(session, get_user(session, email), actor=SYSTEME),
    )
    _dire(f"Second facteur retiré à {email}. Ses sessions sont fermées.")


def creer_jeton(
    settings: Settings, email: str, *, nom: str, lecture_seule: bool, dernier_jour: date | None
) -> None:
    """Print a new API token, alone on the last line."""
    jeton = _executer(
        settings,
        lambda session: auth.creer_jeton(
            session,
            get_user(session, email),
            actor=SYSTEME,
            nom=nom,
            portee=PORTEE_LECTURE if lecture_seule else None,
            dernier_jour=dernier_jour,
        ),
    )
    _dire(f"Jeton d’API de {email}, montré une seule fois :")
    _dire(jeton)


def definir_entreprise(settings: Settings, fichier: Path) -> None:
    """Record the firm's identity from a JSON file with the keys of the API."""
    donnees = _lire_json(fichier)
    saisie = valider(EntrepriseSchema, donnees)
    connus = {champ.alias or nom for nom, champ in EntrepriseSchema.model_fields.items()}
    for inconnu in sorted(donnees.keys() - connus - EntrepriseSchema.model_fields.keys()):
        sys.stderr.write(f"Champ inconnu, laissé de côté : {inconnu}\n")
    _executer(settings, lambda session: entreprise.definir(session, saisie.champs(), actor=SYSTEME))
    _dire("L’identité de l’entreprise est enregistrée.")


def _executer(settings: Settings, work: Callable[[Session], Result]) -> Result:
    with ouvrir_a_jour(settings) as database:
        return database.transaction(work)


def _desactiver(session: Session, email: str) -> bool:
    auth.desactiver(session, get_user(session, email), actor=SYSTEME)
    session.flush()
    return has_admin(session)


def _est_vierge(database: Database) -> bool:
    with database.read() as session:
        return not any(
            session.scalar(select(modele.id).limit(1)) for modele in (Utilisateur, Entreprise)
        )


def _lire_json(fichier: Path) -> dict[str, Any]:
    try:
        donnees = jsonable.loads(fichier.read_bytes())
    except OSError as error:
        raise ConflitError(f"{fichier} ne peut pas être lu : {error.strerror}.") from error
    except ValueError as error:
        raise ConflitError(f"{fichier} n’est pas du JSON valable : {error}.") from error
    if not isinstance(donnees, dict):
        raise ConflitError(f"{fichier} doit contenir un objet JSON.")
    return donnees


def _dire(texte: str) -> None:
    sys.stdout.write(f"{texte}\n")
