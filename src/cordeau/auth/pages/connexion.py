"""Signing in and out, and the table of rights."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from cordeau.auth import connexion, cookies, sessions
from cordeau.auth.deps import (
    OrigineDep,
    compter,
    poser_visite,
    public,
    requires,
    session_cookie_name,
    signed_in,
)
from cordeau.auth.queries import digest, est_administree, get_user_by_id
from cordeau.core.errors import IntrouvableError, TropDeDemandesError
from cordeau.core.permissions import DROITS, LIBELLES, LIBELLES_ROLES, Permission, Role
from cordeau.core.quotas import Geste
from cordeau.web.deps import DatabaseDep, ReadSession, SettingsDep, UnitOfWork
from cordeau.web.route import CordeauRoute
from cordeau.web.templating import rendre, voir_ailleurs

router = APIRouter(route_class=CordeauRoute)

ECHEC = "L’adresse ou le mot de passe ne correspond pas."


@router.get("/", dependencies=[public])
def accueil(request: Request, session: ReadSession) -> Response:
    """The public home page; on a base that nobody administers, the way to the installation."""
    if _a_installer(request, session):
        return voir_ailleurs(request, "/installation")
    return rendre(request, "accueil.html", rubrique="")


@router.get("/login", dependencies=[public])
def login(request: Request, session: ReadSession, suite: str = "/dashboard") -> Response:
    """The sign-in form; nobody can sign in before the installation."""
    if _a_installer(request, session):
        return voir_ailleurs(request, "/installation")
    if request.state.acteur is not None:
        return voir_ailleurs(request, "/dashboard")
    return _login_form(request, suite)


@router.post("/login", dependencies=[public])
def login_post(
    request: Request,
    database: DatabaseDep,
    origine: OrigineDep,
    username: Annotated[str, Form(max_length=255)] = "",
    password: Annotated[str, Form(max_length=100_000)] = "",
    suite: Annotated[str, Form(max_length=500)] = "/dashboard",
) -> Response:
    """Sign in; a wrong name and a wrong password are answered alike."""
    essai = connexion.Essai(
        username,
        password,
        origine,
        appareil=cookies.appareil_connu(request, username),
        ancien=request.cookies.get(session_cookie_name(request), ""),
    )
    try:
        compter(request, Geste.CONNEXION, origine.cle)
        entree = connexion.entrer(database, essai)
    except TropDeDemandesError as refus:
        return _refuse(_login_form(request, suite, username, refus.message, 429), refus)
    if entree is None:
        return _login_form(request, suite, username, ECHEC, 422)
    if entree.cookie is None:
        response = voir_ailleurs(request, "/login/code")
        cookies.poser_attente(request, response, entree.user, _local(suite))
        return response
    return _entrer(request, entree.cookie, entree.user.email, suite)


@router.get("/login/code", dependencies=[public])
def code(request: Request) -> Response:
    """The second step, for who gave the right password a short while ago."""
    if cookies.lire_attente(request) is None:
        return voir_ailleurs(request, "/login")
    return _code_form(request)


@router.post("/login/code", dependencies=[public])
def code_post(
    request: Request,
    database: DatabaseDep,
    settings: SettingsDep,
    origine: OrigineDep,
    code: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """A code of the application, or of recovery."""
    attente = cookies.lire_attente(request)
    if attente is None:
        return voir_ailleurs(request, "/login", "Reprenez la connexion.", genre="info")
    try:
        compter(request, Geste.CONNEXION, origine.cle)
        with database.read() as session:
            user = get_user_by_id(session, attente.user_id)
        if digest(user.mot_de_passe) != attente.empreinte:
            raise IntrouvableError
        cookie = connexion.entrer_par_code(
            database,
            user.id,
            code,
            cle=settings.secret_key,
            origine=origine,
            ancien=request.cookies.get(session_cookie_name(request), ""),
        )
    except IntrouvableError:
        return voir_ailleurs(request, "/login", "Reprenez la connexion.", genre="info")
    except TropDeDemandesError as refus:
        return _refuse(_code_form(request, refus.message, 429), refus)
    if cookie is None:
        return _code_form(request, "Ce code n’est pas le bon, ou il a déjà servi.", 422)
    response = _entrer(request, cookie, user.email, attente.suite)
    cookies.oublier(request, response, cookies.COOKIE_ATTENTE)
    return response


@router.get("/logout", dependencies=[signed_in])
def logout(request: Request) -> Response:
    """Ask before signing out: a GET changes nothing."""
    return rendre(request, "deconnexion.html", rubrique="")


@router.post("/logout", dependencies=[signed_in])
def logout_post(request: Request, uow: UnitOfWork) -> Response:
    """Sign out, here and on the server."""
    name = session_cookie_name(request)
    sessions.fermer(uow, request.cookies.get(name, ""))
    response = voir_ailleurs(request, "/", "Vous êtes déconnecté.", genre="info")
    cookies.oublier(request, response, name)
    return response


@router.get("/parametres/droits", dependencies=[requires(Permission.DROIT_LIRE)])
def droits(request: Request) -> Response:
    """Who may do what: the very table the software applies."""
    return rendre(
        request,
        "auth/droits.html",
        rubrique="parametres",
        roles=[(role, LIBELLES_ROLES[role]) for role in Role],
        permissions=[(permission, LIBELLES[permission]) for permission in Permission],
        droits=DROITS,
    )


def _a_installer(request: Request, session: Session) -> bool:
    """Whether the console printed an installation code, and nobody has used it."""
    attendue = bool(getattr(request.app.state, "installation_code", ""))
    return attendue and not est_administree(session)


def _entrer(request: Request, cookie: str, email: str, suite: str) -> Response:
    response = voir_ailleurs(request, _local(suite))
    cookies.poser_session(request, response, cookie)
    cookies.poser_appareil(request, response, email)
    return response


def _refuse(response: Response, refus: TropDeDemandesError) -> Response:
    response.headers["Retry-After"] = str(refus.retry_after)
    return response


def _login_form(
    request: Request, suite: str, username: str = "", erreur: str = "", status_code: int = 200
) -> Response:
    response = rendre(
        request,
        "login.html",
        status_code=status_code,
        rubrique="",
        suite=_local(suite),
        username=username,
        erreur=erreur,
    )
    return poser_visite(request, response)


def _code_form(request: Request, erreur: str = "", status_code: int = 200) -> Response:
    response = rendre(
        request, "auth/code.html", status_code=status_code, rubrique="", erreur=erreur
    )
    return poser_visite(request, response)


def _local(suite: str) -> str:
    """A path of ours, never another site's."""
    safe = suite.startswith("/") and not suite.startswith(("//", "/\\"))
    return suite if safe and suite.isprintable() else "/dashboard"
