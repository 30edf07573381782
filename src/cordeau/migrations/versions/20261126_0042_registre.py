"""The ledger: entries, heads, anchors, closings, and the triggers that make them append-only.

An entry follows the head of its chain; the head only moves onto an entry. A règlement takes no
allocation once it is chained.
"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "20261126_0042"
down_revision = "20261126_0041"
branch_labels = None
depends_on = None

MESSAGE = "document fige"
JOURNAUX = ("CLOTURES", "FACTURES", "PIECES", "REGLEMENTS", "TECHNIQUE")
#: Tables whose rows never change once written, and what names a row.
AJOUT_SEUL: dict[str, tuple[str, ...]] = {
    "cloture": ("id",),
    "registre_ancre": ("id",),
    "registre_entree": ("journal", "rang"),
}
SUITE = (
    "NOT EXISTS (SELECT 1 FROM registre_tete t WHERE t.journal = NEW.journal "
    "AND t.rang = NEW.rang - 1 AND t.empreinte = NEW.precedente)"
)
AVANCE = (
    "NOT (NEW.journal = OLD.journal AND NEW.rang = OLD.rang + 1 AND EXISTS "
    "(SELECT 1 FROM registre_entree e WHERE e.journal = NEW.journal AND e.rang = NEW.rang "
    "AND e.empreinte = NEW.empreinte))"
)
ENCHAINE = (
    "EXISTS (SELECT 1 FROM registre_entree e WHERE e.objet_id = NEW.reglement_id "
    "AND e.journal = 'REGLEMENTS')"
)


def upgrade() -> None:
    """Create the tables, the head of each chain, and the triggers of this engine."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    _tables()
    op.add_column(
        "entreprise",
        sa.Column("courriel_ancres", sa.String(length=255), server_default="", nullable=False),
    )
    op.bulk_insert(
        sa.table("registre_tete", sa.column("journal"), sa.column("rang"), sa.column("empreinte")),
        [{"journal": journal, "rang": 0, "empreinte": "0" * 64} for journal in JOURNAUX],
    )
    for nom, moment, table, condition in _regles(sqlite=sqlite):
        op.execute(_ddl(nom, moment, table, condition, sqlite=sqlite))


def downgrade() -> None:
    """Shipped migrations go forwards only."""
    raise NotImplementedError


def _instant() -> sa.DateTime:
    return sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")


def _tables() -> None:
    moteur: Any = {
        "mysql_charset": "utf8mb4",
        "mysql_collate": "utf8mb4_bin",
        "mysql_engine": "InnoDB",
    }
    op.create_table(
        "registre_entree",
        sa.Column("journal", sa.String(length=20), nullable=False),
        sa.Column("rang", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("evenement", sa.String(length=40), nullable=False),
        sa.Column("objet_id", sa.Uuid(native_uuid=False), nullable=True),
        sa.Column("survenu_le", _instant(), nullable=False),
        sa.Column("algorithme", sa.Integer(), nullable=False),
        sa.Column("sel", sa.String(length=32), nullable=False),
        sa.Column(
            "contenu",
            sa.Text()
            .with_variant(mysql.LONGTEXT(), "mariadb")
            .with_variant(mysql.LONGTEXT(), "mysql"),
            nullable=False,
        ),
        sa.Column("contenu_sha256", sa.String(length=64), nullable=False),
        sa.Column("precedente", sa.String(length=64), nullable=False),
        sa.Column("empreinte", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("journal", "rang", name=op.f("pk_registre_entree")),
        **moteur,
    )
    op.create_index(op.f("ix_registre_entree_objet_id"), "registre_entree", ["objet_id"])
    op.create_table(
        "registre_tete",
        sa.Column("journal", sa.String(length=20), nullable=False),
        sa.Column("rang", sa.Integer(), nullable=False),
        sa.Column("empreinte", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("journal", name=op.f("pk_registre_tete")),
        **moteur,
    )
    op.create_table(
        "registre_ancre",
        sa.Column("id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("journal", sa.String(length=20), nullable=False),
        sa.Column("rang", sa.Integer(), nullable=False),
        sa.Column("empreinte", sa.String(length=64), nullable=False),
        sa.Column("posee_le", _instant(), nullable=False),
        sa.Column("cle_id", sa.String(length=16), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registre_ancre")),
        **moteur,
    )
    op.create_index(op.f("ix_registre_ancre_journal_rang"), "registre_ancre", ["journal", "rang"])
    op.create_table(
        "cloture",
        sa.Column("id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("genre", sa.String(length=10), nullable=False),
        sa.Column("debut", sa.Date(), nullable=False),
        sa.Column("fin", sa.Date(), nullable=False),
        sa.Column("close_le", _instant(), nullable=False),
        sa.Column("close_par", sa.String(length=255), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cloture")),
        **moteur,
    )
    op.create_index(op.f("ix_cloture_genre_debut"), "cloture", ["genre", "debut"], unique=True)
    op.create_index(op.f("ix_cloture_fin"), "cloture", ["fin"])


def _regles(*, sqlite: bool) -> Iterator[tuple[str, str, str, str]]:
    """(name, moment, table, condition of refusal)."""
    for table, cle in AJOUT_SEUL.items():
        yield f"{table}_u", "UPDATE", table, "1 = 1"
        yield f"{table}_d", "DELETE", table, "1 = 1"
        if sqlite:
            yield f"{table}_i", "INSERT", table, _existe(table, cle)
    yield "registre_entree_suite", "INSERT", "registre_entree", SUITE
    yield "registre_tete_u", "UPDATE", "registre_tete", AVANCE
    yield "registre_tete_d", "DELETE", "registre_tete", "1 = 1"
    yield "imputation_enchaine", "INSERT", "imputation", ENCHAINE
    if sqlite:
        yield "registre_tete_i", "INSERT", "registre_tete", _existe("registre_tete", ("journal",))
        version = "EXISTS (SELECT 1 FROM version_devis t WHERE t.id = NEW.id)"
        yield "version_devis_i", "INSERT", "version_devis", version


def _existe(table: str, cle: tuple[str, ...]) -> str:
    memes = " AND ".join(f"t.{colonne} = NEW.{colonne}" for colonne in cle)
    return f"EXISTS (SELECT 1 FROM {table} t WHERE {memes})"


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
