"""The file JD Edwards reads, profile « simple »: one row per issued document, avoirs below zero."""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cordeau.facturation.states import StatutPaiement, TypeFacture

#: The header for ever: programs read these columns by name and by rank.
ENTETE = (
    "REFERENCE",
    "CLIENT",
    "MONTANT",
    "DATE_EMISSION",
    "DATE_PAIEMENT",
    "CODE_JDE",
    "MONTANT_HT",
    "MONTANT_TVA",
    "MONTANT_TTC",
    "STATUT_PAIEMENT",
    "TYPE",
)
_SEPARATEURS = re.compile(r"[;\s]+")


@dataclass(frozen=True, slots=True)
class LigneJde:
    """An issued document as the accounting sees it; its amounts carry the sign of an avoir."""

    reference: str
    client: str
    date_emission: date
    #: Day it was settled, none while anything remains.
    date_paiement: date | None
    code_jde: str
    montant_ht: Decimal
    montant_tva: Decimal
    montant_ttc: Decimal
    statut_paiement: StatutPaiement
    type: TypeFacture

    @property
    def montant(self) -> Decimal:
        """The amount of the first form of the file: TTC."""
        return self.montant_ttc


@dataclass(frozen=True, slots=True)
class TotauxJde:
    """What a file adds up to."""

    nombre: int
    montant_ht: Decimal
    montant_tva: Decimal
    montant_ttc: Decimal


def totaliser_jde(lignes: Iterable[LigneJde]) -> TotauxJde:
    """Σ of the rows, avoirs taken off."""
    nombre, ht, tva, ttc = 0, Decimal("0.00"), Decimal("0.00"), Decimal("0.00")
    for ligne in lignes:
        nombre += 1
        ht += ligne.montant_ht
        tva += ligne.montant_tva
        ttc += ligne.montant_ttc
    return TotauxJde(nombre, ht, tva, ttc)


def ecrire_csv(lignes: Iterable[LigneJde]) -> bytes:
    """The file: UTF-8, semicolons, decimal points, days as `AAAAMMJJ`."""
    texte = io.StringIO()
    sortie = csv.writer(texte, delimiter=";", lineterminator="\r\n")
    sortie.writerow(ENTETE)
    sortie.writerows(_cellules(ligne) for ligne in lignes)
    return texte.getvalue().encode()


def _cellules(ligne: LigneJde) -> tuple[str, ...]:
    return (
        _texte(ligne.reference),
        _texte(ligne.client),
        _montant(ligne.montant),
        _jour(ligne.date_emission),
        _jour(ligne.date_paiement),
        _texte(ligne.code_jde),
        _montant(ligne.montant_ht),
        _montant(ligne.montant_tva),
        _montant(ligne.montant_ttc),
        ligne.statut_paiement.value,
        ligne.type.value,
    )


def _texte(texte: str) -> str:
    """A text on one line, without what separates cells: programs split rows naively."""
    return _SEPARATEURS.sub(" ", texte).strip()


def _montant(montant: Decimal) -> str:
    return format(montant, ".2f")


def _jour(jour: date | None) -> str:
    return "" if jour is None else f"{jour:%Y%m%d}"
