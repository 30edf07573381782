"""The copy of the register kept beside the base: a restored backup is erased again from it."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from cordeau.core.effacements import Effacement
from cordeau.core.errors import ConflitError

FICHIER = "effacements.jsonl"


@dataclass(frozen=True, slots=True)
class Trace:
    """One erasure: whose identifier, when."""

    genre: str
    personne_id: UUID
    fait_le: str


def lire_fichier(fichier: Path) -> list[Trace]:
    """The erasures noted in a file; none when there is no file yet."""
    if not fichier.exists():
        return []
    try:
        lignes = [orjson.loads(ligne) for ligne in fichier.read_bytes().splitlines() if ligne]
        return [Trace(e["genre"], UUID(e["id"]), e["le"]) for e in lignes]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConflitError(f"{fichier} ne se lit pas : {error}.") from error


def lire_base(session: Session) -> Iterator[Trace]:
    """The erasures noted in the base."""
    for effacement in session.scalars(select(Effacement).order_by(Effacement.fait_le)):
        yield Trace(
            effacement.personne_type, effacement.personne_id, effacement.fait_le.isoformat()
        )


def completer(fichier: Path, traces: Iterable[Trace]) -> None:
    """Add to the file what it does not hold yet, safe on the disk."""
    connues = {(t.genre, t.personne_id) for t in lire_fichier(fichier)}
    nouvelles = [t for t in traces if (t.genre, t.personne_id) not in connues]
    if not nouvelles:
        return
    try:
        with fichier.open("ab") as sortie:
            for trace in nouvelles:
                ligne = {"genre": trace.genre, "id": str(trace.personne_id), "le": trace.fait_le}
                sortie.write(orjson.dumps(ligne) + b"\n")
            sortie.flush()
            os.fsync(sortie.fileno())
    except OSError as error:
        raise ConflitError(
            f"L’effacement est fait, mais {fichier} ne peut pas être écrit : {error.strerror}. "
            "Libérez la place ou rendez le droit, puis lancez « cordeau rgpd rejouer »."
        ) from error
