"""No secret in the repository: what looks like one, in any file git follows."""

import re
import subprocess
from pathlib import Path

import pytest

RACINE = Path(__file__).parents[2]
#: What a key, a token or a password of a service looks like.
MOTIFS = {
    "clé privée": re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s+[A-Za-z0-9+/]{16}"),
    "clé d’hébergeur": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "jeton de forge": re.compile(
        r"\b(?:gh[pousr]_[A-Za-z0-9]{30}|glpat-[\w-]{20}|github_pat_\w{22})"
    ),
    "jeton de registre": re.compile(r"\b(?:npm_[A-Za-z0-9]{36}|pypi-AgE[\w-]{50})"),
    "jeton de Cordeau": re.compile(r"\bcordeau_[A-Za-z0-9_-]{43}\b"),
    "jeton signé": re.compile(r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}"),
    "empreinte de mot de passe": re.compile(r"\$argon2id\$v=\d+\$[^\s\"']{40}"),
    "mot de passe dans une adresse": re.compile(
        r"\b(?:mysql\+pymysql|https?|smtps?)://[^\s:/@\"'{}]+:(?!secret@|password@|a%20secret@|x@|%|\{)"
        r"[^\s@/\"'{}…]{6,}@"
    ),
}
EXEMPLES = {
    "clé privée": "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA",
    "clé d’hébergeur": "AKIA" + "A1B2C3D4E5F6G7H8",
    "jeton de forge": "ghp_" + "a1B2" * 9,
    "jeton de registre": "npm_" + "a1B2" * 9,
    "jeton de Cordeau": "cordeau_" + "a1B2c" * 8 + "xyz",
    "jeton signé": "eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.abcdefghijk",
    "empreinte de mot de passe": "$argon2id$v=19$m=19456,t=2,p=1$" + "c29tZXNhbHQ" * 4,
    "mot de passe dans une adresse": "mysql+pymysql://cordeau:" + "Tr0ub4dor@base/cordeau",
}
BINAIRES = {".png", ".ico", ".woff2", ".pdf", ".jpg", ".webp"}


def test_chaque_motif_reconnait_son_exemple() -> None:
    assert MOTIFS.keys() == EXEMPLES.keys()
    for nom, motif in MOTIFS.items():
        assert motif.search(EXEMPLES[nom]), nom


def test_aucun_secret_dans_le_depot() -> None:
    suivis = subprocess.run(
        ["git", "ls-files", "-z"], cwd=RACINE, capture_output=True, text=True, check=False
    )
    if suivis.returncode:
        pytest.skip("ce n’est pas un dépôt git")
    trouves = [
        f"{chemin} : {nom} « {trouve.group()[:60]} »"
        for chemin in suivis.stdout.split("\0")
        if chemin and Path(chemin).suffix not in BINAIRES and (RACINE / chemin).is_file()
        for nom, motif in MOTIFS.items()
        if (trouve := motif.search((RACINE / chemin).read_text("utf-8", errors="replace")))
        and trouve.group() not in EXEMPLES[nom]
    ]

    assert not trouves


def test_le_depot_ne_suit_pas_les_donnees_d_une_instance() -> None:
    suivis = subprocess.run(
        ["git", "ls-files", "var", "*.db", "*.env", "*.pem", "*.key"],
        cwd=RACINE,
        capture_output=True,
        text=True,
        check=False,
    )

    assert not suivis.stdout.split()
