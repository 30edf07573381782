"""What a larger base costs: the same requests to two servers in turn, one on each base."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack

from bench.http import API, LOIN, PAGE, curseur_profond
from bench.instance import Instance
from bench.mesures import Geste, Mesure, alterner
from bench.serveurs import Serveur, servir_cordeau

LISTE, BORD = "≤ 1,2", "≤ 1,5"


def comparer(instances: Mapping[int, Instance], fois: int) -> Iterator[Mesure]:
    """The largest base beside each of the others."""
    *petites, grande = sorted(instances)
    for petite in petites:
        with ExitStack() as pile:
            cotes = [
                _gestes(
                    pile.enter_context(
                        servir_cordeau(instances[taille].data, instances[taille].url)
                    ),
                    instances[taille],
                    taille,
                )
                for taille in (grande, petite)
            ]
            for nom, objectif in cotes[0]:
                large, petit = alterner([cote[nom, objectif] for cote in cotes], fois)
                titre = f"{nom} : {_milliers(grande)} / {_milliers(petite)} devis"
                yield Mesure(titre, grande, fois, large, petit, objectif=objectif)


def _gestes(serveur: Serveur, instance: Instance, devis: int) -> dict[tuple[str, str], Geste]:
    """What is asked, by title and target."""
    suite = f"&curseur={curseur_profond(instance, devis)}"

    def demander(chemin: str, entetes: Mapping[str, str]) -> Geste:
        return lambda: serveur.demander("GET", chemin, entetes=entetes)

    programme, navigateur = instance.programme, instance.navigateur
    return {
        ("Liste JSON", LISTE): demander(f"{API}?limite=50", programme),
        (f"Liste JSON{LOIN}", LISTE): demander(f"{API}?limite=50{suite}", programme),
        ("Liste HTML", LISTE): demander(f"{PAGE}?limite=50", navigateur),
        ("Tableau de bord", BORD): demander("/dashboard", navigateur),
    }


def _milliers(nombre: int) -> str:
    return f"{nombre:,}".replace(",", " ")
