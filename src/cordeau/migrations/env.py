"""Alembic's entry: runs on the connection `cordeau migrate` gives it."""

from typing import Any, Literal

from alembic import context

import cordeau.models  # noqa: F401 (declares every table)
from cordeau.core.columns import ScaledDecimal, UtcDateTime
from cordeau.core.db import Base
from cordeau.migrations import reprise


def render_item(kind: str, item: Any, autogen: Any) -> str | Literal[False]:
    """Write our column types as what they are in the base: a shipped migration never changes."""
    if kind == "type" and isinstance(item, ScaledDecimal):
        return "sa.BigInteger()"
    if kind == "type" and isinstance(item, UtcDateTime):
        autogen.imports.add("from sqlalchemy.dialects import mysql")
        return 'sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")'
    return False


connection = context.config.attributes["connection"]
etapes = reprise.suivre(connection)
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    compare_type=True,
    render_as_batch=True,
    render_item=render_item,
    transaction_per_migration=True,
    on_version_apply=lambda **_: etapes.passer_a_la_suivante() if etapes else None,
)
with context.begin_transaction():
    context.run_migrations()
if etapes is not None:
    etapes.finir()
