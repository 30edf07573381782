"""Kept sums: two tables, and the triggers that write a movement whenever a row that counts changes.

The same text on both engines: `INSERT … SELECT … WHERE` rather than a condition of the trigger.
What the base already holds becomes the first movements.
"""

from collections.abc import Iterator
from typing import NamedTuple

import sqlalchemy as sa
from alembic import op

revision = "20261126_0016"
down_revision = "20261126_0010"
branch_labels = None
depends_on = None

JAMAIS = "'9999-12-31'"
MOUVEMENT = "INSERT INTO mouvement_agregat (mesure, cle, jour, nombre, montant)"


class Part(NamedTuple):
    """What a row adds to a measure; `{r}` is the row."""

    mesure: str
    table: str
    cle: str
    jour: str
    montant: str
    condition: str
    #: Columns that change it; none for rows that never change.
    suivies: tuple[str, ...]


PARTS = (
    Part(
        "DEVIS",
        "devis",
        "{r}.statut",
        f"CASE WHEN {{r}}.statut = 'ENVOYE' THEN COALESCE({{r}}.date_validite, {JAMAIS}) "
        f"ELSE {JAMAIS} END",
        "{r}.montant_ht",
        "1 = 1",
        ("statut", "date_validite", "montant_ht"),
    ),
    Part(
        "A_FACTURER",
        "devis",
        "''",
        JAMAIS,
        "0",
        "{r}.statut = 'ACCEPTE' AND NOT EXISTS (SELECT 1 FROM facture f WHERE f.devis_id = {r}.id)",
        ("statut",),
    ),
    Part(
        "FACTURE",
        "facture",
        "{r}.type",
        "{r}.date_emission",
        "{r}.montant_ht",
        "{r}.statut = 'EMISE'",
        ("statut", "type", "date_emission", "montant_ht"),
    ),
    Part(
        "DU",
        "solde",
        "''",
        f"COALESCE({{r}}.date_echeance, {JAMAIS})",
        "{r}.reste",
        "{r}.reste > 0 AND EXISTS (SELECT 1 FROM facture f "
        "WHERE f.id = {r}.facture_id AND f.type <> 'AVOIR')",
        ("date_echeance", "reste"),
    ),
    Part("ENCAISSE", "reglement", "''", "{r}.date", "{r}.montant", "1 = 1", ()),
)


def upgrade() -> None:
    """Create the tables and the triggers, then count what is there."""
    _creer_tables()
    for nom, moment, table, corps in _declencheurs():
        op.execute(
            f"CREATE TRIGGER agregat_{nom} AFTER {moment} ON {table} FOR EACH ROW BEGIN {corps} END"
        )
    for part in PARTS:
        cle, jour, montant, condition = _pour(part, "t")
        op.execute(
            f"{MOUVEMENT} SELECT '{part.mesure}', {cle}, {jour}, COUNT(*), SUM({montant}) "
            f"FROM {part.table} t WHERE {condition} GROUP BY 2, 3"
        )


def downgrade() -> None:
    """Shipped migrations go forwards only."""
    raise NotImplementedError


def _creer_tables() -> None:
    op.create_table(
        "agregat",
        sa.Column("mesure", sa.String(20), nullable=False),
        sa.Column("cle", sa.String(20), nullable=False),
        sa.Column("jour", sa.Date(), nullable=False),
        sa.Column("nombre", sa.BigInteger(), nullable=False),
        sa.Column("montant", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("mesure", "cle", "jour", name=op.f("pk_agregat")),
    )
    op.create_table(
        "mouvement_agregat",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True),
        sa.Column("mesure", sa.String(20), nullable=False),
        sa.Column("cle", sa.String(20), nullable=False),
        sa.Column("jour", sa.Date(), nullable=False),
        sa.Column("nombre", sa.BigInteger(), nullable=False),
        sa.Column("montant", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mouvement_agregat")),
    )
    op.create_index(op.f("ix_mouvement_agregat_mesure"), "mouvement_agregat", ["mesure"])


def _declencheurs() -> Iterator[tuple[str, str, str, str]]:
    """(name, moment, table, body)."""
    for part in PARTS:
        nom = part.mesure.lower()
        ajouter, retirer = _ecrire(part, "NEW", 1), _ecrire(part, "OLD", -1)
        yield f"{nom}_i", "INSERT", part.table, f"{ajouter};"
        yield f"{nom}_d", "DELETE", part.table, f"{retirer};"
        if part.suivies:
            autre = _autre(part.suivies)
            corps = f"{retirer} AND {autre}; {ajouter} AND {autre};"
            yield f"{nom}_u", "UPDATE", part.table, corps
    prend, rend = _facture_du_devis("NEW", -1, 1), _facture_du_devis("OLD", 1, 0)
    autre = _autre(("devis_id",))
    yield "facture_devis_i", "INSERT", "facture", f"{prend};"
    yield "facture_devis_d", "DELETE", "facture", f"{rend};"
    yield "facture_devis_u", "UPDATE", "facture", f"{rend} AND {autre}; {prend} AND {autre};"


def _ecrire(part: Part, rang: str, signe: int) -> str:
    cle, jour, montant, condition = _pour(part, rang)
    return (
        f"{MOUVEMENT} SELECT '{part.mesure}', {cle}, {jour}, {signe}, {signe} * {montant} "
        f"WHERE {condition}"
    )


def _facture_du_devis(rang: str, signe: int, nombre: int) -> str:
    """The first facture of an accepted devis takes it off the list; without the last, it is back."""
    return (
        f"{MOUVEMENT} SELECT 'A_FACTURER', '', {JAMAIS}, {signe}, 0 FROM devis d "
        f"WHERE d.id = {rang}.devis_id AND d.statut = 'ACCEPTE' AND "
        f"(SELECT COUNT(*) FROM facture f WHERE f.devis_id = {rang}.devis_id) = {nombre}"
    )


def _pour(part: Part, rang: str) -> tuple[str, str, str, str]:
    textes = (part.cle, part.jour, part.montant, part.condition)
    cle, jour, montant, condition = (texte.format(r=rang) for texte in textes)
    return cle, jour, montant, condition


def _autre(colonnes: tuple[str, ...]) -> str:
    """Whether one of these columns changed."""
    memes = " AND ".join(
        f"COALESCE(OLD.{colonne}, '') = COALESCE(NEW.{colonne}, '')" for colonne in colonnes
    )
    return f"NOT ({memes})"
