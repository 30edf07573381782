"""An index for the kind of a document and the mode of a règlement, by which lists are filtered."""

from alembic import op

revision = "20261126_1530"
down_revision = "20261126_0130"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them; the former release gains from them too."""
    op.create_index(
        op.f("ix_facture_type_date_tri_id"), "facture", ["type", "date_tri", "id"], unique=False
    )
    op.create_index(
        op.f("ix_reglement_mode_date_id"), "reglement", ["mode", "date", "id"], unique=False
    )


def downgrade() -> None:
    """Shipped migrations go forwards only."""
    raise NotImplementedError
