"""The witness of each unit of work, and the ETag among the answers given again."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_0040"
down_revision = "20261126_0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One column with a default and one table: the previous release does not see them."""
    op.add_column(
        "operation", sa.Column("etag", sa.String(length=100), server_default="", nullable=False)
    )
    op.create_table(
        "temoin",
        sa.Column("id", sa.Uuid(native_uuid=False), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_temoin")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )


def downgrade() -> None:
    """Shipped migrations go forwards only."""
    raise NotImplementedError
