"""Settings, read once from the environment: nothing else in the code reads it."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

from cordeau.core.quotas import QUOTAS, Geste, Quota, lire_quotas


class Environnement(StrEnum):
    """Where this instance runs: decides how talkative and how strict it is."""

    DEVELOPPEMENT = "developpement"
    PRODUCTION = "production"


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting of an instance; `docs/exploitation.md` holds the same table in prose."""

    #: CORDEAU_DATA: folder of the embedded base, of the key and of what is written to disk.
    data: Path
    #: CORDEAU_DATABASE_URL: SQLite in the data folder unless given (`mysql+pymysql://…`).
    database_url: str
    #: CORDEAU_SECRET_KEY: signs cookies and tokens; made and kept in the data folder if absent.
    secret_key: str
    #: CORDEAU_SMTP_URL: `smtp://user:password@host:587`; messages are only kept when empty.
    smtp_url: str
    #: CORDEAU_BASE_URL: the address people type, used in e-mails.
    base_url: str
    #: CORDEAU_ENV.
    environnement: Environnement
    #: CORDEAU_BACKUP_PASSPHRASE: encrypts backups and opens them.
    phrase_sauvegarde: str = ""
    #: CORDEAU_PROXIES: who is believed when it says for whom it asks (`X-Forwarded-For`).
    proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    #: CORDEAU_QUOTAS: how often one may do what is limited.
    quotas: Mapping[Geste, Quota] = field(default_factory=lambda: QUOTAS)

    @property
    def is_sqlite(self) -> bool:
        """Whether the embedded engine is used: one process, one writer at a time."""
        return self.database_url.startswith("sqlite")


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; creates the data folder and the secret key when they are missing."""
    env = os.environ if environ is None else environ
    data = Path(env.get("CORDEAU_DATA", "var")).resolve()
    data.mkdir(parents=True, exist_ok=True)
    return Settings(
        data=data,
        database_url=env.get("CORDEAU_DATABASE_URL") or f"sqlite:///{data / 'cordeau.db'}",
        secret_key=env.get("CORDEAU_SECRET_KEY") or _kept_secret(data / "secret.key"),
        smtp_url=env.get("CORDEAU_SMTP_URL", ""),
        base_url=env.get("CORDEAU_BASE_URL", "http://127.0.0.1:8000").rstrip("/"),
        environnement=Environnement(env.get("CORDEAU_ENV", Environnement.DEVELOPPEMENT)),
        phrase_sauvegarde=env.get("CORDEAU_BACKUP_PASSPHRASE", ""),
        proxies=tuple(
            ip_network(mot) for mot in env.get("CORDEAU_PROXIES", "").replace(",", " ").split()
        ),
        quotas=lire_quotas(env.get("CORDEAU_QUOTAS", "")),
    )


def _kept_secret(path: Path) -> str:
    """The secret of this data folder, drawn on first use and readable by its owner alone."""
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        secret = secrets.token_urlsafe(48)
        file.write(secret)
    return secret
