"""The archive of a month: entries, documents and tables in one sealed file, readable without us.

LPF art. L. 102 B and BOI-TVA-DECLA-30-10-30: frozen, dated, kept whole, and readable by the
administration after a change of software. `verify_archive.py`, inside, needs the public key only.
"""

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, func, select

from cordeau import __version__
from cordeau.comptabilite.mouvements import lire_mouvements
from cordeau.comptabilite.periodes import bornes
from cordeau.core.dates import debut_du_jour, fin_du_jour
from cordeau.core.registre.canonique import horodater
from cordeau.core.registre.cles import cle_id
from cordeau.core.registre.models import EntreeRegistre
from cordeau.core.registre.states import GenreCloture, Journal
from cordeau.facturation.models import Facture, PieceFacture, Reglement, TvaFacture

VERIFIEUR = Path(__file__).with_name("verify_archive.py")
#: What the manifest says; `verify_archive.py` reads the former one too.
FORMAT = "cordeau-archive-2"
#: Length of the seal: the signature of all that precedes it, at the very end (the ZIP comment).
SCEAU = 128
#: A file written twice from the same rows is the same: its members bear no clock.
INSTANT_ZIP = (1980, 1, 1, 0, 0, 0)
LISEZMOI = """Archive du registre de Cordeau
==============================

registre.jsonl    chaque écriture du registre enregistrée dans le mois, une par ligne
factures.csv      les factures, acomptes et avoirs émis dans le mois
tva.csv           leur TVA, taux par taux
reglements.csv    les règlements enregistrés dans le mois
pieces/           les factures électroniques (PDF/A-3 et XML), nommées par leur identifiant
pieces.jsonl      l'écriture de chacune, même enregistrée un autre mois : une pièce sans écriture,
                  ou qui n'est pas celle que l'écriture connaît, fait refuser l'archive
manifeste.json    la période, les totaux, le début, la fin et le nombre d'écritures de chaque
                  chaîne, l'empreinte de chaque fichier
manifeste.sig     la signature Ed25519 du manifeste
cle-publique.txt  la clé qui a signé ; comparez-la avec celle que l'entreprise vous a remise

Pour vérifier, avec Python 3.9 ou plus récent et rien d'autre :

    python verify_archive.py ARCHIVE.zip --pub cle-publique.txt

Montants en euros, séparateur point-virgule, UTF-8. Les montants du registre sont des entiers :
centimes, et dix-millièmes pour les taux et les quantités.
"""


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive, complete and sealed."""

    periode: str
    octets: bytes
    ecritures: int

    @property
    def nom(self) -> str:
        """« registre-2026-10.zip »."""
        return nom_archive(self.periode)

    @property
    def sha256(self) -> str:
        """What the ledger knows it by."""
        return hashlib.sha256(self.octets).hexdigest()


def nom_archive(periode: str) -> str:
    """The file of a month, « 2026-10 »."""
    return f"registre-{periode}.zip"


def composer_archive(connection: Connection, mois: date, cle: Ed25519PrivateKey) -> Archive:
    """The archive of the month that holds this day."""
    debut, fin = bornes(GenreCloture.MOIS, mois)
    periode = f"{debut:%Y-%m}"
    chaines: dict[str, dict[str, Any]] = {}
    registre = b"".join(_ecritures(connection, debut, fin, chaines))
    membres = {
        "registre.jsonl": registre,
        "factures.csv": _factures(connection, debut, fin),
        "tva.csv": _tva(connection, debut, fin),
        "reglements.csv": _reglements(connection, debut, fin),
        "cle-publique.txt": cle.public_key().public_bytes_raw().hex().encode(),
        "LISEZMOI.txt": LISEZMOI.encode(),
        "verify_archive.py": VERIFIEUR.read_bytes(),
        "pieces.jsonl": b"".join(_ecritures_des_pieces(connection, debut, fin)),
        **_pieces(connection, debut, fin),
    }
    manifeste = {
        "format": FORMAT,
        "periode": periode,
        "logiciel": __version__,
        "cle": cle_id(cle.public_key()),
        "totaux": lire_mouvements(connection, debut, fin).en_contenu(),
        "chaines": chaines,
        "fichiers": {nom: hashlib.sha256(o).hexdigest() for nom, o in sorted(membres.items())},
    }
    ecrit = orjson.dumps(manifeste, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
    membres |= {"manifeste.json": ecrit, "manifeste.sig": cle.sign(ecrit).hex().encode()}
    return Archive(periode, _sceller(_compresser(membres), cle), registre.count(b"\n"))


def _ecritures(
    connection: Connection, debut: date, fin: date, chaines: dict[str, dict[str, Any]]
) -> Iterator[bytes]:
    """Each entry recorded in the month, in the order of its chain; `chaines` tells of each.

    From the first rank of the month to the last: clocks that disagree leave no hole in a chain.
    """
    e = EntreeRegistre.__table__.c
    du_mois = (
        select(e.journal, func.min(e.rang).label("premier"), func.max(e.rang).label("dernier"))
        .where(e.survenu_le >= debut_du_jour(debut), e.survenu_le < fin_du_jour(fin))
        .group_by(e.journal)
        .subquery()
    )
    rows = connection.execute(
        select(EntreeRegistre.__table__)
        .join(du_mois, du_mois.c.journal == e.journal)
        .where(e.rang.between(du_mois.c.premier, du_mois.c.dernier))
        .order_by(e.journal, e.rang)
    ).mappings()
    for row in rows:
        ici = {"rang": row["rang"], "empreinte": row["empreinte"]}
        debute = {"premier_rang": row["rang"], "premiere_empreinte": row["empreinte"]}
        chaine = chaines.setdefault(row["journal"], debute)
        chaine |= ici | {"ecritures": chaine.get("ecritures", 0) + 1}
        yield _en_ligne(row)


def _ecritures_des_pieces(connection: Connection, debut: date, fin: date) -> Iterator[bytes]:
    """The entry of each file of the month's documents, whenever it was rendered."""
    e, f = EntreeRegistre.__table__.c, Facture.__table__.c
    rows = connection.execute(
        select(EntreeRegistre.__table__)
        .join(Facture.__table__, f.id == e.objet_id)
        .where(e.journal == Journal.PIECES, f.date_emission.between(debut, fin))
        .order_by(e.rang)
    ).mappings()
    return map(_en_ligne, rows)


