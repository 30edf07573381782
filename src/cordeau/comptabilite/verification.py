"""`cordeau ledger verify`: the ledger, the rows it tells of, and the anchors, in one report."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection

from cordeau.comptabilite.verification_clotures import relever_clotures
from cordeau.comptabilite.verification_effacements import verifier_effacements
from cordeau.comptabilite.verification_reglages import Reglages
from cordeau.core.db import Database
from cordeau.core.registre.ancres import (
    Ancre,
    lire_ancres,
    lire_copies,
    lire_fichier,
    rangs_par_journal,
    verifier_ancres,
)
from cordeau.core.registre.cles import DOSSIER, PUBLIQUES, Coffre
from cordeau.core.registre.states import Journal
from cordeau.core.registre.verification import (
    ILLISIBLE,
    Anomalie,
    Chaine,
    Entree,
    journaux_inconnus,
    verifier_chaine,
)
from cordeau.facturation.verification import (
    Numeros,
    hors_registre,
    relever_factures,
    relever_pieces,
    relever_reglements,
)
from cordeau.facturation.verification_soldes import verifier_soldes

#: Anomalies told one by one; beyond, only the verdict matters.
MAXIMUM = 1000


@dataclass(slots=True)
class Rapport:
    """What was read, and everything that is not as it was written."""

    chaines: dict[str, Chaine] = field(default_factory=dict)
    ancres: int = 0
    #: Anchors read in each file that the caller named.
    fichiers: dict[str, int] = field(default_factory=dict)
    anomalies: list[Anomalie] = field(default_factory=list)

    @property
    def valide(self) -> bool:
        """Whether nothing was found."""
        return not self.anomalies

    def en_json(self) -> dict[str, Any]:
        """The report, for a program."""
        return {
            "valide": self.valide,
            "journaux": {
                journal: {"ecritures": chaine.entrees, "tete": chaine.empreinte}
                for journal, chaine in self.chaines.items()
            },
            "ancres": self.ancres,
            "fichiers": self.fichiers,
            "premiere": asdict(self.anomalies[0]) if self.anomalies else None,
            "anomalies": [asdict(anomalie) for anomalie in self.anomalies],
        }


def verifier(database: Database, data: Path, *, copies: Sequence[Path] = ()) -> Rapport:
    """Verify the whole ledger of a base, as it stands at one instant.

    `copies` are files of anchors kept elsewhere, besides the one of the data folder. Raises
    `OSError` or `ValueError` when a file cannot be read, or no public key is there.
    """
    with database.engine.connect() as connection:
        if not database.is_sqlite:
            connection.execution_options(isolation_level="REPEATABLE READ")
        return verifier_sur(connection, data, copies)


def verifier_sur(connection: Connection, data: Path, copies: Sequence[Path] = ()) -> Rapport:
    """The same, as this connection sees the base."""
    rapport, copiees = Rapport(), lire_copies(data)
    for fichier in copies:
        lues = lire_fichier(fichier)
        rapport.fichiers[str(fichier)] = len(lues)
        copiees += lues
    gardees = list(lire_ancres(connection))
    cles = Coffre(data).publiques()
    if (gardees or copiees) and not cles:
        raise ValueError(f"aucune clé publique dans {data / DOSSIER / PUBLIQUES}")
    try:
        for anomalie in islice(_parcourir(connection, rapport, gardees, copiees, cles), MAXIMUM):
            rapport.anomalies.append(anomalie)
    except ILLISIBLE as erreur:
        detail = f"une ligne ne se lit plus : {erreur}"
        rapport.anomalies.append(Anomalie("", 0, "illisible", detail))
    return rapport


def _ancres_perdues(gardees: Sequence[Ancre], copies: Sequence[Ancre]) -> Iterator[Anomalie]:
    """Anchors that only their copies remember."""
    for copie in dict.fromkeys(copies):
        if copie not in gardees:
            yield Anomalie(copie.journal, copie.rang, "ancre", "une ancre manque dans la base")


def _parcourir(
    connection: Connection,
    rapport: Rapport,
    gardees: Sequence[Ancre],
    copies: Sequence[Ancre],
    cles: Mapping[str, Ed25519PublicKey],
) -> Iterator[Anomalie]:
    """Everything wrong, the chains first."""
    ancres = list(dict.fromkeys((*gardees, *copies)))
    rapport.ancres = len(ancres)
    rangs = rangs_par_journal(ancres)
    numeros, reglages = Numeros(), Reglages()

    def relever_et_compter(connection: Connection, entrees: Sequence[Entree]) -> Iterator[Anomalie]:
        yield from relever_factures(connection, entrees)
        yield from numeros.suivre(connection, entrees)

    releveurs = {
        Journal.FACTURES: relever_et_compter,
        Journal.REGLEMENTS: relever_reglements,
        Journal.PIECES: relever_pieces,
        Journal.CLOTURES: relever_clotures,
        Journal.TECHNIQUE: reglages.suivre,
    }
    for journal in Journal:
        chaine = rapport.chaines[journal.value] = Chaine()
        yield from verifier_chaine(
            connection, journal, releveurs[journal], chaine, rangs.get(journal, frozenset())
        )
    yield from journaux_inconnus(connection)
    yield from verifier_ancres(ancres, rapport.chaines, cles)
    yield from _ancres_perdues(gardees, copies)
    yield from hors_registre(connection)
    yield from numeros.conclure(connection)
    yield from reglages.conclure(connection)
    yield from verifier_soldes(connection)
    yield from verifier_effacements(connection)
