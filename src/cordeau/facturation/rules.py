"""How an accepted devis is billed: parts, acomptes, deductions, avoirs, exact to the cent.

Amounts are computed from cumulated quantities and bases, less what was billed before, so that
whatever the parts, together they equal the whole: each line, each rate, the VAT and the total.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from cordeau.core.money import CENT_POUR_CENT, ZERO, arrondir, pourcentage, repartir
from cordeau.core.totaux import montant_ligne

ZERO_CENT = Decimal("0.00")
PAS_QUANTITE = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class LigneAFacturer:
    """A row that can be billed (of a devis) or credited (of a facture), and its whole amount."""

    cle: Hashable
    quantite: Decimal
    prix_unitaire_ht: Decimal
    remise: Decimal
    taux_tva: Decimal
    montant_ht: Decimal


@dataclass(frozen=True, slots=True)
class Part:
    """A quantity and its amount, of a row."""

    quantite: Decimal
    montant_ht: Decimal


RIEN = Part(ZERO, ZERO_CENT)


@dataclass(slots=True)
class EtatFacturation:
    """What documents already say of a devis (or of a facture being credited)."""

    #: Per row: billed so far.
    parts: dict[Hashable, Part] = field(default_factory=dict)
    #: Per rate: Σ rows billed, discount borne (drafts counted).
    lignes_ht: dict[Decimal, Decimal] = field(default_factory=dict)
    remise_ht: dict[Decimal, Decimal] = field(default_factory=dict)
    #: Per rate, issued documents only, everything included: what VAT was taken on, and the VAT.
    base_emise: dict[Decimal, Decimal] = field(default_factory=dict)
    tva_emise: dict[Decimal, Decimal] = field(default_factory=dict)
    #: Per issued acompte, per rate: what is still to take back, oldest acompte first.
    acomptes: dict[Hashable, dict[Decimal, Decimal]] = field(default_factory=dict)
    #: Per rate: acomptes still drafts.
    acomptes_brouillon: dict[Decimal, Decimal] = field(default_factory=dict)

    def part(self, cle: Hashable) -> Part:
        """What is billed of a row."""
        return self.parts.get(cle, RIEN)

    def a_deduire(self, taux: Decimal) -> Decimal:
        """Issued acomptes still to take back at a rate."""
        return sum((a.get(taux, ZERO) for a in self.acomptes.values()), ZERO_CENT)


def reste_a_facturer(ligne: LigneAFacturer, deja: Part) -> Part:
    """What remains of a row."""
    return Part(ligne.quantite - deja.quantite, ligne.montant_ht - deja.montant_ht)


def part_en_quantite(ligne: LigneAFacturer, deja: Part, quantite: Decimal) -> Part:
    """This quantity of a row: the amount of the cumulated quantity less what was billed."""
    cumul = deja.quantite + quantite  # an avoir in between may leave a cent too much: never below
    if cumul == ligne.quantite:
        return Part(quantite, ligne.montant_ht - deja.montant_ht)
    montant = montant_ligne(cumul, ligne.prix_unitaire_ht, ligne.remise)
    return Part(quantite, max(min(montant, ligne.montant_ht) - deja.montant_ht, ZERO_CENT))


def quantite_en_pourcentage(ligne: LigneAFacturer, deja: Part, taux: Decimal) -> Decimal:
    """`taux` percent of the whole quantity, at four decimals, forgiving one last step."""
    quantite = (ligne.quantite * taux / CENT_POUR_CENT).quantize(PAS_QUANTITE, ROUND_HALF_UP)
    reste = ligne.quantite - deja.quantite
    return reste if ZERO < quantite - reste <= PAS_QUANTITE else quantite


def part_de_remise(
    remise_totale: Decimal, total: Decimal, cumul: Decimal, deja: Decimal
) -> Decimal:
    """This document's share of the global discount at a rate, in proportion of what is billed."""
    if total in (cumul, ZERO):
        return remise_totale - deja
    return arrondir(remise_totale * cumul / total) - deja


def tva_cumulee(taux: Decimal, base: Decimal, etat: EtatFacturation) -> Decimal:
    """VAT of a document: that of all issued so far with it, less what they already carry.

    So the VAT of the parts is the VAT of the whole; it may differ from base × rate by a cent,
    within the tolerance of EN 16931 (BR-CO-17).
    """
    cumul = etat.base_emise.get(taux, ZERO) + base
    return pourcentage(cumul, taux) - etat.tva_emise.get(taux, ZERO)


