"""The firm for tests: state only what matters."""

import io
from typing import Any

from PIL import Image
from sqlalchemy.orm import Session

from cordeau.core.adresse import Adresse
from cordeau.core.permissions import SYSTEME
from cordeau.entreprise.commands import definir
from cordeau.entreprise.models import Entreprise

COMPLETE: dict[str, Any] = {
    "nom": "Charpentes Vasseur",
    "forme_juridique": "SARL",
    "siren": "732829320",
    "siret": "73282932000074",
    "numero_tva": "FR44732829320",
    "rcs": "RCS Angers 732 829 320",
    "adresse": Adresse(ligne1="4 rue du Port", code_postal="49000", ville="Angers"),
    "assureur": "Mutuelle du bâtiment",
    "assureur_adresse": "1 place de la Loire, 44000 Nantes",
    "assurance_zone": "France métropolitaine",
    "mediateur": "Médiation du bâtiment",
    "iban": "FR7630006000011234567890189",
}


def une_entreprise(session: Session, **champs: Any) -> Entreprise:
    """A firm with everything its documents must say."""
    return definir(session, {**COMPLETE, **champs}, actor=SYSTEME)


def une_image(largeur: int = 40, hauteur: int = 20, genre: str = "PNG") -> bytes:
    """A picture of one colour."""
    sortie = io.BytesIO()
    Image.new("RGB", (largeur, hauteur), "#aa3300").save(sortie, genre)
    return sortie.getvalue()
