"""Refusals and accidents as answers: problem JSON for the API, a calm page for people."""

import logging
from collections.abc import Mapping
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.exc import IntegrityError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException

from cordeau.core.errors import (
    ConfirmationRequiseError,
    ConflitError,
    DomainError,
    EnrolementDuError,
    InterditError,
    IntrouvableError,
    NonAuthentifieError,
    QuestionPoseeError,
    SaisieError,
    VersionExigeeError,
    VersionPerimeeError,
)
from cordeau.core.log import request_id
from cordeau.core.retries import CommitInDoubtError
from cordeau.web.idempotency import CHAMP_CLE, CleDejaServieError
from cordeau.web.origine import page_precedente
from cordeau.web.refus import noter_refus
from cordeau.web.schemas import JsonResponse
from cordeau.web.templating import rendre
from cordeau.web.validation import to_fautes

log = logging.getLogger(__name__)

PROBLEME = "application/problem+json"
IF_MATCH_ABSENT = ("header", "If-Match")
ATTENTE_SECONDES = 5
#: What the database says when its disk fails it, and what the person is told.
PANNES: Mapping[str, str] = {
    "no space left": "Le disque du serveur est plein : libérez de la place.",
    "full": "Le disque du serveur est plein : libérez de la place.",
    "readonly database": "La base de données est en lecture seule : rendez-la modifiable.",
    "read-only": "La base de données est en lecture seule : rendez-la modifiable.",
    "read only": "La base de données est en lecture seule : rendez-la modifiable.",
    "disk i/o error": "Le disque du serveur est en panne : faites-le vérifier.",
    "unable to open database": "Le fichier de la base de données ne s’ouvre pas : vérifiez-le.",
}
TITRES: Mapping[int, str] = {
    400: "Demande incomprise",
    405: "Méthode non permise",
    413: "Demande trop volumineuse",
    429: "Trop de demandes",
    500: "Une erreur est survenue",
    503: "Service momentanément indisponible",
}


def register(app: FastAPI) -> None:
    """Give every kind of refusal its handler; accidents are answered by `Surround`."""
    app.add_exception_handler(DomainError, on_domain_error)
    app.add_exception_handler(RequestValidationError, on_validation_error)
    app.add_exception_handler(HTTPException, on_http_exception)
    app.add_exception_handler(StaleDataError, on_stale_data)
    app.add_exception_handler(IntegrityError, on_integrity_error)
    for accident in (OperationalError, InternalError, PoolTimeoutError, CommitInDoubtError):
        app.add_exception_handler(accident, on_database_down)


def on_domain_error(request: Request, error: Exception) -> Response:
    """An expected refusal."""
    if not isinstance(error, DomainError):
        raise error
    if isinstance(error, NonAuthentifieError) and not is_api(request):
        suite = quote(request.url.path if request.method == "GET" else "/dashboard")
        return RedirectResponse(f"/login?suite={suite}", status_code=303)
    if isinstance(error, EnrolementDuError) and not is_api(request):
        return RedirectResponse("/compte/second-facteur", status_code=303)
    if isinstance(error, InterditError):
        noter_refus(request)
    return answer(request, error)


def on_validation_error(request: Request, error: Exception) -> Response:
    """Malformed input; a malformed identifier in the path names nothing: 404.

    A replacement that does not say what it replaces is told so before its content is read: 428.
    """
    if not isinstance(error, RequestValidationError):
        raise error
    errors = error.errors()
    if any(e["loc"][0] == "path" for e in errors):
        return answer(request, IntrouvableError())
    if any(e["loc"] == IF_MATCH_ABSENT for e in errors):
        return answer(request, VersionExigeeError())
    racines = frozenset({"body", "query", "header", "cookie"})
    return answer(request, SaisieError(to_fautes(errors, racines=racines)))


def on_http_exception(request: Request, error: Exception) -> Response:
    """What the framework refuses: unknown path, method not allowed."""
    if not isinstance(error, HTTPException):
        raise error
    if error.status_code == 404:
        return answer(request, IntrouvableError())
    refus = DomainError("Cette demande ne peut pas être traitée.")
    refus.status = error.status_code
    refus.titre = TITRES.get(error.status_code, "Demande refusée")
    response = answer(request, refus)
    response.headers.update(error.headers or {})
    return response


def on_stale_data(request: Request, _error: Exception) -> Response:
    """Two people saved the same row at the same time."""
    return answer(request, VersionPerimeeError())


def on_integrity_error(request: Request, error: Exception) -> Response:
    """The database, last accountant, refused what the commands let through."""
    log.error("integrity error", exc_info=error)
    return answer(
        request,
        ConflitError(
            "Cette action contredit une donnée enregistrée. Rechargez la page puis réessayez."
        ),
    )


def on_database_down(request: Request, error: Exception) -> Response:
    """The database does not answer: nothing was saved, and we say so.

    A trigger of MariaDB that guards an issued document speaks through the same error.
    """
    if isinstance(error, OperationalError) and _is_signal(error):
        return on_integrity_error(request, error)
    log.error("database unavailable", exc_info=error)
    refus = _accident(503, _pourquoi(error))
    refus.retry_after = ATTENTE_SECONDES
    return answer(request, refus)


