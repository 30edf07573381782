"""Personal data: give it, erase it, erase it again after a restore."""

import argparse
from pathlib import Path

from cordeau.cli.analyse import Analyseur, Groupe, add_commande, add_famille
from cordeau.core.settings import Settings


def add_commandes(groupe: "Groupe[Analyseur]") -> None:
    """Declare `rgpd`."""
    famille = add_famille(groupe, "rgpd", "les données personnelles (RGPD)")
    export = add_commande(famille, "export", "remet à une personne ses données", _export)
    _add_personne(export)
    export.add_argument("--fichier", type=Path, required=True, help="archive ZIP à écrire")
    effacer = add_commande(
        famille, "anonymiser", "dit ce qu’effacer ferait, et le fait si confirmé", _anonymiser
    )
    _add_personne(effacer)
    effacer.add_argument(
        "--entrepreneur-individuel",
        action="store_true",
        help="ce professionnel est une personne physique, pas une société",
    )
    effacer.add_argument("--confirmer", action="store_true", help="efface pour de bon")
    rejouer = add_commande(
        famille, "rejouer", "refait les effacements, après une restauration", _rejouer
    )
    rejouer.add_argument(
        "--registre", type=Path, help="registre gardé ailleurs (celui du dossier de données)"
    )
    add_commande(famille, "delais", "dit combien de temps chaque chose est gardée", _delais)


def _add_personne(parser: Analyseur) -> None:
    qui = parser.add_mutually_exclusive_group(required=True)
    qui.add_argument("--client", metavar="ID|EMAIL", help="un client")
    qui.add_argument("--contact", metavar="ID|EMAIL", help="un contact, chez un client")
    qui.add_argument("--utilisateur", metavar="ID|EMAIL", help="une personne de l’entreprise")


def _personne(demande: argparse.Namespace) -> tuple[str, str]:
    genres = ("client", "contact", "utilisateur")
    return next((genre, vars(demande)[genre]) for genre in genres if vars(demande)[genre])


def _export(settings: Settings, demande: argparse.Namespace) -> None:
    from cordeau.rgpd import console

    console.exporter(settings, *_personne(demande), demande.fichier)


def _anonymiser(settings: Settings, demande: argparse.Namespace) -> None:
    from cordeau.rgpd import console

    console.anonymiser(
        settings,
        *_personne(demande),
        individuel=demande.entrepreneur_individuel,
        confirmer=demande.confirmer,
    )


def _rejouer(settings: Settings, demande: argparse.Namespace) -> None:
    from cordeau.rgpd import console

    console.rejouer(settings, demande.registre)


def _delais(_settings: Settings, _demande: argparse.Namespace) -> None:
    from cordeau.rgpd import console

    console.montrer_delais()
