"""What the API says of a devis: its schemas, filled."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from cordeau.core.totaux import Totaux
from cordeau.devis.commands.redaction import CHAMPS_SIMPLES
from cordeau.devis.models import Devis
from cordeau.devis.rules import Chiffrage, LigneRangee, Marge
from cordeau.devis.schemas import (
    ChiffrageSchema,
    DevisSchema,
    LigneDevisSchema,
    MargeSchema,
    RemiseSchema,
    TvaSchema,
)
from cordeau.devis.states import StatutDevis

#: The unit of so many decimals.
_PAS = (Decimal(1), Decimal("0.1"), Decimal("0.01"))


def sans_zeros(valeur: Decimal | None, decimales: int = 0) -> Decimal | None:
    """`exact`, for what may be absent."""
    return None if valeur is None else exact(valeur, decimales)


def exact(valeur: Decimal, decimales: int = 0) -> Decimal:
    """A number as people write it: no trailing zero beyond `decimales`."""
    arrondie = valeur.quantize(_PAS[decimales])
    return arrondie if arrondie == valeur else valeur.normalize()


def resume(devis: Devis) -> dict[str, Any]:
    """The fields of a devis in a list."""
    return {
        "id": devis.id,
        "numero": devis.numero,
        "client": devis.client.nom,
        "client_id": devis.client_id,
        "chantier": devis.chantier.nom if devis.chantier else None,
        "chantier_id": devis.chantier_id,
        "objet": devis.objet,
        "date_emission": devis.date_emission,
        "date_validite": devis.date_validite,
        "statut": StatutDevis(devis.statut),
        "version": devis.version,
        "montant_ht": devis.montant_ht,
        "montant_tva": devis.montant_tva,
        "montant_ttc": devis.montant_ttc,
    }


def ligne_schema(rangee: LigneRangee, *, couts: bool) -> LigneDevisSchema:
    """A computed row; without `couts`, its cost is left out."""
    saisie = rangee.saisie
    cout = sans_zeros(saisie.cout_unitaire_ht, 2) if couts else None
    return LigneDevisSchema.model_construct(
        id=saisie.cle,
        type=saisie.type,
        parent_id=saisie.parent,
        numero=rangee.numero,
        designation=saisie.designation,
        description=saisie.description,
        quantite=sans_zeros(saisie.quantite),
        unite=saisie.unite,
        prix_unitaire_ht=sans_zeros(saisie.prix_unitaire_ht, 2),
        remise=exact(saisie.remise),
        taux_tva=sans_zeros(rangee.taux_tva, 2),
        cout_unitaire_ht=cout,
        montant_ht=rangee.montant_ht,
    )


def tva_schema(totaux: Totaux) -> list[TvaSchema]:
    """The VAT table."""
    return [
        TvaSchema.model_construct(
            taux=exact(t.taux, 2), base_ht=t.base_ht, montant_tva=t.montant_tva
        )
        for t in totaux.par_taux
    ]


def marge_schema(marge: Marge) -> MargeSchema:
    """A margin."""
    return MargeSchema.model_construct(
        montant=marge.montant, taux=marge.taux, lignes_sans_cout=marge.lignes_sans_cout
    )


def chiffrage_schema(chiffrage: Chiffrage, *, couts: bool) -> ChiffrageSchema:
    """What the editor shows while one types."""
    totaux = chiffrage.totaux
    lots: Mapping[str, MargeSchema] = {
        str(cle): marge_schema(marge) for cle, marge in chiffrage.marge_par_lot.items()
    }
    return ChiffrageSchema.model_construct(
        lignes=[ligne_schema(r, couts=couts) for r in chiffrage.lignes],
        remise_ht=totaux.remise_ht,
        options_ht=chiffrage.options_ht,
        montant_ht=totaux.montant_ht,
        montant_tva=totaux.montant_tva,
        montant_ttc=totaux.montant_ttc,
        tva=tva_schema(totaux),
        marge=marge_schema(chiffrage.marge) if couts else None,
        marge_par_lot=dict(lots) if couts else None,
    )


def devis_schema(
    devis: Devis, chiffrage: Chiffrage, avertissements: list[str], *, couts: bool
) -> DevisSchema:
    """A devis, whole."""
    remise = RemiseSchema.model_construct(
        pourcentage=sans_zeros(devis.remise_pourcentage), montant=devis.remise_montant
    )
    vide = devis.remise_pourcentage is None and devis.remise_montant is None
    return DevisSchema.model_construct(
        **resume(devis),
        taux_tva=exact(devis.taux_tva, 2),
        remise=None if vide else remise,
        autoliquidation=devis.autoliquidation,
        **{nom: getattr(devis, nom) for nom in CHAMPS_SIMPLES if nom != "objet"},
        lignes=[ligne_schema(r, couts=couts) for r in chiffrage.lignes],
        remise_ht=chiffrage.totaux.remise_ht,
        options_ht=chiffrage.options_ht,
        tva=tva_schema(chiffrage.totaux),
        marge=marge_schema(chiffrage.marge) if couts else None,
        avertissements=avertissements,
    )
