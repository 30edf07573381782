"""What happens to factures outside a request: their Factur-X."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from cordeau.core.db import Database
from cordeau.facturation.pieces import obtenir_piece


def rendre(database: Database, parametres: Mapping[str, Any]) -> None:
    """Render and store the Factur-X of a document just issued; done already, does nothing."""
    obtenir_piece(database, UUID(parametres["facture_id"]))
