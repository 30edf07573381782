"""The settings, mentions, rights and series that no entry of the ledger tells of, chained once.

From here on each of their rows has an entry, and the verification compares them. What an entry
tells of already is left out: that entry says what it must be.
"""

import hashlib
import json
import secrets
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

from cordeau import __version__
from cordeau.core.registre.canonique import (
    ALGORITHME,
    empreinte_contenu,
    empreinte_entree,
    serialiser,
)

revision = "20261126_1910"
down_revision = "20261126_1530"
branch_labels = None
depends_on = None

JOURNAL, EVENEMENT = "TECHNIQUE", "ETAT"
#: What is read of each table; every column where nothing is said.
LECTURES = {
    "entreprise": "*",
    "mention": "*",
    "reglage_acces": "*",
    "serie": "prefixe, annee, rang_initial",
    "utilisateur": "id, role, actif",
}
ENTREE = sa.table(
    "registre_entree",
    sa.column("journal", sa.String),
    sa.column("rang", sa.Integer),
    sa.column("evenement", sa.String),
    sa.column("survenu_le", sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")),
    sa.column("algorithme", sa.Integer),
    sa.column("sel", sa.String),
    sa.column("contenu", sa.Text),
    sa.column("contenu_sha256", sa.String),
    sa.column("precedente", sa.String),
    sa.column("empreinte", sa.String),
)
TETE = sa.table(
    "registre_tete",
    sa.column("journal", sa.String),
    sa.column("rang", sa.Integer),
    sa.column("empreinte", sa.String),
)


def upgrade() -> None:
    """Write one entry, and move the head of its chain onto it: one transaction."""
    base = op.get_bind()
    rang, precedente = base.execute(
        sa.select(TETE.c.rang, TETE.c.empreinte).where(TETE.c.journal == JOURNAL).with_for_update()
    ).one()
    connus = set(_connus(base))
    etat = {table: list(_lire(base, table, connus)) for table in LECTURES}
    contenu = {"acteur": {"id": "", "nom": "Cordeau"}, "etat": etat, "logiciel": __version__}
    entree = _composer(rang + 1, precedente, serialiser(contenu))
    op.execute(sa.insert(ENTREE).values(**entree))
    op.execute(
        sa.update(TETE)
        .where(TETE.c.journal == JOURNAL)
        .values(rang=rang + 1, empreinte=entree["empreinte"])
    )


def downgrade() -> None:
    """Shipped migrations go forwards only."""
    raise NotImplementedError


def _connus(base: sa.Connection) -> Iterator[str]:
    """What an entry tells of: identifiers, and series by their name."""
    question = sa.text(
        "SELECT objet_id, evenement, contenu FROM registre_entree WHERE journal = :journal"
    )
    for objet_id, evenement, contenu in base.execute(question, {"journal": JOURNAL}):
        if evenement == "SERIE":
            yield str(json.loads(contenu)["serie"])
        elif objet_id is not None:
            yield uuid.UUID(objet_id).hex


def _lire(base: sa.Connection, table: str, connus: set[str]) -> Iterator[dict[str, Any]]:
    """The rows of a table that no entry tells of, as the base keeps them."""
    lues = base.execute(sa.text(f"SELECT {LECTURES[table]} FROM {table} ORDER BY 1, 2"))
    for row in lues.mappings():
        nom = f"{row['prefixe']}-{row['annee']}" if table == "serie" else str(row["id"])
        if nom not in connus:
            yield _convertir(dict(row))


def _convertir(row: dict[str, Any]) -> dict[str, Any]:
    ligne = {nom: _brute(valeur) for nom, valeur in row.items() if nom != "logo"}
    if "logo" in row:
        ligne["logo_sha256"] = hashlib.sha256(row["logo"]).hexdigest() if row["logo"] else ""
    return ligne


def _brute(valeur: Any) -> Any:
    return valeur.isoformat() if isinstance(valeur, date) else valeur


def _composer(rang: int, precedente: str, contenu: str) -> dict[str, Any]:
    sel, instant = secrets.token_hex(16), datetime.now(UTC)
    digest = empreinte_contenu(sel, contenu)
    return {
        "journal": JOURNAL,
        "rang": rang,
        "evenement": EVENEMENT,
        "survenu_le": instant.replace(tzinfo=None),
        "algorithme": ALGORITHME,
        "sel": sel,
        "contenu": contenu,
        "contenu_sha256": digest,
        "precedente": precedente,
        "empreinte": empreinte_entree(
            algorithme=ALGORITHME,
            journal=JOURNAL,
            rang=rang,
            evenement=EVENEMENT,
            objet_id="",
            survenu_le=instant,
            precedente=precedente,
            contenu=digest,
        ),
    }
