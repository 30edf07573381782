"""What a document lacks to be issued: the law's mentions and the e-invoice's fields.

Sources: art. L. 441-9 C. com. and 242 nonies A ann. II CGI (parties), décret 2022-1299 (SIREN of
the client), BR-FR rules of the French CTC (rates), art. 279-0 bis and 278-0 bis A CGI
(certificate).
"""

from collections.abc import Iterable
from datetime import date

from cordeau.clients.states import TypeClient
from cordeau.core.errors import Faute
from cordeau.entreprise.models import Entreprise
from cordeau.entreprise.states import RegimeTva
from cordeau.entreprise.taux import TAUX_AVEC_ATTESTATION, TAUX_FACTURE_ELECTRONIQUE
from cordeau.facturation.models import Facture
from cordeau.facturation.states import TypeLigneFacture

#: Rows that make the lines of the e-invoice, which needs one (EN 16931 BR-16, BR-FR-DEC-03).
FACTUREES = (TypeLigneFacture.LIGNE, TypeLigneFacture.DEDUCTION)


def manques(facture: Facture, entreprise: Entreprise, le: date) -> list[Faute]:
    """Everything missing at once to issue on this day; `champ` says where to mend it."""
    return [
        *_manques_entreprise(entreprise),
        *_manques_client(facture),
        *_manques_facture(facture, le),
        *_tva_de_trop(facture, entreprise),
    ]


def _manques_entreprise(entreprise: Entreprise) -> Iterable[Faute]:
    if not entreprise.nom:
        yield Faute("entreprise.nom", "Le nom de l’entreprise.")
    if not entreprise.siren:
        yield Faute("entreprise.siren", "Le SIREN de l’entreprise.")
    if not entreprise.adresse.est_complete:
        yield Faute("entreprise.adresse", "L’adresse de l’entreprise.")
    if not entreprise.numero_tva and entreprise.regime_tva != RegimeTva.FRANCHISE:
        yield Faute("entreprise.numeroTva", "Le numéro de TVA de l’entreprise.")


def _manques_client(facture: Facture) -> Iterable[Faute]:
    client = facture.client
    if not client.adresse.est_complete:
        yield Faute("client.adresse", f"L’adresse de {client.nom}.")
    francais = client.adresse.pays == "FR"
    if client.type == TypeClient.PROFESSIONNEL and francais and not client.siren:
        yield Faute("client.siren", f"Le SIREN de {client.nom}, client professionnel.")
    if facture.autoliquidation and not (client.numero_tva or client.siren):
        yield Faute(
            "client.numeroTva",
            f"Le numéro de TVA ou le SIREN de {client.nom}, pour l’autoliquidation.",
        )


def _manques_facture(facture: Facture, le: date) -> Iterable[Faute]:
    if not any(ligne.type in FACTUREES and ligne.prix_unitaire_ht for ligne in facture.lignes):
        yield Faute("lignes", "Au moins une ligne dont le prix n’est pas nul.")
    echeance = facture.date_echeance
    if echeance is not None and echeance < le:
        yield Faute("dateEcheance", f"L’échéance du {echeance:%d/%m/%Y} est passée : corrigez-la.")
    taux = {ligne.taux for ligne in facture.tva}
    for inconnu in sorted(taux - TAUX_FACTURE_ELECTRONIQUE):
        yield Faute(
            "tauxTVA",
            f"Le taux de TVA {inconnu.normalize():f} % n’existe pas en France.".replace(
                ".", ",", 1
            ),
        )
    if taux & TAUX_AVEC_ATTESTATION and not est_attestee(facture):
        yield Faute(
            "attestationSignee", "L’attestation du client pour la TVA à 10 % ou 5,5 %, signée."
        )


def _tva_de_trop(facture: Facture, entreprise: Entreprise) -> Iterable[Faute]:
    """Whoever writes VAT on an invoice owes it, even under the franchise (art. 283-3 CGI)."""
    if entreprise.regime_tva == RegimeTva.FRANCHISE and any(t.montant_tva for t in facture.tva):
        yield Faute(
            "tauxTVA",
            "Des lignes sans TVA : l’entreprise est en franchise en base (art. 293 B du CGI).",
        )


def est_attestee(facture: Facture) -> bool:
    """Whether the client certified, on the document or on the devis it bills, even since."""
    return facture.attestation_signee or (
        facture.devis is not None and facture.devis.attestation_signee
    )
