"""Writing a workbook with openpyxl; loaded by the first export."""

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from cordeau.web.tableur import Cellule, Feuille

LARGEUR = 20


def ecrire(feuilles: Iterable[Feuille]) -> bytes:
    """The sheets, one after the other."""
    classeur = Workbook(write_only=True)
    for feuille in feuilles:
        onglet: Any = classeur.create_sheet(feuille.nom)
        onglet.freeze_panes = "A2"
        for rang in range(len(feuille.entetes)):
            onglet.column_dimensions[get_column_letter(rang + 1)].width = LARGEUR
        onglet.append(list(_cellules(onglet, feuille.entetes, gras=True)))
        for ligne in feuille.lignes:
            onglet.append(list(_cellules(onglet, ligne)))
    sortie = io.BytesIO()
    classeur.save(sortie)
    return sortie.getvalue()


def _cellules(feuille: Any, ligne: Sequence[Cellule], *, gras: bool = False) -> Iterator[Any]:
    """Plain values as long as one may: openpyxl gives what follows a marked cell its format."""
    valeur: Any
    marquees = gras
    for valeur in ligne:
        marquees = marquees or _se_marque(valeur)
        if not marquees:
            yield None if valeur == "" else valeur  # no cell at all
            continue
        cellule = WriteOnlyCell(feuille, valeur)
        if isinstance(valeur, str):
            cellule.data_type = "s"
        elif isinstance(valeur, date):
            cellule.number_format = "dd/mm/yyyy"
        if gras:
            cellule.font = Font(bold=True)
        yield cellule


def _se_marque(valeur: Cellule) -> bool:
    """Whether the cell must say what it is: a day, or a text taken for a formula or an error."""
    return isinstance(valeur, date) or (isinstance(valeur, str) and valeur[:1] in {"=", "#"})
