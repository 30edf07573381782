"""Rules of the code that a linter does not know."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.sources import PAQUET, gabarits, modules, nom

LIGNES_MODULE = 400
LIGNES_GABARIT = 120
#: The house aims at 25; its limit leaves a table of arguments on its lines.
LIGNES_FONCTION = 30

#: Where a transaction ends: the database, and the schema it is made with.
COMMETTENT = {PAQUET / "core" / "db.py", PAQUET / "migrate.py"}

#: What the pages' security policy would refuse, or what would switch escaping off.
INTERDITS_HTML = {
    "script en ligne": re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE),
    "style en ligne": re.compile(r"<style|\sstyle\s*=", re.IGNORECASE),
    "gestionnaire en ligne": re.compile(r"<[^>]*\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "échappement retiré": re.compile(r"\|\s*safe\b|autoescape\s+false", re.IGNORECASE),
    "adresse d’un tiers": re.compile(r"(?:src|href)=[\"']https?://", re.IGNORECASE),
}


#: A form that posts, whole.
FORMULAIRE = re.compile(r"<form\b[^>]*method=\"post\".*?</form>", re.IGNORECASE | re.DOTALL)
JETON = PAQUET / "web" / "templates" / "macros" / "formulaires.html"


def test_seule_la_base_valide_une_transaction() -> None:
    fautifs = [
        nom(module)
        for module in modules()
        if module not in COMMETTENT and re.search(r"\bcommit\(", module.read_text("utf-8"))
    ]

    assert not fautifs


def test_un_module_reste_court() -> None:
    longs = [
        f"{nom(module)} : {lignes} lignes"
        for module in modules()
        if (lignes := len(module.read_text("utf-8").splitlines())) > LIGNES_MODULE
    ]

    assert not longs


def test_une_fonction_reste_courte() -> None:
    longues = [
        f"{nom(module)} : {fonction.name}, {lignes} lignes"
        for module in modules()
        for fonction in _fonctions(ast.parse(module.read_text("utf-8")))
        if (lignes := _lignes_de_corps(fonction)) > LIGNES_FONCTION
    ]

    assert not longues


def test_un_gabarit_reste_court() -> None:
    longs = [
        f"{nom(gabarit)} : {lignes} lignes"
        for gabarit in gabarits()
        if (lignes := len(gabarit.read_text("utf-8").splitlines())) > LIGNES_GABARIT
    ]

    assert not longs


def test_un_gabarit_respecte_la_politique_de_securite() -> None:
    fautes = [
        f"{nom(gabarit)} : {faute}"
        for gabarit in gabarits()
        for faute, motif in INTERDITS_HTML.items()
        if motif.search(gabarit.read_text("utf-8"))
    ]

    assert not fautes


def test_un_formulaire_qui_ecrit_porte_sa_cle() -> None:
    """`jeton` gives each form its anti-forgery token and its operation key: it acts once."""
    sans = [
        nom(gabarit)
        for gabarit in gabarits()
        for formulaire in FORMULAIRE.findall(gabarit.read_text("utf-8"))
        if "jeton(csrf" not in formulaire
    ]

    assert not sans
    assert 'name="cle_operation" value="{{ donnee or cle() }}"' in JETON.read_text("utf-8")


def test_aucun_montant_ne_devient_un_flottant() -> None:
    """`float` is a duration or a chart's proportion, never an amount: only `core` may name it."""
    fautifs = [
        nom(module)
        for module in modules()
        if module.parent != PAQUET / "core" and re.search(r"\bfloat\(", module.read_text("utf-8"))
    ]

    assert not fautifs


def test_chaque_module_dit_ce_qu_il_est() -> None:
    muets = [
        nom(module)
        for module in modules()
        if not ast.get_docstring(ast.parse(module.read_text("utf-8")))
    ]

    assert not muets


def _fonctions(arbre: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (
        noeud
        for noeud in ast.walk(arbre)
        if isinstance(noeud, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def _lignes_de_corps(fonction: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the body, its docstring left out."""
    corps = fonction.body[1:] if ast.get_docstring(fonction) else fonction.body
    return (corps[-1].end_lineno or 0) - corps[0].lineno + 1 if corps else 0