def repartir_acompte(
    montant_ht: Decimal, bases: Mapping[Decimal, Decimal]
) -> dict[Decimal, Decimal]:
    """An acompte split over the rates of the works (VAT due at those, art. 269 CGI)."""
    parts = repartir(montant_ht, list(bases.values()))
    return {taux: part for taux, part in zip(bases, parts, strict=True) if part}


@dataclass(frozen=True, slots=True)
class Deduction:
    """Part of an acompte taken back at a rate."""

    acompte: Hashable
    taux_tva: Decimal
    montant_ht: Decimal


def deductions(
    etat: EtatFacturation,
    facture: Mapping[Decimal, Decimal],
    reste: Mapping[Decimal, Decimal],
) -> list[Deduction]:
    """What a facture takes back: all that later factures could not, so all of it at the end.

    `facture` is its base per rate, `reste` what was left to bill per rate before it.
    """
    trouvees: list[Deduction] = []
    for taux, base in facture.items():
        a_reprendre = etat.a_deduire(taux) - (reste[taux] - base)
        for acompte, soldes in etat.acomptes.items():
            pris = min(a_reprendre, soldes.get(taux, ZERO))
            if pris > ZERO:
                trouvees.append(Deduction(acompte, taux, pris))
                a_reprendre -= pris
    return trouvees


def sommes(montants: Iterable[tuple[Decimal, Decimal]]) -> dict[Decimal, Decimal]:
    """Σ per rate of (rate, amount) pairs, highest rate first."""
    total: dict[Decimal, Decimal] = {}
    for taux, montant in montants:
        total[taux] = total.get(taux, ZERO_CENT) + montant
    return dict(sorted(total.items(), reverse=True))


def tva_avoir(
    taux: Decimal, base: Decimal, deja: tuple[Decimal, Decimal], origine: tuple[Decimal, Decimal]
) -> Decimal:
    """VAT of an avoir at a rate; (base, VAT) pairs of earlier avoirs and of the facture.

    When everything is credited, the VAT is exactly what is left of the facture's.
    """
    base_deja, tva_deja = deja
    base_origine, tva_origine = origine
    if base_deja + base == base_origine:
        return tva_origine - tva_deja
    return min(pourcentage(base_deja + base, taux), tva_origine) - tva_deja


def repartir_paiement(montant: Decimal, dus: Sequence[Decimal]) -> list[Decimal]:
    """What each due takes of a payment, in their order: the first ones are settled whole.

    What exceeds all of them is left out (art. 1342-10 C. civ.: the oldest debt first).
    """
    parts = []
    for du in dus:
        part = min(montant, du)
        parts.append(part)
        montant -= part
    return parts


@dataclass(frozen=True, slots=True)
class Compte:
    """An issued document and what règlements paid of it (gave back, for an avoir)."""

    montant_ttc: Decimal
    regle: Decimal


@dataclass(frozen=True, slots=True)
class EtatSolde:
    """The balance of a document: paid, credited or set against, still due (or to refund)."""

    regle: Decimal
    credite: Decimal
    reste: Decimal


def soldes_du_groupe(origine: Compte, avoirs: Sequence[Compte]) -> list[EtatSolde]:
    """The balances of a facture, then of its avoirs in the order of issue.

    The avoirs first reduce what is due; what exceeds it is to refund, on the latest avoir first.
    """
    credit = sum((avoir.montant_ttc for avoir in avoirs), ZERO_CENT)
    rembourse = sum((avoir.regle for avoir in avoirs), ZERO_CENT)
    net = origine.montant_ttc - origine.regle - credit + rembourse
    a_rendre = max(-net, ZERO_CENT)
    etats = []
    for avoir in reversed(avoirs):
        reste = min(a_rendre, avoir.montant_ttc - avoir.regle)
        a_rendre -= reste
        etats.append(EtatSolde(avoir.regle, avoir.montant_ttc - avoir.regle - reste, reste))
    etats.append(EtatSolde(origine.regle, credit, max(net, ZERO_CENT)))
    return etats[::-1]


def sous_totaux(lignes: Sequence[tuple[str, int, Decimal | None]]) -> list[Decimal | None]:
    """Amounts of rows in order, given as (type, depth, own amount): lots get what they hold."""
    montants = [montant for _, _, montant in lignes]
    for rang, (genre, niveau, _) in enumerate(lignes):
        if genre != "LOT":
            continue
        total = ZERO_CENT
        for autre_genre, autre_niveau, montant in lignes[rang + 1 :]:
            if autre_niveau <= niveau:
                break
            if autre_genre == "LIGNE":
                total += montant or ZERO
        montants[rang] = total
    return montants
