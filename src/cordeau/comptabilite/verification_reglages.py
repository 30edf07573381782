"""Whether settings, mentions, rights and series are still what the ledger last said of them."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, text

from cordeau.core.registre.releve import brute
from cordeau.core.registre.states import Evenement, Journal
from cordeau.core.registre.verification import Anomalie, Entree, comparer

Ligne = Mapping[str, Any]
#: What an entry says of one row.
Attendue = tuple[Entree, Ligne]

#: The tables whose rows are chained in TECHNIQUE, and what is read of them.
LECTURES = {
    "entreprise": "*",
    "mention": "*",
    "reglage_acces": "*",
    "serie": "prefixe, annee, rang_initial, dernier_rang, derniere_date",
    "utilisateur": "id, role, actif",
}
DEVIS = "DEV"


class Reglages:
    """The last word of the ledger on each row, then the comparison with the rows."""

    def __init__(self) -> None:
        self._attendues: dict[str, dict[str, Attendue]] = {table: {} for table in LECTURES}

    def suivre(self, _connection: Connection, entrees: Sequence[Entree]) -> Iterator[Anomalie]:
        """Keep what a batch of entries says; nothing is wrong before all are read."""
        for entree in entrees:
            for table, ligne in _dire(entree):
                self._attendues[table][_nommer(table, ligne)] = (entree, ligne)
        yield from ()

    def conclure(self, connection: Connection) -> Iterator[Anomalie]:
        """Each row as it was last chained, none missing, none besides."""
        _dater_les_fins(self._attendues["mention"])
        for table, attendues in self._attendues.items():
            lues = {_nommer(table, ligne): ligne for ligne in _lire(connection, table)}
            for nom, (entree, attendue) in attendues.items():
                lue = lues.get(nom)
                vue = None if lue is None else {cle: lue.get(cle) for cle in attendue}
                yield from comparer(entree, f"{table} {nom}", attendue, vue)
            for nom in lues.keys() - attendues.keys():
                if table != "serie" or not _va_de_soi(lues[nom]):
                    detail = f"{table} {nom} n’a pas d’écriture"
                    yield Anomalie(Journal.TECHNIQUE, 0, "hors_registre", detail)
        yield from _suivre_les_devis(connection)


def _dire(entree: Entree) -> Iterator[tuple[str, Ligne]]:
    """The rows an entry tells of."""
    contenu = entree.contenu
    if entree.evenement == Evenement.ETAT:
        for table, lignes in contenu["etat"].items():
            yield from ((table, ligne) for ligne in lignes)
    elif entree.evenement == Evenement.MENTION:
        yield "mention", contenu["mention"]
    elif entree.evenement == Evenement.SERIE:
        prefixe, annee = contenu["serie"].split("-")
        initial = contenu["premier"] - 1
        yield "serie", {"prefixe": prefixe, "annee": int(annee), "rang_initial": initial}
    elif entree.evenement == Evenement.DROITS:
        droits = {nom: contenu[nom] for nom in ("role", "actif")}
        yield "utilisateur", {"id": contenu["utilisateur"], **droits}
    elif entree.evenement == Evenement.REGLAGES and "entreprise" in contenu:
        yield "entreprise", {**contenu["entreprise"], "logo_sha256": contenu["logo_sha256"]}
    elif entree.evenement == Evenement.REGLAGES:
        oblige = contenu["second_facteur_obligatoire"]
        ligne = {"id": entree.objet_id, "rang": 1, "second_facteur_obligatoire": oblige}
        yield "reglage_acces", ligne


def _dater_les_fins(mentions: dict[str, Attendue]) -> None:
    """A wording ends the day before the next one of its rule starts: no entry repeats it."""
    par_regle: dict[str, list[str]] = {}
    for nom, (_, ligne) in sorted(mentions.items(), key=lambda m: str(m[1][1]["valable_du"])):
        par_regle.setdefault(ligne["code"], []).append(nom)
    for noms in par_regle.values():
        for avant, apres in pairwise(noms):
            entree, ligne = mentions[avant]
            debut = date.fromisoformat(mentions[apres][1]["valable_du"])
            fin = (debut - timedelta(days=1)).isoformat()
            mentions[avant] = (entree, {**ligne, "valable_au": fin})


def _lire(connection: Connection, table: str) -> Iterator[Ligne]:
    """The rows of a table as the base keeps them, the logo by its digest."""
    for row in connection.execute(text(f"SELECT {LECTURES[table]} FROM {table}")).mappings():  # noqa: S608 (our own names)
        ligne = {nom: brute(valeur) for nom, valeur in row.items() if nom != "logo"}
        if "logo" in row:
            logo = row["logo"]
            ligne["logo_sha256"] = hashlib.sha256(logo).hexdigest() if logo else ""
        yield ligne


def _nommer(table: str, ligne: Ligne) -> str:
    return f"{ligne['prefixe']}-{ligne['annee']}" if table == "serie" else str(ligne["id"])


def _va_de_soi(serie: Ligne) -> bool:
    """A series begun at 1 by the first number taken in it: nobody chose anything."""
    return bool(serie["rang_initial"] == 0 and serie["dernier_rang"] > 0)


def _suivre_les_devis(connection: Connection) -> Iterator[Anomalie]:
    """Devis are not chained; their counter is never behind the numbers that exist."""
    derniers: dict[str, int] = {}
    for numero in connection.scalars(text("SELECT numero FROM devis")):
        serie, _, rang = str(numero).rpartition("-")
        if rang.isdecimal():
            derniers[serie] = max(int(rang), derniers.get(serie, 0))
    for ligne in _lire(connection, "serie"):
        if ligne["prefixe"] != DEVIS:
            continue
        nom = _nommer("serie", ligne)
        plus_haut = max(derniers.pop(nom, 0), ligne["rang_initial"])
        if ligne["dernier_rang"] < plus_haut or ligne["derniere_date"] is not None:
            detail = f"la série {nom} est à {ligne['dernier_rang']}, les devis à {plus_haut}"
            yield Anomalie(Journal.TECHNIQUE, 0, "serie", detail)
    for nom in derniers:
        yield Anomalie(Journal.TECHNIQUE, 0, "serie", f"la série {nom} manque")
