"""The guards of the database: the triggers that keep what is issued as it is, by name.

Migrations create them; this list says which must be there. An instance that misses one refuses to
issue and says so (`docs/contextes/registre.md`).
"""

from collections.abc import Iterator

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
#: Guards of the other tables, on both engines.
AUTRES = (
    "facture_d",
    "facture_u",
    "imputation_enchaine",
    "ligne_facture_d",
    "ligne_facture_i",
    "ligne_facture_u",
    "registre_entree_suite",
    "registre_tete_d",
    "registre_tete_u",
    "tva_facture_d",
    "tva_facture_i",
    "tva_facture_u",
    "version_devis_d",
    "version_devis_u",
)
#: On SQLite a REPLACE deletes without firing delete triggers: inserts and updates are watched too.
CONTRE_REPLACE = (
    "facture_i",
    "facture_u2",
    "ligne_facture_i2",
    "ligne_facture_u2",
    "registre_tete_i",
    "tva_facture_i2",
    "tva_facture_u2",
    "version_devis_i",
)


def gardes_attendues(moteur: str) -> frozenset[str]:
    """The names of the triggers an engine (`sqlite`, `mysql`) must have."""
    return frozenset(f"fige_{nom}" for nom in _noms(sqlite=moteur == "sqlite"))


def gardes_manquantes(connection: Connection) -> list[str]:
    """Which triggers are missing, by name; none when all stand guard."""
    moteur = connection.dialect.name
    presentes = set(connection.scalars(text(_PRESENTES["sqlite" if moteur == "sqlite" else ""])))
    return sorted(gardes_attendues(moteur) - presentes)


def exiger_gardes(session: Session) -> None:
    """Refuse to write what could be changed afterwards (`ConflitError`): a guard is missing."""
    manquantes = session.info.get(GARDES_MANQUANTES)
    if manquantes:
        raise ConflitError(
            "La base de données a perdu des protections : rien n’est émis ni encaissé tant "
            f"qu’elles manquent ({', '.join(manquantes)}). Prévenez l’administrateur, qui lancera "
            "« cordeau doctor »."
        )


_PRESENTES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "": "SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema = DATABASE()",
}


def _noms(*, sqlite: bool) -> Iterator[str]:
    for table in AJOUT_SEUL:
        yield f"{table}_u"
        yield f"{table}_d"
        if sqlite:
            yield f"{table}_i"
    yield from AUTRES
    if sqlite:
        yield from CONTRE_REPLACE
