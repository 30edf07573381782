"""The register of erasures, and the only changes it lets the journal and old devis undergo."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "20261126_0130"
down_revision = "20261126_0105"
branch_labels = None
depends_on = None

MESSAGE = "document fige"
NOM_EFFACE = "Utilisateur effacé"

#: Never changed in a line of the journal.
FIXES = (
    "id",
    "objet_type",
    "objet_id",
    "action",
    "acteur_id",
    "survenu_le",
    "origine",
    "requete",
    "lieu",
    "empreinte",
)
AJOUT_SEUL = {"effacement": ("id",), "effacement_objet": ("objet_type", "objet_id")}


def upgrade() -> None:
    """Create the register, then put the two triggers that look into it in place of the former."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    _tables()
    for nom in ("evenement_u", "version_devis_d"):
        op.execute(f"DROP TRIGGER fige_{nom}")
    for nom, moment, table, condition in _regles(sqlite=sqlite):
        op.execute(_ddl(nom, moment, table, condition, sqlite=sqlite))


def downgrade() -> None:
    """Shipped migrations go forwards only."""
    raise NotImplementedError


def _tables() -> None:
    moteur: Any = {
        "mysql_charset": "utf8mb4",
        "mysql_collate": "utf8mb4_bin",
        "mysql_engine": "InnoDB",
    }
    instant = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
    op.create_table(
        "effacement",
        sa.Column("id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("personne_type", sa.String(length=20), nullable=False),
        sa.Column("personne_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("fait_le", instant, nullable=False),
        sa.Column("par", sa.String(length=160), nullable=False),
        sa.Column("bilan", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_effacement")),
        **moteur,
    )
    op.create_index(op.f("ix_effacement_personne_id"), "effacement", ["personne_id"])
    op.create_table(
        "effacement_objet",
        sa.Column("objet_type", sa.String(length=40), nullable=False),
        sa.Column("objet_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("effacement_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.ForeignKeyConstraint(
            ["effacement_id"],
            ["effacement.id"],
            name=op.f("fk_effacement_objet_effacement_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("objet_type", "objet_id", name=op.f("pk_effacement_objet")),
        **moteur,
    )
    op.create_index(
        op.f("ix_effacement_objet_effacement_id"), "effacement_objet", ["effacement_id"]
    )


def _regles(*, sqlite: bool) -> Iterator[tuple[str, str, str, str]]:
    """(name, moment, table, condition of refusal)."""
    for table, cle in AJOUT_SEUL.items():
        yield f"{table}_u", "UPDATE", table, "1 = 1"
        yield f"{table}_d", "DELETE", table, "1 = 1"
        if sqlite:
            memes = " AND ".join(f"t.{colonne} = NEW.{colonne}" for colonne in cle)
            existe = f"EXISTS (SELECT 1 FROM {table} t WHERE {memes})"
            yield f"{table}_i", "INSERT", table, existe
    yield "evenement_u", "UPDATE", "evenement", f"NOT ({_permis('IS' if sqlite else '<=>')})"
    devis = "NOT " + _au_registre("'devis'", "OLD.devis_id")
    yield "version_devis_d", "DELETE", "version_devis", devis


def _permis(egale: str) -> str:
    """A line of the journal may lose what it says of an erased record, or its erased author."""
    fixes = _memes(FIXES, egale)
    objet = (
        f"{_memes(('acteur_nom', 'adresse'), egale)} AND NEW.changements IS NULL "
        "AND NEW.objet_nom IS NULL AND NEW.recherche IS NULL AND NEW.details = '{}' AND "
        + _au_registre("OLD.objet_type", "OLD.objet_id")
    )
    auteur = (
        f"{_memes(('changements', 'objet_nom', 'details'), egale)} "
        f"AND NEW.acteur_nom = '{NOM_EFFACE}' AND NEW.adresse IS NULL "
        "AND NEW.recherche IS NULL AND " + _au_registre("'utilisateur'", "OLD.acteur_id")
    )
    return f"{fixes} AND (({objet}) OR ({auteur}))"


def _memes(colonnes: tuple[str, ...], egale: str) -> str:
    return " AND ".join(f"NEW.{colonne} {egale} OLD.{colonne}" for colonne in colonnes)


def _au_registre(objet_type: str, objet_id: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM effacement_objet o "
        f"WHERE o.objet_type = {objet_type} AND o.objet_id = {objet_id})"
    )


def _ddl(nom: str, moment: str, table: str, condition: str, *, sqlite: bool) -> str:
    if sqlite:
        return (
            f"CREATE TRIGGER fige_{nom} BEFORE {moment} ON {table} WHEN {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )
    return (
        f"CREATE TRIGGER fige_{nom} BEFORE {moment} ON {table} FOR EACH ROW "
        f"BEGIN IF {condition} THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '{MESSAGE}'; "
        "END IF; END"
    )
