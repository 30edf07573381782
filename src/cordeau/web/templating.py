"""Pages: one Jinja environment, each context's templates under its own prefix."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from sqlalchemy.orm import Session

from cordeau.core.dates import aujourd_hui
from cordeau.core.permissions import Acteur, Permission
from cordeau.web import formats
from cordeau.web.deps import get_database, get_settings, is_secure
from cordeau.web.signing import seal, unseal

COOKIE_AVIS = "cordeau_avis"
#: Rows of a list kept drawn, the last ones seen: a megabyte.
RETENUES = 1_000
STATIC = Path(__file__).parent / "static"

#: What a page needs from a context above `web`, by name: the firm's name, for one.
PageContext = Callable[[Any], Mapping[str, Any]]


def create_environment(folders: list[Path]) -> Environment:
    """The environment of all pages; an unknown name in a template is an error."""
    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(folder) for folder in folders]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    for name in ("montant", "nombre", "quantite", "prix", "taux", "saisie", "date_fr"):
        environment.filters[name] = getattr(formats, name)
    environment.filters["instant_fr"] = formats.instant_fr
    environment.globals["statique"] = _Assets().address
    environment.globals["une_fois"] = cache
    environment.globals["retenir"] = lru_cache(maxsize=RETENUES)
    environment.globals["chacune"] = _chacune
    environment.globals["champs_d_adresse"] = champs_d_adresse
    environment.globals["cle"] = lambda: uuid4().hex
    return environment


def _chacune(dessiner: Callable[..., str]) -> Callable[..., list[str]]:
    """What draws one row, for each of a list, to be joined: a template pays for every call."""

    def dessiner_tout(lignes: Iterable[Any], *autres: Any) -> list[str]:
        return [dessiner(ligne, *autres) for ligne in lignes]

    return dessiner_tout


def champs_d_adresse(request: Request, **changements: str | None) -> str:
    """The query of this page with some of its fields given anew, or taken off (None)."""
    gardes = [paire for paire in request.query_params.multi_items() if paire[0] not in changements]
    return urlencode(
        [*gardes, *((nom, valeur) for nom, valeur in changements.items() if valeur is not None)]
    )


class _Assets:
    """Addresses of static files, changed whenever their content is."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def address(self, path: str) -> str:
        """« /static/cordeau.css?v=3f2a… »."""
        if path not in self._known:
            file = STATIC / path
            digest = hashlib.sha256(file.read_bytes()).hexdigest()[:12] if file.exists() else "0"
            self._known[path] = f"/static/{path}?v={digest}"
        return self._known[path]


def rendre(
    request: Request,
    template: str,
    /,
    status_code: int = 200,
    *,
    autonome: bool = False,
    **context: Any,
) -> HTMLResponse:
    """Render a page with what every page shows: who is signed in, notices, the firm's name.

    `autonome` renders without the database, to say that it does not answer.
    """
    acteur: Acteur | None = getattr(request.state, "acteur", None)
    environment: Environment = request.app.state.templates
    provider: PageContext = request.app.state.page_context
    shared: Mapping[str, Any] = {"raison_sociale": "Cordeau"}
    if not autonome:
        with _lecture(request) as session:
            shared = provider(session)
    secret = get_settings(request).secret_key
    avis = unseal(secret, "avis", request.cookies.get(COOKIE_AVIS, "")) or []
    html = environment.get_template(template).render(
        request=request,
        utilisateur=acteur,
        peut=lambda droit: acteur is not None and acteur.peut(Permission(droit)),
        csrf=getattr(request.state, "csrf", ""),
        avis=avis,
        aujourdhui=aujourd_hui(),
        **{**shared, **context},
    )
    response = HTMLResponse(html, status_code=status_code)
    if avis:
        response.delete_cookie(COOKIE_AVIS, secure=is_secure(request), httponly=True)
    return response


def _lecture(request: Request) -> AbstractContextManager[Session]:
    """The session the page was read with, when there is one."""
    ouverte: Session | None = getattr(request.state, "lecture", None)
    return get_database(request).read() if ouverte is None else nullcontext(ouverte)


def voir_ailleurs(
    request: Request,
    url: str,
    avis: str = "",
    *,
    genre: str = "succes",
    lien: tuple[str, str] | None = None,
) -> RedirectResponse:
    """See other (303) after a successful form, with a notice for the next page."""
    response = RedirectResponse(url, status_code=303)
    if avis:
        message: dict[str, Any] = {"genre": genre, "texte": avis, "lien": None}
        if lien is not None:
            message["lien"] = {"texte": lien[0], "url": lien[1]}
        sealed = seal(get_settings(request).secret_key, "avis", [message])
        response.set_cookie(
            COOKIE_AVIS,
            sealed,
            max_age=120,
            secure=is_secure(request),
            httponly=True,
            samesite="lax",
        )
    return response


def piece_jointe(contenu: bytes, nom: str, type_mime: str, *, inline: bool = False) -> Response:
    """A file to download (or show), its name safe for any browser (RFC 6266)."""
    ascii_nom = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "_" for c in nom)
    disposition = "inline" if inline else "attachment"
    return Response(
        contenu,
        media_type=type_mime,
        headers={"Content-Disposition": f'{disposition}; filename="{ascii_nom}"'},
    )
