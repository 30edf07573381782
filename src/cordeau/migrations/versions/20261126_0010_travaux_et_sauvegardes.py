"""Jobs that end and are purged, their keys kept; backups that were taken."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "20261126_0010"
down_revision = "20261121_2320"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")


def upgrade() -> None:
    """One nullable column and two tables: the previous release does not see them."""
    op.add_column("job", sa.Column("termine_le", INSTANT, nullable=True))
    op.create_table(
        "cle_consommee",
        sa.Column("cle", sa.String(length=160), nullable=False),
        sa.Column("consommee_le", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("cle", name=op.f("pk_cle_consommee")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "sauvegarde",
        sa.Column("id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("faite_le", INSTANT, nullable=False),
        sa.Column("fichier", sa.String(length=255), nullable=False),
        sa.Column("taille", sa.BigInteger(), nullable=False),
        sa.Column("chiffree", sa.Boolean(), nullable=False),
        sa.Column("empreinte", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sauvegarde")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    op.create_index(op.f("ix_sauvegarde_faite_le"), "sauvegarde", ["faite_le"])


def downgrade() -> None:
    """Shipped migrations go forwards only."""
    raise NotImplementedError
