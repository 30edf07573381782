"""The journal replayed from the first rows: it must end on the very rows of the base.

A row written without a trace, a value that differs, a row that should be gone: each is named.
"""

from decimal import Decimal, InvalidOperation
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Mapper

from cordeau.core import detail
from cordeau.core.collecte import Plan, _mappers, nommer, plan_de
from cordeau.core.db import Database
from cordeau.core.journal import Evenement

Rangee = dict[str, Any]
Lignes = dict[tuple[str, str], Rangee]


def photographier(database: Database) -> Lignes:
    """Every row the journal follows, its values as the journal writes them."""
    lignes: Lignes = {}
    with database.engine.connect() as connexion:
        for nom, mapper in _mappers().items():
            plan = plan_de(mapper)
            if plan is None:
                continue
            table: Any = mapper.local_table
            for rangee in connexion.execute(select(table)).mappings():
                lignes[nom, _cle(mapper, rangee)] = _dire(plan, rangee)
    return lignes


def rejouer(database: Database, depart: Lignes) -> Lignes:
    """The rows the journal tells, from those there were."""
    lignes = {cle: dict(rangee) for cle, rangee in depart.items()}
    with database.engine.connect() as connexion:
        ordre = select(Evenement.changements).where(Evenement.changements.is_not(None))
        for texte in connexion.scalars(ordre.order_by(Evenement.survenu_le, Evenement.id)):
            for groupe in detail.lire(texte or ""):
                _appliquer(lignes, groupe)
    return lignes


def ecarts(database: Database, depart: Lignes) -> list[str]:
    """What the base holds that the journal does not tell, and the reverse."""
    vraies, dites = photographier(database), rejouer(database, depart)
    fautes = [f"{cle} : écrite sans trace" for cle in vraies.keys() - dites.keys()]
    fautes += [f"{cle} : dite, absente de la base" for cle in dites.keys() - vraies.keys()]
    fautes += [
        f"{cle}.{nom} : {dites[cle].get(nom)!r} au journal, {rangee.get(nom)!r} en base"
        for cle, rangee in vraies.items()
        if cle in dites
        for nom in rangee.keys() | dites[cle].keys()
        if _sens(rangee.get(nom)) != _sens(dites[cle].get(nom))
    ]
    return sorted(fautes)


def _sens(valeur: Any) -> Any:
    """The value itself: « 20 » and « 20.0000 » are one number, an empty text is no text."""
    if valeur == "":
        return None
    try:
        return Decimal(valeur) if isinstance(valeur, str) else valeur
    except InvalidOperation:
        return valeur


def _appliquer(lignes: Lignes, groupe: Rangee) -> None:
    table = groupe["t"]
    if groupe["o"] == "M":
        rangee = lignes.setdefault((table, groupe["k"]), {})
        for nom, (_, apres) in groupe["v"].items():
            if apres is None:
                rangee.pop(nom, None)
            else:
                rangee[nom] = apres
        return
    for cle, *valeurs in groupe["r"]:
        if groupe["o"] == "S":
            lignes.pop((table, cle), None)
        else:
            paires = zip(groupe["c"], valeurs, strict=True)
            lignes[table, cle] = {nom: v for nom, v in paires if v is not None}


def _cle(mapper: Mapper[Any], rangee: Any) -> str:
    return nommer(rangee[colonne.name] for colonne in mapper.primary_key)


def _dire(plan: Plan, rangee: Any) -> Rangee:
    """The row as JSON gives it back."""
    valeurs = {
        nom: detail.dire(plan.table, nom, rangee[nom])
        for nom in plan.champs.values()
        if rangee[nom] is not None and rangee[nom] != ""
    }
    lues: Rangee = orjson.loads(orjson.dumps(valeurs, default=str))
    return lues
