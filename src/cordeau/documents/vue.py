"""A document as its page lays it out: ready French text, nothing left to compute."""

from datetime import date
from typing import Any

from cordeau.core.pays import nommer
from cordeau.documents import formats
from cordeau.documents.formats import MOINS, date_fr, montant, taux
from cordeau.documents.modele import (
    Adresse,
    CategorieTva,
    Destinataire,
    Document,
    Emetteur,
    Genre,
    TvaDocument,
)
from cordeau.documents.montants import net_a_payer
from cordeau.documents.virement import code_virement
from cordeau.documents.vue_tableau import avec_remise, rangees

TITRES = {
    Genre.DEVIS: "Devis",
    Genre.FACTURE: "Facture",
    Genre.ACOMPTE: "Facture d’acompte",
    Genre.AVOIR: "Avoir",
}
_MOTIFS = {CategorieTva.AE: "Autoliquidation", CategorieTva.E: "TVA non applicable"}
_DERNIER = {Genre.DEVIS: "Total TTC", Genre.AVOIR: "Total de l’avoir"}

#: The mention that a withdrawal form goes with.
RETRACTATION = "RETRACTATION"

Faits = list[tuple[str, str]]


def vue(document: Document) -> dict[str, Any]:
    """Everything the template prints."""
    return {
        "genre": document.genre,
        "titre": TITRES[document.genre],
        "numero": document.numero,
        "version": f"Version {document.version}" if document.version > 1 else "",
        "projet": document.genre is not Genre.DEVIS and not document.numero,
        "date": date_fr(document.date_emission),
        "emetteur": _emetteur(document.emetteur),
        "client": _client(document.destinataire),
        "objet": document.objet,
        "lieu": _adresse(document.adresse_chantier) if document.adresse_chantier else [],
        "faits": _faits(document),
        "remises": avec_remise(document.lignes),
        "rangees": rangees(document.lignes),
        "tva": [_tva(tva) for tva in document.tva],
        "totaux": _totaux(document),
        "dernier": _dernier(document),
        "autoliquidation": _autoliquidation(document),
        "conditions": document.conditions,
        "virement": _virement(document),
        "mentions": [mention.texte for mention in document.mentions],
        "retractation": any(mention.code == RETRACTATION for mention in document.mentions),
        "attestation": document.attestation_tva,
        "empreinte": f"Empreinte : {document.empreinte}" if document.empreinte else "",
    }


def _emetteur(emetteur: Emetteur) -> dict[str, Any]:
    contacts = (emetteur.telephone, emetteur.email, emetteur.site)
    return {
        "nom": emetteur.nom,
        "adresse": _adresse(emetteur.adresse),
        "contacts": [contact for contact in contacts if contact],
        "pied": _pied(emetteur),
    }


def _pied(emetteur: Emetteur) -> list[str]:
    """Identity that the law wants on every document (art. R. 123-237 C. com.)."""
    capital = f" au capital de {formats.euros(emetteur.capital)}" if emetteur.capital else ""
    siret = emetteur.siret or emetteur.siren
    forme = f"{emetteur.forme_juridique}{capital}" if emetteur.forme_juridique else ""
    identite = (emetteur.nom, forme, ", ".join(_adresse(emetteur.adresse)))
    immatriculation = (
        emetteur.rcs,
        f"{'SIRET' if emetteur.siret else 'SIREN'} {formats.siren(siret)}" if siret else "",
        f"APE {emetteur.code_ape}" if emetteur.code_ape else "",
        f"TVA {emetteur.numero_tva}" if emetteur.numero_tva else "",
    )
    lignes = (" · ".join(filter(None, partie)) for partie in (identite, immatriculation))
    return [ligne for ligne in lignes if ligne]


def _client(destinataire: Destinataire) -> dict[str, Any]:
    siren = destinataire.siren or destinataire.siret
    identifiants = (
        f"SIREN {formats.siren(formats.compacter(siren)[:9])}" if siren else "",
        f"TVA {destinataire.numero_tva}" if destinataire.numero_tva else "",
    )
    return {
        "nom": destinataire.nom,
        "adresse": _adresse(destinataire.adresse),
        "identifiants": [identifiant for identifiant in identifiants if identifiant],
    }


