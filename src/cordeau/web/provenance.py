"""From where a request comes, as the journal says it."""

import ipaddress

from fastapi import Request

from cordeau.core.log import request_id
from cordeau.core.provenance import Origine, Provenance


def provenance_de(request: Request) -> Provenance:
    """Who asks, by which door, from which address.

    The place is the route as declared, never the path that was typed: nothing to forge a line with.
    """
    route = request.scope.get("route")
    par_jeton = getattr(request.state, "par_jeton", False)
    return Provenance(
        origine=Origine.JETON if par_jeton else Origine.NAVIGATEUR,
        acteur=getattr(request.state, "acteur", None),
        adresse=adresse_client(request),
        requete=request_id.get(),
        lieu=f"{request.method} {getattr(route, 'path', '')}".strip(),
    )


def adresse_client(request: Request) -> str:
    """The address of the client machine; empty for what is none."""
    try:
        return str(ipaddress.ip_address(request.client.host)) if request.client else ""
    except ValueError:
        return ""
