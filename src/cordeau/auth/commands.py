"""What is done to accounts and API tokens."""

import re
import secrets
from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cordeau.auth import facteur, freins, sessions
from cordeau.auth.models import JetonApi, LienMotDePasse, SessionWeb, Utilisateur
from cordeau.auth.passwords import draw_password, hash_password, verify_password
from cordeau.auth.queries import digest, find_user
from cordeau.auth.rules import PORTEE_LECTURE
from cordeau.core import journal
from cordeau.core.dates import aujourd_hui, fin_du_jour, maintenant
from cordeau.core.errors import ConflitError, IntrouvableError, refuser_saisie
from cordeau.core.permissions import LIBELLES_ROLES, Acteur, Permission, Role
from cordeau.core.registre.canonique import horodater
from cordeau.core.registre.ecriture import inscrire
from cordeau.core.registre.states import Evenement, Journal
from cordeau.core.texte import nettoyer
from cordeau.web.origine import Origine

_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\"]+")
CONSOLE = Origine("console", "")


def ajouter_utilisateur(
    session: Session, *, email: str, nom: str, role: Role, password: str | None, actor: Acteur
) -> Utilisateur:
    """Create a person's account; without a password, they choose it by a link."""
    email = _verifier_email(session, email)
    nom = nettoyer(nom)[:255] or email
    user = Utilisateur(
        email=email,
        nom=nom,
        role=role,
        mot_de_passe=draw_password() if password is None else _digerer(password, email, nom),
        actif=True,
        cree_le=maintenant(),
    )
    session.add(user)
    session.flush()
    journal.record(session, actor, "utilisateur", user.id, "Compte créé", role=role)
    chainer_droits(session, user, actor=actor)
    return user


def changer_mot_de_passe(
    session: Session,
    user: Utilisateur,
    password: str,
    *,
    actor: Acteur,
    sauf: UUID | None = None,
    origine: Origine = CONSOLE,
) -> None:
    """Set a new password; every session of this person ends, `sauf` excepted, and every link.

    Whoever was slowed down by guesses at the former one enters again.
    """
    user.mot_de_passe = _digerer(password, user.email, user.nom)
    sessions.fermer_toutes(session, user.id, sauf=sauf)
    freins.liberer(session, user.email)
    session.execute(delete(LienMotDePasse).where(LienMotDePasse.utilisateur_id == user.id))
    journal.record(
        session, actor, "utilisateur", user.id, "Mot de passe changé", adresse=origine.adresse
    )


def changer_email(session: Session, user: Utilisateur, email: str, *, actor: Acteur) -> None:
    """Sign in by another address; links sent to the former one open nothing any more."""
    propre = nettoyer(email).lower()
    if propre == user.email:
        return
    ancienne, user.email = user.email, _verifier_email(session, propre)
    session.execute(delete(LienMotDePasse).where(LienMotDePasse.utilisateur_id == user.id))
    journal.record(
        session,
        actor,
        "utilisateur",
        user.id,
        "Adresse de courriel changée",
        ancienne=ancienne,
        nouvelle=user.email,
    )


def changer_nom(session: Session, user: Utilisateur, nom: str, *, actor: Acteur) -> None:
    """The name others read."""
    propre = " ".join(nettoyer(nom).split())
    if not propre or len(propre) > 255:
        raise refuser_saisie("nom", "Écrivez vos prénom et nom, 255 caractères au plus.")
    if propre != user.nom:
        user.nom = propre
        journal.record(session, actor, "utilisateur", user.id, "Nom changé")


def changer_role(session: Session, user: Utilisateur, role: Role, *, actor: Acteur) -> None:
    """Give a person other rights; their sessions end, so that each is opened with them."""
    if role == user.role:
        return
    if user.role == Role.ADMIN:
        _exiger_un_autre_admin(session, user, actor)
    ancien, user.role = Role(user.role), role
    sessions.fermer_toutes(session, user.id)
    journal.record(
        session,
        actor,
        "utilisateur",
        user.id,
        "Rôle changé",
        ancien=LIBELLES_ROLES[ancien],
        nouveau=LIBELLES_ROLES[role],
    )
    chainer_droits(session, user, actor=actor)


def desactiver(session: Session, user: Utilisateur, *, actor: Acteur) -> None:
    """Close an account: its sessions and tokens end at once."""
    if user.role == Role.ADMIN and user.actif:
        _exiger_un_autre_admin(session, user, actor)
    user.actif = False
    for modele in (SessionWeb, JetonApi, LienMotDePasse):
        session.execute(delete(modele).where(modele.utilisateur_id == user.id))
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


def reactiver(session: Session, user: Utilisateur, *, actor: Acteur) -> None:
    """Open a closed account again; its tokens do not come back."""
    if not user.actif:
        user.actif = True
        journal.record(session, actor, "utilisateur", user.id, "Compte réactivé")
        chainer_droits(session, user, actor=actor)


