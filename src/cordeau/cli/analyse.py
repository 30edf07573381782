"""Reading what was typed: argparse, in French, and how a command is declared."""

import argparse
import re
from collections.abc import Callable, Sequence
from typing import NoReturn

from cordeau.core.settings import Settings

#: A command: the settings and what was typed in; nothing out, or a `DomainError`. An `int` is the
#: exit code of a command that has more than « done » to say.
Commande = Callable[[Settings, argparse.Namespace], int | None]

#: argparse's own messages, in French.
MESSAGES: Sequence[tuple[str, str]] = (
    (r"the following arguments are required: (.*)", r"il manque \1"),
    (r"unrecognized arguments: (.*)", r"argument inconnu : \1"),
    (r"argument (\S+): expected one argument", r"\1 attend une valeur"),
    (r"argument (\S+): invalid choice: (.*) \(choose from (.*)\)", r"\1 : \2 n’est pas l’un de \3"),
    (r"argument (\S+): invalid \w+ value: (.*)", r"\1 n’accepte pas \2"),
)


class Analyseur(argparse.ArgumentParser):
    """argparse, in French."""

    def __init__(self, **options: object) -> None:
        super().__init__(**options, add_help=False)  # type: ignore[arg-type]  # argparse's own
        self._positionals.title = "arguments"
        self._optionals.title = "options"
        self.add_argument("-h", "--help", action="help", help="affiche cette aide")

    def format_help(self) -> str:
        """The help, its heading in French."""
        return super().format_help().replace("usage: ", "utilisation : ", 1)

    def format_usage(self) -> str:
        """The short help, in French."""
        return super().format_usage().replace("usage: ", "utilisation : ", 1)

    def error(self, message: str) -> NoReturn:
        """Say what was not understood, then leave with 2."""
        for anglais, francais in MESSAGES:
            message = re.sub(anglais, francais, message)
        self.exit(2, f"{self.format_usage()}{self.prog} : {message}\n")


Groupe = argparse._SubParsersAction  # noqa: SLF001 (argparse names this type nowhere else)


def add_commande(groupe: "Groupe[Analyseur]", nom: str, aide: str, commande: Commande) -> Analyseur:
    """Declare a command; its options are added to the parser given back."""
    parser = groupe.add_parser(nom, help=aide, description=aide.capitalize())
    parser.set_defaults(commande=commande, nom_complet=parser.prog)
    return parser


def add_famille(groupe: "Groupe[Analyseur]", nom: str, aide: str) -> "Groupe[Analyseur]":
    """Declare a family of commands: `cordeau user …`."""
    parser = groupe.add_parser(nom, help=aide, description=aide.capitalize())
    return parser.add_subparsers(title="commandes", metavar="COMMANDE", required=True)
