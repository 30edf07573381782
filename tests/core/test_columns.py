"""Exact decimals and instants, alike on both engines."""

import operator
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Column, Connection, Integer, MetaData, Table, func, select
from sqlalchemy.exc import StatementError

from cordeau.core.columns import ScaledDecimal, UtcDateTime
from cordeau.core.db import Database
from tests.serveurs import a_la_main

ESSAI = Table(
    "essai_de_colonnes",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("montant", ScaledDecimal(2)),
    Column("prix", ScaledDecimal(6)),
    Column("le", UtcDateTime()),
)


@pytest.fixture
def connexion(database: Database) -> Iterator[Connection]:
    """A connection beside which the trial table exists."""
    with a_la_main(database) as main:
        ESSAI.create(main)
    with database.engine.connect() as connexion:
        yield connexion
    if not database.is_sqlite:  # there the whole file goes
        ESSAI.drop(database.engine)


def test_une_somme_de_dixiemes_est_exacte(connexion: Connection) -> None:
    for _ in range(3):
        ecrire(connexion, montant=Decimal("0.10"))

    somme = connexion.scalar(select(func.sum(ESSAI.c.montant)))

    assert somme == Decimal("0.30")
    assert str(somme) == "0.30"


@pytest.mark.parametrize("montant", ["0.00", "-0.01", "92233720368547758.07", "1E+3"])
def test_un_montant_revient_tel_qu_ecrit(connexion: Connection, montant: str) -> None:
    ecrire(connexion, montant=Decimal(montant))

    assert connexion.scalar(select(ESSAI.c.montant)) == Decimal(montant)


def test_un_prix_garde_ses_six_decimales(connexion: Connection) -> None:
    ecrire(connexion, prix=Decimal("1.234567"))

    assert str(connexion.scalar(select(ESSAI.c.prix))) == "1.234567"


def test_les_montants_se_comparent_dans_la_base(connexion: Connection) -> None:
    for montant in ("9.99", "10.00", "100.00"):
        ecrire(connexion, montant=Decimal(montant))

    trouves = connexion.scalars(
        select(ESSAI.c.montant).where(Decimal("10.00") <= ESSAI.c.montant).order_by("montant")
    )

    assert list(trouves) == [Decimal("10.00"), Decimal("100.00")]


@pytest.mark.parametrize("refuse", [0.1, 1, "1.00", Decimal("0.001")])
def test_un_flottant_ou_un_millieme_est_refuse(connexion: Connection, refuse: object) -> None:
    with pytest.raises(StatementError):
        ecrire(connexion, montant=refuse)


@pytest.mark.parametrize("operation", [operator.add, operator.sub, operator.mul, operator.mod])
def test_on_ne_calcule_pas_sur_les_montants_dans_la_base(operation: Callable[..., Any]) -> None:
    for gauche, droite in ((ESSAI.c.montant, ESSAI.c.montant), (1, ESSAI.c.montant)):
        with pytest.raises(TypeError, match="rules"):
            operation(gauche, droite)


def test_un_instant_revient_en_temps_universel_a_la_microseconde(connexion: Connection) -> None:
    a_paris = datetime(2026, 7, 14, 1, 30, 0, 123456, tzinfo=timezone(timedelta(hours=2)))

    ecrire(connexion, le=a_paris)

    relu = connexion.scalar(select(ESSAI.c.le))
    assert relu == a_paris
    assert relu is not None
    assert relu.tzinfo is UTC


def test_un_instant_sans_fuseau_est_refuse(connexion: Connection) -> None:
    with pytest.raises(StatementError, match="time zone"):
        ecrire(connexion, le=datetime(2026, 7, 14))  # noqa: DTZ001 (the very mistake)


def ecrire(connexion: Connection, **valeurs: Any) -> None:
    """Add a row."""
    connexion.execute(ESSAI.insert().values(**valeurs))
