"""Where a request comes from: client address and page, as far as they can be believed."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from fastapi import Request
from starlette.routing import Match

from cordeau.web.deps import get_settings

NAVIGATEUR_MAX = 255
#: A subscriber has at least that much of IPv6: an address in it is nobody new.
PREFIXE_IPV6 = 64
ACCUEIL = "/dashboard"


@dataclass(frozen=True, slots=True)
class Origine:
    """The client address and what the browser says of itself."""

    adresse: str
    navigateur: str

    @property
    def cle(self) -> str:
        """What is counted as one client."""
        adresse = _lire(self.adresse)
        if isinstance(adresse, IPv6Address):
            return str(IPv6Network((adresse, PREFIXE_IPV6), strict=False))
        return self.adresse


def origine_de(request: Request) -> Origine:
    """Where this request comes from; `X-Forwarded-For` counts only from a trusted proxy."""
    agent = request.headers.get("User-Agent", "")
    propre = "".join(c for c in agent if c.isprintable())[:NAVIGATEUR_MAX]
    return Origine(_adresse(request), propre)


def page_precedente(request: Request) -> str:
    """The page of ours whose form was sent, the dashboard when it is not known.

    A page that answered a form has its address, where there may be nothing to read.
    """
    try:
        venu = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return ACCUEIL
    chemin = f"/{venu.path.lstrip('/')}"
    if venu.netloc != request.url.netloc or not _se_lit(request, chemin):
        return ACCUEIL
    return f"{chemin}{'?' if venu.query else ''}{venu.query}"


def _se_lit(request: Request, chemin: str) -> bool:
    lecture = {"type": "http", "method": "GET", "path": chemin, "root_path": ""}
    return any(route.matches(lecture)[0] is Match.FULL for route in request.app.router.routes)


def _adresse(request: Request) -> str:
    """The last hop that is not one of our proxies: what stands before it, anybody may write."""
    adresse = request.client.host if request.client else ""
    relais = ",".join(request.headers.getlist("X-Forwarded-For")).split(",")
    for saut in reversed([mot.strip() for mot in relais if mot.strip()]):
        if not _est_un_proxy(request, adresse) or _lire(saut) is None:
            break
        adresse = str(_lire(saut))
    return adresse[:64]


def _est_un_proxy(request: Request, adresse: str) -> bool:
    lue = _lire(adresse)
    return lue is not None and any(lue in reseau for reseau in get_settings(request).proxies)


def _lire(adresse: str) -> IPv4Address | IPv6Address | None:
    try:
        lue = ip_address(adresse)
    except ValueError:
        return None
    return (lue.ipv4_mapped or lue) if isinstance(lue, IPv6Address) else lue
