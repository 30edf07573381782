"""Text made fit for what carries it: an XML document, or a PDF whose every glyph is embedded."""

import re
import unicodedata
from functools import cache, lru_cache

#: What XML 1.0 (production 2, Char) does not allow, plus the two non-characters it tolerates
#: in no encoding we write.
_INTERDITS_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: Invisible, or meaningless alone: dropped rather than replaced.
_CATEGORIES_EFFACEES = frozenset({"Cc", "Cf", "Cs", "Mn", "Cn"})
_SANS_GLYPHE = "\u25a1"
_MOT_LONG = re.compile(r"\S{40,}")
_TRANCHE = re.compile(r"\S{20}(?=\S)")
_COUPURE = "\u200b"


def nettoyer_xml(texte: str) -> str:
    """The text without the characters that XML forbids, its ends trimmed."""
    if texte.isascii() and texte.isprintable():
        return texte.strip()
    return _INTERDITS_XML.sub("", texte.replace("\r\n", "\n").replace("\r", "\n")).strip()


def sur_une_ligne(texte: str) -> str:
    """The text with every run of blanks, line ends included, made one space."""
    return " ".join(texte.split())


def imprimable(texte: str, glyphes: frozenset[int]) -> str:
    """The text with only what the fonts can draw: PDF/A refuses a missing glyph.

    What has no glyph (an emoji) prints as an empty square; long words may break.
    """
    compose = unicodedata.normalize("NFC", texte.replace("\r\n", "\n").replace("\r", "\n"))
    trace = _autres(glyphes).sub(lambda trouve: _tracer(trouve.group(), glyphes), compose)
    return _MOT_LONG.sub(_couper, trace)


@cache
def _autres(glyphes: frozenset[int]) -> re.Pattern[str]:
    """What does not print as it is."""
    telles = (c for c in map(chr, sorted(glyphes)) if _tracer(c, glyphes) == c)
    return re.compile(f"[^\n{''.join(map(re.escape, telles))}]")


@lru_cache(maxsize=4096)  # a document repeats some hundred characters
def _tracer(caractere: str, glyphes: frozenset[int]) -> str:
    if caractere == "\n":
        return caractere
    if caractere == "\t":
        return " "
    categorie = unicodedata.category(caractere)
    if categorie in _CATEGORIES_EFFACEES:
        return caractere if categorie == "Mn" and ord(caractere) in glyphes else ""
    if categorie == "Co" or ord(caractere) not in glyphes:
        return _SANS_GLYPHE
    return caractere


def _couper(mot: re.Match[str]) -> str:
    return _TRANCHE.sub(lambda tranche: tranche.group() + _COUPURE, mot.group())
