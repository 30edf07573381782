"""The people of the demonstration firm: one for each role, each with a password of its own."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from cordeau.auth.commands import ajouter_utilisateur
from cordeau.auth.passwords import tirer_code
from cordeau.core.permissions import SYSTEME, Acteur, Role

DOMAINE = "guerin.example"

NOMS: Mapping[Role, str] = {
    Role.ADMIN: "Hélène Guérin",
    Role.GESTIONNAIRE: "Marc Guérin",
    Role.COMMERCIAL: "Sophie Lemoine",
    Role.COMPTABLE: "Nadia Belkacem",
    Role.TECHNICIEN: "Yann Le Goff",
}


@dataclass(frozen=True, slots=True)
class Login:
    """What a person types to sign in; the password is known here and nowhere else."""

    email: str
    role: Role
    mot_de_passe: str


def tirer_logins() -> list[Login]:
    """One login per role, its password drawn at random."""
    return [Login(f"{role}@{DOMAINE}", role, tirer_code(4)) for role in Role]


def creer_comptes(session: Session, logins: list[Login]) -> dict[Role, Acteur]:
    """Make the accounts; who acts, by role."""
    return {
        login.role: ajouter_utilisateur(
            session,
            email=login.email,
            nom=NOMS[login.role],
            role=login.role,
            password=login.mot_de_passe,
            actor=SYSTEME,
        ).en_acteur()
        for login in logins
    }
