"""What an administrator does with the ledger from the console."""

import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from zipfile import BadZipFile

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

import cordeau.models  # noqa: F401 (every table)
from cordeau import migrate
from cordeau.comptabilite import verify_archive
from cordeau.comptabilite.commands.ancrage import ancrer_et_copier
from cordeau.comptabilite.commands.archivage import archiver, noter_verification
from cordeau.comptabilite.commands.cloture import clore
from cordeau.comptabilite.periodes import lire_periode, nommer
from cordeau.comptabilite.verification import Rapport
from cordeau.comptabilite.verification import verifier as verifier_registre
from cordeau.core import jsonable
from cordeau.core.dates import aujourd_hui
from cordeau.core.db import Base, Database
from cordeau.core.errors import ConflitError, DomainError
from cordeau.core.gardes import AJOUT_SEUL, EFFACEMENTS, JAMAIS_SUPPRIMEES, examiner_gardes
from cordeau.core.permissions import SYSTEME
from cordeau.core.registre.ancres import presenter_cle
from cordeau.core.registre.cles import Coffre, cle_id
from cordeau.core.registre.states import GenreCloture
from cordeau.core.settings import Settings
from cordeau.exploitation.marquage import exiger_restauration_finie
from cordeau.gestion import exiger_schema, ouvrir, ouvrir_a_jour

VALIDE, CORROMPU, IMPOSSIBLE = 0, 1, 2
#: Standard output is full, closed, or was never open.
SORTIE_PERDUE = (OSError, ValueError, AttributeError)
_COMPTE = re.compile(r"[\w.-]{1,80}@[\w.%:-]{1,255}")


def verifier(settings: Settings, copies: Sequence[Path], *, en_json: bool) -> int:
    """Verify the ledger: 0 valid, 1 corrupt (with the first bad entry and why), 2 cannot check."""
    try:
        with ouvrir_a_jour(settings) as database:
            rapport = verifier_registre(database, settings.data, copies=copies)
    except (DomainError, SQLAlchemyError, ImportError, OSError, ValueError) as erreur:
        return dire_impossible(str(erreur), en_json=en_json)
    try:
        if en_json:
            _dire(jsonable.dumps(rapport.en_json()).decode())
        else:
            _raconter(rapport)
        sys.stdout.flush()
    except SORTIE_PERDUE as erreur:
        return _dire_sortie_perdue(erreur)
    return VALIDE if rapport.valide else CORROMPU


def dire_impossible(message: str, *, en_json: bool) -> int:
    """Say that nothing could be verified, and why."""
    sys.stderr.write(f"Le registre ne peut pas être vérifié : {message}\n")
    try:
        if en_json:
            _dire(jsonable.dumps({"valide": None, "erreur": message}).decode())
            sys.stdout.flush()
    except SORTIE_PERDUE as erreur:
        return _dire_sortie_perdue(erreur)
    return IMPOSSIBLE


def ancrer(settings: Settings) -> None:
    """Sign the state of each journal now."""
    try:
        with ouvrir_a_jour(settings) as database:
            ancres = ancrer_et_copier(database, settings, aujourd_hui())
    except (OSError, ValueError) as erreur:
        raise ConflitError(
            f"La clé du registre, ou la copie de ses ancres, ne peut pas servir : {erreur}."
        ) from erreur
    for ancre in ancres:
        _dire(f"{ancre.journal} n° {ancre.rang} : {ancre.empreinte}")
    _dire(f"Ancres posées : {len(ancres)}.")


def montrer_cle(settings: Settings, *, renouveler: bool) -> None:
    """Print the public key; draw another one first when asked, signed by both."""
    coffre = Coffre(settings.data)
    try:
        if renouveler:
            with ouvrir_a_jour(settings) as database:
                ancienne, cle = coffre.renouveler()
                database.transaction(
                    lambda session: presenter_cle(session, cle, precedente=ancienne)
                )
        else:
            cle = coffre.cle()
    except (OSError, ValueError) as erreur:
        raise ConflitError(f"La clé du registre ne peut pas servir : {erreur}.") from erreur
    publique = cle.public_key()
    _dire(f"Clé {cle_id(publique)}, gardée dans {coffre.dossier} :")
    _dire(publique.public_bytes_raw().hex())


def ecrire_droits(settings: Settings, compte: str) -> None:
    """Print the statements that let the application's account work, and nothing more."""
    if settings.is_sqlite:
        raise ConflitError("SQLite n’a pas de comptes : ces droits concernent MariaDB.")
    if not _COMPTE.fullmatch(compte):
        raise ConflitError("Écrivez le compte comme « nom@hote ».")
    nom, hote = compte.split("@")
    for droit in droits_du_compte():
        _dire(f"GRANT {droit} TO '{nom}'@'{hote}';")


def montrer_gardes(settings: Settings, *, recreer: bool) -> int:
    """Say which guards the base lost; put them back when asked: 0 when all stand, else 1."""
    exiger_restauration_finie(settings)
    with ouvrir(settings) as database:
        exiger_schema(database)
        if recreer:
            _recreer(database)
        with database.engine.connect() as connection:
            etat = examiner_gardes(connection)
    if etat.perdues:
        _dire(f"Des protections de la base {etat.recit}.")
        _dire("Pour les recréer : « cordeau ledger guards --recreer ».")
        return CORROMPU
    _dire("Toutes les protections de la base sont en place.")
    if not etat.texte_lu:
        _dire("Ce qu’elles font ne se lit qu’avec le compte qui fait les migrations.")
    return VALIDE


