"""The words of what can be searched: one row each, written in the transaction of what holds them.

A word is found by its beginning, from any letter or digit that follows something else: « 2026-12 »
finds « FAC-2026-123 ». The same table serves both engines; a search reads a range of its index,
whatever the size of the base.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Index,
    Select,
    String,
    and_,
    bindparam,
    delete,
    event,
    exists,
    false,
    func,
    insert,
    inspect,
    select,
    true,
)
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, aliased, mapped_column

from cordeau.core.columns import identifiant
from cordeau.core.db import Base
from cordeau.core.texte import plier

MOT_MAX = 40
CHERCHES_MAX = 12
#: A word borne by fewer rows than this leads the search: its rows are looked at one by one.
RARE = 2_000
#: By fewer than this it still leads a list, which sorts what it finds; beyond, the list leads.
COURANT = 20_000
#: When every word is common, how many rows of the rarest the palette looks at.
REGARD = 500
#: Under which name a session keeps how common the words looked for are (`Session.info`).
_COMPTES = "mots_comptes"
_DEBUT = re.compile(r"[^\W_]+")
#: Sorts after every character a word may hold.
_FIN = "\U0010ffff"


class TexteDe(NamedTuple):
    """What a row is searched by."""

    genre: str
    objet_id: UUID
    texte: str


Filtree = TypeVar("Filtree", bound=Select[*tuple[Any, ...]])
#: Rows whose words follow from another row.
Suite = Callable[[Connection, Any], Iterable[TexteDe]]


class Mot(Base):
    """A word of a row that can be searched."""

    __tablename__ = "mot"
    __table_args__ = (Index(None, "genre", "mot", "objet_id"), {"sqlite_with_rowid": False})

    objet_id: Mapped[UUID] = mapped_column(identifiant(), primary_key=True)
    mot: Mapped[str] = mapped_column(String(MOT_MAX), primary_key=True)
    #: The table of the row.
    genre: Mapped[str] = mapped_column(String(20))


class Cherchable:
    """A row that can be searched by the words of its text."""

    #: Columns its text is made of.
    CHERCHE_PAR: ClassVar[tuple[str, ...]] = ("recherche",)

    if TYPE_CHECKING:
        __tablename__: str
        id: Mapped[UUID]
        recherche: Mapped[str]

    def texte_cherche(self, _connexion: Connection) -> str:
        """What a search looks into."""
        return self.recherche


_suites: dict[type, list[Suite]] = {}


def suivre(origine: type) -> Callable[[Suite], Suite]:
    """Declare rows whose words change with those of `origine`."""

    def declarer(suite: Suite) -> Suite:
        _suites.setdefault(origine, []).append(suite)
        return suite

    return declarer


def mots_de(texte: str) -> set[str]:
    """The words of a text as they are kept."""
    return {
        mot[debut.start() :][:MOT_MAX]
        for mot in plier(texte).split()
        for debut in _DEBUT.finditer(mot)
    }


def mots_cherches(q: str) -> list[str]:
    """The beginnings of words a person typed; a whole page pasted there counts by its first."""
    trouves = (_DEBUT.search(mot) for mot in plier(q)[:200].split())
    mots = (t.string[t.start() :][:MOT_MAX] for t in trouves if t is not None)
    return list(dict.fromkeys(mots))[:CHERCHES_MAX]


def contient(
    session: Session,
    genre: type[Cherchable],
    cle: InstrumentedAttribute[UUID],
    q: str,
    *,
    tout: bool = False,
) -> ColumnElement[bool]:
    """Every word of `q` begins a word of the row of this kind that `cle` names.

    `tout` says that all of them will be read, not the first of a sorted list.
    """
    mots = _du_plus_rare(session, genre, mots_cherches(q), COURANT)
    if not mots:
        return false() if q.strip() else true()
    if mots[0].nombre <= RARE:
        return cle.in_(session.scalars(_porteurs(genre, mots)).all())
    if tout or mots[0].nombre <= COURANT:
        return cle.in_(_porteurs(genre, mots))
    return and_(*(_porte(cle, mot) for mot in mots))


def restreindre(
    session: Session, statement: Filtree, genre: type[Cherchable], q: str, *, tout: bool = False
) -> Filtree:
    """A statement on rows of this kind, narrowed to those that hold the words: see `contient`."""
    cle: InstrumentedAttribute[UUID] = genre.id
    cherches = statement.where(contient(session, genre, cle, q, tout=tout))
    mots = _du_plus_rare(session, genre, mots_cherches(q), COURANT)
    return par_cle(cherches, genre) if mots and mots[0].nombre <= RARE else cherches


def par_cle(statement: Filtree, genre: type[Cherchable]) -> Filtree:
    """Have MariaDB read by their keys the rows that a search names.

    Left to choose, it walks an index in the order asked for until it meets enough of them: the
    whole of a million rows when few are found.
    """
    return statement.with_hint(genre, "FORCE INDEX (PRIMARY)", "mysql")


def est_vague(session: Session, genre: type[Cherchable], q: str) -> bool:
    """Whether so many rows hold these words that adding them up would keep people waiting."""
    mots = _du_plus_rare(session, genre, mots_cherches(q), COURANT)
    return bool(mots) and mots[0].nombre > COURANT


def parmi_les_premiers(
    session: Session,
    genre: type[Cherchable],
    cle: InstrumentedAttribute[UUID],
    q: str,
    limite: int,
) -> ColumnElement[bool]:
    """The same for a list that shows `limite` rows at most: of common words, a few will do."""
    mots = _du_plus_rare(session, genre, mots_cherches(q), RARE)
    if not mots:
        return false() if q.strip() else true()
    if mots[0].nombre <= RARE:
        return cle.in_(session.scalars(_porteurs(genre, mots)).all())
    trouves = session.scalars(_regarder(genre, mots, Mot.mot == mots[0].texte, limite)).all()
    if len(trouves) < limite:
        trouves = session.scalars(_regarder(genre, mots, _commence(mots[0]), limite)).all()
    return cle.in_(trouves)


class _Cherche(NamedTuple):
    """A word looked for, and how many words begin by it, counted only so far."""

    nombre: int
    texte: str


def _du_plus_rare(
    session: Session, genre: type[Cherchable], textes: Sequence[str], jusqu_a: int
) -> list[_Cherche]:
    """The words from the rarest on, counted once in a session: a list asks for its page and total.

    The count chooses where to begin and never what is found.
    """
    connus: dict[Any, list[_Cherche]] = session.info.setdefault(_COMPTES, {})
    cle = (genre, tuple(textes), jusqu_a)
    if cle not in connus:
        connus[cle] = _compter(session, genre, textes, jusqu_a) if textes else []
    return connus[cle]


def _compter(
    session: Session, genre: type[Cherchable], textes: Sequence[str], jusqu_a: int
) -> list[_Cherche]:
    """Little at first: a rare word is enough to know where to begin."""
    comptes = _compter_jusqu_a(session, genre, textes, RARE)
    if jusqu_a > RARE and comptes[0].nombre > RARE:
        comptes = _compter_jusqu_a(session, genre, textes, jusqu_a)
    return comptes


def _compter_jusqu_a(
    session: Session, genre: type[Cherchable], textes: Sequence[str], jusqu_a: int
) -> list[_Cherche]:
    comptes = [
        select(func.count())
        .select_from(
            select(Mot.objet_id)
            .where(_de(genre), _commence(_Cherche(0, texte)))
            .limit(jusqu_a + 1)
            .subquery()
        )
        .scalar_subquery()
        for texte in textes
    ]
    nombres = session.execute(select(*comptes)).one()
    return sorted(map(_Cherche, nombres, textes))


def _porteurs(genre: type[Cherchable], mots: Sequence[_Cherche]) -> Select[UUID]:
    """The rows that hold them all, found by the rarest."""
    rare, *autres = mots
    return (
        select(Mot.objet_id)
        .where(_de(genre), _commence(rare), *(_porte(Mot.objet_id, mot) for mot in autres))
        .distinct()
    )


def _regarder(
    genre: type[Cherchable],
    mots: Sequence[_Cherche],
    condition: ColumnElement[bool],
    limite: int,
) -> Select[UUID]:
    """Among the first rows that fulfil a condition, those that hold the other words."""
    regardes = (
        select(Mot.mot, Mot.objet_id)
        .where(_de(genre), condition)
        .order_by(Mot.mot.desc(), Mot.objet_id.desc())
        .limit(REGARD)
        .subquery()
    )
    return (
        select(regardes.c.objet_id)
        .where(*(_porte(regardes.c.objet_id, mot) for mot in mots[1:]))
        .group_by(regardes.c.objet_id)
        .order_by(func.max(regardes.c.mot).desc(), regardes.c.objet_id.desc())
        .limit(limite)
    )


def _de(genre: type[Cherchable]) -> ColumnElement[bool]:
    return Mot.genre == genre.__tablename__


def _commence(mot: _Cherche, porteur: Any = Mot) -> ColumnElement[bool]:
    debut: ColumnElement[bool] = porteur.mot.between(mot.texte, mot.texte + _FIN)
    return debut


def _porte(cle: Any, mot: _Cherche) -> ColumnElement[bool]:
    autre = aliased(Mot)
    return exists().where(autre.objet_id == cle, _commence(mot, autre))


@event.listens_for(Session, "after_flush")
def _indexer(session: Session, _contexte: object) -> None:
    """Follow every row written by this flush."""
    neufs = [objet for objet in session.new if isinstance(objet, Cherchable)]
    changes = [o for o in session.dirty if isinstance(o, Cherchable) and _a_change(o)]
    supprimes = [objet for objet in session.deleted if isinstance(objet, Cherchable)]
    if not (neufs or changes or supprimes):
        return
    connexion = session.connection()
    _ecrire(connexion, [_en_texte(connexion, objet) for objet in neufs], connus=False)
    _ecrire(connexion, _textes_changes(connexion, changes), connus=True)
    for objet in supprimes:
        connexion.execute(delete(Mot).where(Mot.objet_id == objet.id))


def reindexer(connexion: Connection, objet: Cherchable, *, connu: bool = True) -> None:
    """Follow a row that a statement of its own has just changed, or added when not `connu`."""
    textes = _textes_changes(connexion, [objet]) if connu else [_en_texte(connexion, objet)]
    _ecrire(connexion, textes, connus=connu)


def _a_change(objet: Cherchable) -> bool:
    attributs = inspect(objet).attrs
    return any(attributs[nom].history.has_changes() for nom in objet.CHERCHE_PAR)


def _textes_changes(connexion: Connection, objets: Sequence[Cherchable]) -> list[TexteDe]:
    """Those that follow from these rows, then their own: each row once, by its last text."""
    textes: dict[UUID, TexteDe] = {}
    for objet in objets:
        for suite in _suites.get(type(objet), ()):
            textes |= {texte.objet_id: texte for texte in suite(connexion, objet)}
    textes |= {objet.id: _en_texte(connexion, objet) for objet in objets}
    return list(textes.values())


def _en_texte(connexion: Connection, objet: Cherchable) -> TexteDe:
    return TexteDe(objet.__tablename__, objet.id, objet.texte_cherche(connexion))


def _ecrire(connexion: Connection, textes: Sequence[TexteDe], *, connus: bool) -> None:
    """Leave the words of these texts, and no other; rows not `connus` have none yet."""
    neufs, perdus = [], []
    for genre, objet_id, texte in textes:
        voulus = mots_de(texte)
        gardes = set(connexion.scalars(_MOTS, {"objet": objet_id})) if connus else set()
        neufs += [
            {"objet_id": objet_id, "mot": mot, "genre": genre} for mot in sorted(voulus - gardes)
        ]
        perdus += [{"objet": objet_id, "perdu": mot} for mot in sorted(gardes - voulus)]
    if perdus:
        connexion.execute(_RETIRER, perdus)
    if neufs:
        connexion.execute(_AJOUTER, neufs)


_TABLE = Base.metadata.tables[Mot.__tablename__]
_MOTS = select(_TABLE.c.mot).where(_TABLE.c.objet_id == bindparam("objet"))
_AJOUTER = insert(_TABLE)
_RETIRER = delete(_TABLE).where(
    _TABLE.c.objet_id == bindparam("objet"), _TABLE.c.mot == bindparam("perdu")
)
