"""Archiving a month: its file is written whole, and the ledger knows it by its digest."""

import hashlib
import os
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path

from sqlalchemy import select

from cordeau.comptabilite.archive import Archive, composer_archive, nom_archive
from cordeau.comptabilite.periodes import bornes, nommer
from cordeau.comptabilite.queries import empreintes_archives
from cordeau.core.dates import PARIS
from cordeau.core.db import Database
from cordeau.core.errors import ConflitError
from cordeau.core.permissions import SYSTEME, Acteur
from cordeau.core.registre.ancres import presenter_cle
from cordeau.core.registre.cles import Coffre
from cordeau.core.registre.ecriture import inscrire
from cordeau.core.registre.models import EntreeRegistre
from cordeau.core.registre.states import Evenement, GenreCloture, Journal
from cordeau.core.settings import Settings
from cordeau.facturation.models import Facture
from cordeau.facturation.pieces import obtenir_piece
from cordeau.facturation.states import StatutFacture

JOB_ARCHIVER = "comptabilite.archiver"
DOSSIER = "archives"
#: Written, and not yet known to the ledger or not yet named; and what the ledger does not know.
PARTIEL, ECARTE = ".partiel", ".ecarte"
#: Months caught up in one run of the daily job.
MOIS_MAX = 24


class Motif(StrEnum):
    """Why an archive is made, as its entry says."""

    DEMANDE = "demandée"
    MOIS_FINI = "mois fini"
    #: An archive was chained; its file is in the data folder no more, or never was.
    PERDUE = "refaite : fichier absent"
    #: What bears its name is set aside.
    AUTRE = "refaite : fichier différent"


def archiver(
    database: Database,
    settings: Settings,
    mois: date,
    *,
    actor: Acteur,
    le: date,
    dossier: Path | None = None,
    motif: Motif = Motif.DEMANDE,
) -> Path:
    """Write the archive of a month that is over, its missing Factur-X rendered first.

    The file is on the disk, aside, before the ledger speaks of it, and bears its name only after.
    Done again, it is the same month from the same rows. Raises `ConflitError` when the month is
    not over, `OSError` or `ValueError` on trouble with the key or the folder.
    """
    debut, fin = bornes(GenreCloture.MOIS, mois)
    if fin >= le:
        raise ConflitError(
            f"{nommer(GenreCloture.MOIS, debut)} n’est pas fini : il s’archive ensuite."
        )
    _rendre_pieces(database, debut, fin)
    cle = Coffre(settings.data).cle()
    database.transaction(lambda session: presenter_cle(session, cle, actor=actor))
    with database.engine.connect() as connection:
        if not database.is_sqlite:
            connection.execution_options(isolation_level="REPEATABLE READ")
        archive = composer_archive(connection, mois, cle)
    place = (dossier or settings.data / DOSSIER) / archive.nom
    _ecrire_a_cote(archive, place)
    _inscrire(database, archive, motif=motif, actor=actor)
    return _mettre_en_place(place)


def archiver_mois_passes(
    database: Database, settings: Settings, *, actor: Acteur, le: date
) -> list[Path]:
    """Archive each month that is over, whose file is not here as the ledger knows it."""
    with database.read() as session:
        connues = empreintes_archives(session)
        premiere = session.scalar(
            select(EntreeRegistre.survenu_le).order_by(EntreeRegistre.survenu_le).limit(1)
        )
    if premiere is None:
        return []
    fichiers: list[Path] = []
    mois = premiere.astimezone(PARIS).date().replace(day=1)
    while mois < le.replace(day=1) and len(fichiers) < MOIS_MAX:
        motif = _pourquoi_archiver(settings, f"{mois:%Y-%m}", connues)
        if motif is not None:
            fichiers.append(archiver(database, settings, mois, actor=actor, le=le, motif=motif))
        mois = (mois + timedelta(days=31)).replace(day=1)
    return fichiers


def trouver_archive(settings: Settings, periode: str) -> Path | None:
    """The file of a month, if it is in the data folder."""
    fichier = settings.data / DOSSIER / nom_archive(periode)
    return fichier if fichier.is_file() else None


def _rendre_pieces(database: Database, debut: date, fin: date) -> None:
    with database.read() as session:
        factures = session.scalars(
            select(Facture.id).where(
                Facture.statut == StatutFacture.EMISE, Facture.date_emission.between(debut, fin)
            )
        ).all()
    for facture_id in factures:
        obtenir_piece(database, facture_id)


def _pourquoi_archiver(
    settings: Settings, periode: str, connues: Mapping[str, Collection[str]]
) -> Motif | None:
    """None when the file of a month is in its place, put there now if it was only aside."""
    place = settings.data / DOSSIER / nom_archive(periode)
    chainees = connues.get(periode, frozenset())
    if _empreinte(place) in chainees:
        return None
    if place.exists():
        place.replace(place.with_suffix(ECARTE))
        return Motif.AUTRE
    if _empreinte(place.with_suffix(PARTIEL)) in chainees:
        _mettre_en_place(place)
        return None
    return Motif.PERDUE if chainees else Motif.MOIS_FINI


def _empreinte(fichier: Path) -> str:
    if not fichier.is_file():
        return ""
    with fichier.open("rb") as entree:
        return hashlib.file_digest(entree, "sha256").hexdigest()


def _inscrire(database: Database, archive: Archive, *, motif: Motif, actor: Acteur) -> None:
    contenu = {
        "periode": archive.periode,
        "fichier": archive.nom,
        "sha256": archive.sha256,
        "ecritures": archive.ecritures,
        "motif": motif.value,
    }
    database.transaction(
        lambda session: inscrire(
            session, Journal.TECHNIQUE, Evenement.ARCHIVE, contenu, actor=actor
        )
    )


def noter_verification(database: Database, fichier: Path, *, intacte: bool) -> None:
    """Chain that an archive was read again, wherever it lies, and what was found."""
    contenu = {
        "fichier": fichier.name.encode(errors="replace").decode(),
        "sha256": _empreinte(fichier),
        "intacte": intacte,
    }
    database.transaction(
        lambda session: inscrire(
            session, Journal.TECHNIQUE, Evenement.ARCHIVE_VERIFIEE, contenu, actor=SYSTEME
        )
    )


def _ecrire_a_cote(archive: Archive, place: Path) -> None:
    """Write the whole file, on the disk, under the name of what is not finished."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.with_suffix(PARTIEL).open("wb") as sortie:
        sortie.write(archive.octets)
        sortie.flush()
        os.fsync(sortie.fileno())


def _mettre_en_place(place: Path) -> Path:
    """Give its name to a file that the ledger knows, for good."""
    place.with_suffix(PARTIEL).replace(place)
    dossier = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(dossier)
    finally:
        os.close(dossier)
    return place
