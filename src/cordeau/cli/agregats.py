"""Kept sums: checked, put right."""

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cordeau.cli.analyse import Analyseur, Groupe, add_commande, add_famille
from cordeau.core.settings import Settings

if TYPE_CHECKING:
    from cordeau.analytics.agregats import Ecart


def add_commandes(groupe: "Groupe[Analyseur]") -> None:
    """Declare `agregats`."""
    famille = add_famille(groupe, "agregats", "les sommes tenues à jour pour le tableau de bord")
    add_commande(famille, "verifier", "compare les sommes aux lignes additionnées", _verifier)
    add_commande(famille, "reconstruire", "corrige les sommes qui diffèrent", _reconstruire)


def _verifier(settings: Settings, _demande: argparse.Namespace) -> int:
    """0 when every sum is that of its rows, 1 when one is not."""
    from cordeau.analytics.agregats import verifier
    from cordeau.gestion import ouvrir_a_jour

    with ouvrir_a_jour(settings) as database, database.read() as session:
        ecarts = verifier(session)
    _dire(ecarts, "à corriger : « cordeau agregats reconstruire »")
    return 1 if ecarts else 0


def _reconstruire(settings: Settings, _demande: argparse.Namespace) -> None:
    from cordeau.analytics.agregats import reconstruire
    from cordeau.core.agregats import replier
    from cordeau.gestion import ouvrir_a_jour

    with ouvrir_a_jour(settings) as database:
        ecarts = database.transaction(reconstruire)
        while database.transaction(replier):
            pass
    _dire(ecarts, "corrigées")


def _dire(ecarts: Sequence["Ecart"], suite: str) -> None:
    for ecart in ecarts:
        sys.stdout.write(
            f"{ecart.cle.mesure} {ecart.cle.cle} {ecart.cle.jour} : gardé {ecart.nombre_garde} "
            f"pour {ecart.montant_garde}, compté {ecart.nombre} pour {ecart.montant}\n"
        )
    if ecarts:
        sys.stdout.write(f"{len(ecarts)} sommes diffèrent, {suite}.\n")
    else:
        sys.stdout.write("Toutes les sommes sont justes.\n")
