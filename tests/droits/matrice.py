"""The reviewed table of rights, and the routes it must cover exactly."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts

TABLE = Path(__file__).with_name("matrice.txt")
#: The order of the letters in the table.
LETTRES = {
    "A": "admin",
    "G": "gestionnaire",
    "C": "commercial",
    "K": "comptable",
    "T": "technicien",
}
PUBLIC = "PUBLIC"
SANS_OBJET = "-"


@dataclass(frozen=True, slots=True)
class Regle:
    """A row of the table: what one route answers."""

    methode: str
    chemin: str
    #: Roles let in; everybody for a public route.
    roles: frozenset[str]
    publique: bool
    #: Status for an object that exists; to a visitor, then to a person let in.
    visiteur: int
    existant: int
    #: For an identifier that names nothing, and for one that is none.
    absent: int | None
    malforme: int | None

    @property
    def cle(self) -> str:
        """« GET /devis/{devis_id} »."""
        return f"{self.methode} {self.chemin}"

    @property
    def noms(self) -> list[str]:
        """The parameters of the path."""
        return parametres(self.chemin)


def lire_table(texte: str | None = None) -> dict[str, Regle]:
    """The table by route; `ValueError` on a row that lacks a cell or is written twice."""
    regles: dict[str, Regle] = {}
    for numero, ligne in enumerate((texte or TABLE.read_text("utf-8")).splitlines(), 1):
        if not ligne.strip() or ligne.startswith("#"):
            continue
        regle = _lire_ligne(numero, ligne.split())
        if regle.cle in regles:
            raise ValueError(f"matrice.txt, ligne {numero} : {regle.cle} y est deux fois")
        regles[regle.cle] = regle
    return regles


def routes(app: FastAPI) -> set[str]:
    """Every route and method the application really serves, mounts apart."""
    return {
        f"{methode} {contexte.original_route.path}"
        for contexte in iter_route_contexts(app.routes)
        if isinstance(contexte.original_route, APIRoute)
        for methode in contexte.original_route.methods or ()
    }


def parametres(chemin: str) -> list[str]:
    """The names between braces."""
    return [nom for _, nom, _, _ in Formatter().parse(chemin) if nom]


def lignes_a_ajouter(cles: set[str]) -> Iterator[str]:
    """What a developer who adds a route pastes into the table, then completes."""
    for cle in sorted(cles, key=lambda c: (c.split()[1], c)):
        methode, chemin = cle.split()
        objets = "404 404" if parametres(chemin) else "- -"
        yield f"{methode:<6} {chemin:<52} AGCKT  200 {objets}"


def _lire_ligne(numero: int, cases: list[str]) -> Regle:
    if len(cases) != 6:
        raise ValueError(f"matrice.txt, ligne {numero} : il faut six cases, pas {len(cases)}")
    methode, chemin, qui, *statuts = cases
    publique = qui == PUBLIC
    if not publique and set(qui) - LETTRES.keys() - {SANS_OBJET}:
        raise ValueError(f"matrice.txt, ligne {numero} : rôles inconnus « {qui} »")
    roles = LETTRES.values() if publique else [LETTRES[c] for c in qui if c != SANS_OBJET]
    visiteur, _, entre = statuts[0].partition("/")
    absent, malforme = (None if s == SANS_OBJET else int(s) for s in statuts[1:])
    if visiteur == SANS_OBJET or bool(parametres(chemin)) != bool(absent and malforme):
        raise ValueError(f"matrice.txt, ligne {numero} : il manque une case de statut")
    return Regle(
        methode,
        chemin,
        frozenset(roles),
        publique,
        int(visiteur),
        int(entre or visiteur),
        absent,
        malforme,
    )
