"""The floor: the same SQL behind bare Starlette routes, on the same kind of server.

`python -m bench.plancher URL RELEVES` prints its address, then serves until stopped.
"""

import socket
import sys
import threading
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench import rejeu
from bench.rejeu import Connexion, Ordre, Releve


def create_app(url: str, releves: dict[str, Releve]) -> Starlette:
    """One route to read, one to write."""
    connexion_du_fil = _connexions(url)
    verrou = threading.Lock() if url.startswith("sqlite:") else nullcontext()

    def lire(request: Request) -> Response:
        releve = releves[request.path_params["nom"]]
        return _json(rejeu.lire(connexion_du_fil(), releve))

    def ecrire(releve: Releve, remplacements: dict[str, str]) -> bytes:
        with verrou:
            return rejeu.ecrire(connexion_du_fil(), releve, remplacements)

    async def modifier(request: Request) -> Response:
        corps = await request.body()
        remplacements = orjson.loads(corps).get("remplacements", {}) if corps else {}
        releve = releves[request.path_params["nom"]]
        return _json(await run_in_threadpool(ecrire, releve, remplacements))

    return Starlette(
        routes=[Route("/{nom}", lire), Route("/{nom}", modifier, methods=["POST", "PUT"])]
    )


def charger(fichier: Path) -> dict[str, Releve]:
    """The recordings, as the bench wrote them."""
    lus = orjson.loads(fichier.read_bytes())
    return {
        nom: Releve(**{**releve, "ordres": [Ordre(**o) for o in releve["ordres"]]})
        for nom, releve in lus.items()
    }


def _json(contenu: bytes) -> Response:
    return Response(contenu, media_type="application/json")


def _connexions(url: str) -> Callable[[], Connexion]:
    fil = threading.local()

    def connexion() -> Connexion:
        if not hasattr(fil, "connexion"):
            fil.connexion = rejeu.ouvrir(url)
        return fil.connexion

    return connexion


def main(url: str, releves: Path) -> None:
    """Serve on a free port of this machine."""
    app = create_app(url, charger(releves))
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as prise:
        prise.bind(("127.0.0.1", 0))
        prise.listen()
        print(f"http://127.0.0.1:{prise.getsockname()[1]}", flush=True)
        config = uvicorn.Config(app, log_config=None, server_header=False)
        uvicorn.Server(config).run(sockets=[prise])


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
