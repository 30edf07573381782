"""Figures and pure rules of access: delays, scopes, what a role must prove."""

from dataclasses import dataclass
from datetime import timedelta

from cordeau.core.permissions import LECTURE, LIBELLES, Permission, Role

#: A session ends, whatever happens, and when nobody is seen for long.
DUREE_SESSION = timedelta(days=7)
INACTIVITE = timedelta(hours=12)
#: How old « last seen » and « last use » may be.
PRESENCE = timedelta(minutes=5)
#: How long a password or a code given counts for what asks for it again.
CONFIRMATION = timedelta(minutes=10)
#: Between the password and the code.
ATTENTE_CODE = timedelta(minutes=10)
DUREE_LIEN = timedelta(hours=1)
#: How long a browser is known.
DUREE_APPAREIL = timedelta(days=365)
CODES_SECOURS = 8
#: Roles the firm may oblige to a second factor.
ROLES_A_PROTEGER = frozenset({Role.ADMIN, Role.COMPTABLE})
PORTEE_LECTURE = "lecture"


@dataclass(frozen=True, slots=True)
class Frein:
    """How failures slow one key down."""

    libres: int
    oubli: timedelta

    def pause(self, echecs: int) -> timedelta | None:
        """How long to wait after so many failures: doubles from 30 s, 15 min at most."""
        if echecs < self.libres:
            return None
        secondes: int = 30 << min(echecs - self.libres, 10)
        return min(timedelta(seconds=secondes), timedelta(minutes=15))


#: For an address typed, a known browser, a user's code.
FREIN_PERSONNE = Frein(libres=5, oubli=timedelta(days=1))
#: For a client address: an office shares one.
FREIN_ADRESSE = Frein(libres=30, oubli=timedelta(hours=1))


def permissions_de(portee: str | None) -> frozenset[Permission] | None:
    """What a token's scope permits; a permission that no longer exists permits nothing."""
    if portee is None:
        return None
    if portee == PORTEE_LECTURE:
        return LECTURE
    return frozenset(p for p in Permission if p in portee.split())


def portee_en_lettres(portee: str | None) -> str:
    """A scope, as shown."""
    if portee is None:
        return "Tous les droits de son porteur"
    if portee == PORTEE_LECTURE:
        return "Lecture seule"
    permises = permissions_de(portee) or frozenset()
    return ", ".join(LIBELLES[p] for p in Permission if p in permises)


def navigateur_en_lettres(agent: str | None) -> str:
    """« Firefox, Linux »: what a person recognises in what a browser says of itself."""
    if not agent:
        return "Navigateur inconnu"
    navigateur = next((nom for marque, nom in _NAVIGATEURS if marque in agent), "Autre navigateur")
    systeme = next((nom for marque, nom in _SYSTEMES if marque in agent), "")
    return f"{navigateur}, {systeme}" if systeme else navigateur


#: In this order: each also claims to be the ones below it.
_NAVIGATEURS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