def _en_ligne(row: Mapping[Any, Any]) -> bytes:
    """An entry as JSON, its digests computed from what is written here."""
    objet = row["objet_id"]
    lue = dict(row) | {
        "objet_id": "" if objet is None else objet.hex,
        "survenu_le": horodater(row["survenu_le"]),
    }
    return orjson.dumps(lue, option=orjson.OPT_APPEND_NEWLINE)


def _factures(connection: Connection, debut: date, fin: date) -> bytes:
    f = Facture.__table__.c
    colonnes = (
        f.id, f.numero, f.type, f.date_emission, f.date_echeance, f.client_nom,
        f.montant_ht, f.montant_tva, f.montant_ttc,
    )  # fmt: skip
    return _tableau(
        connection.execute(
            select(*colonnes)
            .where(f.statut == "EMISE", f.date_emission.between(debut, fin))
            .order_by(f.date_emission, f.numero_tri)
        )
    )


def _tva(connection: Connection, debut: date, fin: date) -> bytes:
    f, t = Facture.__table__.c, TvaFacture.__table__.c
    return _tableau(
        connection.execute(
            select(f.numero, t.taux, t.lignes_ht, t.remise_ht, t.base_ht, t.montant_tva)
            .join_from(Facture.__table__, TvaFacture.__table__, t.facture_id == f.id)
            .where(f.statut == "EMISE", f.date_emission.between(debut, fin))
            .order_by(f.date_emission, f.numero_tri, t.taux)
        )
    )


def _reglements(connection: Connection, debut: date, fin: date) -> bytes:
    r = Reglement.__table__.c
    depuis, jusqua = debut_du_jour(debut), fin_du_jour(fin)
    return _tableau(
        connection.execute(
            select(r.id, r.date, r.cree_le, r.montant, r.mode, r.reference, r.annule_id, r.motif)
            .where(r.cree_le >= depuis, r.cree_le < jusqua)
            .order_by(r.cree_le, r.id)
        )
    )


def _pieces(connection: Connection, debut: date, fin: date) -> dict[str, bytes]:
    f, p = Facture.__table__.c, PieceFacture.__table__.c
    rows = connection.execute(
        select(p.facture_id, p.pdf, p.xml)
        .join_from(PieceFacture.__table__, Facture.__table__, f.id == p.facture_id)
        .where(f.date_emission.between(debut, fin))
        .order_by(f.numero_tri)
    )
    return {
        f"pieces/{row.facture_id.hex}.{forme}": getattr(row, forme)
        for row in rows
        for forme in ("pdf", "xml")
    }


def _tableau(rows: Any) -> bytes:
    """Rows as CSV, under the names of their columns."""
    sortie = io.StringIO()
    ecrivain = csv.writer(sortie, delimiter=";", lineterminator="\r\n")
    ecrivain.writerow(rows.keys())
    ecrivain.writerows(_cellules(row) for row in rows)
    return sortie.getvalue().encode()


def _cellules(row: Iterable[Any]) -> list[str]:
    """Cells as text: no separator, no formula a spreadsheet would run."""
    textes = (
        horodater(v) if isinstance(v, datetime) else "" if v is None else " ".join(str(v).split())
        for v in row
    )
    return [f"'{t}" if t.startswith(("=", "+", "@", "\t")) else t for t in textes]


def _compresser(membres: Mapping[str, bytes]) -> bytes:
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w") as archive:
        for nom, octets in membres.items():
            genre = zipfile.ZIP_STORED if nom.endswith(".pdf") else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(nom, INSTANT_ZIP), octets, compress_type=genre)
        archive.comment = b"0" * SCEAU
    return sortie.getvalue()


def _sceller(octets: bytes, cle: Ed25519PrivateKey) -> bytes:
    """Sign the whole file: its last bytes are the signature of all the others."""
    corps = octets[:-SCEAU]
    signature = cle.sign(b"cordeau-archive-1" + hashlib.sha256(corps).digest())
    return corps + signature.hex().encode()
