"""What the form of a chantier sends, kept as typed until it is accepted."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from cordeau.chantiers.models import Chantier
from cordeau.core.errors import Faute, SaisieError
from cordeau.web.formats import saisie

#: Fields whose name in the form is not the API's.
CHAMPS: Mapping[str, str] = {
    "clientId": "client_id",
    "dateDebut": "date_debut",
    "dateFin": "date_fin",
    "adresse.ligne1": "adresse_ligne1",
    "adresse.ligne2": "adresse_ligne2",
    "adresse.codePostal": "adresse_code_postal",
    "adresse.ville": "adresse_ville",
}


#: What each field is called on the page, in its order.
LIBELLES: Mapping[str, str] = {
    "nom": "Nom du chantier",
    "client_id": "Client",
    "date_debut": "Début",
    "date_fin": "Fin",
    "responsable": "Responsable",
    "code": "Code",
    "adresse_ligne1": "Adresse",
    "adresse_ligne2": "Complément",
    "adresse_code_postal": "Code postal",
    "adresse_ville": "Ville",
    "notes": "Notes",
}


class ChantierForm(BaseModel):
    """The fields of `/chantiers/nouveau` and of `/chantiers/{id}/modifier`."""

    nom: str = ""
    client_id: str = ""
    date_debut: str = ""
    date_fin: str = ""
    responsable: str = ""
    code: str = ""
    adresse_ligne1: str = ""
    adresse_ligne2: str = ""
    adresse_code_postal: str = ""
    adresse_ville: str = ""
    notes: str = ""
    #: The revision that was read: refuses to overwrite somebody else's change.
    revision: str = ""

    @property
    def client_choisi(self) -> UUID | None:
        """The client chosen, None when what was sent names nobody."""
        try:
            return UUID(self.client_id)
        except ValueError:
            return None

    def exiger_dates(self) -> None:
        """The page asks for both days; the API alone has defaults."""
        fautes = [
            Faute(champ, "Choisissez le jour.")
            for champ, valeur in (("dateDebut", self.date_debut), ("dateFin", self.date_fin))
            if not valeur.strip()
        ]
        if fautes:
            raise SaisieError(fautes)

    def donnees(self) -> dict[str, Any]:
        """The same, under the names of the API."""
        return {
            "nom": self.nom,
            "clientId": self.client_id or None,
            "dateDebut": self.date_debut,
            "dateFin": self.date_fin,
            "responsable": self.responsable,
            "code": self.code,
            "adresse": {
                "ligne1": self.adresse_ligne1,
                "ligne2": self.adresse_ligne2,
                "codePostal": self.adresse_code_postal,
                "ville": self.adresse_ville,
            },
            "notes": self.notes,
        }

    @classmethod
    def lire(cls, chantier: Chantier) -> "ChantierForm":
        """The form of an existing chantier."""
        adresse = chantier.adresse
        return cls(
            nom=chantier.nom,
            client_id=str(chantier.client_id),
            date_debut=saisie(chantier.date_debut),
            date_fin=saisie(chantier.date_fin),
            responsable=chantier.responsable,
            code=chantier.code,
            adresse_ligne1=adresse.ligne1,
            adresse_ligne2=adresse.ligne2,
            adresse_code_postal=adresse.code_postal,
            adresse_ville=adresse.ville,
            notes=chantier.notes,
            revision=str(chantier.revision),
        )


def erreurs_de(refus: SaisieError) -> dict[str, str]:
    """The messages by field of the form, the first one of each."""
    erreurs: dict[str, str] = {}
    for faute in refus.fautes:
        erreurs.setdefault(CHAMPS.get(faute.champ, faute.champ), faute.message)
    return erreurs
