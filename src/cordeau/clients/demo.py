"""The clients of the demonstration firm: households, firms, landlords and a commune of Anjou.

None exists: mail goes to the reserved domain `.example`, telephone numbers are those kept for
fiction, SIREN have a right key and no owner.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from cordeau.clients.commands import creer_client
from cordeau.clients.states import TypeClient
from cordeau.core.adresse import Adresse
from cordeau.core.permissions import Acteur


@dataclass(frozen=True, slots=True)
class Fiche:
    """A client as a line of the address book."""

    nom: str
    rue: str
    code_postal: str
    ville: str
    email: str = ""
    telephone: str = ""
    code_jde: str = ""
    #: A household has nothing of what follows but notes.
    type: TypeClient = TypeClient.PARTICULIER
    siret: str = ""
    numero_tva: str = ""
    delai_paiement: int | None = None
    contact: tuple[str, str] | None = None
    notes: str = ""
    solde_ouverture: Decimal | None = None
    #: Where works take place, when not at the client's: name, street.
    chantiers: tuple[tuple[str, str], ...] = ()

    def champs(self) -> dict[str, Any]:
        """As columns."""
        email = self.email and f"{self.email}.example"
        contacts = []
        if self.contact:
            nom, fonction = self.contact
            contacts = [{"nom": nom, "fonction": fonction, "email": email}]
        return {
            "nom": self.nom,
            "type": self.type,
            "adresse": Adresse(self.rue, "", self.code_postal, self.ville),
            "email": email,
            "telephone": self.telephone,
            "code_jde": self.code_jde,
            "siret": self.siret,
            "numero_tva": self.numero_tva,
            "delai_paiement": self.delai_paiement,
            "notes": self.notes,
            "solde_ouverture": self.solde_ouverture,
            "contacts": contacts,
            "sites": [
                {"nom": nom, "adresse": Adresse(rue, "", self.code_postal, self.ville)}
                for nom, rue in self.chantiers
            ],
        }


PRO, PUBLIC = TypeClient.PROFESSIONNEL, TypeClient.PUBLIC

FICHES: Mapping[str, Fiche] = {
    "martin": Fiche(
        "Martin Claire et Julien",
        "8 rue des Lices",
        "49100",
        "Angers",
        "claire.martin@courriel",
        "06 39 98 14 02",
        "C1001",
    ),
    "dubois": Fiche(
        "Dubois Philippe",
        "27 avenue de la Gare",
        "49130",
        "Les Ponts-de-Cé",
        "ph.dubois@courriel",
        "06 39 98 27 41",
        "C1002",
    ),
    "leroy": Fiche(
        "Leroy Anne",
        "3 impasse du Verger",
        "49240",
        "Avrillé",
        "anne.leroy@courriel",
        "02 61 91 22 18",
        "C1003",
    ),
    "moreau": Fiche(
        "Moreau Thierry",
        "41 rue Jean-Jaurès",
        "49800",
        "Trélazé",
        "t.moreau@courriel",
        "06 39 98 31 77",
        "C1004",
        notes="Préfère être appelé après 18 h.",
    ),
    "lambert": Fiche(
        "Lambert Sylvie",
        "12 chemin des Vignes",
        "49320",
        "Brissac Loire Aubance",
        "sylvie.lambert@courriel",
        "06 39 98 40 55",
        "C1005",
    ),
    "roussel": Fiche(
        "Roussel Karim et Émilie",
        "5 rue du Colombier",
        "49070",
        "Beaucouzé",
        "famille.roussel@courriel",
        "06 39 98 52 16",
        "C1006",
    ),
    "garnier": Fiche(
        "Garnier Paul",
        "19 rue de la Croix-Blanche",
        "49124",
        "Saint-Barthélemy-d’Anjou",
        "paul.garnier@courriel",
        "02 61 91 35 60",
        "C1007",
    ),
    "faure": Fiche(
        "Faure Isabelle",
        "66 boulevard Foch",
        "49100",
        "Angers",
        "isabelle.faure@courriel",
        "06 39 98 63 29",
        "C1008",
    ),
    "chevalier": Fiche(
        "Chevalier Bernard",
        "2 route de Cholet",
        "49610",
        "Mûrs-Erigné",
        "",
        "02 61 91 47 83",
        "C1009",
        notes="Pas de courriel : envoyer les devis par la poste.",
        solde_ouverture=Decimal("845.60"),
    ),
    "francois": Fiche(
        "François Élodie",
        "30 rue Plantagenêt",
        "49100",
        "Angers",
        "elodie.francois@courriel",
        "06 39 98 70 94",
        "C1010",
    ),
    "mercier": Fiche(
        "Mercier Alain",
        "14 rue des Pommiers",
        "49170",
        "Saint-Georges-sur-Loire",
        "alain.mercier@courriel",
        "06 39 98 81 38",
    ),
    "blanc": Fiche(
        "Blanc Mathilde",
        "9 square des Tilleuls",
        "49000",
        "Angers",
        "mathilde.blanc@courriel",
        "06 39 98 15 67",
        "C1012",
    ),
    "guillot": Fiche(
        "Guillot Hervé",
        "55 rue de Bretagne",
        "49240",
        "Avrillé",
        "herve.guillot@courriel",
        "02 61 91 58 04",
        "C1013",
    ),
    "perrin": Fiche(
        "Perrin Lucie et Antoine",
        "7 allée des Chênes",
        "49070",
        "Beaucouzé",
        "perrin.lucie@courriel",
        "06 39 98 26 80",
        "C1014",
    ),
    "renaud": Fiche(
        "Renaud Michel",
        "18 rue du Port",
        "49130",
        "Les Ponts-de-Cé",
        "michel.renaud@courriel",
        "06 39 98 37 12",
    ),
    "tilleuls": Fiche(
        "SCI Les Tilleuls",
        "22 rue Saint-Laud",
        "49100",
        "Angers",
        "gestion@sci-tilleuls",
        "02 61 91 64 09",
        "C2001",
        PRO,
        "99955128600019",
        "FR41999551286",
        45,
        ("Odile Marchand", "Gérante"),
    ),
    "boulangerie": Fiche(
        "Boulangerie Au Blé d’Or",
        "1 place de l’Église",
        "49800",
        "Trélazé",
        "contact@auble-dor",
        "02 61 91 71 33",
        "C2002",
        PRO,
        "99963407400010",
        "FR85999634074",
        30,
        ("Patrick Hamon", "Boulanger"),
    ),
    "constructions": Fiche(
        "Anjou Constructions Générales",
        "ZA des Landes, 6 rue de l’Industrie",
        "49070",
        "Beaucouzé",
        "travaux@anjou-cg",
        "02 61 91 80 50",
        "C2003",
        PRO,
        "99972851200016",
        "FR62999728512",
        60,
        ("Damien Prodhomme", "Conducteur de travaux"),
        "Sous-traitance : autoliquidation de la TVA.",
    ),
    "dentaire": Fiche(
        "Cabinet dentaire des Lices",
        "4 rue des Lices",
        "49100",
        "Angers",
        "accueil@dentaire-lices",
        "02 61 91 19 46",
        "C2004",
        PRO,
        "99980416400013",
        "FR38999804164",
        30,
        ("Dr Camille Auger", "Chirurgienne-dentiste"),
    ),
    "domaine": Fiche(
        "Domaine des Coteaux (EARL)",
        "Lieu-dit La Roche",
        "49320",
        "Brissac Loire Aubance",
        "domaine@coteaux-aubance",
        "02 61 91 28 75",
        "",
        PRO,
        "99937562900014",
        "FR71999375629",
        30,
        ("Étienne Rabineau", "Vigneron"),
    ),
    "syndic": Fiche(
        "Loire Syndic",
        "10 boulevard du Maréchal-Foch",
        "49100",
        "Angers",
        "copro@loire-syndic",
        "02 61 91 36 21",
        "C2006",
        PRO,
        "99928145400010",
        "FR10999281454",
        45,
        ("Valérie Tessier", "Gestionnaire de copropriété"),
        chantiers=(
            ("Résidence Les Capucins", "12 boulevard Allonneau"),
            ("Résidence du Parc", "3 rue de l’Hirondelle"),
        ),
    ),
    "garage": Fiche(
        "Garage Bertrand",
        "33 route d’Angers",
        "49610",
        "Mûrs-Erigné",
        "atelier@garage-bertrand",
        "02 61 91 42 90",
        "C2007",
        PRO,
        "99919638900012",
        "FR22999196389",
        30,
        ("Luc Bertrand", "Gérant"),
    ),
    "hotel": Fiche(
        "Hôtel du Pont",
        "2 quai des Carmes",
        "49100",
        "Angers",
        "direction@hotel-du-pont",
        "02 61 91 53 17",
        "C2008",
        PRO,
        "99914075900013",
        "FR69999140759",
        30,
        ("Amélie Rousseau", "Directrice"),
    ),
    "mairie": Fiche(
        "Commune de Saint-Aubin-du-Layon",
        "1 place de la Mairie",
        "49380",
        "Saint-Aubin-du-Layon",
        "mairie@saint-aubin-du-layon",
        "02 61 91 60 02",
        "C3001",
        PUBLIC,
        "21490999600016",
        "",
        30,
        ("Bruno Chauveau", "Services techniques"),
        "Factures par Chorus Pro, avec le numéro d’engagement.",
        chantiers=(("École du bourg", "4 rue des Tilleuls"),),
    ),
    "besnard": Fiche(
        "Besnard Jeanne",
        "11 rue de l’Abbaye",
        "49130",
        "Les Ponts-de-Cé",
        "jeanne.besnard@courriel",
        "06 39 98 44 48",
        "C1016",
    ),
}


def creer_clients(session: Session, *, actor: Acteur) -> dict[str, UUID]:
    """Fill the address book; the identifier of each client by its short name."""
    return {
        cle: creer_client(session, fiche.champs(), actor=actor).id for cle, fiche in FICHES.items()
    }
