"""Actions on the rows chosen in a list: each row on its own, then what became of each is told."""

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Form, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from cordeau.core.errors import DomainError, IntrouvableError
from cordeau.core.listing import LIMITE_MAX
from cordeau.web.templating import piece_jointe, rendre, voir_ailleurs

Element = TypeVar("Element")
RIEN_DE_COCHE = "Cochez d’abord au moins une ligne."

#: The rows ticked, as their boxes send them.
Choisis = Annotated[list[UUID], Form(alias="ids", max_length=LIMITE_MAX, default_factory=list)]
#: The filters of the list, to come back to it.
Retour = Annotated[str, Form(max_length=2000)]


@dataclass(frozen=True, slots=True)
class Issue:
    """What became of one row: done, or why not."""

    url: str
    nom: str
    refus: str = ""
    fautes: Sequence[str] = ()


def exiger_tous(trouves: Sequence[Element], ids: Sequence[UUID]) -> Sequence[Element]:
    """The rows found, when none of those asked for is missing (`IntrouvableError`)."""
    if len(trouves) != len(set(ids)):
        raise IntrouvableError("Une des lignes cochées n’existe plus : rechargez la liste.")
    return trouves


def tenter(session: Session, action: Callable[[], str], *, url: str, nom: str) -> Issue:
    """Do it for one row; a refusal undoes this row alone. The action gives the row's new name."""
    try:
        with session.begin_nested():
            return Issue(url, action())
    except DomainError as refus:
        return Issue(url, nom, refus.message, [faute.message for faute in refus.fautes])


def raconter(
    request: Request, issues: Sequence[Issue], *, liste: str, retour: str, fait: str, titre: str
) -> Response:
    """Back to the list when all went well, else what became of each row.

    `fait` says how many were done: « {nombre} devis envoyés. »
    """
    adresse = f"{liste}?{retour}" if retour else liste
    if not issues:
        return voir_ailleurs(request, adresse, RIEN_DE_COCHE, genre="erreur")
    refusees = [issue for issue in issues if issue.refus]
    if not refusees:
        return voir_ailleurs(request, adresse, fait.format(nombre=len(issues)))
    return rendre(
        request,
        "lot.html",
        rubrique=liste.strip("/"),
        titre_page=titre,
        faites=[issue for issue in issues if not issue.refus],
        refusees=refusees,
        adresse=adresse,
    )


def repondre_archive(nom: str, fichiers: Iterable[tuple[str, bytes]]) -> Response:
    """Files in one archive to download; already compressed, they are only put together."""
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_STORED) as archive:
        for nom_du_fichier, contenu in fichiers:
            archive.writestr(nom_du_fichier, contenu)
    return piece_jointe(sortie.getvalue(), f"{nom}.zip", "application/zip")
