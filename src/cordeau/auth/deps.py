"""The door of every route: who is there, may they, was the form ours."""

import hmac
import secrets
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.params import Depends as DependsParam

from cordeau.auth.queries import acteur_of_session, acteur_of_token
from cordeau.core.errors import InterditError, NonAuthentifieError
from cordeau.core.permissions import Acteur, Permission
from cordeau.web.deps import get_database, get_settings
from cordeau.web.errors import is_api
from cordeau.web.route import SAFE_METHODS, refuse_second_effect
from cordeau.web.signing import sign

COOKIE_SESSION = "cordeau_session"
COOKIE_VISITE = "cordeau_visite"
CHAMP_CSRF = "csrf"
ENTETE_CSRF = "X-CSRF-Token"
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


def requires(permission: Permission) -> DependsParam:
    """Only a signed-in person holding this right passes; others get 401 or 403."""

    async def check(acteur: Annotated[Acteur, Depends(_someone)]) -> None:
        if not acteur.peut(permission):
            raise InterditError

    check.permission = permission  # type: ignore[attr-defined]
    depends: DependsParam = Depends(check)
    return depends


def identify(request: Request) -> Acteur | None:
    """Who is there, by API token or by session cookie; also prepares the page's CSRF token."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and is_api(request):
        with get_database(request).read() as session:
            request.state.par_jeton = True
            return acteur_of_token(session, token.strip())
    request.state.par_jeton = False
    cookie = request.cookies.get(session_cookie_name(request), "")
    request.state.csrf = csrf_token(request, cookie)
    if not cookie:
        return None
    with get_database(request).read() as session:
        return acteur_of_session(session, cookie)


async def _someone(request: Request, acteur: Annotated[Acteur | None, Depends(identify)]) -> Acteur:
    """Whoever is signed in, their form ours; 401 for anonymous.

    An unsafe request by cookie carries our token; by API token it needs none.
    """
    if acteur is None:
        raise NonAuthentifieError
    request.state.acteur = acteur
    if request.method not in SAFE_METHODS:
        if not request.state.par_jeton:
            await check_csrf(request)
        if acteur.id is not None:
            refuse_second_effect(request, acteur.id)
    return acteur


async def current_user(request: Request) -> Acteur:
    """The actor `requires` let in."""
    acteur: Acteur = request.state.acteur
    return acteur


CurrentUser = Annotated[Acteur, Depends(current_user)]

#: Any signed-in person, whatever their role.
signed_in: Any = Depends(_someone)


async def _visitor(request: Request, acteur: Annotated[Acteur | None, Depends(identify)]) -> None:
    """Anybody; unsafe methods still need our form."""
    request.state.acteur = acteur
    if request.method not in SAFE_METHODS:
        await check_csrf(request)


#: A public page.
public: Any = Depends(_visitor)


async def check_csrf(request: Request) -> None:
    """Refuse a form that is not ours (403)."""
    sent = request.headers.get(ENTETE_CSRF, "")
    kind = request.headers.get("content-type", "").split(";")[0]
    if not sent and kind in FORM_TYPES:
        sent = str((await request.form()).get(CHAMP_CSRF, ""))
    if not request.state.csrf or not hmac.compare_digest(
        sent.encode(), request.state.csrf.encode()
    ):
        raise InterditError(
            "Ce formulaire a expiré ou ne vient pas de Cordeau. Rechargez la page, puis réessayez."
        )


def csrf_token(request: Request, session_cookie: str) -> str:
    """The token of this session's forms, or of this visitor's when nobody is signed in."""
    secret = get_settings(request).secret_key
    if session_cookie:
        return sign(secret, "csrf", session_cookie)
    visite = request.cookies.get(COOKIE_VISITE, "")
    if not visite:
        visite = secrets.token_urlsafe(16)
        request.state.nouvelle_visite = visite
    return sign(secret, "csrf-visite", visite)


def session_cookie_name(request: Request) -> str:
    """`__Host-` over HTTPS, so that no other host can set it; plain on a loopback test."""
    return f"__Host-{COOKIE_SESSION}" if is_secure(request) else COOKIE_SESSION


def is_secure(request: Request) -> bool:
    """Whether people reach this instance over HTTPS."""
    return request.scope["scheme"] == "https" or get_settings(request).base_url.startswith("https:")
