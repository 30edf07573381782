"""Archiving a month: its file is written whole, and the ledger knows it by its digest."""

import os
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import select

from cordeau.comptabilite.archive import Archive, composer_archive, nom_archive
from cordeau.comptabilite.periodes import bornes, nommer
from cordeau.comptabilite.queries import mois_archives
from cordeau.core.dates import PARIS
from cordeau.core.db import Database
from cordeau.core.errors import ConflitError
from cordeau.core.permissions import Acteur
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
#: Months caught up in one run of the daily job.
MOIS_MAX = 24


def archiver(
    database: Database,
    settings: Settings,
    mois: date,
    *,
    actor: Acteur,
    le: date,
    dossier: Path | None = None,
) -> Path:
    """Write the archive of a month that is over, its missing Factur-X rendered first.

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
    _inscrire(database, archive, actor)
    return _deposer(archive, dossier or settings.data / DOSSIER)


def archiver_mois_passes(
    database: Database, settings: Settings, *, actor: Acteur, le: date
) -> list[Path]:
    """Archive each month that is over, holds entries and has no archive yet."""
    with database.read() as session:
        faits = mois_archives(session)
        premiere = session.scalar(
            select(EntreeRegistre.survenu_le).order_by(EntreeRegistre.survenu_le).limit(1)
        )
    if premiere is None:
        return []
    fichiers: list[Path] = []
    mois = premiere.astimezone(PARIS).date().replace(day=1)
    while mois < le.replace(day=1) and len(fichiers) < MOIS_MAX:
        if f"{mois:%Y-%m}" not in faits:
            fichiers.append(archiver(database, settings, mois, actor=actor, le=le))
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


def _inscrire(database: Database, archive: Archive, actor: Acteur) -> None:
    contenu = {
        "periode": archive.periode,
        "fichier": archive.nom,
        "sha256": archive.sha256,
        "ecritures": archive.ecritures,
    }
    database.transaction(
        lambda session: inscrire(
            session, Journal.TECHNIQUE, Evenement.ARCHIVE, contenu, actor=actor
        )
    )


def _deposer(archive: Archive, dossier: Path) -> Path:
    """Write the file whole or not at all."""
    dossier.mkdir(parents=True, exist_ok=True)
    place = dossier / archive.nom
    provisoire = place.with_suffix(".partiel")
    with provisoire.open("wb") as sortie:
        sortie.write(archive.octets)
        sortie.flush()
        os.fsync(sortie.fileno())
    provisoire.replace(place)
    return place
