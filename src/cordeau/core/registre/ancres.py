"""Anchors: signed statements of where each chain stands, copied outside the database.

A chain alone cannot show that its end was cut off, or that all of it was hashed again; an anchor
that left the database can, for everything written before it.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import Connection, String, func, select, type_coerce
from sqlalchemy.orm import Session

from cordeau.core.dates import maintenant
from cordeau.core.ids import new_id
from cordeau.core.permissions import SYSTEME, Acteur
from cordeau.core.registre.canonique import horodater
from cordeau.core.registre.cles import DOSSIER, cle_id, est_signe
from cordeau.core.registre.ecriture import inscrire, lire_empreinte
from cordeau.core.registre.models import AncreRegistre, TeteRegistre
from cordeau.core.registre.states import Evenement, Journal
from cordeau.core.registre.verification import Anomalie, Chaine, lire_instant
from cordeau.core.verrou import chacun_son_tour

#: Where the copies go, one JSON a line, in the data folder.
FICHIER = "ancres.jsonl"


@dataclass(frozen=True, slots=True)
class Ancre:
    """An anchor, wherever it was read."""

    id: str
    journal: str
    rang: int
    empreinte: str
    posee_le: str
    cle_id: str
    signature: str

    def message(self) -> bytes:
        """What is signed."""
        return _message(self.journal, self.rang, self.empreinte, self.posee_le, self.cle_id)


def ancrer(session: Session, cle: Ed25519PrivateKey) -> list[Ancre]:
    """Sign the head of each chain that moved since its last anchor."""
    presenter_cle(session, cle)
    ancres = []
    for journal, rang, empreinte in _a_ancrer(session):
        ligne = _signer(journal, rang, empreinte, maintenant(), cle)
        session.add(ligne)
        ancres.append(en_ancre(ligne))
    session.flush()
    return ancres


def presenter_cle(
    session: Session,
    cle: Ed25519PrivateKey,
    *,
    precedente: Ed25519PrivateKey | None = None,
    actor: Acteur = SYSTEME,
) -> None:
    """Chain a public key the first time it signs; the one it replaces signs it too."""
    publique = cle.public_key()
    objet_id = UUID(hex=cle_id(publique) * 2)
    if lire_empreinte(session, Journal.TECHNIQUE, objet_id):
        return
    octets = publique.public_bytes_raw()
    contenu = {"cle": cle_id(publique), "publique": octets.hex(), "signature": _hex(cle, octets)}
    if precedente is not None:
        contenu["precedente"] = cle_id(precedente.public_key())
        contenu["signature_precedente"] = _hex(precedente, octets)
    inscrire(session, Journal.TECHNIQUE, Evenement.CLE, contenu, actor=actor, objet_id=objet_id)


def lire_ancres(connection: Connection) -> Iterator[Ancre]:
    """The anchors kept in the base, in the order they were signed."""
    table = AncreRegistre.__table__.c
    brutes = (type_coerce(table.id, String), type_coerce(table.posee_le, String).label("posee_le"))
    autres = (table.journal, table.rang, table.empreinte, table.cle_id, table.signature)
    for row in connection.execute(select(*brutes, *autres).order_by(table.posee_le)).mappings():
        yield Ancre(**{**row, "posee_le": _dater(row["posee_le"])})


def lire_fichier(fichier: Path) -> list[Ancre]:
    """The anchors of a file of copies; `OSError` or `ValueError`, which name it."""
    return _lire_lignes(fichier, fichier.read_bytes())


def lire_copies(data: Path) -> list[Ancre]:
    """The copies of the data folder; a last line that was cut short is left out."""
    fichier = data / DOSSIER / FICHIER
    octets = fichier.read_bytes() if fichier.exists() else b""
    try:
        return _lire_lignes(fichier, octets)
    except ValueError:
        entieres, fin, coupee = octets.rpartition(b"\n")
        if not coupee:
            raise
        return _lire_lignes(fichier, entieres + fin)


def copier(ancres: Iterable[Ancre], data: Path) -> int:
    """Add to the file of the data folder the anchors it lacks; how many were.

    The file is written aside, then takes the place: it is whole at any moment. The day's anchoring
    and that of a closing may meet: the second one waits, then adds to what the first one wrote.
    """
    fichier = data / DOSSIER / FICHIER
    fichier.parent.mkdir(parents=True, exist_ok=True)
    with chacun_son_tour(fichier.parent):
        connues = lire_copies(data)
        deja = {ancre.id for ancre in connues}
        nouvelles = [ancre for ancre in ancres if ancre.id not in deja]
        if nouvelles:
            provisoire = fichier.with_suffix(".neuf")
            with provisoire.open("wb") as sortie:
                sortie.write(en_lignes([*connues, *nouvelles]))
                sortie.flush()
                os.fsync(sortie.fileno())
            provisoire.replace(fichier)
    return len(nouvelles)


def en_lignes(ancres: Iterable[Ancre]) -> bytes:
    """Anchors as a file of copies holds them."""
    return b"".join(orjson.dumps(asdict(ancre)) + b"\n" for ancre in ancres)


def verifier_ancres(
    ancres: Sequence[Ancre], chaines: Mapping[str, Chaine], cles: Mapping[str, Ed25519PublicKey]
) -> Iterator[Anomalie]:
    """Each anchor must be signed by a key we trust and name an entry that is still there."""
    for ancre in ancres:
        cle = cles.get(ancre.cle_id)
        if cle is None:
            yield Anomalie(ancre.journal, ancre.rang, "ancre", f"clé {ancre.cle_id} inconnue")
            continue
        if not est_signe(cle, ancre.signature, ancre.message()):
            yield Anomalie(ancre.journal, ancre.rang, "ancre", "signature fausse")
            continue
        chaine = chaines.get(ancre.journal)
        if chaine is None or ancre.rang > chaine.entrees:
            detail = f"une ancre du {ancre.posee_le} atteste une écriture qui a disparu"
            yield Anomalie(ancre.journal, ancre.rang, "ancre", detail)
        elif chaine.reperes.get(ancre.rang) != ancre.empreinte:
            detail = f"une ancre du {ancre.posee_le} atteste une autre écriture à ce rang"
            yield Anomalie(ancre.journal, ancre.rang, "ancre", detail)


def rangs_par_journal(ancres: Iterable[Ancre]) -> dict[str, frozenset[int]]:
    """The ranks to remember while a chain is read."""
    rangs: dict[str, set[int]] = {}
    for ancre in ancres:
        rangs.setdefault(ancre.journal, set()).add(ancre.rang)
    return {journal: frozenset(valeurs) for journal, valeurs in rangs.items()}


def en_ancre(ligne: AncreRegistre) -> Ancre:
    """The anchor as it is written outside the base."""
    return Ancre(
        ligne.id.hex,
        ligne.journal,
        ligne.rang,
        ligne.empreinte,
        horodater(ligne.posee_le),
        ligne.cle_id,
        ligne.signature,
    )


def _lire_lignes(fichier: Path, octets: bytes) -> list[Ancre]:
    ancres = []
    for rang, ligne in enumerate(octets.splitlines(), start=1):
        if ligne.strip():
            try:
                ancres.append(Ancre(**orjson.loads(ligne)))
            except (TypeError, ValueError) as erreur:
                raise ValueError(f"{fichier}, ligne {rang} : ce n’est pas une ancre") from erreur
    return ancres


def _dater(brut: object) -> str:
    """The instant that is signed; as it stands when it is none, and the signature is then false."""
    try:
        return horodater(lire_instant(brut))
    except ValueError:
        return str(brut)


def _a_ancrer(session: Session) -> list[tuple[str, int, str]]:
    derniers = dict(
        session.execute(
            select(AncreRegistre.journal, func.max(AncreRegistre.rang)).group_by(
                AncreRegistre.journal
            )
        ).all()
    )
    tetes = session.execute(
        select(TeteRegistre.journal, TeteRegistre.rang, TeteRegistre.empreinte).order_by(
            TeteRegistre.journal
        )
    )
    return [(j, rang, empreinte) for j, rang, empreinte in tetes if rang > derniers.get(j, 0)]


def _signer(
    journal: str, rang: int, empreinte: str, instant: datetime, cle: Ed25519PrivateKey
) -> AncreRegistre:
    nom = cle_id(cle.public_key())
    message = _message(journal, rang, empreinte, horodater(instant), nom)
    return AncreRegistre(
        id=new_id(),
        journal=journal,
        rang=rang,
        empreinte=empreinte,
        posee_le=instant,
        cle_id=nom,
        signature=_hex(cle, message),
    )


def _message(journal: str, rang: int, empreinte: str, posee_le: str, nom: str) -> bytes:
    return orjson.dumps(["cordeau-ancre-1", journal, rang, empreinte, posee_le, nom])


def _hex(cle: Ed25519PrivateKey, message: bytes) -> str:
    return cle.sign(message).hex()
