"""Freeze in the database what is issued: triggers refuse to change or delete it.

On SQLite a REPLACE deletes without firing delete triggers: inserts and updates that would take
the place of a frozen row are refused too. On MariaDB REPLACE fires them.
"""

from collections.abc import Iterator

from alembic import op

revision = "20261121_2310"
down_revision = "20261121_2300"
branch_labels = None
depends_on = None

MESSAGE = "document fige"

#: Tables whose rows never change once written, and what names a row.
AJOUT_SEUL: dict[str, tuple[str, ...]] = {
    "evenement": ("id",),
    "imputation": ("id",),
    "piece_facture": ("facture_id",),
    "reglement": ("id",),
}
#: Tables of the rows of a facture, and what names a row.
FILLES: dict[str, tuple[str, ...]] = {
    "ligne_facture": ("id",),
    "tva_facture": ("facture_id", "taux"),
}


def upgrade() -> None:
    """Create the triggers of this engine."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for nom, moment, table, condition in _regles(sqlite=sqlite):
        op.execute(_ddl(nom, moment, table, condition, sqlite=sqlite))


def downgrade() -> None:
    """Shipped migrations go forwards only."""
    raise NotImplementedError


def _regles(*, sqlite: bool) -> Iterator[tuple[str, str, str, str]]:
    """(name, moment, table, condition of refusal)."""
    for table, cle in AJOUT_SEUL.items():
        yield f"{table}_u", "UPDATE", table, "1 = 1"
        yield f"{table}_d", "DELETE", table, "1 = 1"
        if sqlite:
            yield f"{table}_i", "INSERT", table, _existe(table, cle)
    yield "facture_u", "UPDATE", "facture", "OLD.statut = 'EMISE'"
    yield "facture_d", "DELETE", "facture", "OLD.statut = 'EMISE'"
    if sqlite:
        prise = "EXISTS (SELECT 1 FROM facture f WHERE f.statut = 'EMISE' AND {} (f.id = NEW.id "
        prise += "OR f.numero = NEW.numero))"
        yield "facture_i", "INSERT", "facture", prise.format("")
        yield "facture_u2", "UPDATE", "facture", prise.format("f.id <> OLD.id AND")
    for table, cle in FILLES.items():
        yield f"{table}_u", "UPDATE", table, _mere_emise("OLD", "NEW")
        yield f"{table}_d", "DELETE", table, _mere_emise("OLD")
        yield f"{table}_i", "INSERT", table, _mere_emise("NEW")
        if sqlite:
            prise = f"EXISTS (SELECT 1 FROM {table} t JOIN facture f ON f.id = t.facture_id "
            prise += f"WHERE f.statut = 'EMISE' AND {_memes('t', cle)})"
            yield f"{table}_i2", "INSERT", table, prise
            yield f"{table}_u2", "UPDATE", table, prise
    contenu = "NOT (OLD.contenu = NEW.contenu AND OLD.devis_id = NEW.devis_id "
    contenu += "AND OLD.version = NEW.version AND OLD.id = NEW.id)"
    yield "version_devis_u", "UPDATE", "version_devis", contenu
    yield "version_devis_d", "DELETE", "version_devis", "1 = 1"


def _existe(table: str, cle: tuple[str, ...]) -> str:
    return f"EXISTS (SELECT 1 FROM {table} t WHERE {_memes('t', cle)})"


def _memes(alias: str, cle: tuple[str, ...]) -> str:
    return " AND ".join(f"{alias}.{colonne} = NEW.{colonne}" for colonne in cle)


def _mere_emise(*lignes: str) -> str:
    ids = ", ".join(f"{ligne}.facture_id" for ligne in lignes)
    return f"EXISTS (SELECT 1 FROM facture f WHERE f.id IN ({ids}) AND f.statut = 'EMISE')"


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
