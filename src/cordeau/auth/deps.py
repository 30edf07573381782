"""The door of every route: who is there, may they, was the form ours."""

import hmac
import secrets
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.params import Depends as DependsParam
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from cordeau.auth import connexion
from cordeau.auth.presences import Presences
from cordeau.auth.queries import Presence, find_porteur, find_presence
from cordeau.core.errors import (
    ConfirmationRequiseError,
    EnrolementDuError,
    InterditError,
    NonAuthentifieError,
)
from cordeau.core.limites import consommer
from cordeau.core.permissions import Acteur, Permission
from cordeau.core.quotas import Geste
from cordeau.web.corps import FORM_TYPES
from cordeau.web.deps import get_database, get_settings, is_secure
from cordeau.web.errors import champs_envoyes, is_api
from cordeau.web.idempotency import CHAMP_CLE
from cordeau.web.origine import Origine, origine_de
from cordeau.web.route import SAFE_METHODS, refuse_second_effect
from cordeau.web.signing import sign

COOKIE_SESSION = "cordeau_session"
COOKIE_VISITE = "cordeau_visite"
CHAMP_CSRF = "csrf"
CHAMP_CONFIRMATION = "confirmation"
ENTETE_CSRF = "X-CSRF-Token"
#: What the page that asks for a password again draws anew.
NON_GARDES = frozenset({CHAMP_CSRF, CHAMP_CONFIRMATION, CHAMP_CLE})
#: What stays open to who must first enrol a second factor.
PENDANT_L_ENROLEMENT = ("/compte/second-facteur", "/logout")


def requires(permission: Permission) -> DependsParam:
    """Only a signed-in person holding this right passes; others get 401 or 403."""

    async def check(acteur: Annotated[Acteur, Depends(_someone)]) -> None:
        if not acteur.peut(permission):
            raise InterditError

    check.permission = permission  # type: ignore[attr-defined]  # read by the test of routes
    depends: DependsParam = Depends(check)
    return depends


def est_connu(request: Request) -> bool:
    """Whether somebody signed in sends this: asked before a large body is read."""
    return _identify(request) is not None


