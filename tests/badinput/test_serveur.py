"""The server itself, spoken to by hand: what no client library would send."""

import gzip
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from cordeau.web.templating import STATIC
from tests.gens import porter_jeton
from tests.navigateur import servir

pytestmark = pytest.mark.un_moteur
#: Seconds of silence after which the server has said all.
ATTENTE = 3


@pytest.fixture
def porte(app: FastAPI) -> Iterator[int]:
    """The port of a real server."""
    with servir(app) as adresse:
        yield int(adresse.rpartition(":")[2])


@pytest.fixture
def jeton(app: FastAPI) -> str:
    """The header of an administrator's program."""
    client = TestClient(app)
    porter_jeton(client, app, "admin")
    return f"Authorization: {client.headers['Authorization']}"


def envoyer(porte: int, *morceaux: bytes) -> bytes:
    """Everything the server answers before it closes, or falls silent."""
    with socket.create_connection(("127.0.0.1", porte), timeout=ATTENTE) as prise:
        recu = b""
        try:
            for morceau in morceaux:
                prise.sendall(morceau)
            while lu := prise.recv(65536):
                recu += lu
        except (ConnectionError, TimeoutError):
            pass
        return recu


def statuts(recu: bytes) -> list[int]:
    """The status of each answer on the connection."""
    return [int(code) for code in re.findall(rb"(?:^|\n)HTTP/1\.1 (\d{3})", recu)]


def demande(ligne: str, *entetes: str, corps: bytes = b"", hote: str = "localhost") -> bytes:
    """A request, written out."""
    lignes = (ligne, f"Host: {hote}", "Connection: close", *entetes)
    return "\r\n".join(lignes).encode("latin-1") + b"\r\n\r\n" + corps


CACHEE = b"GET /parametres HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.mark.parametrize(
    "entetes",
    [
        ("Content-Length: 6", "Transfer-Encoding: chunked"),
        ("Transfer-Encoding: chunked", "Content-Length: 6"),
        ("Content-Length: 5", "Content-Length: 60"),
        ("Content-Length: 5, 60",),
        ("Content-Length: +5",),
        ("Content-Length: -1",),
        ("Content-Length: 0x5",),
        ("Transfer-Encoding: chunked, identity",),
        ("Transfer-Encoding: xchunked",),
        ("Transfer-Encoding : chunked",),
        (" Transfer-Encoding: chunked",),
    ],
)
def test_une_longueur_ambigue_ne_cache_pas_une_seconde_demande(
    porte: int, entetes: tuple[str, ...]
) -> None:
    corps = b"0\r\n\r\n" + CACHEE
    recu = envoyer(porte, demande("POST /login HTTP/1.1", *entetes, corps=corps))

    assert len(statuts(recu)) <= 1, recu[:400]
    assert all(400 <= statut < 500 for statut in statuts(recu)), recu[:200]


@pytest.mark.parametrize(
    "brut",
    [
        b"GET / HTTP/9.9\r\nHost: a\r\n\r\n",
        b"GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: a\x00b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX" + b"a" * 200_000 + b": b\r\n\r\n",
        b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: b\r\n" * 50_000 + b"\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 200,
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET http://ailleurs/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"\xff" * 1000,
    ],
)
def test_un_bruit_ne_fait_pas_tomber_le_serveur(porte: int, brut: bytes) -> None:
    recu = envoyer(porte, brut)

    assert all(statut < 500 for statut in statuts(recu)), recu[:200]
    assert statuts(envoyer(porte, demande("GET /sante HTTP/1.1"))) == [200]


def test_dix_mille_intervalles_ne_coutent_pas_dix_mille_fois_le_fichier(porte: int) -> None:
    fichier = next(Path(STATIC).rglob("*.css"))
    chemin = f"/static/{fichier.relative_to(STATIC).as_posix()}"
    intervalles = ",".join(f"{n}-" for n in range(10_000))
    recu = envoyer(porte, demande(f"GET {chemin} HTTP/1.1", f"Range: bytes={intervalles}"))

    assert len(recu) <= 2 * fichier.stat().st_size + 100_000
    assert all(statut < 500 for statut in statuts(recu))


