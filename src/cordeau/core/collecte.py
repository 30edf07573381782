"""What a unit of work changes, gathered as it is flushed: no command has to say it.

Rows written through the session are seen by mapper events; `update()` and `delete()` on many rows
by reading them before and after. What a savepoint takes back is forgotten with it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Delete,
    Insert,
    Table,
    Update,
    event,
    inspect,
    select,
    tuple_,
)
from sqlalchemy.orm import Mapper, ORMExecuteState, Session, SessionTransaction, object_session
from sqlalchemy.orm.base import NO_VALUE

from cordeau.core.db import Base, WritingSession
from cordeau.core.perimetre import AGREGATS, HORS_JOURNAL, NOMS, est_suivie

#: A record: its table and its identifier.
Objet: TypeAlias = tuple[str, UUID]
#: Identifier of a record whose key is not one.
SANS_CLE = UUID(int=0)
#: A former value nobody had read.
NON_LU = {"nonLu": True}
_CLE = "collecte"


class Genre(StrEnum):
    """What was done to a row."""

    CREATION = "C"
    MODIFICATION = "M"
    SUPPRESSION = "S"


@dataclass(slots=True)
class Ecriture:
    """One row written: its values before, its values after."""

    objet: Objet
    table: str
    cle: str
    genre: Genre
    avant: dict[str, Any]
    apres: dict[str, Any]
    #: What people call the record, when this row is the record itself.
    nom: str = ""


@dataclass(slots=True)
class Collecte:
    """What a unit of work did so far."""

    ecritures: list[Ecriture] = field(default_factory=list)
    faits: list[dict[str, Any]] = field(default_factory=list)
    #: Lengths of both when each savepoint began.
    marques: dict[SessionTransaction, tuple[int, int]] = field(default_factory=dict)

    def vider(self) -> None:
        """Forget everything."""
        self.ecritures.clear()
        self.faits.clear()


@dataclass(frozen=True, slots=True)
class Plan:
    """How rows of a table are read."""

    table: str
    #: Attribute → column, the key of the table and of its record left out.
    champs: Mapping[str, str]
    cles: tuple[str, ...]
    #: Attribute that leads to the record this row is part of.
    lien: str | None
    type_objet: str
    #: Attribute people call the record by.
    nom: str

    def ecriture(
        self,
        valeurs: Mapping[str, Any],
        genre: Genre,
        avant: dict[str, Any],
        apres: dict[str, Any],
    ) -> Ecriture:
        """A change of the row that holds these values."""
        cles = [valeurs[nom] for nom in self.cles]
        propre = cles[0] if len(cles) == 1 else SANS_CLE
        parent = propre if self.lien is None else valeurs[self.lien]
        return Ecriture(
            objet=(self.type_objet, parent if isinstance(parent, UUID) else SANS_CLE),
            table=self.table,
            cle=nommer(cles),
            genre=genre,
            avant=avant,
            apres=apres,
            nom=str(valeurs.get(self.nom) or "") if self.nom else "",
        )

    def lire(self, valeurs: Mapping[str, Any]) -> dict[str, Any]:
        """What there is to tell of a row: its values, the empty ones left out."""
        champs = self.champs
        return {
            champs[nom]: valeur
            for nom, valeur in valeurs.items()
            if nom in champs and valeur is not None and (valeur or not isinstance(valeur, str))
        }


def nommer(cles: Iterable[Any]) -> str:
    """The key of a row as one text, the same before and after the base gave it its decimals."""
    return "/".join(
        format(cle.normalize(), "f") if isinstance(cle, Decimal) else str(cle) for cle in cles
    )


def collecte_de(session: Session) -> Collecte:
    """What this unit of work did so far."""
    collecte: Collecte | None = session.info.get(_CLE)
    if collecte is None:
        collecte = session.info[_CLE] = Collecte()
    return collecte


def modele_de(table: str) -> type[Base] | None:
    """The class whose rows this table holds."""
    mapper = _mappers().get(table)
    return None if mapper is None else mapper.class_


@cache
def plan_de(mapper: Mapper[Any]) -> Plan | None:
    """How to follow a table, or None when the journal does not."""
    table: Any = mapper.local_table
    if table.name in HORS_JOURNAL:
        return None
    lien = AGREGATS.get(table.name)
    attributs = {str(prop.columns[0].name): prop.key for prop in mapper.column_attrs}
    cles = tuple(colonne.name for colonne in mapper.primary_key)
    return Plan(
        table=table.name,
        champs={
            cle: nom
            for nom, cle in attributs.items()
            if nom not in cles and nom != lien and est_suivie(table.name, nom)
        },
        cles=tuple(attributs[nom] for nom in cles),
        lien=None if lien is None else attributs[lien],
        type_objet=table.name if lien is None else _table_de(table, lien),
        nom="" if lien is not None else attributs.get(NOMS.get(table.name, ""), ""),
    )


def _table_de(table: Table, lien: str) -> str:
    return next(iter(table.c[lien].foreign_keys)).column.table.name


@event.listens_for(Base, "after_insert", propagate=True)
def _inseree(mapper: Mapper[Any], _connexion: Connection, objet: Any) -> None:
    plan, session = plan_de(mapper), object_session(objet)
    if plan is None or session is None:
        return
    valeurs = objet.__dict__
    collecte_de(session).ecritures.append(
        plan.ecriture(valeurs, Genre.CREATION, {}, plan.lire(valeurs))
    )


@event.listens_for(Base, "after_update", propagate=True)
def _modifiee(mapper: Mapper[Any], _connexion: Connection, objet: Any) -> None:
    session = object_session(objet)
    if session is not None:
        noter_modification(session, mapper, objet, inspect(objet).committed_state)


def noter_modification(
    session: Session, mapper: Mapper[Any], objet: Any, anciennes: Mapping[str, Any]
) -> None:
    """Keep what a row just written held before, by attribute, and what it holds now."""
    plan = plan_de(mapper)
    if plan is None:
        return
    valeurs = objet.__dict__
    avant: dict[str, Any] = {}
    apres: dict[str, Any] = {}
    for nom, ancienne in anciennes.items():
        colonne = plan.champs.get(nom)
        if colonne is not None and ancienne != valeurs.get(nom):
            avant[colonne] = NON_LU if ancienne is NO_VALUE else ancienne
            apres[colonne] = valeurs.get(nom)
    if apres:
        collecte_de(session).ecritures.append(
            plan.ecriture(valeurs, Genre.MODIFICATION, avant, apres)
        )


@event.listens_for(Base, "after_delete", propagate=True)
def _supprimee(mapper: Mapper[Any], _connexion: Connection, objet: Any) -> None:
    plan, session = plan_de(mapper), object_session(objet)
    if plan is None or session is None:
        return
    valeurs = {**objet.__dict__, **_anciennes(objet)}
    collecte_de(session).ecritures.append(
        plan.ecriture(valeurs, Genre.SUPPRESSION, plan.lire(valeurs), {})
    )


def _anciennes(objet: Any) -> dict[str, Any]:
    changees = inspect(objet).committed_state
    return {nom: valeur for nom, valeur in changees.items() if valeur is not NO_VALUE}


@cache
def _mappers() -> Mapping[str, Mapper[Any]]:
    """The mapper of each table; asked once every table is declared."""
    return {mapper.local_table.name: mapper for mapper in Base.registry.mappers}  # type: ignore[attr-defined]  # each has its table


@event.listens_for(WritingSession, "do_orm_execute")
def _suivre(etat: ORMExecuteState) -> Any:
    """Follow an `update`, `delete` or `insert` that no object of the session stands for."""
    if etat.is_select or not isinstance(etat.statement, Update | Delete | Insert):
        return None
    mapper = _mappers().get(getattr(etat.statement.table, "name", ""))
    plan = None if mapper is None else plan_de(mapper)
    if mapper is None or plan is None:
        return None
    if isinstance(etat.statement, Insert):
        _suivre_insertion(etat, plan)
        return None
    return _suivre_masse(etat, etat.statement, mapper, plan)


def _suivre_insertion(etat: ORMExecuteState, plan: Plan) -> None:
    lignes = etat.parameters
    if not isinstance(lignes, Sequence) or not all(
        cle in ligne for ligne in lignes for cle in plan.cles
    ):
        raise TypeError(f"{plan.table}: a bulk insert gives its rows, each with its identifier")
    collecte_de(etat.session).ecritures += [
        plan.ecriture(ligne, Genre.CREATION, {}, plan.lire(ligne)) for ligne in lignes
    ]


def _suivre_masse(
    etat: ORMExecuteState, ordre: Update | Delete, mapper: Mapper[Any], plan: Plan
) -> Any:
    """Read the rows, run the statement, read them again."""
    if isinstance(etat.parameters, Sequence):
        raise TypeError(f"{plan.table}: write the objects, or one statement for all rows")
    condition = ordre.whereclause
    avant = _lire(etat, mapper, condition)
    resultat = etat.invoke_statement()
    ecritures = collecte_de(etat.session).ecritures
    if isinstance(ordre, Delete):
        ecritures += [plan.ecriture(a, Genre.SUPPRESSION, plan.lire(a), {}) for a in avant]
    elif avant:
        voulues = [tuple(ligne[cle] for cle in plan.cles) for ligne in avant]
        apres = {
            tuple(ligne[cle] for cle in plan.cles): ligne
            for ligne in _lire(etat, mapper, tuple_(*mapper.primary_key).in_(voulues))
        }
        for ancienne, cle in zip(avant, voulues, strict=True):
            ecritures += _difference(plan, ancienne, apres[cle])
    return resultat


def _lire(
    etat: ORMExecuteState, mapper: Mapper[Any], condition: ColumnElement[bool] | None
) -> list[dict[str, Any]]:
    """Rows as stored, by attribute, held until the unit of work ends."""
    attributs = {str(prop.columns[0].name): prop.key for prop in mapper.column_attrs}
    lecture = select(mapper.local_table).with_for_update()
    if condition is not None:
        lecture = lecture.where(condition)
    connexion = etat.session.connection(bind_arguments={"mapper": mapper})
    lignes = connexion.execute(lecture, etat.parameters or {}).mappings()
    return [{attributs[nom]: valeur for nom, valeur in ligne.items()} for ligne in lignes]


def _difference(
    plan: Plan, ancienne: Mapping[str, Any], nouvelle: Mapping[str, Any]
) -> list[Ecriture]:
    changees = [nom for nom in plan.champs if ancienne[nom] != nouvelle[nom]]
    if not changees:
        return []
    avant = {plan.champs[nom]: ancienne[nom] for nom in changees}
    apres = {plan.champs[nom]: nouvelle[nom] for nom in changees}
    return [plan.ecriture(nouvelle, Genre.MODIFICATION, avant, apres)]


@event.listens_for(WritingSession, "after_transaction_create")
def _marquer(session: Session, transaction: SessionTransaction) -> None:
    collecte: Collecte | None = session.info.get(_CLE)
    if transaction.nested and collecte is not None:
        collecte.marques[transaction] = (len(collecte.ecritures), len(collecte.faits))


@event.listens_for(WritingSession, "after_soft_rollback")
def _oublier(session: Session, transaction: SessionTransaction) -> None:
    """Forget what a savepoint, or the whole unit, takes back.

    A flush that fails rolls its own part back: what encloses it is undone with it.
    """
    collecte: Collecte | None = session.info.get(_CLE)
    if collecte is None:
        return
    defaite = transaction
    while not defaite.nested and defaite.parent is not None:
        defaite = defaite.parent
    if defaite.nested:
        ecritures, faits = collecte.marques.get(defaite, (0, 0))
        del collecte.ecritures[ecritures:]
        del collecte.faits[faits:]
    else:
        collecte.vider()
