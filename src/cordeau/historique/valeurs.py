"""A value of the journal, written as a French page writes it."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Date, LargeBinary, Table, Uuid, select
from sqlalchemy.orm import Session

from cordeau.core.columns import ScaledDecimal, UtcDateTime
from cordeau.core.db import Base
from cordeau.core.perimetre import NOMS
from cordeau.core.permissions import LIBELLES_ROLES
from cordeau.historique.libelles import CODES, COLONNES_DE_CODES, PARTIES
from cordeau.historique.rules import Bloc
from cordeau.web import formats

#: Names of the rows values point to: (table, identifier) → name.
Noms = Mapping[tuple[str, str], str]
COURT = 300
#: Codes of a column, as people read them.
_MOTS: Mapping[str, Mapping[str, str]] = {
    **dict.fromkeys(COLONNES_DE_CODES, CODES),
    "role": {str(role): nom for role, nom in LIBELLES_ROLES.items()},
}
MILLE_OCTETS = 1024


def trouver_noms(session: Session, blocs: Iterable[Bloc]) -> Noms:
    """The names of what these rows point to, and of the parts changed, as they are now."""
    voulus: dict[str, set[str]] = {}
    for bloc in blocs:
        if bloc.est_une_partie and bloc.operation == "M":
            voulus.setdefault(bloc.table, set()).add(bloc.cle)
        for table, colonne, *valeurs in bloc.champs:
            cible = _cible(table, colonne)
            if cible:
                voulus.setdefault(cible, set()).update(v for v in valeurs if isinstance(v, str))
    return {
        (table, str(cle)): str(nom)
        for table, cles in voulus.items()
        for cle, nom in _lire_noms(session, table, cles)
        if nom
    }


def ecrire(table: str, colonne: str, valeur: Any, noms: Noms) -> str:
    """One value; a dash when there is none."""
    if valeur is None or valeur == "":
        return formats.TIRET
    if isinstance(valeur, dict):
        return _resume(valeur)
    cible = _cible(table, colonne)
    if cible:
        return noms.get((cible, str(valeur)), str(valeur)[:8])
    return _selon_le_type(table, colonne, valeur)


def _selon_le_type(table: str, colonne: str, valeur: Any) -> str:
    genre = _colonne(table, colonne)
    if isinstance(genre, Boolean):
        return "oui" if valeur else "non"
    try:
        if isinstance(genre, ScaledDecimal):
            return _nombre(colonne, genre.scale, Decimal(str(valeur)))
        if isinstance(genre, Date):
            return formats.date_fr(date.fromisoformat(valeur))
        if isinstance(genre, UtcDateTime):
            return formats.instant_fr(datetime.fromisoformat(valeur))
    except (ValueError, TypeError, InvalidOperation):
        return str(valeur)
    texte = _MOTS.get(colonne, {}).get(str(valeur), str(valeur))
    return texte if len(texte) <= COURT else f"{texte[:COURT]}…"


def _nombre(colonne: str, decimales: int, valeur: Decimal) -> str:
    if decimales == 2:
        return formats.montant(valeur)
    if decimales == 6:
        return f"{formats.prix(valeur)}{formats.INSECABLE}€"
    return formats.quantite(valeur) if colonne == "quantite" else formats.taux(valeur)


def _resume(valeur: Mapping[str, Any]) -> str:
    if "masque" in valeur:
        return "(secret)"
    if "sha256" in valeur:
        taille = formats.nombre(Decimal(valeur["taille"]) / MILLE_OCTETS, 1)
        debut = f"{valeur['debut']}… " if "debut" in valeur else ""
        return f"{debut}({taille}{formats.INSECABLE}ko, empreinte {valeur['sha256'][:16]})"
    if "nonLu" in valeur:
        return "(non lu)"
    return str(dict(valeur))[:COURT]


def _table(nom: str) -> Table | None:
    return Base.metadata.tables.get(nom)


def _colonne(table: str, colonne: str) -> Any:
    connue = _table(table)
    return connue.c[colonne].type if connue is not None and colonne in connue.c else None


def _cible(table: str, colonne: str) -> str:
    """The table an identifier points to; empty when the value is none."""
    connue = _table(table)
    if connue is None or colonne not in connue.c:
        return ""
    if colonne == "parent_id":
        return table
    cles = connue.c[colonne].foreign_keys
    return next(iter(cles)).column.table.name if cles else ""


def _lire_noms(session: Session, nom: str, cles: Iterable[str]) -> Iterable[tuple[Any, Any]]:
    table = _table(nom)
    colonne = NOMS.get(nom) or PARTIES.get(nom, ("", ""))[1]
    if table is None or not colonne or "id" not in table.c or not isinstance(table.c.id.type, Uuid):
        return []
    if isinstance(table.c[colonne].type, LargeBinary):
        return []
    ids = [UUID(cle) for cle in cles]
    lues = session.execute(select(table.c.id, table.c[colonne]).where(table.c.id.in_(ids)))
    return [(cle, _selon_le_type(nom, colonne, v)[:80]) for cle, v in lues if v is not None]
