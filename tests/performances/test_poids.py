"""What a page weighs on the wire: at the first visit, then once its files are known."""

import gzip
import re
from collections.abc import Callable, Iterator
from functools import cache

from cordeau.core.db import Database
from cordeau.web.templating import STATIC
from tests.devis.builders import un_devis, une_ligne
from tests.facturation.builders import une_entreprise, une_facture_emise
from tests.gens import Navigateur

PREMIERE_VISITE = 350_000
ENSUITE = 30_000
COMPRESSION = 5
FICHIER = re.compile(r'(?:src|href|content)="/static/([^"?#]+)')
IMPORT = re.compile(r'^import [^"]*"\./([^"]+)"', re.MULTILINE)

PAGES = (
    "/",
    "/login",
    "/dashboard",
    "/clients",
    "/clients/nouveau",
    "/clients/import",
    "/devis",
    "/devis/nouveau",
    "/devis/{devis}",
    "/devis/{devis}/modifier",
    "/chantiers",
    "/chantiers?vue=calendrier",
    "/chantiers/nouveau",
    "/factures",
    "/factures/nouvelle",
    "/factures/{facture}",
    "/reglements",
    "/reglements/nouveau",
    "/export/jde",
    "/parametres",
    "/parametres/entreprise",
    "/parametres/messages",
)


def test_une_page_reste_legere(database: Database, navigateur: Callable[..., Navigateur]) -> None:
    with database.write() as session:
        une_entreprise(session)
        devis = un_devis(session, lignes=[une_ligne(str(prix)) for prix in range(1, 101)])
        ids = {"devis": devis.id, "facture": une_facture_emise(session).id}
    chef = navigateur("admin")
    poids = {page: peser(chef, page.format(**ids)) for page in PAGES}

    assert {page: lu for page, lu in poids.items() if sum(lu) > PREMIERE_VISITE} == {}
    assert {page: lu for page, lu in poids.items() if lu[0] > ENSUITE} == {}


def test_un_fichier_connu_n_est_plus_demande(navigateur: Callable[..., Navigateur]) -> None:
    """Its address changes with its content."""
    page = navigateur("admin").get("/dashboard").text
    sans_version = re.findall(r'(?:src|href)="(/static/[^"?]+)"', page)

    assert sans_version == []


def peser(chef: Navigateur, adresse: str) -> tuple[int, int]:
    """The bytes of a page, and of all the files it asks for, as the server compresses them."""
    reponse = chef.get(adresse)
    assert reponse.status_code == 200, adresse
    fichiers = {nom for trouve in FICHIER.findall(reponse.text) for nom in avec_imports(trouve)}
    return compresse(reponse.content), sum(poids_du_fichier(nom) for nom in fichiers)


@cache
def poids_du_fichier(nom: str) -> int:
    return compresse((STATIC / nom).read_bytes())


def avec_imports(nom: str) -> Iterator[str]:
    """A file, and for a module those it imports."""
    yield nom
    if nom.startswith("js/"):
        for importe in IMPORT.findall((STATIC / nom).read_text("utf-8")):
            yield from avec_imports(f"js/{importe}")


def compresse(contenu: bytes) -> int:
    return len(gzip.compress(contenu, COMPRESSION))
