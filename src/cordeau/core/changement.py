"""One row written by one statement of its own, beside the session's unit of work.

A flush walks every mapper around what it writes. A command that adds or changes one row it holds
may write it so instead; its revision, the journal and the words it is searched by follow as they
do in a flush.
"""

from functools import cache
from typing import Any

from sqlalchemy import Insert, Update, bindparam, insert, inspect, update
from sqlalchemy.orm import Mapper, Session, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.exc import StaleDataError

from cordeau.core.collecte import noter_modification
from cordeau.core.db import Base
from cordeau.core.recherche import Cherchable, reindexer


class Changement:
    """What a command changes of one row, shown by its object at once, written by `ecrire`."""

    def __init__(self, objet: Base) -> None:
        self._objet = objet
        self._avant: dict[str, Any] = {}

    def poser(self, **valeurs: Any) -> None:
        """Give these columns their new values."""
        for nom, valeur in valeurs.items():
            self._avant.setdefault(nom, getattr(self._objet, nom))
            set_committed_value(self._objet, nom, valeur)

    def ecrire(self, session: Session) -> None:
        """Write them; `StaleDataError` when the row is not the one that was read.

        Once, after all of them: an object whose values are not written must not outlive the unit
        of work.
        """
        objet = self._objet
        mapper: Mapper[Any] = inspect(type(objet))
        revision = _revision(mapper)
        ou = {f"ou_{cle.name}": getattr(objet, cle.name) for cle in mapper.primary_key}
        if revision:
            ou[f"ou_{revision}"] = getattr(objet, revision)
            self.poser(**{revision: ou[f"ou_{revision}"] + 1})
        noms = tuple(self._avant)
        valeurs = {f"a_{nom}": getattr(objet, nom) for nom in noms}
        connexion = session.connection()
        if connexion.execute(_ordre(mapper, noms), {**ou, **valeurs}).rowcount != 1:
            raise StaleDataError(f"{mapper.local_table}: the row was changed meanwhile")
        noter_modification(session, mapper, objet, self._avant)
        if isinstance(objet, Cherchable) and not self._avant.keys().isdisjoint(objet.CHERCHE_PAR):
            reindexer(connexion, objet)


def inserer(session: Session, objet: Base) -> None:
    """Write a new row; its object stands for it from then on, with what its columns default to.

    Its keys are given: what its relations name is not looked for.
    """
    mapper: Mapper[Any] = inspect(type(objet))
    valeurs = {
        propriete.key: _valeur(objet, propriete.key, propriete.columns[0])
        for propriete in mapper.column_attrs
    }
    if revision := _revision(mapper):
        valeurs[revision] = 1
    for nom, valeur in valeurs.items():
        set_committed_value(objet, nom, valeur)
    session.execute(_insertion(mapper), [valeurs])
    make_transient_to_detached(objet)
    session.add(objet)
    if isinstance(objet, Cherchable):
        reindexer(session.connection(), objet, connu=False)


def _valeur(objet: Base, nom: str, colonne: Any) -> Any:
    """What a new row holds in a column: as given, else its default."""
    if nom in vars(objet):
        return vars(objet)[nom]
    defaut = colonne.default
    if defaut is None:
        return None
    return defaut.arg(None) if defaut.is_callable else defaut.arg


@cache
def _insertion(mapper: Mapper[Any]) -> Insert:
    return insert(mapper.local_table)  # type: ignore[arg-type]  # each mapper has its table


def _revision(mapper: Mapper[Any]) -> str:
    """The attribute that counts the writings of a row; empty when its table has none."""
    colonne: Any = mapper.version_id_col
    return "" if colonne is None else str(mapper.get_property_by_column(colonne).key)


@cache
def _ordre(mapper: Mapper[Any], noms: tuple[str, ...]) -> Update:
    """The statement that writes these attributes of a row, built once."""
    revision: Any = mapper.version_id_col
    cles = [*mapper.primary_key, *([] if revision is None else [revision])]
    return (
        update(mapper.local_table)  # type: ignore[arg-type]  # each mapper has its table
        .where(*(cle == bindparam(f"ou_{cle.name}") for cle in cles))
        .values({mapper.columns[nom]: bindparam(f"a_{nom}") for nom in noms})
    )
