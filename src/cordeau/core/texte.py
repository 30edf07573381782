"""Text as people type it: cleaned on the way in, folded for searching."""

import unicodedata

#: Control characters and lone surrogates: refused by XML, PDF and MariaDB alike.
_CATEGORIES_REFUSEES = frozenset({"Cc", "Cs", "Cn"})
_GARDES = frozenset({"\n", "\t"})


def nettoyer(texte: str) -> str:
    """Normalise to NFC, unify line ends, drop control characters and outer spaces."""
    if texte.isascii() and texte.isprintable():
        return texte.strip()
    unifie = unicodedata.normalize("NFC", texte.replace("\r\n", "\n").replace("\r", "\n"))
    if unifie.isprintable():
        return unifie.strip()
    return "".join(
        c for c in unifie if c in _GARDES or unicodedata.category(c) not in _CATEGORIES_REFUSEES
    ).strip()


def plier(texte: str) -> str:
    """Lower case, no accent, single spaces: two spellings of a name become one."""
    decompose = unicodedata.normalize("NFKD", texte.casefold())
    sans_accent = "".join(c for c in decompose if c < "\x80" or not unicodedata.combining(c))
    return " ".join(sans_accent.replace("œ", "oe").replace("æ", "ae").split())
