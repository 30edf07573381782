"""Running one command, and how it answers on a terminal."""

import argparse
import getpass
import sys
from collections.abc import Callable, Sequence
from functools import partial

from sqlalchemy.exc import DBAPIError

from cordeau import __version__
from cordeau.cli import agregats, comptes, exploitation, instance, recherche, registre, rgpd
from cordeau.cli.analyse import Analyseur
from cordeau.core.errors import DomainError
from cordeau.core.provenance import Origine, Provenance, depuis
from cordeau.core.settings import Settings, read_settings

#: Every family of commands, in the order of the help.
FAMILLES = (instance, exploitation, comptes, registre, rgpd, agregats, recherche)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it was done, 1 when it was refused, 2 when it was not understood."""
    demande = make_parser().parse_args(arguments)
    try:
        with depuis(partial(Provenance, Origine.CONSOLE, lieu=_lieu(demande))):
            code: int | None = demande.commande(_settings(), demande)
    except DomainError as refus:
        return _refuser(refus, demande)
    except DBAPIError as error:
        dit = f"La base de données ne répond pas, ou refuse : {error.orig}"
        return _refuser(DomainError(dit), demande)
    return code or 0


def make_parser() -> Analyseur:
    """Every command and its options."""
    parser = Analyseur(prog="cordeau", description="La gestion des entreprises du bâtiment.")
    parser.add_argument(
        "--version", action="version", version=__version__, help="affiche la version"
    )
    groupe = parser.add_subparsers(title="commandes", metavar="COMMANDE", required=True)
    for famille in FAMILLES:
        famille.add_commandes(groupe)
    return parser


def _lieu(demande: argparse.Namespace) -> str:
    """The command, and the account of the machine that runs it."""
    try:
        compte = getpass.getuser()
    except (OSError, KeyError):
        return str(demande.nom_complet)
    return f"{demande.nom_complet} ({compte})"


def _settings() -> Settings:
    try:
        return read_settings()
    except (OSError, ValueError) as error:
        raise DomainError(f"Les réglages ne peuvent pas être lus : {error}") from error


def _refuser(refus: DomainError, demande: argparse.Namespace) -> int:
    """1, and why; a command whose 1 says something else answers in its own way (`impossible`)."""
    impossible: Callable[[str, argparse.Namespace], int] | None = getattr(
        demande, "impossible", None
    )
    if impossible is not None:
        return impossible(refus.message, demande)
    _dire_refus(refus)
    return 1


def _dire_refus(refus: DomainError) -> None:
    lignes = [refus.message, *(f"  {f.champ} : {f.message}" for f in refus.fautes)]
    sys.stderr.write("\n".join(lignes) + "\n")
