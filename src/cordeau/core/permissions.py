"""Who may do what: one list of permissions, one table role × permission."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Permission(StrEnum):
    """Every right, `ressource:action`. Keep the list alphabetical."""

    CHANTIER_ECRIRE = "chantier:ecrire"
    CHANTIER_LIRE = "chantier:lire"

    CLIENT_ECRIRE = "client:ecrire"
    CLIENT_LIRE = "client:lire"

    CLOTURE_ECRIRE = "cloture:ecrire"
    CLOTURE_LIRE = "cloture:lire"

    DEVIS_ECRIRE = "devis:ecrire"
    DEVIS_LIRE = "devis:lire"

    DROIT_LIRE = "droit:lire"

    ENTREPRISE_ECRIRE = "entreprise:ecrire"
    ENTREPRISE_LIRE = "entreprise:lire"

    EXPORT_LIRE = "export:lire"

    FACTURE_ECRIRE = "facture:ecrire"
    FACTURE_LIRE = "facture:lire"

    JOURNAL_LIRE = "journal:lire"

    MARGE_LIRE = "marge:lire"

    MESSAGE_LIRE = "message:lire"

    PARAMETRES_LIRE = "parametres:lire"

    REGLEMENT_ECRIRE = "reglement:ecrire"
    REGLEMENT_LIRE = "reglement:lire"

    TABLEAU_LIRE = "tableau:lire"

    TRAVAIL_GERER = "travail:gerer"

    UTILISATEUR_GERER = "utilisateur:gerer"


class Role(StrEnum):
    """What a person does in the firm."""

    #: Everything.
    ADMIN = "admin"
    #: Everything but users, rights and keys.
    GESTIONNAIRE = "gestionnaire"
    #: Writes clients, devis and chantiers; reads factures.
    COMMERCIAL = "commercial"
    #: Reads everything; writes factures, règlements and exports.
    COMPTABLE = "comptable"
    #: Reads chantiers; never a price, a cost or a margin.
    TECHNICIEN = "technicien"


P = Permission

LIBELLES_ROLES: Mapping[Role, str] = {
    Role.ADMIN: "Administrateur",
    Role.GESTIONNAIRE: "Gestionnaire",
    Role.COMMERCIAL: "Commercial",
    Role.COMPTABLE: "Comptable",
    Role.TECHNICIEN: "Technicien",
}

LIBELLES: Mapping[Permission, str] = {
    P.CHANTIER_ECRIRE: "Ouvrir et modifier les chantiers",
    P.CHANTIER_LIRE: "Voir les chantiers",
    P.CLIENT_ECRIRE: "Créer et modifier les clients",
    P.CLIENT_LIRE: "Voir les clients",
    P.CLOTURE_ECRIRE: "Clore les périodes et les archiver",
    P.CLOTURE_LIRE: "Voir les clôtures et les archives",
    P.DEVIS_ECRIRE: "Rédiger et envoyer les devis",
    P.DEVIS_LIRE: "Voir les devis",
    P.DROIT_LIRE: "Voir le tableau des droits",
    P.ENTREPRISE_ECRIRE: "Modifier l’identité et les réglages de l’entreprise",
    P.ENTREPRISE_LIRE: "Voir l’identité de l’entreprise et ses coordonnées bancaires",
    P.EXPORT_LIRE: "Exporter vers la comptabilité",
    P.FACTURE_ECRIRE: "Préparer et émettre les factures et les avoirs",
    P.FACTURE_LIRE: "Voir les factures",
    P.JOURNAL_LIRE: "Lire le journal : qui a fait quoi, quand et d’où",
    P.MARGE_LIRE: "Voir les coûts et les marges",
    P.MESSAGE_LIRE: "Lire les messages envoyés",
    P.PARAMETRES_LIRE: "Ouvrir les paramètres",
    P.REGLEMENT_ECRIRE: "Enregistrer les règlements",
    P.REGLEMENT_LIRE: "Voir les règlements",
    P.TABLEAU_LIRE: "Voir le tableau de bord",
    P.TRAVAIL_GERER: "Suivre, relancer et abandonner les travaux différés",
    P.UTILISATEUR_GERER: "Gérer les utilisateurs, leurs droits et leurs clés",
}

#: What changes nothing.
LECTURE: frozenset[Permission] = frozenset(p for p in Permission if p.endswith(":lire"))

DROITS: Mapping[Role, frozenset[Permission]] = {
    Role.ADMIN: frozenset(Permission),
    Role.GESTIONNAIRE: frozenset(Permission) - {P.UTILISATEUR_GERER},
    Role.COMMERCIAL: frozenset(
        {
            P.CHANTIER_ECRIRE,
            P.CHANTIER_LIRE,
            P.CLIENT_ECRIRE,
            P.CLIENT_LIRE,
            P.DEVIS_ECRIRE,
            P.DEVIS_LIRE,
            P.FACTURE_LIRE,
            P.MARGE_LIRE,
            P.TABLEAU_LIRE,
        }
    ),
    Role.COMPTABLE: frozenset(
        {
            P.CHANTIER_LIRE,
            P.CLIENT_LIRE,
            P.CLOTURE_ECRIRE,
            P.CLOTURE_LIRE,
            P.DEVIS_LIRE,
            P.DROIT_LIRE,
            P.ENTREPRISE_LIRE,
            P.EXPORT_LIRE,
            P.FACTURE_ECRIRE,
            P.FACTURE_LIRE,
            P.JOURNAL_LIRE,
            P.MARGE_LIRE,
            P.MESSAGE_LIRE,
            P.PARAMETRES_LIRE,
            P.REGLEMENT_ECRIRE,
            P.REGLEMENT_LIRE,
            P.TABLEAU_LIRE,
        }
    ),
    Role.TECHNICIEN: frozenset({P.CHANTIER_LIRE, P.TABLEAU_LIRE}),
}


@dataclass(frozen=True, slots=True)
class Acteur:
    """Who acts: a signed-in person, or the software itself for its own jobs."""

    id: UUID | None
    nom: str
    email: str
    role: Role
    #: What a program's token narrows its owner's rights to; None: all of them.
    portee: frozenset[Permission] | None = None

    def peut(self, permission: Permission) -> bool:
        """Whether this actor holds the right."""
        return permission in DROITS[self.role] and (
            self.portee is None or permission in self.portee
        )


#: The software acting by itself: daily jobs, demonstration data.
SYSTEME = Acteur(id=None, nom="Cordeau", email="", role=Role.ADMIN)
