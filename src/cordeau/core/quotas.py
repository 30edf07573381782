"""How often one may do what costs or tempts: the one table of limits.

A person at work never meets them; `CORDEAU_QUOTAS` changes any of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Geste(StrEnum):
    """What is counted."""

    #: Sign-in forms sent from one client address.
    CONNEXION = "connexion"
    #: Reset links asked for from one client address.
    REINITIALISATION = "reinitialisation"
    #: Reset links asked for one address of e-mail.
    COURRIEL = "courriel"
    #: Files of lists and accounts, by one person.
    EXPORT = "export"
    #: Documents rendered, by one person.
    PDF = "pdf"


@dataclass(frozen=True, slots=True)
class Quota:
    """At most so many in a window of so long."""

    nombre: int
    duree: timedelta


QUOTAS: Mapping[Geste, Quota] = {
    Geste.CONNEXION: Quota(100, timedelta(minutes=5)),
    Geste.REINITIALISATION: Quota(20, timedelta(hours=1)),
    Geste.COURRIEL: Quota(5, timedelta(hours=1)),
    Geste.EXPORT: Quota(60, timedelta(minutes=5)),
    Geste.PDF: Quota(300, timedelta(minutes=5)),
}


def lire_quotas(texte: str) -> Mapping[Geste, Quota]:
    """« export=60/300 pdf=600/300 »: so many in so many seconds; the others keep their default.

    Raises `ValueError` on what is not such a list.
    """
    quotas = dict(QUOTAS)
    for mot in texte.replace(",", " ").split():
        geste, _, valeur = mot.partition("=")
        nombre, _, secondes = valeur.partition("/")
        if not (nombre.isdecimal() and secondes.isdecimal() and int(nombre) and int(secondes)):
            raise ValueError(f"CORDEAU_QUOTAS : « {mot} » ne se lit pas, écrivez export=60/300")
        quotas[Geste(geste)] = Quota(int(nombre), timedelta(seconds=int(secondes)))
    return quotas
