"""What was recorded in a period: documents per rate, règlements per mode, and totals since ever.

A document counts on its day of issue; a règlement on the Paris day it was recorded, whatever the
day it bears: a period that is over never changes (BOI-TVA-DECLA-30-10-30, § 170 et s.).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, text

from cordeau.core.dates import PARIS, debut_du_jour, fin_du_jour
from cordeau.core.registre.releve import brute

_DOCUMENTS = text(
    "SELECT f.type, COUNT(*) AS nombre, SUM(f.montant_ttc) AS ttc FROM facture f "
    "WHERE f.statut = 'EMISE' AND f.date_emission BETWEEN :debut AND :fin GROUP BY f.type"
)
_TVA = text(
    "SELECT f.type, t.taux, SUM(t.base_ht) AS base, SUM(t.montant_tva) AS tva FROM facture f "
    "JOIN tva_facture t ON t.facture_id = f.id "
    "WHERE f.statut = 'EMISE' AND f.date_emission BETWEEN :debut AND :fin GROUP BY f.type, t.taux"
)
_REGLEMENTS = text(
    "SELECT mode, COUNT(*) AS nombre, SUM(montant) AS montant FROM reglement "
    "WHERE cree_le >= :depuis AND cree_le < :jusqua GROUP BY mode"
)
_JOURS_DOCUMENTS = text(
    "SELECT DISTINCT date_emission FROM facture WHERE statut = 'EMISE' "
    "AND date_emission > :apres AND date_emission <= :fin"
)
_JOURS_REGLEMENTS = text(
    "SELECT cree_le FROM reglement WHERE cree_le >= :depuis AND cree_le < :jusqua"
)
#: The first day anything can bear.
ORIGINE = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Mouvements:
    """Cents, avoirs taken off; rates in ten-thousandths of a percent, as the base keeps them."""

    documents: dict[str, int] = field(default_factory=dict)
    #: Rate → (base HT, VAT).
    tva: dict[int, tuple[int, int]] = field(default_factory=dict)
    #: Mode → amount; the counter-entries are in it.
    reglements: dict[str, int] = field(default_factory=dict)
    ttc: int = 0
    encaisse: int = 0

    def __add__(self, autres: "Mouvements") -> "Mouvements":
        """What two periods recorded together."""
        taux = self.tva.keys() | autres.tva.keys()
        return Mouvements(
            documents=_additionner(self.documents, autres.documents),
            tva={
                t: (
                    self.tva.get(t, (0, 0))[0] + autres.tva.get(t, (0, 0))[0],
                    self.tva.get(t, (0, 0))[1] + autres.tva.get(t, (0, 0))[1],
                )
                for t in taux
            },
            reglements=_additionner(self.reglements, autres.reglements),
            ttc=self.ttc + autres.ttc,
            encaisse=self.encaisse + autres.encaisse,
        )

    def en_contenu(self) -> dict[str, Any]:
        """As the ledger keeps it."""
        return {
            "documents": self.documents,
            "tva": [
                {"taux": taux, "base_ht": base, "montant_tva": tva}
                for taux, (base, tva) in sorted(self.tva.items())
            ],
            "reglements": self.reglements,
            "montant_ttc": self.ttc,
            "montant_encaisse": self.encaisse,
        }


def lire_mouvements(connection: Connection, debut: date, fin: date) -> Mouvements:
    """Everything recorded from one day to another, both included."""
    jours = {"debut": debut.isoformat(), "fin": fin.isoformat()}
    documents = connection.execute(_DOCUMENTS, jours).all()
    reglements = connection.execute(_REGLEMENTS, _instants(debut, fin)).all()
    return Mouvements(
        documents={genre: int(nombre) for genre, nombre, _ in documents},
        tva=_par_taux(connection.execute(_TVA, jours)),
        reglements={mode: int(montant) for mode, _, montant in reglements},
        ttc=sum(_signe(genre) * int(ttc) for genre, _, ttc in documents),
        encaisse=sum(int(montant) for _, _, montant in reglements),
    )


def jours_mouvementes(connection: Connection, apres: date, fin: date) -> list[date]:
    """The days after one and up to another on which anything was recorded."""
    demande = {"apres": apres.isoformat(), "fin": fin.isoformat()}
    emis = connection.scalars(_JOURS_DOCUMENTS, demande)
    jours = {date.fromisoformat(str(brute(jour))) for jour in emis}
    lendemain = apres + timedelta(days=1)
    for instant in connection.scalars(_JOURS_REGLEMENTS, _instants(lendemain, fin)):
        lu = datetime.fromisoformat(str(brute(instant))).replace(tzinfo=UTC)
        jours.add(lu.astimezone(PARIS).date())
    return sorted(jours)


def _additionner(uns: Mapping[str, int], autres: Mapping[str, int]) -> dict[str, int]:
    return {cle: uns.get(cle, 0) + autres.get(cle, 0) for cle in uns.keys() | autres.keys()}


def _par_taux(rows: Iterable[Any]) -> dict[int, tuple[int, int]]:
    taux: dict[int, tuple[int, int]] = {}
    for row in rows:
        base, tva = taux.get(int(row.taux), (0, 0))
        signe = _signe(row.type)
        taux[int(row.taux)] = (base + signe * int(row.base), tva + signe * int(row.tva))
    return taux


def _signe(genre: str) -> int:
    return -1 if genre == "AVOIR" else 1


def _instants(debut: date, fin: date) -> dict[str, str]:
    """The bounds of Paris days, as the base writes instants."""
    bornes = {"depuis": debut_du_jour(debut), "jusqua": fin_du_jour(fin)}
    return {nom: str(brute(instant.replace(tzinfo=None))) for nom, instant in bornes.items()}