def _adresse(adresse: Adresse) -> list[str]:
    pays = "" if adresse.pays.upper() in {"", "FR"} else nommer(adresse.pays)
    ville = f"{adresse.code_postal} {adresse.ville}".strip()
    return [ligne for ligne in (adresse.ligne1, adresse.ligne2, ville, pays) if ligne.strip()]


def _faits(document: Document) -> Faits:
    """Dates and references, in the order they are looked for."""
    prestation = document.date_prestation if document.genre is not Genre.DEVIS else None
    echeance = None if document.genre is Genre.AVOIR else document.date_echeance
    faits = (
        ("Valable jusqu’au", _date(document.date_validite)),
        ("Début des travaux", _date(document.date_debut_travaux)),
        ("Durée", document.duree_travaux),
        ("Échéance", _date(echeance)),
        ("Prestation", _date(prestation)),
        ("Commande", document.reference_commande),
        ("Votre référence", document.reference_acheteur),
        *(
            ("Facture liée", f"{reference.numero} du {date_fr(reference.date_emission)}")
            for reference in document.references
        ),
    )
    return [(nom, valeur) for nom, valeur in faits if valeur]


def _date(jour: date | None) -> str:
    return "" if jour is None else date_fr(jour)


def _tva(tva: TvaDocument) -> dict[str, str]:
    motif = tva.motif or _MOTIFS.get(tva.categorie, "")
    return {
        "taux": motif if tva.categorie in _MOTIFS else taux(tva.taux),
        "base": montant(tva.base_ht),
        "montant": montant(tva.montant_tva),
    }


def _totaux(document: Document) -> Faits:
    lignes: Faits = []
    if document.remise_ht:
        pourcentage = document.remise_pourcentage
        precision = f" {taux(pourcentage)}" if pourcentage else ""
        lignes += [
            ("Total des lignes HT", montant(document.total_lignes_ht)),
            (f"Remise{precision}", f"{MOINS}{montant(document.remise_ht)}"),
        ]
    lignes.append(("Total HT", montant(document.montant_ht)))
    lignes += [(f"TVA {_libelle(tva)}", montant(tva.montant_tva)) for tva in document.tva]
    if document.genre not in _DERNIER:
        lignes.append(("Total TTC", montant(document.montant_ttc)))
    if document.deja_regle:
        lignes.append(("Déjà réglé", f"{MOINS}{montant(document.deja_regle)}"))
    return lignes


def _libelle(tva: TvaDocument) -> str:
    return "(autoliquidation)" if tva.categorie is CategorieTva.AE else taux(tva.taux)


def _dernier(document: Document) -> tuple[str, str]:
    """The figure the reader looks for."""
    libelle = _DERNIER.get(document.genre, "Net à payer")
    return libelle, montant(net_a_payer(document))


def _autoliquidation(document: Document) -> str:
    """Both VAT numbers beside the word the law asks for (art. 242 nonies A ann. II CGI)."""
    if not document.autoliquidation:
        return ""
    numeros = (
        ("TVA du prestataire", document.emetteur.numero_tva),
        ("TVA du preneur", document.destinataire.numero_tva),
    )
    connus = [f"{nom} : {numero}" for nom, numero in numeros if numero]
    return " · ".join(["Autoliquidation", *connus])


def _virement(document: Document) -> dict[str, str]:
    """The account to pay, with its code to scan; empty when nothing is to be paid."""
    payable = document.genre in {Genre.FACTURE, Genre.ACOMPTE} and net_a_payer(document) > 0
    if not payable or not document.emetteur.iban:
        return {}
    bic = formats.compacter(document.emetteur.bic)
    return {
        "iban": formats.iban(document.emetteur.iban),
        "bic": bic,
        "reference": document.numero,
        "code": code_virement(document),
    }
