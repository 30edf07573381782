"""A devis as a document: what its PDF says."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from sqlalchemy.orm import Session

from cordeau.chantiers.models import Chantier
from cordeau.clients.identite import destinataire
from cordeau.clients.states import TypeClient
from cordeau.core.money import ZERO
from cordeau.core.totaux import TotalTaux, Totaux
from cordeau.devis.models import Devis
from cordeau.devis.queries import chiffrer_devis
from cordeau.devis.rules import LigneRangee
from cordeau.devis.states import UNITES
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

MOTIF_AUTOLIQUIDATION = "Autoliquidation"
TAUX_10, TAUX_55 = Decimal(10), Decimal("5.5")


def composer_document(session: Session, devis: Devis) -> modele.Document:
    """Everything the devis says today."""
    entreprise = entreprise_or_blank(session)
    en_vigueur = mentions_en_vigueur(session, devis.date_emission)
    chiffrage = chiffrer_devis(devis)
    totaux = chiffrage.totaux
    taux = {t.taux for t in totaux.par_taux}
    return modele.Document(
        genre=modele.Genre.DEVIS,
        numero=devis.numero,
        version=devis.version,
        date_emission=devis.date_emission,
        emetteur=emetteur(entreprise),
        destinataire=destinataire(devis.client),
        objet=devis.objet,
        adresse_chantier=adresse_chantier(devis.chantier),
        lignes=[ligne_document(rangee) for rangee in chiffrage.lignes],
        total_lignes_ht=totaux.lignes_ht,
        remise_ht=totaux.remise_ht,
        remise_pourcentage=devis.remise_pourcentage,
        tva=tva_document(totaux, entreprise, autoliquidation=devis.autoliquidation),
        montant_ht=totaux.montant_ht,
        montant_tva=totaux.montant_tva,
        montant_ttc=totaux.montant_ttc,
        mentions=_mentions(devis, entreprise, en_vigueur),
        conditions=devis.conditions or entreprise.conditions or "",
        autoliquidation=devis.autoliquidation,
        date_validite=devis.date_validite,
        date_debut_travaux=devis.date_debut_travaux,
        duree_travaux=devis.duree_travaux,
        attestation_tva=texte_attestation(taux, en_vigueur),
    )


def adresse_chantier(chantier: Chantier | None) -> modele.Adresse | None:
    """Where the works take place, when it is said."""
    if chantier is None or not chantier.adresse.en_ligne:
        return None
    return modele.Adresse(**chantier.adresse.en_dict())


def ligne_document(rangee: LigneRangee) -> modele.LigneDocument:
    """A computed row, as printed."""
    saisie = rangee.saisie
    chiffree = saisie.quantite is not None
    libelle, code = UNITES[saisie.unite]
    return modele.LigneDocument(
        type=modele.TypeLigne(saisie.type),
        numero=rangee.numero,
        niveau=rangee.niveau,
        designation=saisie.designation,
        description=saisie.description,
        quantite=saisie.quantite,
        unite=libelle if chiffree else "",
        code_unite=code,
        prix_unitaire_ht=saisie.prix_unitaire_ht,
        remise=saisie.remise,
        taux_tva=rangee.taux_tva,
        montant_ht=rangee.montant_ht,
    )


def tva_document(
    totaux: Totaux, entreprise: Entreprise, *, autoliquidation: bool
) -> list[modele.TvaDocument]:
    """The VAT table, with its categories (EN 16931)."""
    franchise = entreprise.regime_tva == RegimeTva.FRANCHISE
    return [
        _ligne_tva(total, autoliquidation=autoliquidation, franchise=franchise)
        for total in totaux.par_taux
    ]


def _ligne_tva(total: TotalTaux, *, autoliquidation: bool, franchise: bool) -> modele.TvaDocument:
    categorie, motif = modele.CategorieTva.S, ""
    if autoliquidation:
        categorie, motif = modele.CategorieTva.AE, MOTIF_AUTOLIQUIDATION
    elif total.taux == ZERO and franchise:
        categorie, motif = modele.CategorieTva.E, "TVA non applicable, art. 293 B du CGI"
    elif total.taux == ZERO:
        categorie = modele.CategorieTva.Z
    return modele.TvaDocument(
        categorie=categorie,
        taux=total.taux,
        base_ht=total.base_ht,
        montant_tva=total.montant_tva,
        remise_ht=total.remise_ht,
        motif=motif,
    )


def texte_attestation(
    taux: Iterable[Decimal], en_vigueur: Mapping[CodeMention, MentionLegale]
) -> str:
    """The client's certificate for reduced rates; the stricter wording covers both."""
    presents = set(taux)
    code = None
    if TAUX_55 in presents:
        code = CodeMention.ATTESTATION_55
    elif TAUX_10 in presents:
        code = CodeMention.ATTESTATION_10
    mention = None if code is None else en_vigueur.get(code)
    return mention.texte if mention else ""


def _mentions(
    devis: Devis, entreprise: Entreprise, en_vigueur: Mapping[CodeMention, MentionLegale]
) -> list[modele.Mention]:
    particulier = devis.client.type == TypeClient.PARTICULIER
    codes = mentions_emetteur(entreprise, particulier=particulier)
    codes += [CodeMention.DEVIS_GRATUIT, CodeMention.GARANTIES]
    dechets = {
        "quantite": devis.dechets_quantite,
        "gestion": devis.dechets_gestion,
        "collecte": devis.dechets_collecte,
        "cout": devis.dechets_cout,
    }
    if any(dechets.values()):
        codes.append(CodeMention.DECHETS)
    if devis.autoliquidation:
        codes.append(CodeMention.AUTOLIQUIDATION)
    if entreprise.regime_tva == RegimeTva.FRANCHISE:
        codes.append(CodeMention.FRANCHISE)
    if devis.hors_etablissement and particulier:
        codes.append(CodeMention.RETRACTATION)
    return rediger_mentions(codes, en_vigueur, valeurs_mentions(entreprise) | dechets)
