"""The `cordeau` command: what it is asked, and how it answers on a terminal."""

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from sqlalchemy.exc import DBAPIError

from cordeau import __version__
from cordeau.core.errors import DomainError
from cordeau.core.permissions import Role
from cordeau.core.settings import Settings, read_settings

#: A command: the settings and what was typed in; nothing out, or a `DomainError`.
Commande = Callable[[Settings, argparse.Namespace], None]

PORT = 8000

#: argparse's own messages, in French.
MESSAGES: Sequence[tuple[str, str]] = (
    (r"the following arguments are required: (.*)", r"il manque \1"),
    (r"unrecognized arguments: (.*)", r"argument inconnu : \1"),
    (r"argument (\S+): expected one argument", r"\1 attend une valeur"),
    (r"argument (\S+): invalid choice: (.*) \(choose from (.*)\)", r"\1 : \2 n’est pas l’un de \3"),
    (r"argument (\S+): invalid \w+ value: (.*)", r"\1 n’accepte pas \2"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it was done, 1 when it was refused, 2 when it was not understood."""
    demande = make_parser().parse_args(arguments)
    try:
        demande.commande(_settings(), demande)
    except DomainError as refus:
        _dire_refus(refus)
        return 1
    except DBAPIError as error:
        _dire_refus(DomainError(f"La base de données ne répond pas, ou refuse : {error.orig}"))
        return 1
    return 0


def make_parser() -> argparse.ArgumentParser:
    """Every command and its options."""
    parser = Analyseur(prog="cordeau", description="La gestion des entreprises du bâtiment.")
    parser.add_argument(
        "--version", action="version", version=__version__, help="affiche la version"
    )
    groupe = parser.add_subparsers(title="commandes", metavar="COMMANDE", required=True)
    _add_serve(groupe)
    _add(groupe, "worker", "exécute les travaux différés, sans servir de page", _worker)
    _add(groupe, "migrate", "met la base de données à jour", _migrate)
    demo = _add(groupe, "demo", "remplit une base vide d’une entreprise de démonstration", _demo)
    demo.add_argument(
        "--si-vide", action="store_true", help="ne dit rien quand la base n’est pas vide"
    )
    _add_user(_sous_commandes(groupe, "user", "les personnes qui se connectent"))
    _add_token(_sous_commandes(groupe, "token", "les jetons de l’API"))
    _add_entreprise(_sous_commandes(groupe, "entreprise", "l’identité de l’entreprise"))
    return parser


class Analyseur(argparse.ArgumentParser):
    """argparse, in French."""

    def __init__(self, **options: object) -> None:
        super().__init__(**options, add_help=False)  # type: ignore[arg-type]
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


def _add(groupe: "Groupe[Analyseur]", nom: str, aide: str, commande: Commande) -> Analyseur:
    parser = groupe.add_parser(nom, help=aide, description=aide.capitalize())
    parser.set_defaults(commande=commande)
    return parser


def _sous_commandes(groupe: "Groupe[Analyseur]", nom: str, aide: str) -> "Groupe[Analyseur]":
    parser = groupe.add_parser(nom, help=aide, description=aide.capitalize())
    return parser.add_subparsers(title="commandes", metavar="COMMANDE", required=True)


def _add_serve(groupe: "Groupe[Analyseur]") -> None:
    serve = _add(groupe, "serve", "sert les pages et l’API, et exécute les travaux", _serve)
    serve.add_argument("--host", default="127.0.0.1", help="adresse d’écoute (127.0.0.1)")
    serve.add_argument("--port", type=int, default=PORT, help=f"port d’écoute ({PORT})")
    serve.add_argument(
        "--sans-worker", action="store_true", help="laisse les travaux à « cordeau worker »"
    )


def _add_user(groupe: "Groupe[Analyseur]") -> None:
    ajout = _add(groupe, "add", "crée un compte", _user_add)
    mot_de_passe = _add(groupe, "password", "change un mot de passe", _user_password)
    fermeture = _add(groupe, "disable", "ferme un compte", _user_disable)
    for parser in (ajout, mot_de_passe, fermeture):
        parser.add_argument("--email", required=True, help="adresse de courriel")
    for parser in (ajout, mot_de_passe):
        parser.add_argument(
            "--password-stdin",
            action="store_true",
            required=True,
            help="lit le mot de passe sur l’entrée standard",
        )
    roles = [role.value for role in Role]
    ajout.add_argument("--role", required=True, choices=roles, help=", ".join(roles))
    ajout.add_argument("--nom", default="", help="nom affiché (l’adresse par défaut)")


def _add_token(groupe: "Groupe[Analyseur]") -> None:
    ajout = _add(groupe, "add", "crée un jeton, affiché une seule fois", _token_add)
    ajout.add_argument("--user", required=True, help="adresse de courriel de son porteur")


def _add_entreprise(groupe: "Groupe[Analyseur]") -> None:
    definir = _add(groupe, "set", "enregistre l’identité et les réglages", _entreprise_set)
    definir.add_argument("fichier", type=Path, help="fichier JSON, avec les clés de l’API")


def _serve(settings: Settings, demande: argparse.Namespace) -> None:
    from cordeau.serve import serve

    serve(settings, demande.host, demande.port, with_worker=not demande.sans_worker)


def _worker(settings: Settings, _demande: argparse.Namespace) -> None:
    from cordeau.serve import work

    work(settings)


def _migrate(settings: Settings, _demande: argparse.Namespace) -> None:
    from cordeau import gestion

    gestion.migrer(settings)


def _demo(settings: Settings, demande: argparse.Namespace) -> None:
    from cordeau import gestion

    gestion.charger_demo(settings, si_vide=demande.si_vide)


def _user_add(settings: Settings, demande: argparse.Namespace) -> None:
    from cordeau import gestion

    gestion.ajouter_utilisateur(
        settings,
        email=demande.email,
        nom=demande.nom,
        role=Role(demande.role),
        password=_lire_mot_de_passe(),
    )


def _user_password(settings: Settings, demande: argparse.Namespace) -> None:
    from cordeau import gestion

    gestion.changer_mot_de_passe(settings, demande.email, _lire_mot_de_passe())


def _user_disable(settings: Settings, demande: argparse.Namespace) -> None:
    from cordeau import gestion

    gestion.desactiver(settings, demande.email)


def _token_add(settings: Settings, demande: argparse.Namespace) -> None:
    from cordeau import gestion

    gestion.creer_jeton(settings, demande.user)


def _entreprise_set(settings: Settings, demande: argparse.Namespace) -> None:
    from cordeau import gestion

    gestion.definir_entreprise(settings, demande.fichier)


def _settings() -> Settings:
    try:
        return read_settings()
    except (OSError, ValueError) as error:
        raise DomainError(f"Les réglages ne peuvent pas être lus : {error}") from error


def _lire_mot_de_passe() -> str:
    return sys.stdin.readline().rstrip("\r\n")


def _dire_refus(refus: DomainError) -> None:
    lignes = [refus.message, *(f"  {f.champ} : {f.message}" for f in refus.fautes)]
    sys.stderr.write("\n".join(lignes) + "\n")
