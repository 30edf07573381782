"""What is done to users, sessions and tokens."""

import re
import secrets
from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from cordeau.auth.models import JetonApi, SessionWeb, Utilisateur
from cordeau.auth.passwords import hash_password, verify_password
from cordeau.auth.queries import digest, find_user
from cordeau.core import journal
from cordeau.core.dates import maintenant
from cordeau.core.errors import refuser_saisie
from cordeau.core.permissions import Acteur, Role
from cordeau.core.registre.ecriture import inscrire
from cordeau.core.registre.states import Evenement, Journal
from cordeau.core.texte import nettoyer

DUREE_SESSION = timedelta(days=7)
_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\"]+")


def ajouter_utilisateur(
    session: Session, *, email: str, nom: str, role: Role, password: str, actor: Acteur
) -> Utilisateur:
    """Create a person's account."""
    email = nettoyer(email).lower()
    if not _EMAIL.fullmatch(email) or len(email) > 255:
        raise refuser_saisie("email", "Écrivez une adresse de courriel, par exemple a@b.fr.")
    if find_user(session, email) is not None:
        raise refuser_saisie("email", f"Un utilisateur a déjà l’adresse {email}.")
    user = Utilisateur(
        email=email,
        nom=nettoyer(nom)[:255] or email,
        role=role,
        mot_de_passe=hash_password(password),
        actif=True,
        cree_le=maintenant(),
    )
    session.add(user)
    session.flush()
    journal.record(session, actor, "utilisateur", user.id, "Compte créé", role=role)
    chainer_droits(session, user, actor=actor)
    return user


def changer_mot_de_passe(
    session: Session, user: Utilisateur, password: str, *, actor: Acteur
) -> None:
    """Set a new password and end every session of this person."""
    user.mot_de_passe = hash_password(password)
    session.execute(delete(SessionWeb).where(SessionWeb.utilisateur_id == user.id))
    journal.record(session, actor, "utilisateur", user.id, "Mot de passe changé")


def desactiver(session: Session, user: Utilisateur, *, actor: Acteur) -> None:
    """Close an account: its sessions and tokens end at once."""
    user.actif = False
    session.execute(delete(SessionWeb).where(SessionWeb.utilisateur_id == user.id))
    session.execute(delete(JetonApi).where(JetonApi.utilisateur_id == user.id))
    journal.record(session, actor, "utilisateur", user.id, "Compte désactivé")
    chainer_droits(session, user, actor=actor)


def chainer_droits(session: Session, user: Utilisateur, *, actor: Acteur) -> None:
    """Chain what a person may do from now on: call it at each change of role or of state."""
    inscrire(
        session,
        Journal.TECHNIQUE,
        Evenement.DROITS,
        {"utilisateur": user.id.hex, "role": str(user.role), "actif": int(user.actif)},
        actor=actor,
        objet_id=user.id,
    )


def ouvrir_session(session: Session, *, email: str, password: str) -> str | None:
    """The cookie of a new session, or None when the name or the password is wrong."""
    user = find_user(session, email)
    if not verify_password(user.mot_de_passe if user else None, password):
        return None
    if user is None or not user.actif:
        return None
    cookie = secrets.token_urlsafe(32)
    instant = maintenant()
    session.add(
        SessionWeb(
            empreinte=digest(cookie),
            utilisateur_id=user.id,
            cree_le=instant,
            expire_le=instant + DUREE_SESSION,
        )
    )
    session.execute(delete(SessionWeb).where(SessionWeb.expire_le < instant))
    return cookie


def fermer_session(session: Session, cookie: str) -> None:
    """Sign out on the server: the cookie opens nothing any more."""
    session.execute(delete(SessionWeb).where(SessionWeb.empreinte == digest(cookie)))


def creer_jeton(session: Session, user: Utilisateur, *, actor: Acteur) -> str:
    """A new API token of this person; shown once, kept as a digest."""
    token = f"cordeau_{secrets.token_urlsafe(32)}"
    session.add(JetonApi(empreinte=digest(token), utilisateur_id=user.id, cree_le=maintenant()))
    journal.record(session, actor, "utilisateur", user.id, "Jeton d’API créé")
    return token
