"""The inalterable ledger: verify, anchor, close, archive."""

import argparse
from pathlib import Path

from cordeau.cli.analyse import Analyseur, Groupe, add_commande, add_famille
from cordeau.core.settings import Settings


def add_commandes(groupe: "Groupe[Analyseur]") -> None:
    """Declare `ledger` and `archive`."""
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
    verifier.set_defaults(impossible=_dire_impossible)
    add_commande(famille, "anchor", "signe maintenant l’état de chaque journal", _anchor)
    cle = add_commande(famille, "key", "montre la clé publique qui signe", _key)
    cle.add_argument("--renouveler", action="store_true", help="tire une autre clé")
    droits = add_commande(
        famille, "grants", "écrit les droits MariaDB du compte de l’application", _grants
    )
    droits.add_argument("--compte", required=True, help="par exemple cordeau_app@localhost")
    gardes = add_commande(famille, "guards", "dit si les protections de la base tiennent", _guards)
    gardes.add_argument("--recreer", action="store_true", help="recrée celles qui manquent")
    clore = add_commande(famille, "close", "clôt une période, pour toujours", _close)
    periode = clore.add_mutually_exclusive_group(required=True)
    periode.add_argument("--mois", help="par exemple 2026-10")
    periode.add_argument("--annee", help="par exemple 2026")
    _add_archives(groupe)


def _add_archives(groupe: "Groupe[Analyseur]") -> None:
    archives = add_famille(groupe, "archive", "les archives mensuelles, scellées")
    creer = add_commande(archives, "create", "archive un mois fini", _archive)
    creer.add_argument("--mois", "--month", required=True, help="par exemple 2026-10")
    creer.add_argument("--vers", type=Path, metavar="DOSSIER", help="ailleurs que dans les données")
    controler = add_commande(archives, "verify", "vérifie une archive", _archive_verify)
    controler.add_argument("fichier", type=Path)
    controler.add_argument("--pub", help="clé publique : fichier, ou 64 chiffres")
    controler.set_defaults(impossible=_dire_archive_impossible)


def _verify(settings: Settings, demande: argparse.Namespace) -> int:
    from cordeau import gestion_registre

    return gestion_registre.verifier(settings, demande.ancres, en_json=demande.json)


def _dire_impossible(message: str, demande: argparse.Namespace) -> int:
    from cordeau import gestion_registre

    return gestion_registre.dire_impossible(message, en_json=demande.json)


def _anchor(settings: Settings, _demande: argparse.Namespace) -> None:
    from cordeau import gestion_registre

    gestion_registre.ancrer(settings)


def _key(settings: Settings, demande: argparse.Namespace) -> None:
    from cordeau import gestion_registre

    gestion_registre.montrer_cle(settings, renouveler=demande.renouveler)


def _grants(settings: Settings, demande: argparse.Namespace) -> None:
    from cordeau import gestion_registre

    gestion_registre.ecrire_droits(settings, demande.compte)


def _guards(settings: Settings, demande: argparse.Namespace) -> int:
    from cordeau import gestion_registre

    return gestion_registre.montrer_gardes(settings, recreer=demande.recreer)


def _close(settings: Settings, demande: argparse.Namespace) -> None:
    from cordeau import gestion_registre

    gestion_registre.clore_periode(settings, mois=demande.mois, annee=demande.annee)


def _archive(settings: Settings, demande: argparse.Namespace) -> None:
    from cordeau import gestion_registre

    gestion_registre.archiver_mois(settings, demande.mois, demande.vers)


def _archive_verify(settings: Settings, demande: argparse.Namespace) -> int:
    from cordeau import gestion_registre

    return gestion_registre.verifier_archive(settings, demande.fichier, demande.pub)


def _dire_archive_impossible(message: str, _demande: argparse.Namespace) -> int:
    from cordeau import gestion_registre

    return gestion_registre.dire_archive_impossible(message)
