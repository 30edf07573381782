"""A facture as a document: what its PDF and its e-invoice say."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from cordeau.clients.identite import destinataire
from cordeau.clients.states import TypeClient
from cordeau.core.money import ZERO
from cordeau.core.totaux import TotalTaux, Totaux
from cordeau.devis.document import adresse_chantier, texte_attestation, tva_document
from cordeau.devis.states import UNITES, Unite
from cordeau.documents import modele
from cordeau.entreprise.identite import (
    emetteur,
    mentions_emetteur,
    rediger_mentions,
    valeurs_mentions,
)
from cordeau.entreprise.mentions import CodeMention, MentionLegale
from cordeau.entreprise.models import Entreprise
from cordeau.entreprise.queries import entreprise_or_blank, mentions_en_vigueur
from cordeau.entreprise.states import RegimeTva
from cordeau.facturation.models import Facture, LigneFacture
from cordeau.facturation.queries import est_acompte, get_facture
from cordeau.facturation.states import TypeFacture, TypeLigneFacture

#: UNTDID 1001 (BT-3).
CODES_TYPE: Mapping[tuple[TypeFacture, bool], str] = {
    (TypeFacture.FACTURE, False): "380",
    (TypeFacture.ACOMPTE, True): "386",
    (TypeFacture.AVOIR, False): "381",
    (TypeFacture.AVOIR, True): "503",
}
#: What a late payment costs, by kind of client.
RETARD: Mapping[TypeClient, tuple[CodeMention, ...]] = {
    TypeClient.PARTICULIER: (CodeMention.PENALITES_PARTICULIER,),
    TypeClient.PROFESSIONNEL: (CodeMention.PENALITES, CodeMention.INDEMNITE_40),
    TypeClient.PUBLIC: (CodeMention.PENALITES_PUBLIC, CodeMention.INDEMNITE_40),
}


def composer_document(
    session: Session, facture: Facture, entreprise: Entreprise, le: date
) -> modele.Document:
    """Everything the document says; `le` is its date while it has none."""
    emission = facture.date_emission or le
    en_vigueur = mentions_en_vigueur(session, emission)
    return modele.Document(
        genre=modele.Genre(facture.type),
        numero=facture.numero or "",
        date_emission=emission,
        emetteur=emetteur(entreprise),
        destinataire=destinataire(facture.client),
        objet=facture.objet or "",
        adresse_chantier=adresse_chantier(facture.chantier),
        lignes=[_ligne(ligne) for ligne in facture.lignes],
        mentions=_mentions(facture, entreprise, en_vigueur),
        conditions=facture.conditions or entreprise.conditions or "",
        attestation_tva=texte_attestation({t.taux for t in facture.tva}, en_vigueur),
        references=_references(session, facture),
        **_montants(facture, entreprise),
        **_champs_facture(facture, entreprise),
    )


def _montants(facture: Facture, entreprise: Entreprise) -> dict[str, Any]:
    """The totals, as the rules wrote them."""
    return {
        "total_lignes_ht": facture.lignes_ht,
        "remise_ht": facture.remise_ht,
        "remise_pourcentage": facture.remise_pourcentage,
        "tva": tva_document(_totaux(facture), entreprise, autoliquidation=facture.autoliquidation),
        "montant_ht": facture.montant_ht,
        "montant_tva": facture.montant_tva,
        "montant_ttc": facture.montant_ttc,
        "autoliquidation": facture.autoliquidation,
    }


def _champs_facture(facture: Facture, entreprise: Entreprise) -> dict[str, Any]:
    """What a facture says and a devis does not."""
    devis = facture.devis.numero if facture.devis else ""
    return {
        "date_echeance": facture.date_echeance,
        "code_type": CODES_TYPE[TypeFacture(facture.type), est_acompte(facture)],
        "cadre": _cadre(facture),
        "tva_debits": entreprise.regime_tva == RegimeTva.DEBITS,
        "bar": _bar(facture),
        "date_prestation": facture.date_prestation,
        "reference_commande": facture.reference_commande or devis,
        "reference_acheteur": facture.reference_acheteur or "",
    }


def lire_document(session: Session, facture: Facture, le: date) -> modele.Document:
    """What was issued, word for word; for a draft, what it would say today."""
    if facture.contenu is not None:
        return modele.Document.model_validate_json(facture.contenu)
    return composer_document(session, facture, entreprise_or_blank(session), le)


def _ligne(ligne: LigneFacture) -> modele.LigneDocument:
    chiffree = ligne.type in (TypeLigneFacture.LIGNE, TypeLigneFacture.DEDUCTION)
    libelle, code = UNITES[Unite(ligne.unite)]
    return modele.LigneDocument(
        type=modele.TypeLigne(ligne.type),
        numero=ligne.numero,
        niveau=ligne.niveau,
        designation=ligne.designation,
        description=ligne.description,
        quantite=ligne.quantite if chiffree else None,
        unite=libelle if chiffree else "",
        code_unite=code,
        prix_unitaire_ht=ligne.prix_unitaire_ht if chiffree else None,
        remise=ligne.remise,
        taux_tva=ligne.taux_tva if chiffree else None,
        montant_ht=ligne.montant_ht,
    )


def _totaux(facture: Facture) -> Totaux:
    return Totaux(
        lignes_ht=facture.lignes_ht,
        remise_ht=facture.remise_ht,
        montant_ht=facture.montant_ht,
        montant_tva=facture.montant_tva,
        montant_ttc=facture.montant_ttc,
        par_taux=tuple(
            TotalTaux(t.taux, t.lignes_ht, t.remise_ht, t.base_ht, t.montant_tva)
            for t in facture.tva
        ),
    )


def _cadre(facture: Facture) -> str:
    """« Cadre de facturation » (BT-23): subcontracting, final after acompte, or plain services."""
    if facture.autoliquidation:
        return "S5"
    deduit = any(ligne.type == TypeLigneFacture.DEDUCTION for ligne in facture.lignes)
    return "S4" if deduit and facture.type == TypeFacture.FACTURE else "S1"


def _bar(facture: Facture) -> str:
    """Which e-invoicing flow the client belongs to (note BAR)."""
    client = facture.client
    if client.type == TypeClient.PARTICULIER:
        return "B2C"
    if client.adresse.pays != "FR":
        return "B2BINT"
    return "B2B" if client.siren else "OUTOFSCOPE"


def _references(session: Session, facture: Facture) -> list[modele.Reference]:
    """The facture an avoir corrects, the acomptes a facture takes back."""
    acomptes = dict.fromkeys(li.acompte_id for li in facture.lignes if li.acompte_id)
    precedents = [facture.origine] if facture.origine is not None else []
    precedents += [get_facture(session, acompte_id) for acompte_id in acomptes]
    return [
        modele.Reference(numero=p.numero, date_emission=p.date_emission)
        for p in precedents
        if p.numero and p.date_emission
    ]


def _mentions(
    facture: Facture, entreprise: Entreprise, en_vigueur: Mapping[CodeMention, MentionLegale]
) -> list[modele.Mention]:
    client = TypeClient(facture.client.type)
    codes = mentions_emetteur(entreprise, particulier=client == TypeClient.PARTICULIER)
    codes += [CodeMention.NATURE, CodeMention.ESCOMPTE, *RETARD[client]]
    if facture.autoliquidation:
        codes.append(CodeMention.AUTOLIQUIDATION)
    if entreprise.regime_tva == RegimeTva.FRANCHISE:
        codes.append(CodeMention.FRANCHISE)
    elif entreprise.regime_tva == RegimeTva.DEBITS and facture.montant_tva != ZERO:
        codes.append(CodeMention.TVA_DEBITS)
    return rediger_mentions(codes, en_vigueur, valeurs_mentions(entreprise))
