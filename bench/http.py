"""Pages, lists, creation and issuing over HTTP, and the memory of the server."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

import orjson
from sqlalchemy import select

from bench.instance import Instance
from bench.mesures import Duree, Geste, Mesure, alterner
from bench.rejeu import Releve
from bench.releve import Releveur, enregistrer_releves, relever
from bench.serveurs import Serveur, servir_cordeau, servir_plancher
from cordeau.core.dates import aujourd_hui
from cordeau.core.db import Database
from cordeau.core.listing import encoder_curseur
from cordeau.devis.models import Devis

API, PAGE = "/api/v1/devis", "/devis"
LIGNES = 30
#: Factures issued to see what issuing writes.
RELEVEES = 3
#: How far the deep page is.
PROFONDEUR = 0.9
LOIN = ", page profonde"
#: What people look for: a number, its end, a name, a name and a town, the beginning of a word.
CHERCHES = (
    "DEV-2026-12",
    "lefèvre 00012",
    "garnier angers",
    "marchand 3",
    "00042",
    "rénov besnard",
    "client12@",
    "poirier le mans",
    "2025-00",
    "introuvable",
)


@dataclass(frozen=True, slots=True)
class Serie:
    """What is measured on one size of base."""

    instance: Instance
    devis: int
    fois: int
    #: Factures to issue: twice as many as rounds, and those of the recording.
    a_emettre: Sequence[UUID]
    #: Requests between two looks at the memory.
    demandes: int


def besoin(fois: int) -> int:
    """How many drafts so many rounds take."""
    return RELEVEES + 2 * (fois + 2)


def mesurer(serie: Serie, dossier: Path) -> Iterator[Mesure]:
    """Every measure over HTTP, Cordeau and floor side by side on the same rows."""
    with ExitStack() as pile:
        instance = serie.instance
        cordeau = pile.enter_context(servir_cordeau(instance.data, instance.url))
        cordeau.demander("GET", PAGE, entetes=instance.navigateur)
        au_repos = cordeau.memoire()
        curseur = curseur_profond(instance, serie.devis)
        with relever(instance) as releveur:
            releves = _relever(releveur, serie, curseur)
        fichier = enregistrer_releves(releves, dossier / "releves.json")
        plancher = pile.enter_context(servir_plancher(instance.url, fichier))
        plancher.demander("GET", "/liste")
        yield _memoire("Mémoire au repos", serie, au_repos, plancher.memoire())
        yield from _Duel(cordeau, plancher, serie, curseur).mesures()
        avant = cordeau.memoire()
        _user(cordeau, serie)
        titre = f"Mémoire après {serie.demandes} demandes / avant"
        apres = Duree(cordeau.memoire(), cordeau.memoire())
        yield Mesure(
            titre, serie.devis, 1, apres, Duree(avant, avant), unite="Mo", objectif="≤ 1,1"
        )


class _Duel:
    """The two servers, each asked in turn."""

    def __init__(self, cordeau: Serveur, plancher: Serveur, serie: Serie, curseur: str) -> None:
        self._cordeau, self._plancher = cordeau, plancher
        self._serie = serie
        self._curseur = curseur

    def mesures(self) -> Iterator[Mesure]:
        """In the order of the table."""
        yield self._creation()
        yield from self._listes()
        yield self._comparer("Tableau de bord", "tableau", self._page("/dashboard"))
        yield from self._recherches()
        yield self._emission()

    def _creation(self) -> Mesure:
        corps = corps_de_devis(self._serie.instance.client_id)
        return self._comparer(
            f"POST d’un devis de {LIGNES} lignes",
            "creation",
            lambda: self._cordeau.demander("POST", API, corps, self._programme_json()),
            lambda: self._plancher.demander("POST", "/creation", corps),
            objectif="≤ 4",
        )

    def _listes(self) -> Iterator[Mesure]:
        """First and deep page, as JSON then as HTML, each followed by its floor."""
        suite = f"&curseur={self._curseur}"
        json = [self._api(f"{API}?limite=50{s}") for s in ("", suite)]
        html = [self._page(f"{PAGE}?limite=50{s}") for s in ("", suite)]
        noms = ("liste", "liste-loin", "page", "page-loin")
        planchers = [self._nu(nom) for nom in noms]
        gestes = [geste for paire in zip([*json, *html], planchers, strict=True) for geste in paire]
        temps = alterner(gestes, self._serie.fois)
        titres = [f"Liste {genre}{loin}" for genre in ("JSON", "HTML") for loin in ("", LOIN)]
        for titre, mesure, sol in zip(titres, temps[::2], temps[1::2], strict=True):
            yield self._mesure(titre, mesure, sol, "≤ 3" if "JSON" in titre else "")
        premiere, profonde, page, page_profonde = temps[::2]
        yield self._mesure("Liste JSON : profonde / première", profonde, premiere, "≤ 1,2")
        yield self._mesure("Liste HTML : profonde / première", page_profonde, page, "≤ 1,2")
        yield self._mesure("Liste : HTML / JSON", page, premiere, "≤ 2")

    def _recherches(self) -> Iterator[Mesure]:
        """A mix of what people type, in the palette and in the field of a list."""
        for titre, chemin, sol in (
            ("Recherche, Ctrl K", "/recherche?q=", "liste"),
            ("Recherche, liste", f"{PAGE}?q=", "liste"),
        ):
            mots = cycle(CHERCHES)
            geste = self._chercher(chemin, mots)
            yield self._comparer(titre, sol, geste, objectif="≤ 50 ms")

    def _chercher(self, chemin: str, mots: Iterator[str]) -> Geste:
        entetes = self._serie.instance.navigateur
        return lambda: self._cordeau.demander("GET", chemin + quote(next(mots)), entetes=entetes)

    def _emission(self) -> Mesure:
        prises = iter(self._serie.a_emettre[RELEVEES:])
        ancienne = self._serie.a_emettre[1].hex

        def emettre() -> object:
            chemin = f"/api/v1/factures/{next(prises)}/emettre"
            return self._cordeau.demander("PUT", chemin, None, self._serie.instance.programme)

        def emettre_nu() -> object:
            corps = orjson.dumps({"remplacements": {ancienne: next(prises).hex}})
            return self._plancher.demander("PUT", "/emission", corps)

        mesure, nu = alterner([emettre, emettre_nu], self._serie.fois)
        return self._mesure("Émettre, par HTTP", mesure, nu, "≤ 4")

    def _comparer(
        self, titre: str, nom: str, geste: Geste, sol: Geste | None = None, objectif: str = ""
    ) -> Mesure:
        mesure, nu = alterner([geste, sol or self._nu(nom)], self._serie.fois)
        return self._mesure(titre, mesure, nu, objectif)

    def _mesure(self, titre: str, mesure: Duree, sol: Duree, objectif: str = "") -> Mesure:
        serie = self._serie
        return Mesure(titre, serie.devis, serie.fois, mesure, sol, objectif=objectif)

    def _api(self, chemin: str) -> Geste:
        return lambda: self._cordeau.demander("GET", chemin, entetes=self._serie.instance.programme)

    def _page(self, chemin: str) -> Geste:
        return lambda: self._cordeau.demander(
            "GET", chemin, entetes=self._serie.instance.navigateur
        )

    def _nu(self, nom: str) -> Geste:
        return lambda: self._plancher.demander("GET", f"/{nom}")

    def _programme_json(self) -> dict[str, str]:
        return {**self._serie.instance.programme, "Content-Type": "application/json"}


def corps_de_devis(client_id: UUID, lignes: int = LIGNES) -> bytes:
    """A devis as a program sends it."""
    le = aujourd_hui()
    rangees = [
        {
            "designation": f"Fourniture et pose de cloison de 72 mm, pièce {rang + 1}",
            "description": "Deux plaques de part et d’autre, isolant de 45 mm, joints traités.",
            "quantite": 12.5 + rang,
            "unite": "METRE_CARRE",
            "prixUnitaireHT": 48.35,
            "coutUnitaireHT": 22.1,
            "tauxTVA": 20,
        }
        for rang in range(lignes)
    ]
    return orjson.dumps(
        {
            "clientId": str(client_id),
            "objet": "Aménagement des combles",
            "dateEmission": le.isoformat(),
            "dateValidite": (le + timedelta(days=30)).isoformat(),
            "lignes": rangees,
        }
    )


def curseur_profond(instance: Instance, devis: int) -> str:
    """The cursor of a page near the end."""
    database = Database(instance.url)
    with database.read() as session:
        numero, cle = session.execute(
            select(Devis.numero_tri, Devis.id)
            .order_by(Devis.numero_tri.desc(), Devis.id.desc())
            .offset(int(devis * PROFONDEUR))
            .limit(1)
        ).one()
    database.dispose()
    return encoder_curseur("-numero", numero, cle)


def _user(cordeau: Serveur, serie: Serie) -> None:
    """Ask for pages and lists, over and over."""
    pages = cycle(("/devis", "/dashboard", "/factures", "/clients", "/recherche?q=garnier"))
    for chemin in islice(pages, serie.demandes):
        cordeau.demander("GET", chemin, entetes=serie.instance.navigateur)


def _relever(releveur: Releveur, serie: Serie, curseur: str) -> dict[str, Releve]:
    instance = serie.instance
    suite = f"?limite=50&curseur={curseur}"
    return {
        "liste": releveur.lecture(f"{API}?limite=50", instance.programme, "devis"),
        "liste-loin": releveur.lecture(API + suite, instance.programme, "devis"),
        "page": releveur.lecture(f"{PAGE}?limite=50", instance.navigateur, "devis"),
        "page-loin": releveur.lecture(PAGE + suite, instance.navigateur, "devis"),
        "tableau": releveur.lecture("/dashboard", instance.navigateur),
        "creation": releveur.creation(API, corps_de_devis(instance.client_id)),
        "emission": releveur.emission(serie.a_emettre[:RELEVEES]),
    }


def _memoire(nom: str, serie: Serie, cordeau: float, plancher: float) -> Mesure:
    lue, nue = Duree(cordeau, cordeau), Duree(plancher, plancher)
    return Mesure(nom, serie.devis, 1, lue, nue, unite="Mo", objectif="≤ 160 Mo")
