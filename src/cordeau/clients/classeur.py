"""Spreadsheets that come in: CSV or XLSX, judged before they are parsed, read as rows of text."""

import csv
import io
import re
import zipfile
import zlib
from datetime import date, datetime
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from cordeau.clients.mesure import (
    CELLULE_MAX,
    COLONNES_MAX,
    LIGNES_MAX,
    DebordementError,
    EquivoqueError,
    Mesure,
    TexteDemesureError,
)
from cordeau.core.errors import SaisieError, refuser_saisie
from cordeau.core.texte import nettoyer

OCTETS_MAX = 10 * 1024 * 1024
ENTREES_MAX = 1000
DECOMPRESSE_MAX = 50 * 1024 * 1024
SIGNATURE_ZIP = b"PK\x03\x04"
#: Old binary workbooks (.xls), which nothing here reads.
SIGNATURE_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: What spreadsheets call « texte Unicode ».
MARQUES_UTF16 = (b"\xff\xfe", b"\xfe\xff")
SEPARATEURS = (";", "\t", ",")
#: The apostrophe by which a spreadsheet marks a text that starts like a formula.
_TEXTE_MARQUE = re.compile(r"'(?=[=+\-@])")

Tableau = list[list[str]]


def lire_classeur(contenu: bytes, champ: str) -> Tableau:
    """The rows of the first sheet, as text; blank rows are kept, so that numbers match.

    Raises `SaisieError` on what is neither CSV nor XLSX, or is too large.
    """
    if not contenu:
        raise refuser_saisie(champ, "Choisissez un fichier CSV ou XLSX.")
    if len(contenu) > OCTETS_MAX:
        raise refuser_saisie(champ, "Le fichier est trop lourd : 10 Mo au plus.")
    if contenu.startswith(SIGNATURE_OLE):
        raise refuser_saisie(
            champ, "Ce classeur est d’un ancien format (.xls) : enregistrez-le en XLSX ou en CSV."
        )
    lire = _lire_xlsx if contenu.startswith(SIGNATURE_ZIP) else _lire_csv
    lignes = lire(contenu, champ)
    while lignes and not any(lignes[-1]):
        lignes.pop()
    if len(lignes) > LIGNES_MAX:
        raise _trop_grand(champ)
    return lignes


def _lire_csv(contenu: bytes, champ: str) -> Tableau:
    texte = _decoder(contenu, champ)
    premiere = texte.split("\n", 1)[0]
    separateur = max(SEPARATEURS, key=premiere.count)
    lignes: Tableau = []
    try:
        for ligne in csv.reader(io.StringIO(texte, newline=""), delimiter=separateur):
            if any(len(valeur) > CELLULE_MAX for valeur in ligne):
                raise _trop_long(champ)
            lignes.append([_cellule(valeur) for valeur in ligne[:COLONNES_MAX]])
            if len(lignes) > LIGNES_MAX:
                raise _trop_grand(champ)
    except csv.Error as error:
        raise refuser_saisie(champ, "Ce fichier n’est pas un CSV lisible.") from error
    return lignes


def _decoder(contenu: bytes, champ: str) -> str:
    """UTF-8, else what Windows spreadsheets write; a binary file is refused."""
    encodages = ("utf-16",) if contenu.startswith(MARQUES_UTF16) else ("utf-8-sig", "cp1252")
    for encodage in encodages:
        try:
            texte = contenu.decode(encodage)
        except UnicodeDecodeError:
            continue
        if "\0" not in texte:
            return texte
    raise refuser_saisie(champ, "Ce fichier n’est ni un CSV ni un XLSX lisible.")


def _lire_xlsx(contenu: bytes, champ: str) -> Tableau:
    try:
        sain = _assainir(contenu)
        classeur = CalamineWorkbook.from_filelike(io.BytesIO(sain))
        valeurs = classeur.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except DebordementError as error:
        raise _trop_grand(champ) from error
    except TexteDemesureError as error:
        raise _trop_long(champ) from error
    except (
        EquivoqueError,
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
        ValueError,
        IndexError,
        CalamineError,
    ) as error:
        raise refuser_saisie(champ, "Ce classeur XLSX n’est pas lisible.") from error
    return [[_cellule(valeur) for valeur in ligne[:COLONNES_MAX]] for ligne in valeurs]


def _assainir(contenu: bytes) -> bytes:
    """The same workbook with its XML parts alone, each read within bounds and measured."""
    sortie, reste, mesure = io.BytesIO(), DECOMPRESSE_MAX, Mesure()
    with zipfile.ZipFile(io.BytesIO(contenu)) as archive, zipfile.ZipFile(sortie, "w") as copie:
        entrees = archive.infolist()
        if len(entrees) > ENTREES_MAX or sum(e.file_size for e in entrees) > DECOMPRESSE_MAX:
            raise DebordementError
        for entree in entrees:
            with archive.open(entree) as flux:
                partie = flux.read(reste + 1)
            reste -= len(partie)
            if reste < 0:
                raise DebordementError
            if mesure.est_xml(partie):
                copie.writestr(entree.filename, partie)
    mesure.conclure()
    return sortie.getvalue()


def _cellule(valeur: Any) -> str:
    """A cell as one would type it."""
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, datetime):
        return valeur.date().isoformat()
    if isinstance(valeur, date):
        return valeur.isoformat()
    if isinstance(valeur, float):
        return format(valeur, ".0f") if valeur.is_integer() else format(valeur, ".15g")
    return _TEXTE_MARQUE.sub("", nettoyer(str(valeur)), count=1)


def _trop_grand(champ: str) -> SaisieError:
    return refuser_saisie(
        champ,
        f"Le fichier est trop grand : {LIGNES_MAX - 1} lignes et {COLONNES_MAX} colonnes au plus.",
    )


def _trop_long(champ: str) -> SaisieError:
    return refuser_saisie(
        champ,
        "Le texte des cellules est trop long : 32 767 caractères par cellule, "
        "10 millions en tout, au plus.",
    )
