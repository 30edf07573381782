"""The keys that sign the ledger: Ed25519 (RFC 8032), in the data folder, never in the database.

Whoever holds the base cannot sign for it: what is trusted is the folder of public keys, which
leaves the machine with anchors and archives. A lost private key blocks nothing: another is drawn.
"""

import hashlib
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

DOSSIER = "registre"
CLE_PRIVEE = "cle-privee"
PUBLIQUES = "cles-publiques"
SUFFIXE = ".pub"


class Coffre:
    """The keys of an instance, under its data folder."""

    def __init__(self, data: Path) -> None:
        self.dossier = data / DOSSIER

    def cle(self) -> Ed25519PrivateKey:
        """The private key; drawn and kept the first time, its public half beside.

        Raises `OSError` when the folder cannot be read or written, `ValueError` when the file is
        not a key.
        """
        publiques = self.dossier / PUBLIQUES
        publiques.mkdir(parents=True, exist_ok=True)
        fichier = self.dossier / CLE_PRIVEE
        if not fichier.exists():
            _deposer(fichier, Ed25519PrivateKey.generate().private_bytes_raw().hex())
        cle = Ed25519PrivateKey.from_private_bytes(_octets(fichier))
        self._publier(cle)
        return cle

    def renouveler(self) -> tuple[Ed25519PrivateKey, Ed25519PrivateKey]:
        """Draw another key; gives the former one and the new one. The former is set aside."""
        ancienne = self.cle()
        fichier = self.dossier / CLE_PRIVEE
        fichier.rename(fichier.with_name(f"{CLE_PRIVEE}.{cle_id(ancienne.public_key())}"))
        return ancienne, self.cle()

    def publiques(self) -> Mapping[str, Ed25519PublicKey]:
        """The keys this instance trusts, by identifier."""
        fichiers = sorted((self.dossier / PUBLIQUES).glob(f"*{SUFFIXE}"))
        return dict(lire_publique(fichier) for fichier in fichiers)

    def _publier(self, cle: Ed25519PrivateKey) -> None:
        publique = cle.public_key()
        fichier = self.dossier / PUBLIQUES / f"{cle_id(publique)}{SUFFIXE}"
        if not fichier.exists():
            fichier.write_text(publique.public_bytes_raw().hex(), encoding="ascii")


def lire_publique(fichier: Path) -> tuple[str, Ed25519PublicKey]:
    """A public key from its file, with its identifier; `OSError`, `ValueError` when it is none."""
    cle = Ed25519PublicKey.from_public_bytes(_octets(fichier))
    return cle_id(cle), cle


def cle_id(publique: Ed25519PublicKey) -> str:
    """How a key is named: the first 16 digits of the SHA-256 of its 32 bytes."""
    return hashlib.sha256(publique.public_bytes_raw()).hexdigest()[:16]


def est_signe(publique: Ed25519PublicKey, signature: str, message: bytes) -> bool:
    """Whether this key signed these bytes; `signature` is hexadecimal."""
    try:
        publique.verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _deposer(fichier: Path, texte: str) -> None:
    """Write a file whole or not at all, for its owner alone; the first one to come stays."""
    descripteur, provisoire = tempfile.mkstemp(dir=fichier.parent, prefix=".cle-")
    try:
        with os.fdopen(descripteur, "w", encoding="ascii") as sortie:
            sortie.write(texte)
            sortie.flush()
            os.fsync(sortie.fileno())
        with suppress(FileExistsError):
            os.link(provisoire, fichier)
    finally:
        os.unlink(provisoire)  # noqa: PTH108 (the name mkstemp gave)


def _octets(fichier: Path) -> bytes:
    try:
        return bytes.fromhex(fichier.read_text(encoding="ascii").strip())
    except ValueError as erreur:
        raise ValueError(f"{fichier} n’est pas une clé") from erreur
