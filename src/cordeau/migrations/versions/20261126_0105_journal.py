"""The journal tells from where, and each field before and after."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "20261126_0105"
down_revision = "20261126_0050"
branch_labels = None
depends_on = None

#: Nullable: the former release goes on writing without them.
COLONNES = (
    ("objet_nom", sa.String(length=255)),
    ("origine", sa.String(length=20)),
    ("adresse", sa.String(length=45)),
    ("requete", sa.String(length=40)),
    ("lieu", sa.String(length=160)),
    ("recherche", sa.String(length=600)),
    ("empreinte", sa.String(length=64)),
    ("changements", sa.Text().with_variant(mysql.LONGTEXT(), "mysql", "mariadb")),
)
INDEX = (
    ("survenu_le", "id"),
    ("acteur_id", "survenu_le", "id"),
    ("objet_type", "survenu_le", "id"),
)


def upgrade() -> None:
    """Add what the journal tells, and how its page finds it."""
    for nom, genre in COLONNES:
        op.add_column("evenement", sa.Column(nom, genre, nullable=True))
    for colonnes in INDEX:
        op.create_index(f"ix_evenement_{'_'.join(colonnes)}", "evenement", list(colonnes))


def downgrade() -> None:
    """Shipped migrations go forwards only."""
    raise NotImplementedError
