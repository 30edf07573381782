"""Chantiers for tests; state only what matters."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from cordeau.chantiers import commands
from cordeau.chantiers.models import Chantier
from cordeau.core.permissions import SYSTEME
from tests.clients.builders import un_client


def un_chantier(session: Session, nom: str = "Réfection de la toiture", **champs: Any) -> Chantier:
    """A planned chantier of March 2026, for a client made for it unless `client_id` is given."""
    client_id: UUID = champs.pop("client_id", None) or un_client(session, "Camille Durand").id
    valeurs = {"date_debut": date(2026, 3, 2), "date_fin": date(2026, 3, 20), **champs}
    return commands.ouvrir_chantier(session, nom=nom, client_id=client_id, actor=SYSTEME, **valeurs)
