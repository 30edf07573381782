"""Lists page by page: every row once, whatever the sort, ties included."""

import base64
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import orjson
import pytest
from sqlalchemy import Date, String, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from cordeau.core.columns import Cle, Instant, Montant
from cordeau.core.db import Database
from cordeau.core.errors import SaisieError
from cordeau.core.ids import new_id
from cordeau.core.listing import Demande, Page, contient_mots, paginate
from cordeau.core.texte import plier
from tests.serveurs import a_la_main


class BaseEssai(DeclarativeBase):
    """Root of the model of this test."""


class Essai(BaseEssai):
    """A row with one column of each kind a list sorts by."""

    __tablename__ = "essai_de_liste"

    id: Mapped[Cle]
    nom: Mapped[str] = mapped_column(String(100))
    recherche: Mapped[str] = mapped_column(String(100))
    rang: Mapped[int]
    montant: Mapped[Montant]
    le: Mapped[date] = mapped_column(Date)
    cree_le: Mapped[Instant]


TRIS = {
    "nom": Essai.nom,
    "rang": Essai.rang,
    "montant": Essai.montant,
    "le": Essai.le,
    "creeLe": Essai.cree_le,
}
MIDI = datetime(2026, 5, 1, 12, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def liste(database: Database) -> Iterator[Session]:
    """A session on thirty rows, many alike: a page ends in the middle of a tie."""
    with a_la_main(database) as connexion:
        BaseEssai.metadata.create_all(connexion)
    with database.write() as session:
        session.add_all(_ligne(rang) for rang in range(30))
    with database.read() as session:
        yield session
    if not database.is_sqlite:  # there the whole file goes
        BaseEssai.metadata.drop_all(database.engine)


def _ligne(rang: int) -> Essai:
    nom = ("Éts Dupré", "abbé", "Zoé 50 %", "a_b")[rang % 4]
    return Essai(
        id=new_id(),
        nom=nom,
        recherche=plier(nom),
        rang=rang % 3,
        montant=Decimal(rang % 5) / 10,
        le=date(2026, 1, 1 + rang % 7),
        cree_le=MIDI + timedelta(microseconds=rang % 2),
    )


def lire(session: Session, **demande: Any) -> Page[Essai]:
    """One page."""
    return paginate(
        session, select(Essai), Demande(**demande), tris=TRIS, defaut="-creeLe", cle=Essai.id
    )


def tout_lire(session: Session, **demande: Any) -> list[Essai]:
    """Every page, one after the other."""
    lignes: list[Essai] = []
    curseur: str | None = None
    while True:
        page = lire(session, curseur=curseur, **demande)
        lignes += page.elements
        curseur = page.suivant
        if curseur is None:
            return lignes


@pytest.mark.parametrize("limite", [1, 4, 30])
@pytest.mark.parametrize("tri", [*TRIS, *(f"-{tri}" for tri in TRIS), ""])
def test_chaque_ligne_vient_une_fois_et_dans_l_ordre(liste: Session, tri: str, limite: int) -> None:
    lignes = tout_lire(liste, tri=tri, limite=limite)

    colonne = TRIS[(tri or "-creeLe").removeprefix("-")].key
    cles = [(getattr(ligne, colonne), ligne.id.hex) for ligne in lignes]
    assert cles == sorted(cles, reverse=(tri or "-").startswith("-"))
    assert len({ligne.id for ligne in lignes}) == 30


def test_la_derniere_page_le_dit(liste: Session) -> None:
    assert lire(liste, limite=30).suivant is None
    assert lire(liste, limite=29).suivant is not None


def test_une_ligne_ajoutee_entre_deux_pages_ne_repete_rien(
    liste: Session, database: Database
) -> None:
    premiere = lire(liste, tri="rang", limite=10)
    with database.write() as session:
        session.add(_ligne(0))

    with database.read() as session:
        seconde = lire(session, tri="rang", limite=10, curseur=premiere.suivant)

    assert not {e.id for e in premiere.elements} & {e.id for e in seconde.elements}


@pytest.mark.parametrize("limite", [0, -1, 201, 10**9])
def test_la_limite_va_de_1_a_200(liste: Session, limite: int) -> None:
    with pytest.raises(SaisieError) as refus:
        lire(liste, limite=limite)

    assert [faute.champ for faute in refus.value.fautes] == ["limite"]


def test_un_tri_inconnu_nomme_les_tris_possibles(liste: Session) -> None:
    with pytest.raises(SaisieError) as refus:
        lire(liste, tri="mot_de_passe")

    assert "creeLe, le, montant, nom, rang" in refus.value.fautes[0].message


def _curseur(*contenu: object) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(contenu)).decode()


UN_ID = new_id().hex
FABRIQUES = {
    "du texte": ("rang", "pas un curseur"),
    "hors ASCII": ("rang", "é"),
    "trop court": ("rang", _curseur("rang", "1")),
    "un objet": ("rang", base64.urlsafe_b64encode(b"{}").decode()),
    "rien": ("rang", base64.urlsafe_b64encode(b"null").decode()),
    "un autre tri": ("rang", _curseur("nom", "a", UN_ID)),
    "un faux entier": ("rang", _curseur("rang", "un", UN_ID)),
    "un entier trop grand": ("rang", _curseur("rang", "9" * 30, UN_ID)),
    "un entier démesuré": ("rang", _curseur("rang", "9" * 5000, UN_ID)),
    "une liste": ("rang", _curseur("rang", ["1"], UN_ID)),
    "un faux identifiant": ("rang", _curseur("rang", "1", "abc")),
    "un faux montant": ("montant", _curseur("montant", "dix", UN_ID)),
    "pas un nombre": ("montant", _curseur("montant", "NaN", UN_ID)),
    "l’infini": ("montant", _curseur("montant", "Infinity", UN_ID)),
    "un millième": ("montant", _curseur("montant", "0.001", UN_ID)),
    "un montant démesuré": ("montant", _curseur("montant", "1E+999999999", UN_ID)),
    "un faux jour": ("le", _curseur("le", "2026-02-30", UN_ID)),
    "un instant sans fuseau": ("creeLe", _curseur("creeLe", "2026-02-20T10:00:00", UN_ID)),
}


@pytest.mark.parametrize(("tri", "curseur"), FABRIQUES.values(), ids=FABRIQUES.keys())
def test_un_curseur_fabrique_est_refuse(liste: Session, tri: str, curseur: str) -> None:
    with pytest.raises(SaisieError) as refus:
        lire(liste, tri=tri, curseur=curseur)

    assert [faute.champ for faute in refus.value.fautes] == ["curseur"]


@pytest.mark.parametrize(
    ("q", "trouve"),
    [
        ("", 30),
        ("ets", 8),
        ("  dupre   ETS ", 8),
        ("50 %", 7),
        ("a_b", 7),
        ("%", 7),
        ("absent", 0),
        ("ets absent", 0),
        ("\\", 0),
    ],
)
def test_les_mots_se_cherchent_sans_accent_ni_ordre(liste: Session, q: str, trouve: int) -> None:
    demande = select(Essai).where(contient_mots(Essai.recherche, q))

    assert len(list(liste.scalars(demande))) == trouve