def on_accident(request: Request, error: Exception) -> Response:
    """What nobody expected: logged in full, shown without detail."""
    log.error("unexpected error", exc_info=error)
    return answer(
        request,
        _accident(500, "L’erreur a été notée. Rien n’a été enregistré : réessayez."),
    )


def answer(request: Request, refus: DomainError) -> Response:
    """A refusal in the form its reader understands."""
    response = _reponse(request, refus)
    if refus.retry_after is not None:
        response.headers["Retry-After"] = str(refus.retry_after)
    return response


def _reponse(request: Request, refus: DomainError) -> Response:
    if is_api(request):
        return problem(refus)
    if isinstance(refus, ConfirmationRequiseError):
        return _demander_confirmation(request, refus)
    if isinstance(refus, QuestionPoseeError):
        return _poser_la_question(request, refus)
    if isinstance(refus, CleDejaServieError):
        return _proposer_de_renvoyer(request, refus)
    return _page(request, refus)


def _page(request: Request, refus: DomainError) -> Response:
    return rendre(
        request,
        "erreur.html",
        status_code=refus.status,
        autonome=refus.status >= 500,
        code=refus.status,
        titre=refus.titre,
        message=refus.message,
        fautes=refus.fautes,
        numero=request_id.get(),
        rubrique="",
    )


def problem(refus: DomainError) -> JsonResponse:
    """A refusal as problem JSON (RFC 9457)."""
    return JsonResponse(
        {
            "type": "about:blank",
            "title": refus.titre,
            "status": refus.status,
            "detail": refus.message,
            "errors": [{"champ": f.champ, "message": f.message} for f in refus.fautes],
        },
        status_code=refus.status,
        media_type=PROBLEME,
        headers={"WWW-Authenticate": "Bearer"} if refus.status == 401 else None,
    )


def is_api(request: Request) -> bool:
    """Whether a program asks, rather than a person."""
    return str(request.scope["path"]).startswith("/api/")


def _pourquoi(error: Exception) -> str:
    """What the person who asked can know of it, and do about it."""
    if isinstance(error, CommitInDoubtError):
        return (
            "La base de données s’est coupée pendant l’enregistrement, qui a pu aboutir ou non. "
            "Regardez avant de recommencer ; depuis un formulaire, renvoyez-le tel quel : "
            "il ne sera pas enregistré deux fois."
        )
    cause = str(getattr(error, "orig", "")).lower()
    for panne, message in PANNES.items():
        if panne in cause:
            return f"{message} Rien n’a été enregistré : réessayez ensuite."
    return "La base de données ne répond pas. Rien n’a été enregistré : réessayez."


def _demander_confirmation(request: Request, refus: ConfirmationRequiseError) -> Response:
    """The same form again, what it held kept, with a field for the password or the code."""
    return rendre(
        request,
        "confirmation.html",
        status_code=refus.status,
        rubrique="",
        adresse=_adresse(request),
        titre=refus.titre,
        champs=refus.champs,
        faute=refus.faute,
        par_code=refus.par_code,
    )


def _poser_la_question(request: Request, refus: QuestionPoseeError) -> Response:
    """The question a script asks in a box, on a page of its own: the script was not there yet."""
    question, _, suite = refus.message.partition("?")
    recues = dict(champs_envoyes(request))
    return rendre(
        request,
        "question.html",
        status_code=refus.status,
        rubrique="",
        adresse=_adresse(request),
        question=f"{question}?",
        suite=suite.strip(),
        champs=champs_envoyes(request, "csrf", "question", "confirmation", CHAMP_CLE),
        cle_recue=recues.get(CHAMP_CLE, ""),
        retour=page_precedente(request),
    )


def _adresse(request: Request) -> str:
    query = request.url.query
    return f"{request.url.path}{'?' if query else ''}{query}"


def champs_envoyes(request: Request, *sauf: str) -> list[tuple[str, str]]:
    """What the form held, but for these fields and for files."""
    formulaire = getattr(request.state, "formulaire", None)
    return [
        (nom, valeur)
        for nom, valeur in (formulaire.multi_items() if formulaire else ())
        if isinstance(valeur, str) and nom not in sauf
    ]


def _proposer_de_renvoyer(request: Request, refus: CleDejaServieError) -> Response:
    """Somebody went back and changed a form already sent: where it led, or sent as another one."""
    return rendre(
        request,
        "deja_servie.html",
        status_code=refus.status,
        rubrique="",
        titre=refus.titre,
        adresse=_adresse(request),
        suite=refus.adresse,
        champs=champs_envoyes(request, "csrf", CHAMP_CLE),
    )


def _is_signal(error: OperationalError) -> bool:
    """SIGNAL SQLSTATE '45000' (error 1644)."""
    return error.orig is not None and error.orig.args[:1] == (1644,)


def _accident(status: int, message: str) -> DomainError:
    refus = DomainError(message)
    refus.status, refus.titre = status, TITRES[status]
    return refus
