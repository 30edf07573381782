"""SQL seen once and played again by hand: the least a program could do for the same effect.

Imports nothing of Cordeau: the floor must not carry its weight.
"""

import re
import sqlite3
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
import pymysql

#: The tables of the ledger, whose entries follow one another.
CHAINE = "registre_"
Valeur = str | int | float | bytes | None
#: A connection of either driver.
Connexion = Any
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=30000",
    "cache_size=-32000",
)
_IDENTIFIANT = re.compile(r"[0-9a-f]{32}")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:.*")


@dataclass(frozen=True, slots=True)
class Ordre:
    """One statement and its rows of parameters."""

    sql: str
    lignes: list[list[Valeur]]


@dataclass(frozen=True, slots=True)
class Releve:
    """What a request asked of the base, and what it answered."""

    ordres: list[Ordre]
    reponse: Any
    #: Texts that are other ones at each request: identifiers, numbers.
    changeants: list[str]
    #: Where its entry stood in the ledger; another one each time, after the last.
    rang: int = 0
    #: The digest it followed.
    precedente: str = ""


def changeants(premier: Sequence[Ordre], second: Sequence[Ordre]) -> list[str]:
    """What differs between two recordings of one request, instants and JSON left out."""
    autres = {valeur for ordre in second for ligne in ordre.lignes for valeur in ligne}
    textes = [valeur for ordre in premier for ligne in ordre.lignes for valeur in ligne]
    return list(
        dict.fromkeys(
            texte
            for texte in textes
            if isinstance(texte, str)
            and texte not in autres
            and not _INSTANT.fullmatch(texte)
            and not texte.startswith("{")
        )
    )


def ouvrir(url: str) -> Connexion:
    """A connection as durable as Cordeau's."""
    if not url.startswith("sqlite:"):
        lu = urlsplit(url)
        return pymysql.connect(
            unix_socket=parse_qs(lu.query)["unix_socket"][0],
            user=lu.username or "root",
            database=lu.path.strip("/"),
            charset="utf8mb4",
            init_command="SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
            autocommit=True,
        )
    base = url.removeprefix("sqlite:///")
    connexion = sqlite3.connect(base, timeout=30, check_same_thread=False)
    connexion.isolation_level = None
    for pragma in PRAGMAS:
        connexion.execute(f"PRAGMA {pragma}")
    return connexion


def lire(connexion: Connexion, releve: Releve) -> bytes:
    """The same SELECTs, their rows as JSON objects."""
    reponses = []
    for ordre in releve.ordres:
        curseur = connexion.cursor()
        curseur.execute(ordre.sql, ordre.lignes[0])
        noms = [colonne[0] for colonne in curseur.description]
        reponses.append([dict(zip(noms, li, strict=True)) for li in curseur.fetchall()])
    return orjson.dumps(reponses, default=str)


_rangs = count(1)


def ecrire(
    connexion: Connexion, releve: Releve, remplacements: Mapping[str, str] | None = None
) -> bytes:
    """The same statements under new identifiers, in one durable transaction."""
    neufs = {**_neufs(releve.changeants), **(remplacements or {})}
    curseur = connexion.cursor()
    sqlite = isinstance(connexion, sqlite3.Connection)
    rang = 0
    curseur.execute("BEGIN IMMEDIATE" if sqlite else "BEGIN")
    try:
        for ordre in releve.ordres:
            lignes = [[neufs.get(v, v) if type(v) is str else v for v in li] for li in ordre.lignes]
            if CHAINE in ordre.sql and not ordre.sql.startswith("SELECT"):
                lignes = [[rang if v == releve.rang else v for v in li] for li in lignes]
            if len(lignes) == 1:
                curseur.execute(ordre.sql, lignes[0])
                lues = curseur.fetchall()
                if CHAINE in ordre.sql and lues:
                    rang, neufs[releve.precedente] = lues[0][0] + 1, lues[0][1]
            else:
                curseur.executemany(ordre.sql, lignes)
        curseur.execute("COMMIT")
    except BaseException:
        curseur.execute("ROLLBACK")
        raise
    return orjson.dumps(releve.reponse)


def _neufs(anciens: Sequence[str]) -> dict[str, str]:
    """A new text for each: identifiers that sort by time, as Cordeau's do."""
    rang = next(_rangs)
    instant = time.time_ns() // 1_000_000
    return {
        ancien: f"{instant:012x}7{rang:010x}{place:09x}"
        if _IDENTIFIANT.fullmatch(ancien)
        else f"{ancien[:30]}~{rang}"
        for place, ancien in enumerate(anciens)
    }
