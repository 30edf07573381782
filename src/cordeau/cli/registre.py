"""The inalterable ledger: verify it, anchor it, change its key."""

import argparse
from pathlib import Path

from cordeau.cli.analyse import Analyseur, Groupe, add_commande, add_famille
from cordeau.core.settings import Settings


def add_commandes(groupe: "Groupe[Analyseur]") -> None:
    """Declare `ledger`."""
    famille = add_famille(groupe, "ledger", "le registre inaltérable")
    verifier = add_commande(famille, "verify", "relit tout le registre et le compare", _verify)
    verifier.add_argument("--json", action="store_true", help="répond en JSON")
    verifier.add_argument(
        "--ancres",
        type=Path,
        action="append",
        default=[],
        metavar="FICHIER",
        help="copie d’ancres gardée ailleurs (plusieurs fois au besoin)",
    )
    add_commande(famille, "anchor", "signe maintenant l’état de chaque journal", _anchor)
    cle = add_commande(famille, "key", "montre la clé publique qui signe", _key)
    cle.add_argument("--renouveler", action="store_true", help="tire une autre clé")
    droits = add_commande(
        famille, "grants", "écrit les droits MariaDB du compte de l’application", _grants
    )
    droits.add_argument("--compte", required=True, help="par exemple cordeau_app@localhost")


def _verify(settings: Settings, demande: argparse.Namespace) -> int:
    from cordeau import gestion_registre

    return gestion_registre.verifier(settings, demande.ancres, en_json=demande.json)


def _anchor(settings: Settings, _demande: argparse.Namespace) -> None:
    from cordeau import gestion_registre

    gestion_registre.ancrer(settings)


def _key(settings: Settings, demande: argparse.Namespace) -> None:
    from cordeau import gestion_registre

    gestion_registre.montrer_cle(settings, renouveler=demande.renouveler)


def _grants(settings: Settings, demande: argparse.Namespace) -> None:
    from cordeau import gestion_registre

    gestion_registre.ecrire_droits(settings, demande.compte)