def test_un_fichier_se_demande_par_morceaux_justes_seulement(porte: int) -> None:
    fichier = next(Path(STATIC).rglob("*.css"))
    chemin = f"/static/{fichier.relative_to(STATIC).as_posix()}"
    for intervalle in (
        "bytes=-",
        "bytes=9-1",
        "bytes=" + "9" * 400 + "-",
        "octets=0-1",
        "bytes=a-b",
    ):
        recu = envoyer(porte, demande(f"GET {chemin} HTTP/1.1", f"Range: {intervalle}"))
        assert statuts(recu)[0] < 500, intervalle


@pytest.mark.parametrize(
    "chemin",
    [
        "/static/../app.py",
        "/static/..%2f..%2fapp.py",
        "/static/%2e%2e/%2e%2e/app.py",
        "/static/..%5c..%5capp.py",
        "/static//etc/passwd",
        "/static/%00",
        "/static/css/%ff",
        "/static/" + "a/" * 3000,
    ],
)
def test_aucun_fichier_hors_de_ceux_qu_on_sert(porte: int, chemin: str) -> None:
    recu = envoyer(porte, demande(f"GET {chemin} HTTP/1.1"))

    assert statuts(recu)[0] in {400, 404, 405, 414, 431}, recu[:100]


def test_un_corps_compresse_n_est_pas_decompresse(porte: int, jeton: str) -> None:
    corps = gzip.compress(b'{"nom":"' + b"x" * 50_000_000 + b'"}')
    longueur = f"Content-Length: {len(corps)}"
    entetes = (jeton, "Content-Type: application/json", "Content-Encoding: gzip", longueur)
    recu = envoyer(porte, demande("POST /api/v1/clients HTTP/1.1", *entetes, corps=corps))

    assert statuts(recu)[0] in {415, 422}


def test_un_corps_sans_fin_est_arrete(porte: int, jeton: str) -> None:
    morceau = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
    entetes = (jeton, "Content-Type: application/json", "Transfer-Encoding: chunked")
    debut = demande("POST /api/v1/clients HTTP/1.1", *entetes)
    recu = envoyer(porte, debut, *[morceau] * 25, b"1\r\n \r\n")  # one byte too many, no end

    assert statuts(recu) == [422], recu[:100]
    assert b"trop volumineuse" in recu
    recu = envoyer(porte, debut, *[morceau] * 40)

    assert all(400 <= statut < 500 for statut in statuts(recu)), recu[:100]
    assert statuts(envoyer(porte, demande("GET /sante HTTP/1.1"))) == [200]


def test_un_inconnu_est_ecoute_jusqu_au_bout_puis_prie_de_se_connecter(porte: int) -> None:
    morceau = b"100000\r\n" + b"[" * 0x100000 + b"\r\n"
    entetes = ("Content-Type: application/json", "Transfer-Encoding: chunked")
    debut = demande("POST /api/v1/clients HTTP/1.1", *entetes)
    recu = envoyer(porte, debut, *[morceau] * 20, b"0\r\n\r\n")

    assert statuts(recu) == [401], recu[:100]


@pytest.mark.parametrize(
    "entete",
    [
        "X-Forwarded-Host: evil.example",
        "Forwarded: host=evil.example",
        "X-Original-URL: /parametres",
    ],
)
def test_ni_l_hote_ni_un_en_tete_ne_changent_les_adresses(porte: int, entete: str) -> None:
    recu = envoyer(porte, demande("GET /parametres HTTP/1.1", entete, hote="evil.example"))

    assert statuts(recu) == [303]
    assert b"location: /login" in recu.lower()
    assert b"evil.example" not in recu