def clore_periode(settings: Settings, *, mois: str | None, annee: str | None) -> None:
    """Close a month or a year."""
    genre = GenreCloture.ANNEE if annee else GenreCloture.MOIS
    genre, jour = lire_periode(genre, annee or mois or "")
    with ouvrir_a_jour(settings) as database:
        cloture = database.transaction(
            lambda session: clore(session, genre, jour, actor=SYSTEME, le=aujourd_hui())
        )
    _dire(f"{nommer(genre, cloture.debut)} : clos.")


def archiver_mois(settings: Settings, mois: str, dossier: Path | None) -> None:
    """Write the archive of a month that is over."""
    _, jour = lire_periode(GenreCloture.MOIS, mois)
    try:
        with ouvrir_a_jour(settings) as database:
            fichier = archiver(
                database, settings, jour, actor=SYSTEME, le=aujourd_hui(), dossier=dossier
            )
    except (OSError, ValueError) as erreur:
        raise ConflitError(f"L’archive n’a pas pu être écrite : {erreur}.") from erreur
    _dire(str(fichier))


def verifier_archive(settings: Settings, fichier: Path, publique: str | None) -> int:
    """Verify an archive with a public key, else with those of this instance, which notes it."""
    if publique is not None:
        return verify_archive.verifier_et_dire(fichier, publique)
    try:
        cles = [cle.public_bytes_raw() for cle in Coffre(settings.data).publiques().values()]
    except (OSError, ValueError) as erreur:
        return dire_archive_impossible(str(erreur))
    if not cles:
        return dire_archive_impossible("cette instance n’a aucune clé publique, donnez-en une")
    signataire = next((cle for cle in cles if _a_signe(cle, fichier)), cles[0])
    code = verify_archive.verifier_et_dire(fichier, signataire.hex())
    if code != IMPOSSIBLE:
        _noter_verification(settings, fichier, intacte=code == VALIDE)
    return code


def _noter_verification(settings: Settings, fichier: Path, *, intacte: bool) -> None:
    """Chain what was found; the answer stands even where the base cannot be reached."""
    try:
        with ouvrir_a_jour(settings) as database:
            noter_verification(database, fichier, intacte=intacte)
    except (DomainError, DBAPIError, OSError) as erreur:
        sys.stderr.write(f"Cette vérification n’a pas pu être inscrite au registre : {erreur}\n")


def dire_archive_impossible(message: str) -> int:
    """Say that the archive could not be verified, and why."""
    sys.stderr.write(f"L’archive ne peut pas être vérifiée : {message}\n")
    return IMPOSSIBLE


def _a_signe(cle: bytes, fichier: Path) -> bool:
    """Whether an archive is intact under this key; any trouble is told by the last reading."""
    try:
        verify_archive.verifier(fichier, cle)
    except (verify_archive.AltereeError, OSError, ValueError, KeyError, BadZipFile):
        return False
    return True


def droits_du_compte() -> Iterator[str]:
    """What to grant, table by table: only add where rows never change, and no DDL anywhere.

    Erasing a person takes the account of migrations: what it writes opens the journal.
    """
    for table in sorted(Base.metadata.tables):
        yield f"{_droits(table)} ON {table}"
    yield "SELECT ON alembic_version"


def _droits(table: str) -> str:
    if table in EFFACEMENTS:
        return "SELECT"
    if table in AJOUT_SEUL:
        return "SELECT, INSERT"
    return (
        "SELECT, INSERT, UPDATE" if table in JAMAIS_SUPPRIMEES else "SELECT, INSERT, UPDATE, DELETE"
    )


def _recreer(database: Database) -> None:
    try:
        etat = migrate.recreer_gardes(database)
    except DBAPIError as erreur:
        raise ConflitError(
            f"Les protections n’ont pas pu être recréées : {erreur.orig}. Sur MariaDB, prenez le "
            "compte qui fait les migrations (CORDEAU_DATABASE_URL)."
        ) from erreur
    if not etat.perdues:
        return
    _dire(f"RECRÉÉES, parce que des protections de la base {etat.recit}.")
    _dire(
        "Ce qui a pu changer sans elles : lancez « cordeau ledger verify » et « cordeau agregats "
        "verifier », puis redémarrez les serveurs."
    )


def _raconter(rapport: Rapport) -> None:
    for journal, chaine in rapport.chaines.items():
        _dire(f"{journal:<12} {chaine.entrees:>9} écritures   {chaine.empreinte[:16]}")
    _dire(f"{'ANCRES':<12} {rapport.ancres:>9}")
    for fichier, nombre in rapport.fichiers.items():
        _dire(f"  dont {fichier} : {nombre}")
    if rapport.valide:
        _dire("Le registre est intact.")
        return
    _dire(f"LE REGISTRE EST ALTÉRÉ : {len(rapport.anomalies)} anomalies.")
    for anomalie in rapport.anomalies[:20]:
        _dire(f"  {anomalie.journal} n° {anomalie.rang} ({anomalie.raison}) : {anomalie.detail}")


def _dire_sortie_perdue(erreur: Exception) -> int:
    """The answer could not be written: it must not pass for one."""
    with suppress(*SORTIE_PERDUE):  # what is left to write goes nowhere, and fails no more
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.stderr.write(f"La réponse n’a pas pu être écrite : {erreur}\n")
    return IMPOSSIBLE


def _dire(texte: str) -> None:
    sys.stdout.write(f"{texte}\n")
