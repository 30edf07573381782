"""The source files the rules are checked on."""

from collections.abc import Iterator
from pathlib import Path

RACINE = Path(__file__).resolve().parents[2]
PAQUET = RACINE / "src" / "cordeau"


def modules() -> Iterator[Path]:
    """Every module of the package, shipped migrations left out."""
    versions = PAQUET / "migrations" / "versions"
    return (p for p in sorted(PAQUET.rglob("*.py")) if not p.is_relative_to(versions))


def gabarits() -> Iterator[Path]:
    """Every HTML template of the package."""
    return (p for p in sorted(PAQUET.rglob("*.html")) if "vendor" not in p.parts)


def nom(chemin: Path) -> str:
    """A file as a developer names it."""
    return str(chemin.relative_to(RACINE))
