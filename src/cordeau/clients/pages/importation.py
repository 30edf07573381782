"""Importing clients from a spreadsheet: send, look, confirm. Nothing is kept in between."""

from typing import Annotated

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import Response
from sqlalchemy.orm import Session

from cordeau.auth.deps import CurrentUser, requires
from cordeau.clients.colonnes import entetes
from cordeau.clients.importation import (
    ENTETES,
    Lecture,
    LigneLue,
    Mode,
    analyser,
    importer,
    lire_fichier,
)
from cordeau.core.errors import ConflitError, SaisieError, refuser_saisie
from cordeau.core.permissions import Acteur, Permission
from cordeau.web.deps import ReadSession, SettingsDep, UnitOfWork
from cordeau.web.route import CordeauRoute
from cordeau.web.signing import seal, unseal
from cordeau.web.tableur import FormatTableur, repondre_tableau
from cordeau.web.templating import rendre, voir_ailleurs

router = APIRouter(
    prefix="/clients/import",
    route_class=CordeauRoute,
    dependencies=[requires(Permission.CLIENT_ECRIRE)],
)
#: A form field holds a megabyte at most: the sealed file travels in several.
MORCEAU = 500_000
#: Rows shown of a preview: the refused ones first of all.
REFUSEES_MAX, JUSTES_MAX = 500, 50


@router.get("")
def choisir(request: Request) -> Response:
    """The form that sends the file."""
    return _envoi(request)


@router.get("/modele.csv")
def modele() -> Response:
    """A blank file, with the headers that are recognised."""
    titres = [entete for entete in entetes() if entete in ENTETES.values()]
    return repondre_tableau(FormatTableur.CSV, "modele-clients", titres, [])


@router.post("")
def apercevoir(
    request: Request,
    session: ReadSession,
    settings: SettingsDep,
    actor: CurrentUser,
    fichier: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Show what the file would give; nothing is written."""
    try:
        lecture = lire_fichier(fichier.file.read() if fichier else b"")
    except SaisieError as refus:
        return _envoi(request, refus=refus)
    scelle = seal(settings.secret_key, _usage(actor), lecture.en_texte())
    return _apercu(request, session, lecture, scelle)


@router.post("/confirmation")
def confirmer(
    request: Request,
    uow: UnitOfWork,
    settings: SettingsDep,
    actor: CurrentUser,
    donnees: Annotated[list[str], Form()],
    mode: Annotated[Mode, Form()],
) -> Response:
    """Create the clients of the file just previewed."""
    scelle = "".join(donnees)
    texte = unseal(settings.secret_key, _usage(actor), scelle)
    if texte is None:
        return _envoi(request, refus=refuser_saisie("fichier", "Envoyez de nouveau le fichier."))
    lecture = Lecture.relire(texte)
    try:
        nombre = importer(uow, lecture, mode, actor=actor)
    except ConflitError as refus:
        uow.rollback()
        return _apercu(request, uow, lecture, scelle, mode=mode, refus=refus)
    mot = "1 client importé." if nombre == 1 else f"{nombre} clients importés."
    return voir_ailleurs(request, "/clients", mot)


def _usage(actor: Acteur) -> str:
    """A preview is confirmed by the person who asked for it."""
    return f"import-clients:{actor.id}"


def _envoi(request: Request, *, refus: SaisieError | None = None) -> Response:
    return rendre(
        request,
        "clients/import.html",
        status_code=200 if refus is None else refus.status,
        rubrique="clients",
        entetes=ENTETES.values(),
        erreur="" if refus is None else refus.fautes[0].message,
    )


def _apercu(
    request: Request,
    session: Session,
    lecture: Lecture,
    scelle: str,
    *,
    mode: Mode = Mode.TOUT,
    refus: ConflitError | None = None,
) -> Response:
    lignes = analyser(session, lecture)
    refusees = [ligne for ligne in lignes if ligne.client is None]
    return rendre(
        request,
        "clients/apercu.html",
        status_code=200 if refus is None else refus.status,
        rubrique="clients",
        lecture=lecture,
        entetes=[(champ, ENTETES[champ]) for champ in lecture.champs],
        lignes=_montrees(lignes, refusees),
        justes=len(lignes) - len(refusees),
        refusees=len(refusees),
        mode=mode,
        refus=refus,
        morceaux=[scelle[i : i + MORCEAU] for i in range(0, len(scelle), MORCEAU)],
    )


def _montrees(lignes: list[LigneLue], refusees: list[LigneLue]) -> list[LigneLue]:
    """The refused rows and the first right ones, in the order of the file."""
    justes = [ligne for ligne in lignes if ligne.client is not None][:JUSTES_MAX]
    return sorted([*refusees[:REFUSEES_MAX], *justes], key=lambda ligne: ligne.numero)
