"""Words of the search: checked, put right."""

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cordeau.cli.analyse import Analyseur, Groupe, add_commande, add_famille
from cordeau.core.settings import Settings

if TYPE_CHECKING:
    from cordeau.core.reindexation import Ecart

#: How many rows are named one by one.
NOMMES = 20


def add_commandes(groupe: "Groupe[Analyseur]") -> None:
    """Declare `recherche`."""
    famille = add_famille(groupe, "recherche", "les mots par lesquels se trouvent les fiches")
    add_commande(famille, "verifier", "compare les mots gardés à ceux des fiches", _verifier)
    add_commande(famille, "reconstruire", "corrige les mots qui diffèrent", _reconstruire)


def _verifier(settings: Settings, _demande: argparse.Namespace) -> int:
    """0 when every row is found by its words, 1 when one is not."""
    from cordeau.core.reindexation import verifier
    from cordeau.gestion import ouvrir_a_jour

    with ouvrir_a_jour(settings) as database, database.read() as session:
        ecarts = verifier(session)
    _dire(ecarts, "à corriger : « cordeau recherche reconstruire »")
    return 1 if ecarts else 0


def _reconstruire(settings: Settings, _demande: argparse.Namespace) -> None:
    from cordeau.core.reindexation import reconstruire
    from cordeau.gestion import ouvrir_a_jour

    with ouvrir_a_jour(settings) as database:
        ecarts = reconstruire(database)
    _dire(ecarts, "corrigées")


def _dire(ecarts: Sequence["Ecart"], suite: str) -> None:
    for ecart in ecarts[:NOMMES]:
        sys.stdout.write(
            f"{ecart.genre} {ecart.objet_id} : mots manquants {len(ecart.manquent)}, "
            f"de trop {len(ecart.de_trop)}\n"
        )
    if ecarts:
        sys.stdout.write(f"{len(ecarts)} fiches se trouvent mal, {suite}.\n")
    else:
        sys.stdout.write("Toutes les fiches se trouvent par leurs mots.\n")
