"""What the firm says of itself."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from cordeau.core import journal
from cordeau.core.errors import VersionPerimeeError
from cordeau.core.permissions import Acteur
from cordeau.entreprise.models import Entreprise
from cordeau.entreprise.queries import blank_entreprise, find_entreprise


def definir(
    session: Session,
    champs: Mapping[str, Any],
    *,
    actor: Acteur,
    revision_attendue: int | None = None,
) -> Entreprise:
    """Record the identity and settings given; what `champs` leaves out stays as it is.

    Raises `VersionPerimeeError` when somebody saved after `revision_attendue`.
    """
    entreprise = find_entreprise(session, for_update=True)
    if entreprise is None:
        entreprise = blank_entreprise()
        session.add(entreprise)
    elif revision_attendue is not None and entreprise.revision != revision_attendue:
        raise VersionPerimeeError
    for nom, valeur in champs.items():
        setattr(entreprise, nom, valeur)
    if entreprise.siret and not entreprise.siren:
        entreprise.siren = entreprise.siret[:9]
    entreprise.revision += 1
    session.flush()
    journal.record(session, actor, "entreprise", entreprise.id, "Identité et réglages modifiés")
    return entreprise


def definir_logo(session: Session, logo: bytes | None, *, actor: Acteur) -> None:
    """Set or remove the logo printed on documents (already re-encoded)."""
    definir(session, {"logo": logo}, actor=actor)
