"""Spreadsheets that leave: CSV and XLSX of what a list shows.

A cell that starts like a formula is never one: XLSX text is stored as text, CSV text is marked by
an apostrophe, as spreadsheets themselves do.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from fastapi.responses import Response

from cordeau.web.templating import piece_jointe

Cellule = str | int | Decimal | date | None

#: What makes a spreadsheet take a text for a formula.
DEBUTS_DE_FORMULE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_MARQUE_UTF8 = "\ufeff"


class FormatTableur(StrEnum):
    """What a list can be exported as."""

    CSV = "csv"
    XLSX = "xlsx"


TYPES_MIME = {
    FormatTableur.CSV: "text/csv; charset=utf-8",
    FormatTableur.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def repondre_tableau(
    genre: FormatTableur, nom: str, entetes: Sequence[str], lignes: Iterable[Sequence[Cellule]]
) -> Response:
    """A spreadsheet to download; `nom` is the file's, without its ending."""
    ecrire = ecrire_csv if genre is FormatTableur.CSV else ecrire_xlsx
    return piece_jointe(ecrire(entetes, lignes), f"{nom}.{genre}", TYPES_MIME[genre])


def ecrire_csv(entetes: Sequence[str], lignes: Iterable[Sequence[Cellule]]) -> bytes:
    """CSV as French spreadsheets open it: semicolons, decimal comma, UTF-8 with its mark."""
    texte = io.StringIO()
    sortie = csv.writer(texte, delimiter=";", lineterminator="\r\n")
    sortie.writerow(entetes)
    sortie.writerows([_en_texte(cellule) for cellule in ligne] for ligne in lignes)
    return (_MARQUE_UTF8 + texte.getvalue()).encode()


def ecrire_xlsx(entetes: Sequence[str], lignes: Iterable[Sequence[Cellule]]) -> bytes:
    """A workbook of one sheet."""
    return ecrire_classeur([Feuille("Feuille 1", entetes, lignes)])


@dataclass(frozen=True, slots=True)
class Feuille:
    """One sheet of a workbook."""

    nom: str
    entetes: Sequence[str]
    lignes: Iterable[Sequence[Cellule]]


def ecrire_classeur(feuilles: Iterable[Feuille]) -> bytes:
    """A workbook, numbers as numbers, dates as dates, the first row of each sheet kept in view."""
    from cordeau.web import xlsx  # noqa: PLC0415 (openpyxl is heavy, and only exports need it)

    return xlsx.ecrire(feuilles)


def _en_texte(cellule: Cellule) -> str:
    if cellule is None:
        return ""
    if isinstance(cellule, Decimal):
        return format(cellule, "f").replace(".", ",")
    if isinstance(cellule, date):
        return f"{cellule:%d/%m/%Y}"
    if isinstance(cellule, str) and cellule.startswith(DEBUTS_DE_FORMULE):
        return f"'{cellule}"
    return str(cellule)
