"""Whether what the base says of invoices and règlements is still what the ledger was told.

Each entry is compared column by column with the rows it tells of; what has no entry and numbers
out of order are found too.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, text

from cordeau.core.numbering import CHIFFRES
from cordeau.core.registre.releve import brute, colonnes
from cordeau.core.registre.states import Journal
from cordeau.core.registre.verification import Anomalie, Entree, comparer
from cordeau.facturation.models import (
    Facture,
    Imputation,
    LigneFacture,
    PieceFacture,
    Reglement,
    TvaFacture,
)

Ligne = Mapping[str, Any]


def relever_factures(connection: Connection, entrees: Sequence[Entree]) -> Iterator[Anomalie]:
    """Issued documents, their rows, their VAT and their frozen content."""
    ids = [entree.objet_id for entree in entrees]
    factures = _par_cle(_lire(connection, Facture, "id", ids), "id")
    lignes = _par_mere(_lire(connection, LigneFacture, "facture_id", ids, "position"), "facture_id")
    tva = _par_mere(_lire(connection, TvaFacture, "facture_id", ids, "taux DESC"), "facture_id")
    for entree in entrees:
        contenu, cle = entree.contenu, entree.objet_id
        facture = factures.get(cle)
        yield from _comparer(entree, "facture", contenu.get("facture"), facture)
        if facture is not None and facture["contenu"] != contenu.get("document"):
            yield Anomalie(entree.journal, entree.rang, "document", "le document figé a changé")
        yield from _comparer_listes(entree, "ligne", contenu.get("lignes"), lignes.get(cle, []))
        yield from _comparer_listes(entree, "TVA", contenu.get("tva"), tva.get(cle, []))


def relever_reglements(connection: Connection, entrees: Sequence[Entree]) -> Iterator[Anomalie]:
    """Règlements and their allocations."""
    ids = [entree.objet_id for entree in entrees]
    reglements = _par_cle(_lire(connection, Reglement, "id", ids), "id")
    imputations = _par_mere(_lire(connection, Imputation, "reglement_id", ids), "reglement_id")
    for entree in entrees:
        contenu = entree.contenu
        reglement = reglements.get(entree.objet_id)
        yield from _comparer(entree, "règlement", contenu.get("reglement"), reglement)
        attendues = sorted(contenu.get("imputations") or [], key=lambda ligne: str(ligne["id"]))
        lues = sorted(imputations.get(entree.objet_id, []), key=lambda ligne: str(ligne["id"]))
        yield from _comparer_listes(entree, "imputation", attendues, lues)


def relever_pieces(connection: Connection, entrees: Sequence[Entree]) -> Iterator[Anomalie]:
    """Rendered files: their digests, taken again from their bytes."""
    for entree in entrees:
        lues = _lire(connection, PieceFacture, "facture_id", [entree.objet_id])
        piece = next(iter(lues), None)
        yield from _comparer(entree, "fichier", entree.contenu.get("piece"), piece)
        for forme in ("pdf", "xml"):
            if piece is not None and _sha256(piece[forme]) != piece[f"{forme}_sha256"]:
                detail = f"les octets du {forme.upper()} ont changé"
                yield Anomalie(entree.journal, entree.rang, "fichier", detail)


def hors_registre(connection: Connection) -> Iterator[Anomalie]:
    """Rows that should have an entry and have none."""
    for journal, table, cle, nom in (
        (Journal.FACTURES, "facture", "id", "numero"),
        (Journal.REGLEMENTS, "reglement", "id", "id"),
        (Journal.PIECES, "piece_facture", "facture_id", "facture_id"),
        (Journal.CLOTURES, "cloture", "id", "id"),
    ):
        emise = "AND t.statut = 'EMISE' " if table == "facture" else ""
        seules = text(
            f"SELECT t.{nom} FROM {table} t WHERE NOT EXISTS (SELECT 1 FROM registre_entree e "  # noqa: S608 (our own names)
            f"WHERE e.objet_id = t.{cle} AND e.journal = :journal) {emise}"
        )
        for (nomme,) in connection.execute(seules, {"journal": journal.value}):
            yield Anomalie(journal, 0, "hors_registre", f"{table} {nomme} n’a pas d’écriture")


class Numeros:
    """Numbers as they were chained: each series of each year goes up by one, without a hole."""

    def __init__(self) -> None:
        #: Last rank and day of each series of each year.
        self._derniers: dict[tuple[str, int], tuple[int, Any]] = {}
        self._suivie = 0

    def suivre(self, connection: Connection, entrees: Sequence[Entree]) -> Iterator[Anomalie]:
        """Follow the numbers of a batch of entries; given twice, an entry counts once."""
        for entree in entrees:
            if entree.rang <= self._suivie:
                continue
            self._suivie = entree.rang
            facture = entree.contenu.get("facture", {})
            numero = str(facture.get("numero", ""))
            prefixe, annee, rang = _decouper(numero)
            connu = self._derniers.get((prefixe, annee))
            precedent = connu[0] if connu else _rang_initial(connection, prefixe, annee)
            if rang != precedent + 1:
                attendu = f"{prefixe}-{annee}-{precedent + 1:0{CHIFFRES}d}"
                detail = f"{numero} au lieu de {attendu}"
                yield Anomalie(entree.journal, entree.rang, "numero", detail)
            self._derniers[prefixe, annee] = (rang, facture.get("date_emission"))

    def conclure(self, connection: Connection) -> Iterator[Anomalie]:
        """The counters must stand where the numbers stopped."""
        series = text(
            "SELECT prefixe, annee, rang_initial, dernier_rang, derniere_date FROM serie "
            "WHERE prefixe IN ('FAC', 'AVO')"
        )
        derniers = dict(self._derniers)
        for prefixe, annee, initial, dernier, derniere in connection.execute(series):
            attendus = derniers.pop((prefixe, annee), (initial, None))
            if (dernier, brute(derniere)) != attendus:
                detail = f"la série {prefixe}-{annee} est à {dernier}, le registre à {attendus[0]}"
                yield Anomalie(Journal.FACTURES, 0, "serie", detail)
        for prefixe, annee in derniers:
            yield Anomalie(Journal.FACTURES, 0, "serie", f"la série {prefixe}-{annee} manque")


def _comparer(
    entree: Entree, partie: str, attendue: Ligne | None, lue: Ligne | None
) -> Iterator[Anomalie]:
    """Compare on the columns that were chained: later releases have more."""
    if attendue is not None and lue is not None:
        lue = {nom: lue.get(nom) for nom in attendue}
    yield from comparer(entree, partie, attendue, lue)


def _comparer_listes(
    entree: Entree, partie: str, attendues: Sequence[Ligne] | None, lues: Sequence[Ligne]
) -> Iterator[Anomalie]:
    attendues = attendues or []
    for rang in range(max(len(attendues), len(lues))):
        attendue = attendues[rang] if rang < len(attendues) else None
        lue = lues[rang] if rang < len(lues) else None
        yield from _comparer(entree, f"{partie} {rang + 1}", attendue, lue)


def _lire(
    connection: Connection, modele: Any, cle: str, ids: Sequence[str], ordre: str = "1"
) -> Iterator[Ligne]:
    """The rows of these keys, as stored: scaled integers, ISO days, hexadecimal identifiers."""
    noms = colonnes(modele)
    question = text(
        f"SELECT {', '.join(noms)} FROM {modele.__tablename__} "  # noqa: S608 (our own names)
        f"WHERE {cle} IN :ids ORDER BY {cle}, {ordre}"
    ).bindparams(bindparam("ids", expanding=True))
    for row in connection.execute(question, {"ids": list(ids)}):
        yield {
            nom: valeur if isinstance(valeur, bytes) else brute(valeur)
            for nom, valeur in zip(noms, row, strict=True)
        }


def _par_cle(lignes: Iterable[Ligne], cle: str) -> dict[str, Ligne]:
    return {str(ligne[cle]): ligne for ligne in lignes}


def _par_mere(lignes: Iterable[Ligne], cle: str) -> dict[str, list[Ligne]]:
    groupes: dict[str, list[Ligne]] = {}
    for ligne in lignes:
        groupes.setdefault(str(ligne[cle]), []).append(ligne)
    return groupes


def _rang_initial(connection: Connection, prefixe: str, annee: int) -> int:
    question = text("SELECT rang_initial FROM serie WHERE prefixe = :p AND annee = :a")
    return int(connection.scalar(question, {"p": prefixe, "a": annee}) or 0)


def _decouper(numero: str) -> tuple[str, int, int]:
    """« FAC-2026-001 » in its three parts; zeros when it is not a number of ours."""
    parties = numero.split("-")
    if len(parties) != 3 or not (parties[1].isdecimal() and parties[2].isdecimal()):
        return numero, 0, 0
    return parties[0], int(parties[1]), int(parties[2])


def _sha256(octets: bytes) -> str:
    return hashlib.sha256(octets).hexdigest()
