"""Passwords: Argon2id (RFC 9106), never truncated, never logged."""

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from cordeau.core.errors import refuser_saisie

LONGUEUR_MIN, LONGUEUR_MAX = 12, 1024
#: No character that another could be read for.
LISIBLES = "abcdefghjkmnpqrstuvwxyz23456789"

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
#: Verified when the user is unknown, so that the answer takes the same time.
_LEURRE = _hasher.hash("une phrase que personne ne tape")


def hash_password(password: str) -> str:
    """The digest to keep; refuses a password too short or too long."""
    if not LONGUEUR_MIN <= len(password) <= LONGUEUR_MAX:
        raise refuser_saisie(
            "mot_de_passe", f"Choisissez un mot de passe d’au moins {LONGUEUR_MIN} caractères."
        )
    return _hasher.hash(password)


def verify_password(digest: str | None, password: str) -> bool:
    """Whether the password is the right one; takes the same time for an unknown user."""
    try:
        _hasher.verify(digest or _LEURRE, password[:LONGUEUR_MAX])
    except (VerificationError, InvalidHashError):
        return False
    return digest is not None


def tirer_code(groupes: int) -> str:
    """A secret a person copies by hand: groups of four readable characters."""
    return "-".join("".join(secrets.choice(LISIBLES) for _ in range(4)) for _ in range(groupes))
