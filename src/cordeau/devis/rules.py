"""The arithmetic of a devis: the tree of its lines, its subtotals, its totals, its margin.

Pure: called by commands, the editor's live totals, the documents and the factures alike.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from cordeau.core.errors import Faute, SaisieError
from cordeau.core.money import CENT_POUR_CENT, ZERO, arrondir
from cordeau.core.totaux import Remise, Totaux, montant_ligne, totaliser
from cordeau.devis.states import CHIFFREES, TypeLigne, Unite

#: Beyond this a total is a slip of the finger.
TOTAL_MAX = Decimal("9999999999.99")
PROFONDEUR_MAX = 5
LIGNES_MAX = 5000


@dataclass(frozen=True, slots=True)
class LigneSaisie:
    """A row as typed; `cle` and `parent` link rows of one request."""

    cle: Hashable
    type: TypeLigne
    designation: str
    parent: Hashable | None = None
    description: str = ""
    quantite: Decimal | None = None
    unite: Unite = Unite.UNITE
    prix_unitaire_ht: Decimal | None = None
    remise: Decimal = ZERO
    #: None takes the rate of the devis.
    taux_tva: Decimal | None = None
    #: Dry cost of one unit; None when it is not known.
    cout_unitaire_ht: Decimal | None = None


@dataclass(frozen=True, slots=True)
class LigneRangee:
    """A row in its place: numbered, with its depth, its amount and its cost."""

    saisie: LigneSaisie
    numero: str
    niveau: int
    taux_tva: Decimal | None
    #: Own amount of a priced row, subtotal of a LOT or SOUS_TOTAL, None for a text.
    montant_ht: Decimal | None
    #: Known cost of a priced row that counts; None when unknown or not counted.
    cout_ht: Decimal | None


@dataclass(frozen=True, slots=True)
class Marge:
    """Margin over the rows whose cost is known; a row without cost is left out, and said so."""

    vente_ht: Decimal
    cout_ht: Decimal
    lignes_sans_cout: int

    @property
    def montant(self) -> Decimal:
        """Sale less cost, euros."""
        return self.vente_ht - self.cout_ht

    @property
    def taux(self) -> Decimal | None:
        """Margin over sale, percent; None when nothing is known."""
        if self.vente_ht == 0:
            return None
        return arrondir(self.montant * CENT_POUR_CENT / self.vente_ht)


@dataclass(frozen=True, slots=True)
class Chiffrage:
    """A devis computed."""

    lignes: tuple[LigneRangee, ...]
    totaux: Totaux
    #: Σ of the options, outside the totals.
    options_ht: Decimal
    marge: Marge
    #: Margin of each top-level LOT, by its `cle`.
    marge_par_lot: Mapping[Hashable, Marge]

    def sous(self, cles: Mapping[Hashable, Hashable]) -> "Chiffrage":
        """The same, its rows named anew: each `cle` typed, the one it takes."""
        return replace(
            self,
            lignes=tuple(_renommer(rangee, cles) for rangee in self.lignes),
            marge_par_lot={cles[cle]: marge for cle, marge in self.marge_par_lot.items()},
        )


def chiffrer(
    lignes: Sequence[LigneSaisie],
    *,
    taux_tva: Decimal,
    remise: Remise = Remise(),
    autoliquidation: bool = False,
) -> Chiffrage:
    """Compute a devis; raises `SaisieError` on a broken tree, no priced row or a huge total."""
    _check_lignes(lignes)
    rangees = _ranger(lignes, taux_tva)
    comptees = [r for r in rangees if r.saisie.type == TypeLigne.LIGNE]
    totaux = totaliser(
        [(r.taux_tva or ZERO, r.montant_ht or ZERO) for r in comptees],
        remise,
        autoliquidation=autoliquidation,
    )
    marge = _marge(comptees, totaux.remise_ht)
    _check_totaux(totaux, marge)
    return Chiffrage(
        lignes=tuple(rangees),
        totaux=totaux,
        options_ht=_somme(r for r in rangees if r.saisie.type == TypeLigne.OPTION),
        marge=marge,
        marge_par_lot={
            cle: _marge([r for r in dedans if r.saisie.type == TypeLigne.LIGNE], ZERO)
            for cle, dedans in _par_lot(rangees).items()
        },
    )


def _renommer(rangee: LigneRangee, cles: Mapping[Hashable, Hashable]) -> LigneRangee:
    saisie = rangee.saisie
    parent = None if saisie.parent is None else cles[saisie.parent]
    return LigneRangee(
        saisie=replace(saisie, cle=cles[saisie.cle], parent=parent),
        numero=rangee.numero,
        niveau=rangee.niveau,
        taux_tva=rangee.taux_tva,
        montant_ht=rangee.montant_ht,
        cout_ht=rangee.cout_ht,
    )


def _check_lignes(lignes: Sequence[LigneSaisie]) -> None:
    if not any(ligne.type == TypeLigne.LIGNE for ligne in lignes):
        raise SaisieError([Faute("lignes", "Il faut au moins une ligne chiffrée.")])
    if len(lignes) > LIGNES_MAX:
        raise SaisieError([Faute("lignes", f"{LIGNES_MAX} lignes au plus.")])
    fautes: list[Faute] = []
    vues: dict[Hashable, LigneSaisie] = {}
    for rang, ligne in enumerate(lignes):
        if ligne.cle in vues:
            fautes.append(Faute(f"lignes[{rang}].id", "Deux lignes portent le même identifiant."))
        vues[ligne.cle] = ligne
        fautes += _fautes_ligne(rang, ligne)
    for rang, ligne in enumerate(lignes):
        if ligne.parent is None:
            continue
        parent = vues.get(ligne.parent)
        if parent is None or parent.type != TypeLigne.LOT:
            fautes.append(Faute(f"lignes[{rang}].parentId", "Aucun lot n’a cet identifiant."))
    if fautes:
        raise SaisieError(fautes)


def _fautes_ligne(rang: int, ligne: LigneSaisie) -> Iterable[Faute]:
    if not ligne.designation and ligne.type != TypeLigne.SOUS_TOTAL:
        yield Faute(f"lignes[{rang}].designation", "Écrivez la désignation.")
    if ligne.type not in CHIFFREES:
        return
    if ligne.quantite is None or ligne.quantite <= 0:
        yield Faute(f"lignes[{rang}].quantite", "La quantité doit être supérieure à 0.")
    if ligne.prix_unitaire_ht is None:
        yield Faute(f"lignes[{rang}].prixUnitaireHT", "Donnez le prix unitaire, 0 s’il est offert.")
    elif ligne.prix_unitaire_ht < 0:
        yield Faute(f"lignes[{rang}].prixUnitaireHT", "Le prix ne peut pas être négatif.")


def _check_totaux(totaux: Totaux, marge: Marge) -> None:
    if totaux.lignes_ht > TOTAL_MAX:
        raise SaisieError([Faute("lignes", "Le total dépasse dix milliards d’euros.")])
    if marge.cout_ht > TOTAL_MAX:
        raise SaisieError([Faute("lignes", "Le coût total dépasse dix milliards d’euros.")])
    if totaux.remise_ht > totaux.lignes_ht:
        raise SaisieError([Faute("remise", "La remise dépasse le total des lignes.")])


def _ranger(lignes: Sequence[LigneSaisie], taux_tva: Decimal) -> list[LigneRangee]:
    """Depth first, in the order given among siblings; lots get the sum of what they hold."""
    enfants: dict[Hashable | None, list[LigneSaisie]] = {}
    for ligne in lignes:
        enfants.setdefault(ligne.parent, []).append(ligne)
    rangees, _ = _ranger_niveau(enfants, None, "", 0, taux_tva)
    if len(rangees) != len(lignes):
        raise SaisieError([Faute("lignes", "Un lot ne peut pas se contenir lui-même.")])
    return rangees


def _ranger_niveau(
    enfants: Mapping[Hashable | None, list[LigneSaisie]],
    parent: Hashable | None,
    prefixe: str,
    niveau: int,
    taux_tva: Decimal,
) -> tuple[list[LigneRangee], Decimal]:
    if niveau > PROFONDEUR_MAX:
        raise SaisieError([Faute("lignes", f"{PROFONDEUR_MAX} niveaux de lots au plus.")])
    rangees: list[LigneRangee] = []
    total = depuis_sous_total = Decimal("0.00")
    rang = 0
    for ligne in enfants.get(parent, []):
        numero = ""
        if ligne.type in CHIFFREES or ligne.type == TypeLigne.LOT:
            rang += 1
            numero = f"{prefixe}{rang}"
        if ligne.type == TypeLigne.LOT:
            dedans, montant = _ranger_niveau(enfants, ligne.cle, f"{numero}.", niveau + 1, taux_tva)
            rangee = LigneRangee(ligne, numero, niveau, None, montant, None)
            rangees += [rangee, *dedans]
        elif ligne.type == TypeLigne.SOUS_TOTAL:
            rangee = LigneRangee(ligne, "", niveau, None, depuis_sous_total, None)
            rangees.append(rangee)
            depuis_sous_total = Decimal("0.00")
            continue
        else:
            rangee = _ranger_ligne(ligne, numero, niveau, taux_tva)
            rangees.append(rangee)
        if ligne.type in (TypeLigne.LOT, TypeLigne.LIGNE):
            total += rangee.montant_ht or ZERO
            depuis_sous_total += rangee.montant_ht or ZERO
    return rangees, total


def _ranger_ligne(ligne: LigneSaisie, numero: str, niveau: int, taux_tva: Decimal) -> LigneRangee:
    if ligne.type not in CHIFFREES or ligne.quantite is None or ligne.prix_unitaire_ht is None:
        return LigneRangee(ligne, numero, niveau, None, None, None)
    montant = montant_ligne(ligne.quantite, ligne.prix_unitaire_ht, ligne.remise)
    cout = None
    if ligne.cout_unitaire_ht is not None and ligne.type == TypeLigne.LIGNE:
        cout = arrondir(ligne.quantite * ligne.cout_unitaire_ht)
    taux = taux_tva if ligne.taux_tva is None else ligne.taux_tva
    if ligne.taux_tva is None:
        ligne = replace(ligne, taux_tva=taux)
    return LigneRangee(ligne, numero, niveau, taux, montant, cout)


def _marge(lignes: Sequence[LigneRangee], remise_ht: Decimal) -> Marge:
    """Margin of rows; the global discount is borne in proportion by those whose cost is known."""
    connues = [ligne for ligne in lignes if ligne.cout_ht is not None]
    vente, total = _somme(connues), _somme(lignes)
    if remise_ht and total:
        vente -= arrondir(remise_ht * vente / total)
    return Marge(
        vente_ht=vente,
        cout_ht=sum((ligne.cout_ht or ZERO for ligne in connues), Decimal("0.00")),
        lignes_sans_cout=sum(1 for ligne in lignes if ligne.cout_ht is None and ligne.montant_ht),
    )


def _par_lot(rangees: Sequence[LigneRangee]) -> dict[Hashable, list[LigneRangee]]:
    """The rows under each top-level lot."""
    lots: dict[Hashable, list[LigneRangee]] = {}
    courant: Hashable | None = None
    for rangee in rangees:
        if rangee.niveau == 0:
            courant = rangee.saisie.cle if rangee.saisie.type == TypeLigne.LOT else None
            if courant is not None:
                lots[courant] = []
        elif courant is not None:
            lots[courant].append(rangee)
    return lots


def _somme(lignes: Iterable[LigneRangee]) -> Decimal:
    return sum((ligne.montant_ht or ZERO for ligne in lignes), Decimal("0.00"))
