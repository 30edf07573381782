"""Factur-X: the whole rendering beside the bare Typst compile, a new document each time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from multiprocessing import get_context
from multiprocessing.connection import Connection

import orjson

from bench.http import corps_de_devis
from bench.instance import Instance
from bench.mesures import Mesure, alterner
from cordeau.core import jsonable
from cordeau.core.dates import aujourd_hui
from cordeau.core.db import Database
from cordeau.documents import composition
from cordeau.documents.cii import ecrire_cii
from cordeau.documents.modele import Document, Genre
from cordeau.documents.rendu import arreter, rendre_facturx
from cordeau.facturation.commands.brouillon import creer_facture
from cordeau.facturation.commands.emission import emettre
from cordeau.facturation.schemas import FactureSaisie
from cordeau.web.validation import valider

Compiler = Callable[[dict[str, str]], object]


def mesurer(instance: Instance, tailles: dict[int, tuple[int, str]]) -> Iterator[Mesure]:
    """For each number of rows: how many times, and the target."""
    with _compilateur() as compiler:
        for lignes, (fois, objectif) in tailles.items():
            modele = _emettre(instance, lignes)
            yield _comparer(modele, compiler, fois, objectif)
    arreter()


def _comparer(modele: Document, compiler: Compiler, fois: int, objectif: str) -> Mesure:
    documents = [_varier(modele, rang) for rang in range(fois + 2)]
    lus = [composition.entrees(document, ecrire_cii(document)) for document in documents]
    a_rendre, a_compiler = iter(documents), iter(lus)
    cordeau, plancher = alterner(
        [lambda: rendre_facturx(next(a_rendre)), lambda: compiler(next(a_compiler))], fois
    )
    nom = f"Factur-X de {len(modele.lignes)} lignes"
    return Mesure(nom, None, fois, cordeau, plancher, objectif=objectif)


_numeros = count(9001)


def _varier(document: Document, rang: int) -> Document:
    """Another facture: its number, its title and every row are new."""
    lignes = [
        ligne.model_copy(update={"designation": f"{ligne.designation}, tranche {rang}"})
        for ligne in document.lignes
    ]
    numero = f"FAC-{document.date_emission.year}-{next(_numeros)}"
    return document.model_copy(
        update={"numero": numero, "objet": f"Tranche {rang}", "lignes": lignes}
    )


def _emettre(instance: Instance, lignes: int) -> Document:
    """The document of a facture of so many rows, issued."""
    le = aujourd_hui()
    corps = orjson.loads(corps_de_devis(instance.client_id, lignes))
    saisie = valider(FactureSaisie, jsonable.loads(orjson.dumps(corps)))
    database = Database(instance.url)
    try:
        with database.write() as session:
            facture = creer_facture(session, saisie.en_saisie(), actor=instance.acteur, le=le)
            emise = emettre(session, facture.id, actor=instance.acteur, le=le)
            assert emise.contenu is not None
            return Document.model_validate_json(emise.contenu)
    finally:
        database.dispose()


@contextmanager
def _compilateur() -> Iterator[Compiler]:
    """A process that only compiles, as the rendering process of the server stays between two."""
    contexte = get_context("spawn")
    canal, autre = contexte.Pipe()
    processus = contexte.Process(target=_compiler_sans_fin, args=(autre,), daemon=True)
    processus.start()
    autre.close()

    def compiler(lus: dict[str, str]) -> object:
        canal.send(lus)
        return canal.recv()

    try:
        yield compiler
    finally:
        canal.close()
        processus.join(10)
        processus.kill()


def _compiler_sans_fin(canal: Connection) -> None:
    """The bare compile, with the template, the fonts and the standards of Cordeau."""
    le = aujourd_hui()
    while True:
        try:
            lues = canal.recv()
        except EOFError:
            return
        canal.send(composition.compiler(Genre.FACTURE, lues, le))
