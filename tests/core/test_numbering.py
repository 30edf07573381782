"""Legal numbers: no gap, no duplicate, never back in time."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cordeau.core.db import Database
from cordeau.core.errors import ConflitError
from cordeau.core.numbering import Serie, list_series, next_number, set_first_number

NOEL = date(2026, 12, 25)
JOUR_DE_L_AN = date(2027, 1, 1)
EMETTEURS = 16
NUMEROS_PAR_EMETTEUR = 10


class AbandonError(Exception):
    """The document could not be written after all."""


def test_les_numeros_se_suivent(session: Session) -> None:
    numeros = [next_number(session, "FAC", NOEL, chronologique=True) for _ in range(3)]

    assert numeros == ["FAC-2026-001", "FAC-2026-002", "FAC-2026-003"]


def test_chaque_serie_compte_pour_elle_meme_et_pour_son_annee(session: Session) -> None:
    next_number(session, "FAC", NOEL, chronologique=True)

    assert next_number(session, "AVO", NOEL, chronologique=True) == "AVO-2026-001"
    assert next_number(session, "FAC", JOUR_DE_L_AN, chronologique=True) == "FAC-2027-001"


def test_apres_999_le_numero_s_allonge(session: Session) -> None:
    set_first_number(session, "DEV", 2026, 999)

    assert next_number(session, "DEV", NOEL, chronologique=False) == "DEV-2026-999"
    assert next_number(session, "DEV", NOEL, chronologique=False) == "DEV-2026-1000"


def test_le_premier_numero_ne_change_plus_une_fois_la_serie_entamee(session: Session) -> None:
    set_first_number(session, "FAC", 2026, 42)
    set_first_number(session, "FAC", 2026, 37)
    next_number(session, "FAC", NOEL, chronologique=True)

    with pytest.raises(ConflitError, match="déjà utilisée"):
        set_first_number(session, "FAC", 2026, 50)

    session.expire_all()
    assert [serie.dernier_rang for serie in list_series(session)] == [37]


def test_une_facture_n_est_jamais_datee_avant_la_precedente(session: Session) -> None:
    next_number(session, "FAC", JOUR_DE_L_AN, chronologique=True)

    with pytest.raises(ConflitError, match="01/01/2027"):
        next_number(session, "FAC", NOEL, chronologique=True)
    session.rollback()


def test_un_devis_peut_etre_antidate(session: Session) -> None:
    next_number(session, "DEV", NOEL, chronologique=False)

    assert next_number(session, "DEV", date(2026, 3, 1), chronologique=False) == "DEV-2026-002"


def test_seize_emetteurs_a_la_fois_sans_trou_ni_doublon(database: Database) -> None:
    """One unit of work in five is given up after its number was taken."""
    depart = threading.Barrier(EMETTEURS)

    def emettre(emetteur: int) -> list[str]:
        depart.wait()
        return [
            numero
            for rang in range(NUMEROS_PAR_EMETTEUR)
            if (numero := _emettre_ou_abandonner(database, abandon=(emetteur + rang) % 5 == 0))
        ]

    with ThreadPoolExecutor(EMETTEURS) as pool:
        numeros = [numero for lot in pool.map(emettre, range(EMETTEURS)) for numero in lot]

    attendus = EMETTEURS * NUMEROS_PAR_EMETTEUR * 4 // 5
    assert sorted(numeros) == [f"FAC-2026-{rang:03d}" for rang in range(1, attendus + 1)]
    with database.read() as session:
        assert session.scalar(select(Serie.dernier_rang)) == attendus


def _emettre_ou_abandonner(database: Database, *, abandon: bool) -> str | None:
    def emettre(session: Session) -> str:
        numero = next_number(session, "FAC", NOEL, chronologique=True)
        if abandon:
            raise AbandonError
        return numero

    try:
        return database.transaction(emettre)
    except AbandonError:
        return None