def retirer_facteur(session: Session, user: Utilisateur, *, actor: Acteur) -> None:
    """Somebody lost telephone and recovery codes: back to the password; their sessions end."""
    facteur.retirer(session, user, actor=actor, origine=CONSOLE.adresse)
    sessions.fermer_toutes(session, user.id)


def ouvrir_session(
    session: Session, *, email: str, password: str, origine: Origine = CONSOLE
) -> str | None:
    """The cookie of a new session, or None when the password does not open by itself.

    For who is not at a form: the installation, programs. `connexion.entrer` slows guesses down.
    """
    user = find_user(session, email)
    if not verify_password(user.mot_de_passe if user else None, password):
        return None
    if user is None or not user.actif or user.facteur_depuis is not None:
        return None
    return sessions.ouvrir(session, user, origine)


def creer_jeton(
    session: Session,
    user: Utilisateur,
    *,
    actor: Acteur,
    nom: str = "",
    portee: Collection[Permission] | str | None = None,
    dernier_jour: date | None = None,
    origine: Origine = CONSOLE,
) -> str:
    """A new API token of this person; shown once, kept as a digest."""
    if not user.actif:
        raise ConflitError("Ce compte est fermé : il ne peut pas avoir de jeton.")
    if dernier_jour is not None and dernier_jour < aujourd_hui():
        raise refuser_saisie("expire", "Ce jour est passé.")
    token = f"cordeau_{secrets.token_urlsafe(32)}"
    jeton = JetonApi(
        empreinte=digest(token),
        utilisateur_id=user.id,
        cree_le=maintenant(),
        nom=" ".join(nettoyer(nom).split())[:255] or None,
        portee=_portee(portee),
        expire_le=fin_du_jour(dernier_jour) if dernier_jour else None,
    )
    session.add(jeton)
    details = {"nom": jeton.nom or "", "adresse": origine.adresse}
    journal.record(session, actor, "utilisateur", user.id, "Jeton d’API créé", **details)
    _chainer_jeton(session, jeton, "créé", actor=actor)
    return token


def revoquer_jeton(
    session: Session,
    jeton_id: UUID,
    *,
    actor: Acteur,
    de: UUID | None = None,
    origine: Origine = CONSOLE,
) -> None:
    """End a token, of this person when `de` is given (`IntrouvableError` otherwise)."""
    jeton = session.get(JetonApi, jeton_id)
    if jeton is None or (de is not None and jeton.utilisateur_id != de):
        raise IntrouvableError
    session.delete(jeton)
    details = {"nom": jeton.nom or "", "adresse": origine.adresse}
    journal.record(
        session, actor, "utilisateur", jeton.utilisateur_id, "Jeton d’API révoqué", **details
    )
    _chainer_jeton(session, jeton, "révoqué", actor=actor)


def _chainer_jeton(session: Session, jeton: JetonApi, fait: str, *, actor: Acteur) -> None:
    """Chain what may act for a person from now on, or no longer; never the token."""
    session.flush()
    contenu = {
        "jeton": jeton.id.hex,
        "fait": fait,
        "utilisateur": jeton.utilisateur_id.hex,
        "portee": "tout" if jeton.portee is None else jeton.portee,
        "expire_le": "" if jeton.expire_le is None else horodater(jeton.expire_le),
    }
    inscrire(session, Journal.TECHNIQUE, Evenement.JETON, contenu, actor=actor, objet_id=jeton.id)


def _portee(portee: Collection[Permission] | str | None) -> str | None:
    if portee is None or portee == PORTEE_LECTURE:
        return portee
    choisies = [p for p in Permission if p in portee]
    if not choisies:
        raise refuser_saisie("permissions", "Choisissez au moins un droit.")
    return " ".join(choisies)


def _digerer(password: str, email: str, nom: str) -> str:
    evidents = (email, nom, email.split("@", maxsplit=1)[0])
    return hash_password(password, evidents=evidents)


def _verifier_email(session: Session, email: str) -> str:
    """The address brought to its form, nobody's yet."""
    email = nettoyer(email).lower()
    if not _EMAIL.fullmatch(email) or len(email) > 255 or not email.isprintable():
        raise refuser_saisie("email", "Écrivez une adresse de courriel, par exemple a@b.fr.")
    if find_user(session, email) is not None:
        raise refuser_saisie("email", f"Un utilisateur a déjà l’adresse {email}.")
    return email


def _exiger_un_autre_admin(session: Session, user: Utilisateur, actor: Acteur) -> None:
    """Somebody must be able to manage users; the console, which can undo it, is not held.

    The rows are held, so that two who leave at once do not both find the other.
    """
    if actor.id is None:
        return
    actifs = session.scalars(
        select(Utilisateur.id)
        .where(Utilisateur.role == Role.ADMIN, Utilisateur.actif.is_(True))
        .order_by(Utilisateur.id)
        .with_for_update()
    ).all()
    if not [autre for autre in actifs if autre != user.id]:
        raise ConflitError(
            "C’est le dernier administrateur : donnez d’abord ce rôle à une autre personne."
        )
