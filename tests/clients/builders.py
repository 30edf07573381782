"""Clients for tests: state only what matters."""

from typing import Any

from sqlalchemy.orm import Session

from cordeau.clients.commands import creer_client
from cordeau.clients.models import Client
from cordeau.core.adresse import Adresse
from cordeau.core.permissions import SYSTEME, Acteur

SIREN = "732829320"
SIRET = "73282932000074"
NUMERO_TVA = "FR44732829320"
ANGERS = Adresse(ligne1="12 rue des Lilas", code_postal="49000", ville="Angers")


def un_client(
    session: Session, nom: str = "Constructeo", *, actor: Acteur = SYSTEME, **champs: Any
) -> Client:
    """A client of Angers, saved."""
    return creer_client(session, {"nom": nom, "adresse": ANGERS, **champs}, actor=actor)
