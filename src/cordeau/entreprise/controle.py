"""What the firm has still to say of itself for its documents to be in order."""

from dataclasses import dataclass
from datetime import date

from cordeau.entreprise.models import Entreprise
from cordeau.entreprise.states import RegimeTva


@dataclass(frozen=True, slots=True)
class Point:
    """One thing a document must say; `champ` is the field that says it."""

    fait: bool
    texte: str
    champ: str
    note: str = ""


def points_de_controle(entreprise: Entreprise, le: date) -> list[Point]:
    """Everything the law asks of the issuer of a devis or a facture, done or not."""
    return [*_identite(entreprise), *_garanties(entreprise, le), *_banque(entreprise)]


def _identite(e: Entreprise) -> list[Point]:
    """Art. L. 441-9 C. com., R. 123-237 C. com., 242 nonies A ann. II CGI."""
    points = [
        Point(bool(e.nom), "Raison sociale", "nom"),
        Point(e.adresse.est_complete, "Adresse du siège", "ligne1"),
        Point(bool(e.siren), "SIREN", "siren"),
        Point(bool(e.siret), "SIRET", "siret"),
        Point(bool(e.rcs), "Immatriculation (RCS ou RNE)", "rcs"),
        Point(
            bool(e.forme_juridique),
            "Forme juridique",
            "forme_juridique",
            "Et capital social, pour une société.",
        ),
    ]
    if e.regime_tva != RegimeTva.FRANCHISE:
        points.append(Point(bool(e.numero_tva), "Numéro de TVA", "numero_tva"))
    return points


def _garanties(e: Entreprise, le: date) -> list[Point]:
    """Art. 22-2 loi 96-603 (insurance on each devis and facture), L. 612-1 C. conso. (mediator)."""
    assuree = bool(e.assureur and e.assureur_adresse and e.assurance_zone)
    perimee = e.assurance_echeance is not None and e.assurance_echeance < le
    return [
        Point(
            assuree and not perimee,
            "Assurance décennale",
            "assurance_echeance" if assuree and perimee else "assureur",
            "L’attestation a expiré." if perimee else "Assureur, adresse et zone couverte.",
        ),
        Point(
            bool(e.mediateur),
            "Médiateur de la consommation",
            "mediateur",
            "Obligatoire avec des particuliers.",
        ),
    ]


def _banque(e: Entreprise) -> list[Point]:
    return [
        Point(bool(e.iban), "IBAN", "iban", "Sans lui, pas de code à flasher pour payer."),
    ]
