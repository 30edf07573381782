"""The fonts of printed documents: always those we ship, so that every machine prints alike."""

import struct
from functools import cache
from importlib.resources import files
from pathlib import Path

from cordeau.documents.errors import RenduImpossibleError

#: Where `python -m cordeau.assets` copies the font files.
DOSSIER = Path(str(files("cordeau"))) / "web" / "static" / "vendor" / "polices"
#: Regular, italic, medium, semibold, bold: the same characters in each.
FICHIERS = (
    "Inter_400Regular.ttf",
    "Inter_400Regular_Italic.ttf",
    "Inter_500Medium.ttf",
    "Inter_600SemiBold.ttf",
    "Inter_700Bold.ttf",
)

_ILLISIBLE = "Police illisible : table des caractères absente."
#: Windows platform, full Unicode: the table every such font carries (OpenType, « cmap »).
_WINDOWS_UNICODE = (3, 10)


def dossier() -> Path:
    """The folder of the fonts; refuses when one is missing rather than print with another."""
    absents = [nom for nom in FICHIERS if not (DOSSIER / nom).is_file()]
    if absents:
        message = (
            f"Police absente : {', '.join(absents)}. "
            "Lancez « make setup » (ou « python -m cordeau.assets ») pour installer les polices."
        )
        raise RenduImpossibleError(message)
    return DOSSIER


@cache
def glyphes() -> frozenset[int]:
    """Every character that all our fonts can draw."""
    fichiers = [(dossier() / nom).read_bytes() for nom in FICHIERS]
    return frozenset.intersection(*(lire_glyphes(police) for police in fichiers))


def lire_glyphes(police: bytes) -> frozenset[int]:
    """Characters of a TrueType file: the groups of its « cmap » table of format 12."""
    table = _table_unicode(police)
    (nombre,) = struct.unpack_from(">L", police, table + 12)
    trouves: set[int] = set()
    for rang in range(nombre):
        debut, fin, _ = struct.unpack_from(">LLL", police, table + 16 + 12 * rang)
        trouves.update(range(debut, fin + 1))
    return frozenset(trouves)


def _table_unicode(police: bytes) -> int:
    debut = _table_cmap(police)
    (nombre,) = struct.unpack_from(">H", police, debut + 2)
    for rang in range(nombre):
        plateforme, codage, decalage = struct.unpack_from(">HHL", police, debut + 4 + 8 * rang)
        if (plateforme, codage) == _WINDOWS_UNICODE:
            return debut + int(decalage)
    raise RenduImpossibleError(_ILLISIBLE)


def _table_cmap(police: bytes) -> int:
    (nombre,) = struct.unpack_from(">H", police, 4)
    for rang in range(nombre):
        etiquette, _, decalage = struct.unpack_from(">4sLL", police, 12 + 16 * rang)
        if etiquette == b"cmap":
            return int(decalage)
    raise RenduImpossibleError(_ILLISIBLE)
