"""Verify an archive of Cordeau: python verify_archive.py ARCHIVE.zip --pub KEY.

Needs Python 3.9 or later and the public key, nothing else: no network, no library. Checks the seal
of the whole file, the signature of the manifest, the digest of each member, every link of the
chains, and that each file of a document is the one the ledger knows. (Archives of the first format
hold the entries of their own month only: a file rendered later has none there.)

Vérifie une archive de Cordeau. Réponse 0 : intacte ; 1 : altérée ; 2 : vérification impossible.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import sys
import zipfile
from pathlib import Path
from typing import Any

#: Ed25519 (RFC 8032, §5.1): the field, the order of the base point, the curve's constant.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
RACINE = pow(2, (P - 1) // 4, P)
SCEAU = 128
ANCIEN, FORMAT = "cordeau-archive-1", "cordeau-archive-2"
#: A point of the curve, in extended coordinates.
Point = tuple[int, int, int, int]


class AltereeError(Exception):
    """What is wrong with the archive."""


def decompresser(octets: bytes) -> Point | None:
    """A point of the curve from its 32 bytes; None when it is none."""
    y = int.from_bytes(octets, "little")
    signe, y = y >> 255, y & ((1 << 255) - 1)
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * RACINE % P
    if (x * x - x2) % P or (x == 0 and signe):
        return None
    if x & 1 != signe:
        x = P - x
    return x, y, 1, x * y % P


def ajouter(a: Point, b: Point) -> Point:
    """The sum of two points, in extended coordinates."""
    e = (a[1] - a[0]) * (b[1] - b[0]) % P
    f = (a[1] + a[0]) * (b[1] + b[0]) % P
    g = 2 * a[3] * b[3] * D % P
    h = 2 * a[2] * b[2] % P
    u, v, w, t = f - e, h - g, h + g, f + e
    return u * v % P, w * t % P, v * w % P, u * t % P


#: y = 4/5, x even.
BASE: Point = (
    15112221349535400772501151409588531511454012693041857206046113283949847762202,
    46316835694926478169428394003475163141307993866256225615783033603165251855960,
    1,
    46827403850823179245072216630277197565144205554125654976674165829533817101731,
)


def multiplier(n: int, point: Point) -> Point:
    """N times a point."""
    somme: Point = (0, 1, 1, 0)
    while n:
        if n & 1:
            somme = ajouter(somme, point)
        point = ajouter(point, point)
        n >>= 1
    return somme


def est_signe(cle: bytes, message: bytes, signature: bytes) -> bool:
    """Whether this key (32 bytes) signed the message (64 bytes of signature)."""
    if len(cle) != 32 or len(signature) != 64:
        return False
    a, r = decompresser(cle), decompresser(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + cle + message).digest(), "little") % L
    gauche, droite = multiplier(s, BASE), ajouter(r, multiplier(h, a))
    return all((gauche[n] * droite[2] - droite[n] * gauche[2]) % P == 0 for n in (0, 1))


def lire_hexa(texte: str, nom: str) -> bytes:
    """Bytes from lower-case hexadecimal, and no other writing of them."""
    try:
        octets = bytes.fromhex(texte)
    except ValueError:
        raise AltereeError(f"{nom} illisible") from None
    if octets.hex() != texte:
        raise AltereeError(f"{nom} illisible")
    return octets


def sha256(octets: bytes) -> str:
    """The digest of bytes, in hexadecimal."""
    return hashlib.sha256(octets).hexdigest()


def canonique(valeur: Any) -> bytes:
    """Canonical JSON: sorted keys, no space, UTF-8."""
    return json.dumps(valeur, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def verifier(fichier: str | Path, cle: bytes) -> dict[str, Any]:
    """The manifest of an archive that is intact; `AltereeError` otherwise."""
    octets = Path(fichier).read_bytes()
    if len(octets) <= SCEAU:
        raise AltereeError("fichier trop court")
    corps, sceau = octets[:-SCEAU], octets[-SCEAU:].decode("ascii", "replace")
    message = b"cordeau-archive-1" + hashlib.sha256(corps).digest()
    if not est_signe(cle, message, lire_hexa(sceau, "sceau")):
        raise AltereeError("le sceau ne correspond pas : fichier modifié, ou autre clé")
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        membres = {nom: archive.read(nom) for nom in archive.namelist()}
    return verifier_membres(membres, cle)


def verifier_membres(membres: dict[str, bytes], cle: bytes) -> dict[str, Any]:
    """The manifest, once it speaks of every member and each is what it says."""
    for nom in ("manifeste.json", "manifeste.sig", "registre.jsonl"):
        if nom not in membres:
            raise AltereeError(f"{nom} manque")
    signature = lire_hexa(membres["manifeste.sig"].decode("ascii", "replace"), "signature")
    if not est_signe(cle, membres["manifeste.json"], signature):
        raise AltereeError("le manifeste n’est pas signé par cette clé")
    manifeste: dict[str, Any] = json.loads(membres["manifeste.json"])
    if manifeste["format"] not in (ANCIEN, FORMAT):
        raise ValueError(f"format {manifeste['format']} inconnu de ce programme")
    if set(manifeste["fichiers"]) != set(membres) - {"manifeste.json", "manifeste.sig"}:
        raise AltereeError("les fichiers ne sont pas ceux du manifeste")
    for nom, attendu in manifeste["fichiers"].items():
        if sha256(membres[nom]) != attendu:
            raise AltereeError(f"{nom} a été modifié")
    verifier_registre(membres, manifeste)
    return manifeste


def verifier_registre(membres: dict[str, bytes], manifeste: dict[str, Any]) -> None:
    """Every link of each chain, and the digests of the documents that the ledger knows."""
    chaines: dict[str, tuple[int, str]] = {}
    debuts: dict[str, tuple[int, str]] = {}
    connues = set()
    for ligne in membres["registre.jsonl"].decode().splitlines():
        ecriture = json.loads(ligne)
        journal = ecriture["journal"]
        rang, precedente = chaines.get(journal, (ecriture["rang"] - 1, ecriture["precedente"]))
        if (ecriture["rang"], ecriture["precedente"]) != (rang + 1, precedente):
            raise AltereeError(f"{journal} {ecriture['rang']} ne suit pas l’écriture précédente")
        verifier_ecriture(ecriture)
        connues |= verifier_pieces(ecriture, membres)
        chaines[journal] = ecriture["rang"], ecriture["empreinte"]
        debuts.setdefault(journal, chaines[journal])
    for journal, fin in manifeste["chaines"].items():
        if chaines.get(journal) != (fin["rang"], fin["empreinte"]):
            raise AltereeError(f"{journal} ne finit pas où le manifeste le dit")
    if manifeste["format"] != ANCIEN:
        verifier_debuts(debuts, chaines, manifeste["chaines"])
        exiger_connues(membres, connues)


def verifier_debuts(
    debuts: dict[str, tuple[int, str]], fins: dict[str, tuple[int, str]], dits: dict[str, Any]
) -> None:
    """Each chain of the archive starts where the manifest says, and holds as many entries."""
    if set(debuts) != set(dits):
        raise AltereeError("les chaînes ne sont pas celles du manifeste")
    for journal, dit in dits.items():
        if debuts[journal] != (dit["premier_rang"], dit["premiere_empreinte"]):
            raise AltereeError(f"{journal} ne commence pas où le manifeste le dit")
        if fins[journal][0] - debuts[journal][0] + 1 != dit["ecritures"]:
            raise AltereeError(f"{journal} n’a pas le nombre d’écritures du manifeste")


def exiger_connues(membres: dict[str, bytes], connues: set[str]) -> None:
    """Each file of a document has an entry: of the month, or of the day it was rendered."""
    if "pieces.jsonl" not in membres:
        raise AltereeError("pieces.jsonl manque")
    for ligne in membres["pieces.jsonl"].decode().splitlines():
        ecriture = json.loads(ligne)
        verifier_ecriture(ecriture)
        connues = connues | verifier_pieces(ecriture, membres)
    inconnues = {nom for nom in membres if nom.startswith("pieces/")} - connues
    if inconnues:
        raise AltereeError(f"{min(inconnues)} n’a pas d’écriture au registre")


def verifier_ecriture(e: dict[str, Any]) -> None:
    """Both digests of an entry (algorithm 1)."""
    contenu = sha256(bytes.fromhex(e["sel"]) + e["contenu"].encode())
    maillon = [
        e["algorithme"],
        e["journal"],
        e["rang"],
        e["evenement"],
        e["objet_id"],
        e["survenu_le"],
        e["precedente"],
        contenu,
    ]
    if contenu != e["contenu_sha256"] or sha256(canonique(maillon)) != e["empreinte"]:
        raise AltereeError(f"{e['journal']} {e['rang']} a été modifiée")


def verifier_pieces(ecriture: dict[str, Any], membres: dict[str, bytes]) -> set[str]:
    """The files an entry tells of, which must be those the ledger chained."""
    if ecriture["evenement"] != "PIECE_RENDUE":
        return set()
    noms = set()
    piece = json.loads(ecriture["contenu"])["piece"]
    for forme in ("pdf", "xml"):
        nom = f"pieces/{piece['facture_id']}.{forme}"
        if nom in membres and sha256(membres[nom]) != piece[f"{forme}_sha256"]:
            raise AltereeError(f"{nom} n’est pas le fichier que le registre connaît")
        noms.add(nom)
    return noms


def verifier_et_dire(fichier: str | Path, publique: str | Path) -> int:
    """0 when the archive is intact, 1 when it is not, 2 when it cannot be verified."""
    try:
        texte = str(publique)
        if len(texte) != 64 or Path(texte).exists():
            texte = Path(texte).read_text(encoding="ascii").strip()
        manifeste = verifier(fichier, bytes.fromhex(texte))
    except AltereeError as erreur:
        print(f"ARCHIVE ALTÉRÉE : {erreur}.")
        return 1
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as erreur:
        print(f"Vérification impossible : {erreur}", file=sys.stderr)
        return 2
    print(f"Archive intacte : {manifeste['periode']}, {len(manifeste['fichiers'])} fichiers.")
    return 0


def main() -> int:
    """Verify the archive named on the command line."""
    demande = argparse.ArgumentParser(description="Vérifie une archive de Cordeau.")
    demande.add_argument("archive")
    demande.add_argument("--pub", required=True, help="clé publique : fichier, ou 64 chiffres")
    lue = demande.parse_args()
    return verifier_et_dire(lue.archive, lue.pub)


if __name__ == "__main__":
    sys.exit(main())
