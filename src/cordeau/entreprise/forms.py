"""What the forms of the settings send, kept as typed until it is accepted."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, Field

from cordeau.core.errors import DomainError
from cordeau.entreprise.mentions import MentionLegale
from cordeau.entreprise.models import Entreprise, Mention
from cordeau.web.formats import saisie
from cordeau.web.formulaires import messages_par_champ
from cordeau.web.schemas import JourSaisi, Ligne, Paragraphe, Schema

#: Fields whose name in the forms is not the API's.
CHAMPS: Mapping[str, str] = {
    "formeJuridique": "forme_juridique",
    "numeroTva": "numero_tva",
    "codeApe": "code_ape",
    "assureurAdresse": "assureur_adresse",
    "assurancePolice": "assurance_police",
    "assuranceZone": "assurance_zone",
    "assuranceEcheance": "assurance_echeance",
    "mediateurSite": "mediateur_site",
    "regimeTva": "regime_tva",
    "tauxTVADefaut": "taux_tva_defaut",
    "delaiPaiement": "delai_paiement",
    "dureeValidite": "duree_validite",
    "courrielAncres": "courriel_ancres",
    "adresse.ligne1": "ligne1",
    "adresse.ligne2": "ligne2",
    "adresse.codePostal": "code_postal",
    "adresse.ville": "ville",
    "adresse.pays": "pays",
    "valableDu": "valable_du",
    "referenceLegale": "reference_legale",
}

#: What each field is called on the page, in its order.
LIBELLES: Mapping[str, str] = {
    "nom": "Raison sociale",
    "forme_juridique": "Forme juridique",
    "capital": "Capital social",
    "siren": "SIREN",
    "siret": "SIRET",
    "numero_tva": "Numéro de TVA",
    "rcs": "Immatriculation",
    "code_ape": "Code APE",
    "ligne1": "Adresse",
    "ligne2": "Complément d’adresse",
    "code_postal": "Code postal",
    "ville": "Ville",
    "pays": "Pays",
    "telephone": "Téléphone",
    "email": "Adresse de courriel",
    "site": "Site",
    "assureur": "Assureur",
    "assureur_adresse": "Adresse de l’assureur",
    "assurance_police": "Numéro de contrat",
    "assurance_zone": "Zone couverte",
    "assurance_echeance": "Fin de l’attestation",
    "mediateur": "Médiateur",
    "mediateur_site": "Site du médiateur",
    "iban": "IBAN",
    "bic": "BIC",
    "regime_tva": "Exigibilité de la TVA",
    "taux_tva_defaut": "Taux de TVA proposé",
    "delai_paiement": "Délai de paiement",
    "duree_validite": "Validité d’un devis",
    "conditions": "Conditions de règlement",
}

#: What the form holds and the API has elsewhere.
PAS_DE_L_ENTREPRISE = {"ligne1", "ligne2", "code_postal", "ville", "pays", "revision"}


class EntrepriseForm(BaseModel):
    """The fields of `/parametres/entreprise`."""

    nom: str = ""
    forme_juridique: str = ""
    capital: str = ""
    siren: str = ""
    siret: str = ""
    numero_tva: str = ""
    rcs: str = ""
    code_ape: str = ""
    ligne1: str = ""
    ligne2: str = ""
    code_postal: str = ""
    ville: str = ""
    pays: str = "FR"
    telephone: str = ""
    email: str = ""
    site: str = ""
    assureur: str = ""
    assureur_adresse: str = ""
    assurance_police: str = ""
    assurance_zone: str = ""
    assurance_echeance: str = ""
    mediateur: str = ""
    mediateur_site: str = ""
    iban: str = ""
    bic: str = ""
    regime_tva: str = ""
    taux_tva_defaut: str = ""
    delai_paiement: str = ""
    duree_validite: str = ""
    conditions: str = ""
    courriel_ancres: str = ""
    #: The revision that was read: refuses to overwrite somebody else's change.
    revision: str = ""

    def donnees(self) -> dict[str, Any]:
        """The same, as the API reads it."""
        adresse = {
            "ligne1": self.ligne1,
            "ligne2": self.ligne2,
            "codePostal": self.code_postal,
            "ville": self.ville,
            "pays": self.pays.strip().upper() or "FR",
        }
        return {"adresse": adresse, **self.model_dump(exclude=PAS_DE_L_ENTREPRISE)}

    @classmethod
    def lire(cls, entreprise: Entreprise) -> "EntrepriseForm":
        """The form of the firm."""
        adresse = entreprise.adresse.en_dict()
        noms = cls.model_fields.keys() - adresse.keys()
        return cls(**{nom: saisie(getattr(entreprise, nom)) for nom in noms}, **adresse)


class NumerotationForm(BaseModel):
    """The fields of `/parametres/numerotation`."""

    prefixe: str = ""
    annee: str = ""
    premier: str = ""


class NumerotationSaisie(Schema):
    """A first number, checked."""

    prefixe: Annotated[str, Field(pattern="^(DEV|FAC|AVO)$")]
    annee: Annotated[int, Field(ge=2000, le=2199)]
    premier: Annotated[int, Field(ge=1, le=999_999_999)]


class MentionForm(BaseModel):
    """The fields of a new wording."""

    texte: str = ""
    reference_legale: str = ""
    valable_du: str = ""

    @classmethod
    def lire(cls, mention: Mention | MentionLegale) -> "MentionForm":
        """The form of a wording that follows this one."""
        return cls(texte=mention.texte, reference_legale=mention.reference_legale)


class MentionSaisie(Schema):
    """A wording, checked."""

    texte: Paragraphe
    reference_legale: Ligne = ""
    valable_du: JourSaisi


def erreurs_de(refus: DomainError) -> dict[str, str]:
    """What was refused, by field of these forms."""
    return messages_par_champ(refus, CHAMPS)
