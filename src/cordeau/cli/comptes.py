"""People who sign in, and their API tokens."""

import argparse
import sys
from datetime import date

from cordeau.cli.analyse import Analyseur, Groupe, add_commande, add_famille
from cordeau.core.permissions import Role
from cordeau.core.settings import Settings


def add_commandes(groupe: "Groupe[Analyseur]") -> None:
    """Declare `user` and `token`."""
    _add_user(add_famille(groupe, "user", "les personnes qui se connectent"))
    _add_token(add_famille(groupe, "token", "les jetons de l’API"))


def _add_user(groupe: "Groupe[Analyseur]") -> None:
    ajout = add_commande(groupe, "add", "crée un compte", _user_add)
    mot_de_passe = add_commande(groupe, "password", "change un mot de passe", _user_password)
    role = add_commande(groupe, "role", "change un rôle", _user_role)
    autres = [
        add_commande(groupe, "disable", "ferme un compte", _user_disable),
        add_commande(groupe, "enable", "rouvre un compte", _user_enable),
        add_commande(groupe, "reset-2fa", "retire un second facteur perdu", _user_reset_2fa),
    ]
    for parser in (ajout, mot_de_passe, role, *autres):
        parser.add_argument("--email", required=True, help="adresse de courriel")
    for parser in (ajout, mot_de_passe):
        parser.add_argument(
            "--password-stdin",
            action="store_true",
            required=True,
            help="lit le mot de passe sur l’entrée standard",
        )
    roles = [role.value for role in Role]
    for parser in (ajout, role):
        parser.add_argument("--role", required=True, choices=roles, help=", ".join(roles))
    ajout.add_argument("--nom", default="", help="nom affiché (l’adresse par défaut)")


def _add_token(groupe: "Groupe[Analyseur]") -> None:
    ajout = add_commande(groupe, "add", "crée un jeton, affiché une seule fois", _token_add)
    ajout.add_argument("--user", required=True, help="adresse de courriel de son porteur")
    ajout.add_argument("--nom", default="", help="nom du programme qui s’en servira")
    ajout.add_argument("--lecture-seule", action="store_true", help="ne permet aucun changement")
    ajout.add_argument(
        "--expire",
        type=date.fromisoformat,
        metavar="AAAA-MM-JJ",
        help="dernier jour (sans échéance par défaut)",
    )


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


def _user_enable(settings: Settings, demande: argparse.Namespace) -> None:
    from cordeau import gestion

    gestion.reactiver(settings, demande.email)


def _user_role(settings: Settings, demande: argparse.Namespace) -> None:
    from cordeau import gestion

    gestion.changer_role(settings, demande.email, Role(demande.role))


def _user_reset_2fa(settings: Settings, demande: argparse.Namespace) -> None:
    from cordeau import gestion

    gestion.retirer_facteur(settings, demande.email)


def _token_add(settings: Settings, demande: argparse.Namespace) -> None:
    from cordeau import gestion

    gestion.creer_jeton(
        settings,
        demande.user,
        nom=demande.nom,
        lecture_seule=demande.lecture_seule,
        dernier_jour=demande.expire,
    )


def _lire_mot_de_passe() -> str:
    return sys.stdin.readline().rstrip("\r\n")
