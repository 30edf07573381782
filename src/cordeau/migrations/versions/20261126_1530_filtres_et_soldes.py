"""Indexes for the kind of a document and the mode of a règlement; the day a document was settled.

It is the latest day of its règlements, no longer that of the last one typed.
"""

from alembic import op

revision = "20261126_1530"
down_revision = "20261126_0130"
branch_labels = None
depends_on = None

DERNIER = (
    "(SELECT MAX(r.date) FROM imputation i JOIN reglement r ON r.id = i.reglement_id "
    "LEFT JOIN reglement c ON c.annule_id = r.id "
    "WHERE i.facture_id = solde.facture_id AND r.annule_id IS NULL AND c.id IS NULL)"
)
REPARER = f"UPDATE solde SET solde_le = {DERNIER} WHERE reste = 0 AND solde_le < {DERNIER}"


def upgrade() -> None:
    """Create them, then mend the days; the former release gains from both."""
    op.create_index(
        op.f("ix_facture_type_date_tri_id"), "facture", ["type", "date_tri", "id"], unique=False
    )
    op.create_index(
        op.f("ix_reglement_mode_date_id"), "reglement", ["mode", "date", "id"], unique=False
    )
    op.execute(REPARER)


def downgrade() -> None:
    """Shipped migrations go forwards only."""
    raise NotImplementedError
