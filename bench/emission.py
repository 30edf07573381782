"""Issuing in this process, without HTTP: the command beside the rows it writes."""

from collections.abc import Callable, Iterator
from pathlib import Path
from sqlite3 import Connection
from uuid import UUID

from bench import rejeu
from bench.instance import BASE, Instance, settings_de
from bench.mesures import Geste, Mesure, alterner
from bench.rejeu import Releve
from bench.releve import relever
from cordeau.core.dates import aujourd_hui
from cordeau.core.db import Database
from cordeau.facturation.commands.emission import emettre


def mesurer(instance: Instance, devis: int, factures: list[UUID], dossier: Path) -> Mesure:
    """Each facture issued by Cordeau on one copy of the base, by bare SQL on another."""
    with relever(instance, dossier / "releve-emission") as releveur:
        releve = releveur.emission(factures[:3])
    database = _ouvrir(instance, dossier / "emission")
    connexion = rejeu.ouvrir(instance.copier_base(dossier / "emission-nue.db"))
    fois = len(factures) - 2
    try:
        cordeau, plancher = alterner(
            [
                _gestes(iter(factures), lambda cle: _emettre(database, instance, cle)),
                _gestes(iter(factures), lambda cle: _rejouer(connexion, releve, factures[1], cle)),
            ],
            fois,
        )
    finally:
        connexion.close()
        database.dispose()
    return Mesure("Émettre, dans le processus", devis, fois, cordeau, plancher, objectif="≤ 4")


def _gestes(factures: Iterator[UUID], geste: Callable[[UUID], object]) -> Geste:
    return lambda: geste(next(factures))


def _ouvrir(instance: Instance, data: Path) -> Database:
    data.mkdir()
    instance.copier_base(data / BASE)
    return Database(settings_de(data).database_url)


def _emettre(database: Database, instance: Instance, cle: UUID) -> None:
    le = aujourd_hui()
    database.transaction(lambda session: emettre(session, cle, actor=instance.acteur, le=le))


def _rejouer(connexion: Connection, releve: Releve, ancienne: UUID, cle: UUID) -> None:
    rejeu.ecrire(connexion, releve, {ancienne.hex: cle.hex})
