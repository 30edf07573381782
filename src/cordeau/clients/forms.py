"""What the forms of clients send, kept as typed until it is accepted."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from cordeau.clients.models import Client, Contact, Site
from cordeau.core.errors import DomainError
from cordeau.web.conflits import marque
from cordeau.web.formats import saisie
from cordeau.web.formulaires import messages_par_champ

#: Fields whose name in the form is not the API's.
CHAMPS: Mapping[str, str] = {
    "numeroTva": "numero_tva",
    "codeJde": "code_jde",
    "delaiPaiement": "delai_paiement",
    "soldeOuverture": "solde_ouverture",
    "soldeOuvertureLe": "solde_ouverture_le",
    "adresse.ligne1": "ligne1",
    "adresse.ligne2": "ligne2",
    "adresse.codePostal": "code_postal",
    "adresse.ville": "ville",
    "adresse.pays": "pays",
}


LIBELLES_ADRESSE: Mapping[str, str] = {
    "ligne1": "Adresse",
    "ligne2": "Complément",
    "code_postal": "Code postal",
    "ville": "Ville",
    "pays": "Pays",
}
#: What each field is called on its page, in its order.
LIBELLES: Mapping[str, str] = {
    "nom": "Nom ou raison sociale",
    "type": "Type",
    "email": "Adresse de courriel",
    "telephone": "Téléphone",
    **LIBELLES_ADRESSE,
    "siren": "SIREN",
    "siret": "SIRET",
    "numero_tva": "Numéro de TVA",
    "delai_paiement": "Délai de paiement",
    "code_jde": "Code JD Edwards",
    "solde_ouverture": "Solde d’ouverture",
    "solde_ouverture_le": "Date de ce solde",
    "notes": "Notes",
}
LIBELLES_CONTACT: Mapping[str, str] = {
    "nom": "Prénom et nom",
    "fonction": "Fonction",
    "email": "Adresse de courriel",
    "telephone": "Téléphone",
}
LIBELLES_SITE: Mapping[str, str] = {"nom": "Nom du lieu", **LIBELLES_ADRESSE}


class AdresseForm(BaseModel):
    """The five fields of an address."""

    ligne1: str = ""
    ligne2: str = ""
    code_postal: str = ""
    ville: str = ""
    pays: str = "FR"

    def adresse(self) -> dict[str, str]:
        """The same, under the names of the API."""
        return {
            "ligne1": self.ligne1,
            "ligne2": self.ligne2,
            "codePostal": self.code_postal,
            "ville": self.ville,
            "pays": self.pays.strip().upper() or "FR",
        }


class ClientForm(AdresseForm):
    """The fields of `/clients/nouveau` and of `/clients/{id}/modifier`."""

    nom: str = ""
    type: str = "PARTICULIER"
    email: str = ""
    telephone: str = ""
    siren: str = ""
    siret: str = ""
    numero_tva: str = ""
    code_jde: str = ""
    delai_paiement: str = ""
    solde_ouverture: str = ""
    solde_ouverture_le: str = ""
    notes: str = ""
    #: The revision that was read: refuses to overwrite somebody else's change.
    revision: str = ""

    def donnees(self) -> dict[str, Any]:
        """The same, under the names of the API."""
        return {
            "nom": self.nom,
            "type": self.type,
            "email": self.email,
            "telephone": self.telephone,
            "adresse": self.adresse(),
            "siren": self.siren,
            "siret": self.siret,
            "numeroTva": self.numero_tva,
            "codeJde": self.code_jde,
            "delaiPaiement": self.delai_paiement,
            "soldeOuverture": self.solde_ouverture,
            "soldeOuvertureLe": self.solde_ouverture_le,
            "notes": self.notes,
        }

    @classmethod
    def lire(cls, client: Client) -> "ClientForm":
        """The form of an existing client."""
        noms = cls.model_fields.keys() - AdresseForm.model_fields.keys()
        valeurs = {nom: saisie(getattr(client, nom)) for nom in noms}
        return cls(**valeurs, **client.adresse.en_dict())


class ContactForm(BaseModel):
    """The fields of a contact, named as in the API."""

    nom: str = ""
    fonction: str = ""
    email: str = ""
    telephone: str = ""
    #: The state that was read: refuses to overwrite somebody else's change.
    revision: str = ""

    @classmethod
    def lire(cls, contact: Contact) -> "ContactForm":
        """The form of an existing contact."""
        lu = cls(**{nom: getattr(contact, nom) for nom in LIBELLES_CONTACT})
        return lu.model_copy(update={"revision": marque(lu)})


class SiteForm(AdresseForm):
    """The fields of an address of works."""

    nom: str = ""
    #: The state that was read: refuses to overwrite somebody else's change.
    revision: str = ""

    def donnees(self) -> dict[str, Any]:
        """The same, under the names of the API."""
        return {"nom": self.nom, "adresse": self.adresse()}

    @classmethod
    def lire(cls, site: Site) -> "SiteForm":
        """The form of an existing site."""
        lu = cls(nom=site.nom, **site.adresse.en_dict())
        return lu.model_copy(update={"revision": marque(lu)})


def erreurs_de(refus: DomainError) -> dict[str, str]:
    """What was refused, by field of these forms."""
    return messages_par_champ(refus, CHAMPS)
