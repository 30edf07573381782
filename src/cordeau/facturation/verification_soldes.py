"""Whether each balance is the one its documents and règlements explain, told again in order."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, text

from cordeau.core.registre.releve import brute
from cordeau.core.registre.states import Journal
from cordeau.core.registre.verification import Anomalie
from cordeau.facturation.rules import Compte, EtatSolde, soldes_du_groupe

#: Documents read together.
LOT = 1000
_DOCUMENTS = text(
    "SELECT f.id, COALESCE(f.facture_origine_id, f.id) AS origine, f.numero, f.montant_ttc, "
    "f.date_emission, f.emise_le, f.client_id, f.date_echeance, s.client_id AS solde_client, "
    "s.date_echeance AS solde_echeance, s.regle, s.credite, s.reste, s.solde_le "
    "FROM facture f LEFT JOIN solde s ON s.facture_id = f.id WHERE f.statut = 'EMISE' "
    "ORDER BY origine, f.facture_origine_id IS NOT NULL, f.emise_le"
)
_IMPUTATIONS = text(
    "SELECT i.facture_id, i.montant, r.id, r.annule_id, r.date, r.cree_le FROM imputation i "
    "JOIN reglement r ON r.id = i.reglement_id WHERE i.facture_id IS NOT NULL"
)


@dataclass(frozen=True, slots=True)
class Fait:
    """Something that moved balances: the issue of a document, or money on it."""

    instant: str
    jour: str
    document: int
    #: None for the issue.
    montant: Decimal | None
    #: The règlement, and the one it reverses.
    reglement: str | None = None
    annule: str | None = None

    @property
    def ouvre(self) -> bool:
        """Whether it is the issue of the facture the others follow."""
        return self.document == 0 and self.montant is None


def verifier_soldes(connection: Connection) -> Iterator[Anomalie]:
    """Each balance that differs from what its facts make of it."""
    imputations: dict[str, list[Any]] = {}
    for imputation in connection.execute(_IMPUTATIONS):
        imputations.setdefault(imputation.facture_id, []).append(imputation)
    groupe: list[Any] = []
    for document in connection.execute(_DOCUMENTS).yield_per(LOT):
        if groupe and document.origine != groupe[0].origine:
            yield from _verifier_groupe(groupe, imputations)
            groupe = []
        groupe.append(document)
    if groupe:
        yield from _verifier_groupe(groupe, imputations)


def _verifier_groupe(
    groupe: Sequence[Any], imputations: Mapping[str, Sequence[Any]]
) -> Iterator[Anomalie]:
    for document, (etat, solde_le) in zip(groupe, _rejouer(groupe, imputations), strict=True):
        lu = (document.regle, document.credite, document.reste, brute(document.solde_le))
        juste = (
            lu == (etat.regle, etat.credite, etat.reste, solde_le)
            and document.solde_client == document.client_id
            and document.solde_echeance == document.date_echeance
        )
        if not juste:
            detail = f"le solde de {document.numero} ne vient pas de ses règlements"
            yield Anomalie(Journal.REGLEMENTS, 0, "solde", detail)


def _rejouer(
    groupe: Sequence[Any], imputations: Mapping[str, Sequence[Any]]
) -> list[tuple[EtatSolde, str | None]]:
    """The balance of each document and the day it was settled, fact by fact."""
    regles = [Decimal(0)] * len(groupe)
    recus: list[dict[str | None, str]] = [{} for _ in groupe]
    emis: set[int] = set()
    soldes: dict[int, tuple[EtatSolde, str | None]] = {}
    for fait in _faits(groupe, imputations):
        if fait.montant is None:
            emis.add(fait.document)
        else:
            regles[fait.document] += fait.montant
            recus[fait.document].pop(fait.annule, None)
            if fait.annule is None:
                recus[fait.document][fait.reglement] = fait.jour
        presents = sorted(emis)
        comptes = [Compte(Decimal(int(groupe[n].montant_ttc)), regles[n]) for n in presents]
        for n, etat in zip(presents, soldes_du_groupe(comptes[0], comptes[1:]), strict=True):
            depuis = soldes[n][1] if n in soldes else None
            jour = depuis or max([fait.jour, *recus[n].values()])
            soldes[n] = (etat, jour if etat.reste == 0 else None)
    return [soldes[n] for n in range(len(groupe))]


def _faits(groupe: Sequence[Any], imputations: Mapping[str, Sequence[Any]]) -> list[Fait]:
    """The facts of a group in the order they were recorded, the facture's issue first."""
    faits = []
    for n, document in enumerate(groupe):
        emission = str(brute(document.emise_le)), str(brute(document.date_emission))
        faits.append(Fait(*emission, n, None))
        faits += [
            Fait(
                str(brute(i.cree_le)),
                str(brute(i.date)),
                n,
                Decimal(int(i.montant)),
                i.id,
                i.annule_id,
            )
            for i in imputations.get(document.id, ())
        ]
    return sorted(faits, key=lambda fait: (not fait.ouvre, fait.instant))
