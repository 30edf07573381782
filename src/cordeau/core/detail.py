"""The detail of a line of the journal: rows written, each field before and after, as compact JSON.

Rows made or removed together are told as one table of values. A salt stands in the text, so that
its digest, kept once the text is erased, confirms no guess.
"""

import hashlib
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, TypeAlias
from uuid import UUID

import orjson

from cordeau.core.collecte import Ecriture, Genre, Objet
from cordeau.core.perimetre import VOLUMINEUSES, est_secrete

#: A longer text is told by its beginning, its SHA-256 and its size.
TEXTE_MAX = 10_000
MASQUE = {"masque": True}
#: The digest of a text, without which it could be guessed from a few trials.
SEL_OCTETS = 12

#: Told as they are, whatever they are worth.
_TELS = frozenset({bool, int, date, UUID, type(None)})
#: What a row of the journal says of one field.
Valeur: TypeAlias = Any


@dataclass(frozen=True, slots=True)
class Detail:
    """What was written of one record."""

    texte: str
    empreinte: str
    #: What became of the record itself, or MODIFICATION when only its parts changed.
    genre: Genre


def composer(ecritures: Sequence[Ecriture]) -> dict[Objet, Detail]:
    """The detail of each record, from every row written in the unit of work, in order."""
    par_objet: dict[Objet, list[Ecriture]] = {}
    for ecriture in _fondre(ecritures):
        par_objet.setdefault(ecriture.objet, []).append(ecriture)
    return {objet: _detail(objet, suite) for objet, suite in par_objet.items()}


def lire(texte: str) -> list[dict[str, Any]]:
    """What `composer` wrote: groups of rows, as dictionaries."""
    groupes: list[dict[str, Any]] = orjson.loads(texte)["g"]
    return groupes


def _fondre(ecritures: Sequence[Ecriture]) -> Iterable[Ecriture]:
    """One writing per row: first value before, last value after; nothing for a passing row."""
    par_ligne: dict[tuple[str, str, Objet], Ecriture] = {}
    for ecriture in ecritures:
        cle = (ecriture.table, ecriture.cle, ecriture.objet)
        connue = par_ligne.get(cle)
        if connue is None:
            par_ligne[cle] = ecriture
        elif ecriture.genre == Genre.SUPPRESSION and connue.genre == Genre.CREATION:
            del par_ligne[cle]
        else:
            par_ligne[cle] = _suite(connue, ecriture)
    return par_ligne.values()


def _suite(premiere: Ecriture, seconde: Ecriture) -> Ecriture:
    avant = {**seconde.avant, **premiere.avant}
    apres = {**premiere.apres, **seconde.apres}
    genre = premiere.genre if premiere.genre == Genre.CREATION else seconde.genre
    if genre == Genre.CREATION:
        avant = {}
    elif premiere.genre == Genre.SUPPRESSION:
        genre = Genre.MODIFICATION
    if genre == Genre.MODIFICATION:
        egaux = [nom for nom in avant if avant[nom] == apres.get(nom)]
        for nom in egaux:
            avant.pop(nom), apres.pop(nom, None)
    return Ecriture(seconde.objet, seconde.table, seconde.cle, genre, avant, apres)


def _detail(objet: Objet, suite: Sequence[Ecriture]) -> Detail:
    groupes: list[dict[str, Any]] = []
    entieres: dict[tuple[str, Genre], list[Ecriture]] = {}
    genre = Genre.MODIFICATION
    for ecriture in suite:
        if ecriture.table == objet[0]:
            genre = ecriture.genre
        if ecriture.genre == Genre.MODIFICATION:
            groupes.append(_modification(ecriture))
        else:
            entieres.setdefault((ecriture.table, ecriture.genre), []).append(ecriture)
    groupes += [_tableau(table, g, lignes) for (table, g), lignes in entieres.items()]
    corps = {"s": secrets.token_urlsafe(SEL_OCTETS), "g": groupes}
    octets = orjson.dumps(corps, default=str)
    return Detail(octets.decode(), hashlib.sha256(octets).hexdigest(), genre)


def _modification(ecriture: Ecriture) -> dict[str, Any]:
    """`v`: each field, before then after."""
    table = ecriture.table
    return {
        "t": table,
        "o": ecriture.genre,
        "k": ecriture.cle,
        "v": {
            nom: [dire(table, nom, ecriture.avant.get(nom)), dire(table, nom, valeur)]
            for nom, valeur in ecriture.apres.items()
        },
    }


def _tableau(table: str, genre: Genre, lignes: Sequence[Ecriture]) -> dict[str, Any]:
    """`c`: names of fields; `r`: identifier and values of each row."""
    contenus = [e.apres if genre == Genre.CREATION else e.avant for e in lignes]
    noms = list(dict.fromkeys(nom for contenu in contenus for nom in contenu))
    lecteurs = [(nom, _lecteur(table, nom)) for nom in noms]
    return {
        "t": table,
        "o": genre,
        "c": noms,
        "r": [
            [e.cle, *(lecteur(contenu.get(nom)) for nom, lecteur in lecteurs)]
            for e, contenu in zip(lignes, contenus, strict=True)
        ],
    }


def dire(table: str, nom: str, valeur: object) -> Valeur:
    """A value as the journal may hold it: secrets hidden, big values by digest and size."""
    return _lecteur(table, nom)(valeur)


@cache
def _lecteur(table: str, nom: str) -> Callable[[Any], Valeur]:
    if est_secrete(table, nom):
        return lambda valeur: None if valeur in (None, "") else MASQUE
    if f"{table}.{nom}" in VOLUMINEUSES:
        return lambda valeur: None if valeur is None else _resumer(valeur)
    return _en_clair


def _en_clair(valeur: Any) -> Valeur:
    if type(valeur) in _TELS:
        return valeur
    if isinstance(valeur, str):
        return valeur if len(valeur) <= TEXTE_MAX else {"debut": valeur[:200], **_resumer(valeur)}
    if isinstance(valeur, bytes):
        return _resumer(valeur)
    return valeur if isinstance(valeur, (int, date, dict, list)) else str(valeur)


def _resumer(valeur: Any) -> Valeur:
    octets = valeur if isinstance(valeur, bytes) else _octets(valeur)
    return {"sha256": hashlib.sha256(octets).hexdigest(), "taille": len(octets)}


def _octets(valeur: Any) -> bytes:
    return valeur.encode() if isinstance(valeur, str) else orjson.dumps(valeur, default=str)
