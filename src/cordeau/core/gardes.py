"""The guards of the database: the triggers that keep what is issued as it is, and kept sums exact.

Migrations create them; `declencheurs/*.sql` records, for each engine, the very statements a base
has once migrated. A trigger that is missing, or says something else, is a guard lost: an instance
refuses to issue and says so (`docs/contextes/registre.md`); `cordeau ledger guards --recreer` puts
it back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from cordeau.core.db import GARDES_MANQUANTES
from cordeau.core.errors import ConflitError

#: Tables whose rows never change once written.
AJOUT_SEUL = (
    "cloture",
    "effacement",
    "effacement_objet",
    "evenement",
    "imputation",
    "piece_facture",
    "registre_ancre",
    "registre_entree",
    "reglement",
)
#: Among them, those whose rows let the journal be emptied: a restricted account only reads them.
EFFACEMENTS = ("effacement", "effacement_objet")
#: Tables whose rows change, and go only with an erasure.
JAMAIS_SUPPRIMEES = ("version_devis",)
#: How the name of what keeps issued rows begins; the others keep sums.
FIGE = "fige_"
DOSSIER = Path(__file__).parent / "declencheurs"


@dataclass(frozen=True, slots=True)
class EtatGardes:
    """What a base lost of its guards, by name."""

    manquantes: Sequence[str]
    modifiees: Sequence[str]
    #: A restricted account of MariaDB reads on what triggers are, not what they do.
    texte_lu: bool = True

    @property
    def perdues(self) -> Sequence[str]:
        """All those that do not guard as they should."""
        return sorted((*self.manquantes, *self.modifiees))

    @property
    def bloquantes(self) -> Sequence[str]:
        """Those without which nothing is issued."""
        return [nom for nom in self.perdues if nom.startswith(FIGE)]

    @property
    def recit(self) -> str:
        """The names, for a person; empty when all stand guard."""
        quoi = {"manquent": self.manquantes, "ont été modifiées": self.modifiees}
        return " ; ".join(f"{dit} : {', '.join(noms)}" for dit, noms in quoi.items() if noms)


@cache
def gardes_attendues(moteur: str) -> Mapping[str, str]:
    """The triggers an engine (`sqlite`, `mysql`) must have, by name, with their statements."""
    fichier = DOSSIER / ("sqlite.sql" if moteur == "sqlite" else "mariadb.sql")
    ordres = fichier.read_text("utf-8").splitlines()
    return MappingProxyType({ordre.split()[2]: ordre for ordre in ordres})


def gardes_presentes(connection: Connection) -> dict[str, tuple[str, str | None]]:
    """The triggers of a base, by name: their statements without what they do, and what they do."""
    moteur = "sqlite" if connection.dialect.name == "sqlite" else ""
    lues = connection.execute(_PRESENTES[moteur])
    return {nom: (tete, None if corps is None else _plier(corps)) for nom, tete, corps in lues}


def examiner_gardes(connection: Connection) -> EtatGardes:
    """Compare the triggers of a base with those that migrations create, word for word.

    A restricted account of MariaDB does not see those of the tables it may only read.
    """
    presentes = gardes_presentes(connection)
    texte_lu = all(corps is not None for _, corps in presentes.values())
    attendues = {
        nom: ordre
        for nom, ordre in gardes_attendues(connection.dialect.name).items()
        if texte_lu or nom in presentes or _table(ordre) not in EFFACEMENTS
    }
    return EtatGardes(
        manquantes=[nom for nom in attendues if nom not in presentes],
        modifiees=[
            nom
            for nom, ordre in attendues.items()
            if nom in presentes and not _est(ordre, *presentes[nom])
        ],
        texte_lu=texte_lu,
    )


def exiger_gardes(session: Session) -> None:
    """Refuse to write what could be changed afterwards (`ConflitError`): a guard is missing."""
    manquantes = session.info.get(GARDES_MANQUANTES)
    if manquantes:
        raise ConflitError(
            "La base de données a perdu des protections : rien n’est émis, encaissé ni clos tant "
            f"qu’elles manquent ({', '.join(manquantes)}). Prévenez l’administrateur, qui lancera "
            "« cordeau doctor »."
        )


def _table(ordre: str) -> str:
    return ordre.split()[6]


def _est(ordre: str, tete: str, corps: str | None) -> bool:
    return ordre.startswith(tete) if corps is None else ordre == tete + corps


def _plier(texte: str) -> str:
    """Spaces say nothing, and a dump may change them."""
    return " ".join(texte.split())


_PRESENTES = {
    "sqlite": text("SELECT name, '', sql FROM sqlite_master WHERE type = 'trigger'"),
    "": text(
        "SELECT trigger_name, CONCAT('CREATE TRIGGER ', trigger_name, ' ', action_timing, ' ', "
        "event_manipulation, ' ON ', event_object_table, ' FOR EACH ROW '), action_statement "
        "FROM information_schema.triggers WHERE trigger_schema = DATABASE()"
    ),
}
