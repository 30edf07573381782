"""Signing in and out, and the table of rights."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from cordeau.auth import commands, queries
from cordeau.auth.deps import (
    COOKIE_VISITE,
    is_secure,
    public,
    requires,
    session_cookie_name,
    signed_in,
)
from cordeau.core.permissions import DROITS, LIBELLES, LIBELLES_ROLES, Permission, Role
from cordeau.web.deps import ReadSession, UnitOfWork
from cordeau.web.route import CordeauRoute
from cordeau.web.templating import rendre, voir_ailleurs

router = APIRouter(route_class=CordeauRoute)


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
    uow: UnitOfWork,
    username: Annotated[str, Form(max_length=255)] = "",
    password: Annotated[str, Form(max_length=100_000)] = "",
    suite: Annotated[str, Form(max_length=500)] = "/dashboard",
) -> Response:
    """Sign in; a wrong name and a wrong password are answered alike."""
    cookie = commands.ouvrir_session(uow, email=username, password=password)
    if cookie is None:
        return _login_form(
            request,
            suite,
            username=username,
            erreur="L’adresse ou le mot de passe ne correspond pas.",
            status_code=422,
        )
    response = voir_ailleurs(request, _local(suite))
    response.set_cookie(
        session_cookie_name(request),
        cookie,
        max_age=int(commands.DUREE_SESSION.total_seconds()),
        secure=is_secure(request),
        httponly=True,
        samesite="lax",
        path="/",
    )
    return response


@router.get("/logout", dependencies=[signed_in])
def logout(request: Request) -> Response:
    """Ask before signing out: a GET changes nothing."""
    return rendre(request, "deconnexion.html", rubrique="")


@router.post("/logout", dependencies=[signed_in])
def logout_post(request: Request, uow: UnitOfWork) -> Response:
    """Sign out, here and on the server."""
    name = session_cookie_name(request)
    commands.fermer_session(uow, request.cookies.get(name, ""))
    response = voir_ailleurs(request, "/", "Vous êtes déconnecté.", genre="info")
    response.delete_cookie(name, path="/", secure=is_secure(request), httponly=True)
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
    return attendue and not queries.est_administree(session)


def _login_form(
    request: Request, suite: str, *, username: str = "", erreur: str = "", status_code: int = 200
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
    visite = getattr(request.state, "nouvelle_visite", None)
    if visite is not None:
        response.set_cookie(
            COOKIE_VISITE, visite, secure=is_secure(request), httponly=True, samesite="lax"
        )
    return response


def _local(suite: str) -> str:
    """A path of ours, never another site's."""
    safe = suite.startswith("/") and not suite.startswith(("//", "/\\"))
    return suite if safe and suite.isprintable() else "/dashboard"
