"""Second factor, reset links, sessions one may read and revoke, scopes of tokens, counts.

Columns are nullable: the release before goes on signing people in meanwhile.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "20261126_0050"
down_revision = "20261126_0042"
branch_labels = None
depends_on = None

ID = sa.Uuid(native_uuid=False)
INSTANT = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
LONG = sa.Text().with_variant(mysql.LONGTEXT(), "mysql", "mariadb")
TABLE: Any = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4", "mysql_collate": "utf8mb4_bin"}

NOUVELLES: dict[str, dict[str, Any]] = {
    "jeton_api": {
        "nom": sa.String(255),
        "portee": LONG,
        "expire_le": INSTANT,
        "utilise_le": INSTANT,
    },
    "message": {"confidentiel": LONG},
    "session_web": {
        "vu_le": INSTANT,
        "confirme_le": INSTANT,
        "enrolement_du": sa.Boolean(),
        "adresse": sa.String(64),
        "navigateur": sa.String(255),
    },
    "utilisateur": {
        "facteur_graine": sa.String(64),
        "facteur_depuis": INSTANT,
        "facteur_pas": sa.BigInteger(),
    },
}


def upgrade() -> None:
    """Add the columns, then the tables."""
    for table, colonnes in NOUVELLES.items():
        for nom, genre in colonnes.items():
            op.add_column(table, sa.Column(nom, genre, nullable=True))
    op.create_table(
        "frein_connexion",
        sa.Column("id", ID, nullable=False),
        sa.Column("cle", sa.String(120), nullable=False),
        sa.Column("echecs", sa.Integer(), nullable=False),
        sa.Column("dernier_le", INSTANT, nullable=False),
        sa.Column("bloque_jusqu_a", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frein_connexion")),
        sa.UniqueConstraint("cle", name=op.f("uq_frein_connexion_cle")),
        **TABLE,
    )
    op.create_index(op.f("ix_frein_connexion_dernier_le"), "frein_connexion", ["dernier_le"])
    op.create_table(
        "limite",
        sa.Column("id", ID, nullable=False),
        sa.Column("cle", sa.String(120), nullable=False),
        sa.Column("depuis", INSTANT, nullable=False),
        sa.Column("nombre", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_limite")),
        sa.UniqueConstraint("cle", name=op.f("uq_limite_cle")),
        **TABLE,
    )
    op.create_index(op.f("ix_limite_depuis"), "limite", ["depuis"])
    op.create_table(
        "reglage_acces",
        sa.Column("id", ID, nullable=False),
        sa.Column("rang", sa.Integer(), nullable=False),
        sa.Column("second_facteur_obligatoire", sa.Boolean(), nullable=False),
        sa.CheckConstraint("rang = 1", name=op.f("ck_reglage_acces_unique")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reglage_acces")),
        sa.UniqueConstraint("rang", name=op.f("uq_reglage_acces_rang")),
        **TABLE,
    )
    _par_utilisateur("code_secours", sa.Column("utilise_le", INSTANT, nullable=True))
    _par_utilisateur(
        "lien_mot_de_passe",
        sa.Column("cree_le", INSTANT, nullable=False),
        sa.Column("expire_le", INSTANT, nullable=False),
        sa.UniqueConstraint("empreinte", name=op.f("uq_lien_mot_de_passe_empreinte")),
    )


def _par_utilisateur(table: str, *autres: sa.schema.SchemaItem) -> None:
    """A table of secrets a person holds, kept as digests."""
    op.create_table(
        table,
        sa.Column("id", ID, nullable=False),
        sa.Column("utilisateur_id", ID, nullable=False),
        sa.Column("empreinte", sa.String(64), nullable=False),
        *autres,
        sa.ForeignKeyConstraint(
            ["utilisateur_id"],
            ["utilisateur.id"],
            name=op.f(f"fk_{table}_utilisateur_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        **TABLE,
    )
    op.create_index(op.f(f"ix_{table}_utilisateur_id"), table, ["utilisateur_id"])


def downgrade() -> None:
    """Shipped migrations go forwards only."""
    raise NotImplementedError