def _identify(request: Request) -> Acteur | None:
    """Who is there, by API token or by session cookie; also prepares the page's CSRF token."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and is_api(request):
        request.state.par_jeton = True
        with get_database(request).reader() as connexion:
            return _noter(request, find_porteur(connexion, token.strip()))
    request.state.par_jeton = False
    cookie = request.cookies.get(session_cookie_name(request), "")
    request.state.csrf = csrf_token(request, cookie)
    if not cookie:
        return None
    with get_database(request).reader() as connexion:
        return _noter(request, find_presence(connexion, cookie))


def _noter(request: Request, presence: Presence | None) -> Acteur | None:
    request.state.presence = presence
    if presence is None:
        return None
    presences: Presences = request.app.state.presences
    presences.noter(presence, par_jeton=request.state.par_jeton)
    return presence.acteur


async def _someone(request: Request) -> Acteur:
    """Whoever is signed in, their form ours; 401 for anonymous.

    An unsafe request by cookie carries our token; by API token it needs none.
    """
    acteur = await run_in_threadpool(_identify, request)
    if acteur is None:
        raise NonAuthentifieError
    request.state.acteur = acteur
    if request.state.presence.enrolement_du and not _est_ouvert(request):
        raise EnrolementDuError
    if request.method not in SAFE_METHODS:
        if not request.state.par_jeton:
            await check_csrf(request)
            await _lire_formulaire(request)
        if acteur.id is not None:
            refuse_second_effect(request, acteur.id)
    return acteur


def _est_ouvert(request: Request) -> bool:
    return str(request.scope["path"]).startswith(PENDANT_L_ENROLEMENT)


async def current_user(request: Request) -> Acteur:
    """The actor `requires` let in."""
    acteur: Acteur = request.state.acteur
    return acteur


CurrentUser = Annotated[Acteur, Depends(current_user)]

#: Any signed-in person, whatever their role.
signed_in: Any = Depends(_someone)


async def _visitor(request: Request) -> None:
    """Anybody; unsafe methods still need our form."""
    request.state.acteur = await run_in_threadpool(_identify, request)
    if request.method not in SAFE_METHODS:
        await check_csrf(request)


#: A public page.
public: Any = Depends(_visitor)


async def current_presence(request: Request) -> Presence:
    """The session by which the actor is there."""
    presence: Presence = request.state.presence
    return presence


CurrentPresence = Annotated[Presence, Depends(current_presence)]


async def client_origine(request: Request) -> Origine:
    """Where the request comes from."""
    return origine_de(request)


OrigineDep = Annotated[Origine, Depends(client_origine)]


def limiter(geste: Geste) -> DependsParam:
    """Count one more of this for who is signed in, `TropDeDemandesError` beyond the quota.

    Comes after what declares the right: a refused request counts for nobody.
    """

    def count(request: Request) -> None:
        compter(request, geste, str(request.state.acteur.id))

    depends: DependsParam = Depends(count)
    return depends


def compter(request: Request, geste: Geste, qui: str, combien: int = 1) -> None:
    """Count so many more of this for this key."""
    quota = get_settings(request).quotas[geste]
    consommer(get_database(request), f"{geste}:{qui}", quota, combien)


def compter_pdf(request: Request, combien: int) -> None:
    """Count the documents of a batch for who is signed in."""
    compter(request, Geste.PDF, str(request.state.acteur.id), combien)


async def check_csrf(request: Request) -> None:
    """Refuse a form that is not ours (403), or that another site had the browser send."""
    sent = request.headers.get(ENTETE_CSRF, "")
    kind = request.headers.get("content-type", "").split(";")[0]
    if not sent and kind in FORM_TYPES:
        sent = str((await request.form()).get(CHAMP_CSRF, ""))
    notre = request.state.csrf
    if _d_ailleurs(request) or not notre or not hmac.compare_digest(sent.encode(), notre.encode()):
        raise InterditError(
            "Ce formulaire a expiré ou ne vient pas de Cordeau. Rechargez la page, puis réessayez."
        )


def _d_ailleurs(request: Request) -> bool:
    """Whether the browser says that another site had it send this."""
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return True
    origine = request.headers.get("Origin")
    notres = (request.headers.get("Host"), get_settings(request).base_url.partition("://")[2])
    return origine is not None and origine.partition("://")[2] not in notres


async def _lire_formulaire(request: Request) -> None:
    """Keep what the form holds, and try the proof it brings."""
    request.state.formulaire = None
    if request.headers.get("content-type", "").split(";")[0] not in FORM_TYPES:
        return
    request.state.formulaire = await request.form()
    secret = request.state.formulaire.get(CHAMP_CONFIRMATION)
    if isinstance(secret, str) and not request.state.presence.est_confirmee:
        await run_in_threadpool(_confirmer, request, secret)


def _confirmer(request: Request, secret: str) -> None:
    presence: Presence = request.state.presence
    if connexion.confirmer(
        get_database(request),
        presence,
        secret,
        cle=get_settings(request).secret_key,
        origine=origine_de(request),
    ):
        request.state.confirmee = True
        return
    raise _demande(request, "Ce n’est pas le bon. Essayez encore.")


def exiger_confirmation(request: Request) -> None:
    """Ask the person to prove again who they are, unless they just did; a program passes."""
    if request.state.par_jeton or getattr(request.state, "confirmee", False):
        return
    if not request.state.presence.est_confirmee:
        raise _demande(request)


async def _confirmed(request: Request) -> None:
    exiger_confirmation(request)


#: What asks for a password again: declared after the right.
confirmee: Any = Depends(_confirmed)


def _demande(request: Request, faute: str = "") -> ConfirmationRequiseError:
    """The refusal that carries the form, to be sent again with the proof."""
    return ConfirmationRequiseError(
        champs_envoyes(request, *NON_GARDES),
        faute,
        par_code=request.state.presence.a_un_facteur,
        status=422 if faute else 403,
    )


def csrf_token(request: Request, session_cookie: str) -> str:
    """The token of this session's forms, or of this visitor's when nobody is signed in."""
    secret = get_settings(request).secret_key
    if session_cookie:
        return sign(secret, "csrf", session_cookie)
    visite = request.cookies.get(nom_reserve(request, COOKIE_VISITE), "")
    if not visite:
        visite = secrets.token_urlsafe(16)
        request.state.nouvelle_visite = visite
    return sign(secret, "csrf-visite", visite)


def poser_visite(request: Request, response: Response) -> Response:
    """Give a new visitor the cookie their forms are tied to."""
    visite = getattr(request.state, "nouvelle_visite", None)
    if visite is not None:
        response.set_cookie(
            nom_reserve(request, COOKIE_VISITE),
            visite,
            secure=is_secure(request),
            httponly=True,
            samesite="lax",
        )
    return response


def session_cookie_name(request: Request) -> str:
    """The cookie of a session."""
    return nom_reserve(request, COOKIE_SESSION)


def nom_reserve(request: Request, nom: str) -> str:
    """`__Host-` over HTTPS, so that no other host can set it; plain on a loopback test."""
    return f"__Host-{nom}" if is_secure(request) else nom
