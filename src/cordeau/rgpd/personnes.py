"""Finding whose data is meant, by identifier or by e-mail address."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cordeau.auth.models import Utilisateur
from cordeau.clients.models import Client, Contact
from cordeau.core.errors import ConflitError, IntrouvableError
from cordeau.rgpd.dossier import Personne

#: Whose rows have a name and an address.
MODELES: Mapping[str, Any] = {
    "client": Client,
    "contact": Contact,
    "utilisateur": Utilisateur,
}


def trouver(session: Session, genre: str, designation: str) -> Personne:
    """The client, contact or user meant; refused when none or several are (`DomainError`)."""
    cle = _uuid(designation)
    if cle is not None:
        connue = retrouver(session, genre, cle)
        trouvees = [] if connue is None else [connue]
    else:
        trouvees = _par_courriel(session, genre, designation.strip())
    if not trouvees:
        raise IntrouvableError(f"Aucun {genre} ne répond à « {designation} ».")
    if len(trouvees) > 1:
        raise ConflitError(_plusieurs(designation, trouvees))
    return trouvees[0]


def retrouver(session: Session, genre: str, cle: UUID) -> Personne | None:
    """The person of this identifier, if the base holds them."""
    personne = session.get(MODELES[genre], cle)
    return None if personne is None else _personne(genre, personne)


def _par_courriel(session: Session, genre: str, courriel: str) -> list[Personne]:
    modele, adresses = MODELES[genre], (courriel, courriel.lower())
    personnes = session.scalars(select(modele).where(modele.email.in_(adresses)))
    return [_personne(genre, personne) for personne in personnes]


def _personne(genre: str, personne: Client | Contact | Utilisateur) -> Personne:
    return Personne(genre, personne.id, personne.nom, personne.email)


def _plusieurs(designation: str, trouvees: Sequence[Personne]) -> str:
    lignes = "".join(f"\n  {personne.id}  {personne.nom}" for personne in trouvees)
    return f"Plusieurs fiches portent « {designation} », donnez l’identifiant :{lignes}"


def _uuid(texte: str) -> UUID | None:
    try:
        return UUID(texte)
    except ValueError:
        return None
