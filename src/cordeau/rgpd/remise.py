"""What a person is handed of each row: theirs, and nothing of the firm nor of somebody else."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import orjson

from cordeau.rgpd.inventaire import communicables

Rang = dict[str, Any]

#: Of a fact about a record that is not theirs: what they did, when and from where.
GESTE = ("id", "action", "survenu_le", "origine", "lieu", "acteur_id", "acteur_nom", "adresse")
#: Of a fact: who did it. Kept for that person alone.
AUTEUR = ("acteur_id", "acteur_nom", "adresse")
#: Parts of an entry of the ledger: the table whose columns each holds.
PARTIES: Mapping[str, str] = {
    "facture": "facture",
    "imputations": "imputation",
    "lignes": "ligne_facture",
    "piece": "piece_facture",
    "reglement": "reglement",
    "tva": "tva_facture",
}


def remettre_evenement(rang: Rang, personne_id: UUID, *, sien: bool) -> Rang:
    """A fact of the journal: its values when the record is theirs, its author when it is them."""
    soi = rang["acteur_id"] == personne_id
    garde = {nom: valeur for nom, valeur in rang.items() if soi or nom not in AUTEUR}
    if not sien:
        return {nom: garde[nom] for nom in GESTE if nom in garde}
    garde["changements"] = _changements(rang["changements"])
    if not soi:
        garde["details"] = {n: v for n, v in rang["details"].items() if n != "adresse"}
    return garde


def remettre_contact(rang: Rang, contact_id: UUID) -> Rang | None:
    """A fact about a client, told to one of their contacts: the contact's own row, or nothing."""
    groupes = orjson.loads(rang["changements"])["g"] if rang["changements"] else []
    siens = [lu for groupe in groupes if (lu := _groupe(_d_une_ligne(groupe, str(contact_id))))]
    geste = {nom: rang[nom] for nom in GESTE if nom not in AUTEUR}
    return {**geste, "changements": siens} if siens else None


def remettre_entree(rang: Rang) -> Rang:
    """An entry of the ledger, without who posted it."""
    contenu: Rang = orjson.loads(rang["contenu"])
    return {
        **rang,
        "contenu": {
            nom: _partie(PARTIES[nom], valeur) if nom in PARTIES else valeur
            for nom, valeur in contenu.items()
            if nom != "acteur"
        },
    }


def _partie(table: str, valeur: Any) -> Any:
    if isinstance(valeur, list):
        return [_partie(table, element) for element in valeur]
    permises = communicables(table)
    return {nom: lu for nom, lu in valeur.items() if nom in permises}


def _changements(texte: str | None) -> list[Rang] | None:
    """The fields before and after (`core.detail`), but those nobody is given."""
    if texte is None:
        return None
    groupes = orjson.loads(texte)["g"]
    return [lu for groupe in groupes if (lu := _groupe(groupe)) is not None]


def _groupe(groupe: Rang) -> Rang | None:
    permises = communicables(groupe["t"])
    lire: Callable[[Rang, list[str]], Rang] = _modification if "v" in groupe else _tableau
    lu = lire(groupe, permises)
    return {"table": groupe["t"], "sens": groupe["o"], **lu} if any(lu.values()) else None


def _d_une_ligne(groupe: Rang, cle: str) -> Rang:
    """The same group, with the row of this key alone."""
    if "v" in groupe:
        return groupe if groupe["k"] == cle else {**groupe, "v": {}}
    return {**groupe, "r": [rang for rang in groupe["r"] if rang[0] == cle]}


def _modification(groupe: Rang, permises: list[str]) -> Rang:
    champs = {nom: paire for nom, paire in groupe["v"].items() if nom in permises}
    return {"ligne": groupe["k"], "avant_apres": champs} if champs else {}


def _tableau(groupe: Rang, permises: list[str]) -> Rang:
    noms = groupe["c"]
    return {
        "lignes": [
            {nom: valeur for nom, valeur in zip(noms, rang[1:], strict=True) if nom in permises}
            for rang in groupe["r"]
        ]
    }
