"""From where a request comes, as the journal says it."""

from fastapi import Request

from cordeau.core.log import request_id
from cordeau.core.provenance import Origine, Provenance
from cordeau.web.origine import origine_de


def provenance_de(request: Request) -> Provenance:
    """Who asks, by which door, from which address.

    The place is the route as declared, never the path that was typed: nothing to forge a line with.
    """
    route = request.scope.get("route")
    par_jeton = getattr(request.state, "par_jeton", False)
    return Provenance(
        origine=Origine.JETON if par_jeton else Origine.NAVIGATEUR,
        acteur=getattr(request.state, "acteur", None),
        adresse=origine_de(request).adresse,
        requete=request_id.get(),
        lieu=f"{request.method} {getattr(route, 'path', '')}".strip(),
    )
