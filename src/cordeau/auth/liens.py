"""Reset links: asked for by a page, sent by a job, used once within the hour.

The page never looks for the user: known and unknown addresses are answered alike, in the same time.
"""

import secrets
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from cordeau.auth.commands import changer_mot_de_passe
from cordeau.auth.models import LienMotDePasse, Utilisateur
from cordeau.auth.queries import digest, digest_adresse, get_user_by_id
from cordeau.auth.rules import DUREE_LIEN
from cordeau.core.dates import maintenant
from cordeau.core.errors import IntrouvableError
from cordeau.core.jobs import enqueue
from cordeau.web.origine import Origine

JOB_LIEN = "auth.lien"


class Motif(StrEnum):
    """Why a link is sent: what the letter says."""

    OUBLI = "oubli"
    INVITATION = "invitation"
    ADMINISTRATEUR = "administrateur"


def demander(session: Session, email: str, motif: Motif = Motif.OUBLI) -> None:
    """Promise a link to this address, whoever bears it; the promise does not name it."""
    enqueue(session, JOB_LIEN, {"adresse": digest_adresse(email), "motif": motif})


def creer(session: Session, user: Utilisateur) -> str:
    """What the link holds; the base keeps its digest."""
    secret = secrets.token_urlsafe(32)
    instant = maintenant()
    session.add(
        LienMotDePasse(
            empreinte=digest(secret),
            utilisateur_id=user.id,
            cree_le=instant,
            expire_le=instant + DUREE_LIEN,
        )
    )
    return secret


def utiliser(session: Session, secret: str, password: str, *, origine: Origine) -> Utilisateur:
    """Choose a password by a link: every session and link of this person ends.

    It does not sign in: the second factor, if any, is asked as usual. Raises `IntrouvableError`
    when the link is used, too old or unknown, `SaisieError` when the password is refused.
    """
    user_id = session.scalar(
        select(LienMotDePasse.utilisateur_id)
        .where(LienMotDePasse.empreinte == digest(secret), LienMotDePasse.expire_le > maintenant())
        .with_for_update()
    )
    user = get_user_by_id(session, user_id, for_update=True)
    if not user.actif:
        raise IntrouvableError
    changer_mot_de_passe(session, user, password, actor=user.en_acteur(), origine=origine)
    return user
