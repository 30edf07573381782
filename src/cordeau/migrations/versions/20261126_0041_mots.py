"""The words of what can be searched, and those of the rows already there."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "20261126_0041"
down_revision = "20261126_0040"
branch_labels = None
depends_on = None

MOT_MAX = 40
DEBUT = re.compile(r"[^\W_]+")
#: Where the text of each kind of row is.
TEXTES = {
    "client": "SELECT id, recherche FROM client",
    "devis": "SELECT id, recherche FROM devis",
    "facture": "SELECT id, recherche FROM facture",
    "chantier": "SELECT h.id, h.recherche, c.nom_tri FROM chantier h "
    "JOIN client c ON c.id = h.client_id",
}
TABLE = sa.table("mot", sa.column("objet_id"), sa.column("mot"), sa.column("genre"))


def upgrade() -> None:
    """Create the table, then fill it, so many rows at a time."""
    op.create_table(
        "mot",
        sa.Column("objet_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("mot", sa.String(MOT_MAX), nullable=False),
        sa.Column("genre", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("objet_id", "mot", name=op.f("pk_mot")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_mot_genre_mot_objet_id"), "mot", ["genre", "mot", "objet_id"])
    for genre, question in TEXTES.items():
        rows = op.get_bind().exec_driver_sql(question)
        for lot in rows.partitions(1000):
            op.bulk_insert(TABLE, list(_mots(genre, lot)))


def downgrade() -> None:
    """Shipped migrations go forwards only."""
    raise NotImplementedError


def _mots(genre: str, lot: Iterable[Any]) -> Iterator[dict[str, str]]:
    for objet_id, *textes in lot:
        for mot in sorted(_mots_de(" ".join(textes))):
            yield {"objet_id": objet_id, "mot": mot, "genre": genre}


def _mots_de(texte: str) -> set[str]:
    return {
        mot[debut.start() :][:MOT_MAX]
        for mot in _plier(texte).split()
        for debut in DEBUT.finditer(mot)
    }


def _plier(texte: str) -> str:
    decompose = unicodedata.normalize("NFKD", texte.casefold())
    sans_accent = "".join(c for c in decompose if not unicodedata.combining(c))
    return sans_accent.replace("œ", "oe").replace("æ", "ae")
