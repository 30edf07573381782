"""What a workbook would take in memory, known before the reader opens it.

The reader allocates the rectangle a sheet spans, and copies a shared text into every cell that
points to it: a 22 kB file would take 2 GB. Here nothing is copied: cells are counted, texts added.
"""

from array import array
from collections.abc import Mapping
from typing import Any

from lxml import etree

#: Header included.
LIGNES_MAX = 10_001
COLONNES_MAX = 100
CELLULES_MAX = LIGNES_MAX * COLONNES_MAX
#: As spreadsheets themselves hold it.
CELLULE_MAX = 32_767
#: All the cells together: what the largest CSV can say.
TEXTE_MAX = 10 * 1024 * 1024


class DebordementError(Exception):
    """The cells lie too far, or are too many."""


class TexteDemesureError(Exception):
    """A cell says too much, or all of them together."""


class EquivoqueError(Exception):
    """What the reader would understand otherwise than here; no spreadsheet writes it."""


class _DoctypeError(Exception):
    """A part with a document type is left out."""


class Mesure:
    """The cells and texts of every part of one workbook."""

    def __init__(self) -> None:
        self._longueurs = array("L")
        self._renvois = array("L")
        self._cellules = self._caracteres = 0
        self._tables = 0

    def est_xml(self, partie: bytes) -> bool:
        """Whether a part is XML to be kept; raises one of the errors above on too large a sheet.

        The reader knows UTF-8 only, no document type, and numbers in plain digits.
        """
        if b"<![CDATA[" in partie:
            return False
        lecture: Any = _Lecture(self)
        parser = etree.XMLParser(
            target=lecture, encoding="utf-8", resolve_entities=False, no_network=True
        )
        try:
            etree.fromstring(partie, parser)
        except (etree.XMLSyntaxError, _DoctypeError):
            return False
        self._tables += lecture.partage
        return True

    def conclure(self) -> None:
        """Add, once every part was read, what the cells that point to a shared text would copy."""
        if self._tables > 1:
            raise EquivoqueError
        for renvoi in self._renvois:
            if renvoi < len(self._longueurs):
                self.ajouter(self._longueurs[renvoi])

    def ajouter(self, caracteres: int) -> None:
        """A cell of so many characters."""
        self._caracteres += caracteres
        if caracteres > CELLULE_MAX or self._caracteres > TEXTE_MAX:
            raise TexteDemesureError

    def ajouter_cellule(self) -> None:
        """A cell, or a shared text."""
        self._cellules += 1
        if self._cellules > CELLULES_MAX:
            raise DebordementError

    def partager(self, caracteres: int) -> None:
        """A shared text, the next of the table."""
        self.ajouter_cellule()
        if caracteres > CELLULE_MAX:
            raise TexteDemesureError
        self._longueurs.append(caracteres)

    def renvoyer(self, rang: str) -> None:
        """A cell that points to a shared text."""
        if not (rang.isascii() and rang.isdecimal()):
            raise EquivoqueError
        self._renvois.append(min(int(rang[:9]), CELLULES_MAX))


class _Lecture:
    """Follows one part as its elements are met, as the reader does."""

    def __init__(self, mesure: Mesure) -> None:
        self.mesure = mesure
        self.ligne = self.colonne = 0
        #: Whether a shared text was met.
        self.partage = False
        self._dans = self._genre = ""
        self._texte = 0
        self._rang: list[str] | None = None

    def start(self, tag: str, attributs: Mapping[str, str]) -> None:
        """An element opens."""
        nom = tag.rpartition("}")[2]
        if nom in {"c", "si"}:
            self._entrer(nom, attributs)
        elif nom == "row":
            self.ligne, self.colonne = _entier(attributs.get("r"), self.ligne + 1), 0
        elif nom == "v" and self._genre == "s":
            self._rang = []
        if self.ligne > LIGNES_MAX or self.colonne > COLONNES_MAX:
            raise DebordementError

    def data(self, texte: str) -> None:
        """Some text."""
        if not self._dans:
            return
        self._texte += len(texte)
        if self._texte > CELLULE_MAX:
            raise TexteDemesureError
        if self._rang is not None:
            self._rang.append(texte)

    def end(self, tag: str) -> None:
        """An element closes."""
        nom = tag.rpartition("}")[2]
        if nom == "v" and self._rang is not None:
            self._renvoyer(self._rang)
        elif nom == self._dans:
            self._sortir()

    def comment(self, _texte: str) -> None:
        """A comment, or (below) an instruction: nothing cuts a text in two."""
        if self._dans:
            raise EquivoqueError

    def pi(self, _cible: str, _donnees: str | None = None) -> None:
        """An instruction."""
        self.comment("")

    def doctype(self, *_declaration: str | None) -> None:
        """A document type: no part of a workbook has one, a picture may."""
        raise _DoctypeError

    def close(self) -> None:
        """The part ends."""

    def _entrer(self, nom: str, attributs: Mapping[str, str]) -> None:
        if self._dans:
            raise EquivoqueError
        self._dans, self._texte = nom, 0
        if nom == "si":
            self.partage = True
            return
        self.mesure.ajouter_cellule()
        self._genre = attributs.get("t", "")
        self._placer(attributs.get("r"))

    def _sortir(self) -> None:
        if self._dans == "si":
            self.mesure.partager(self._texte)
        elif self._genre != "s":
            self.mesure.ajouter(self._texte)
        self._dans = self._genre = ""

    def _renvoyer(self, morceaux: list[str]) -> None:
        self._rang = None
        if len(morceaux) > 1:
            raise EquivoqueError
        if morceaux:
            self.mesure.renvoyer(morceaux[0])

    def _placer(self, reference: str | None) -> None:
        """« AB12 » is row 12, column 28; a cell without reference follows the previous one."""
        if reference is None:
            self.colonne += 1
            return
        lettres = reference.rstrip("0123456789")
        if not (lettres.isascii() and lettres.isalpha() and len(lettres) < len(reference)):
            raise EquivoqueError
        self.colonne = 0
        for lettre in lettres[:4].upper():
            self.colonne = self.colonne * 26 + ord(lettre) - ord("A") + 1
        self.ligne = int(reference[len(lettres) :][:9])


def _entier(texte: str | None, defaut: int) -> int:
    if texte is None:
        return defaut
    if not (texte.isascii() and texte.isdecimal()):
        raise EquivoqueError
    return int(texte[:9])
