"""People at the door: forms filled, codes read on a telephone, time that passes."""

import re
from collections.abc import Iterable
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pyotp
from fastapi import FastAPI
from httpx2 import Response
from sqlalchemy import select, update

from cordeau.auth import connexion, facteur
from cordeau.auth.models import FreinConnexion, SessionWeb, Utilisateur
from cordeau.auth.queries import get_user
from cordeau.core.dates import maintenant
from cordeau.core.db import Database
from cordeau.core.journal import Evenement
from cordeau.notifications.models import Message
from cordeau.web.origine import Origine
from tests.gens import MOT_DE_PASSE, Navigateur

ICI = Origine("203.0.113.7", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")
SECRET_AFFICHE = re.compile(r'class="c-secret">([A-Z2-7 ]+)<')
CODE_AFFICHE = re.compile(r'<li class="c-secret">([a-z0-9-]+)</li>')
LIEN = re.compile(r"/mot-de-passe/[\w-]{40,}")


class Visiteurs:
    """Browsers, each from an address of its own; `pile` closes them."""

    def __init__(self, app: FastAPI, pile: ExitStack) -> None:
        self._app = app
        self._pile = pile

    def venu_de(self, adresse: str) -> Navigateur:
        """A browser whose peer is this address."""
        client = Navigateur(self._app, client=(adresse, 50000))
        return self._pile.enter_context(client)


def tenter(
    client: Navigateur, email: str, password: str = MOT_DE_PASSE, **entetes: str
) -> Response:
    """Send the sign-in form."""
    return client.post(
        "/login",
        data={"csrf": client.jeton("/login"), "username": email, "password": password},
        headers=entetes,
        follow_redirects=False,
    )


def est_entre(reponse: Response) -> bool:
    """Whether this answer signs the browser in."""
    return reponse.status_code == 303 and "cordeau_session=" in reponse.headers.get(
        "set-cookie", ""
    )


def echouer(client: Navigateur, email: str, fois: int) -> list[int]:
    """Fail so many times; the statuses."""
    return [tenter(client, email, f"ce n’est pas {n}").status_code for n in range(fois)]


def activer_facteur(database: Database, email: str, cle: str) -> pyotp.TOTP:
    """Turn the second factor of a person on, as the page does; what their telephone knows."""
    with database.write() as session:
        user = get_user(session, email)
        facteur.proposer(user)
        session.flush()
        telephone = pyotp.TOTP(facteur.secret_a_recopier(user, cle).replace(" ", ""))
        acteur = user.en_acteur()
        facteur.activer(session, user, code_de(telephone), cle=cle, actor=acteur, origine="")
        session.flush()
        session.refresh(user)
        user.facteur_pas = None  # as if it had been turned on earlier
    return telephone


def code_de(telephone: pyotp.TOTP, pas: int = 0) -> str:
    """The code shown now, or so many steps later."""
    return telephone.generate_otp(telephone.timecode(maintenant()) + pas)


def laisser_passer(database: Database, duree: timedelta) -> None:
    """Let time pass for what slows guesses and for the sessions."""
    with database.write() as session:
        for frein in session.scalars(select(FreinConnexion)):
            frein.dernier_le -= duree
            if frein.bloque_jusqu_a:
                frein.bloque_jusqu_a -= duree
        for s in session.scalars(select(SessionWeb)):
            s.cree_le -= duree
            s.expire_le -= duree
            s.vu_le = s.vu_le and s.vu_le - duree
            s.confirme_le = s.confirme_le and s.confirme_le - duree


def oublier_confirmation(database: Database) -> None:
    """Everybody's password was given long ago."""
    with database.write() as session:
        session.execute(update(SessionWeb).values(confirme_le=maintenant() - timedelta(minutes=11)))


def actions(database: Database, user: Utilisateur) -> list[str]:
    """What the history of a user tells, in order."""
    with database.read() as session:
        return list(
            session.scalars(
                select(Evenement.action)
                .where(Evenement.objet_id == user.id)
                .order_by(Evenement.survenu_le, Evenement.id)
            )
        )


def lien_recu(app: FastAPI) -> str:
    """Run the jobs; the path of the last link written, empty when none was."""
    while app.state.worker.run_one():
        pass
    with app.state.database.read() as session:
        textes: Iterable[Any] = session.scalars(select(Message.confidentiel).order_by(Message.id))
        liens = [LIEN.search(texte) for texte in textes if texte]
    return liens[-1].group() if liens and liens[-1] else ""


def un_essai(email: str, password: str) -> connexion.Essai:
    """A sign-in without a browser."""
    return connexion.Essai(email, password, ICI)
