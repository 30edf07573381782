"""Running an instance: serve, migrate, demonstration, the firm's identity."""

import argparse
from pathlib import Path

from cordeau.cli.analyse import Analyseur, Groupe, add_commande, add_famille
from cordeau.core.settings import Settings

PORT = 8000


def add_commandes(groupe: "Groupe[Analyseur]") -> None:
    """Declare `serve`, `worker`, `migrate`, `demo` and `entreprise`."""
    _add_serve(groupe)
    add_commande(groupe, "worker", "exécute les travaux différés, sans servir de page", _worker)
    add_commande(groupe, "migrate", "met la base de données à jour", _migrate)
    demo = add_commande(
        groupe, "demo", "remplit une base vide d’une entreprise de démonstration", _demo
    )
    demo.add_argument(
        "--si-vide", action="store_true", help="ne dit rien quand la base n’est pas vide"
    )
    _add_entreprise(add_famille(groupe, "entreprise", "l’identité de l’entreprise"))


def _add_serve(groupe: "Groupe[Analyseur]") -> None:
    serve = add_commande(groupe, "serve", "sert les pages et l’API, et exécute les travaux", _serve)
    serve.add_argument("--host", default="127.0.0.1", help="adresse d’écoute (127.0.0.1)")
    serve.add_argument("--port", type=int, default=PORT, help=f"port d’écoute ({PORT})")
    serve.add_argument(
        "--sans-worker", action="store_true", help="laisse les travaux à « cordeau worker »"
    )


def _add_entreprise(groupe: "Groupe[Analyseur]") -> None:
    definir = add_commande(groupe, "set", "enregistre l’identité et les réglages", _entreprise_set)
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


def _entreprise_set(settings: Settings, demande: argparse.Namespace) -> None:
    from cordeau import gestion

    gestion.definir_entreprise(settings, demande.fichier)
