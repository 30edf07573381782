"""Users, their sessions and their API tokens. Secrets are kept as digests only."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from cordeau.core.columns import Cle, Instant, Libelle, LongText, identifiant
from cordeau.core.dates import a_paris
from cordeau.core.db import Base
from cordeau.core.permissions import Acteur, Role


class Utilisateur(Base):
    """A person of the firm who signs in."""

    __tablename__ = "utilisateur"

    id: Mapped[Cle]
    #: Lower case: the name typed at sign-in.
    email: Mapped[str] = mapped_column(String(255), unique=True)
    nom: Mapped[Libelle]
    role: Mapped[str] = mapped_column(String(20))
    #: Argon2id digest.
    mot_de_passe: Mapped[Libelle]
    actif: Mapped[bool] = mapped_column(default=True)
    cree_le: Mapped[Instant]
    #: What the secret of the second factor is derived from, with the instance's key.
    facteur_graine: Mapped[str | None] = mapped_column(String(64))
    #: Since when a code is asked at sign-in; none while it is off, or proposed and not yet proved.
    facteur_depuis: Mapped[Instant | None]
    #: The last step of thirty seconds whose code was used: an earlier or equal one is refused.
    facteur_pas: Mapped[int | None] = mapped_column(BigInteger)

    def en_acteur(self) -> Acteur:
        """This person, as commands see them."""
        return Acteur(self.id, self.nom, self.email, Role(self.role))


class SessionWeb(Base):
    """A browser signed in; ends at its date, unseen for long, or when deleted."""

    __tablename__ = "session_web"

    id: Mapped[Cle]
    #: SHA-256 of the cookie.
    empreinte: Mapped[str] = mapped_column(String(64), unique=True)
    utilisateur_id: Mapped[UUID] = mapped_column(
        identifiant(), ForeignKey("utilisateur.id", ondelete="RESTRICT"), index=True
    )
    cree_le: Mapped[Instant]
    expire_le: Mapped[Instant]
    #: Noted now and then; none on a session never seen since it was opened.
    vu_le: Mapped[Instant | None]
    #: When its owner last proved who they are.
    confirme_le: Mapped[Instant | None]
    #: Only the enrolment of a second factor is open.
    enrolement_du: Mapped[bool | None]
    adresse: Mapped[str | None] = mapped_column(String(64))
    navigateur: Mapped[str | None] = mapped_column(String(255))


class JetonApi(Base):
    """A key for programs, acting as its owner."""

    __tablename__ = "jeton_api"

    id: Mapped[Cle]
    #: SHA-256 of the token.
    empreinte: Mapped[str] = mapped_column(String(64), unique=True)
    utilisateur_id: Mapped[UUID] = mapped_column(
        identifiant(), ForeignKey("utilisateur.id", ondelete="RESTRICT"), index=True
    )
    cree_le: Mapped[Instant]
    nom: Mapped[str | None] = mapped_column(String(255))
    #: « lecture », or permissions separated by spaces; none: all its owner may.
    portee: Mapped[str | None] = mapped_column(LongText)
    #: First instant at which it opens nothing.
    expire_le: Mapped[Instant | None]
    utilise_le: Mapped[Instant | None]

    @property
    def dernier_jour(self) -> date | None:
        """The last Paris day it is good for."""
        return a_paris(self.expire_le - timedelta(seconds=1)).date() if self.expire_le else None


class CodeSecours(Base):
    """A recovery code: replaces the second factor, once."""

    __tablename__ = "code_secours"

    id: Mapped[Cle]
    utilisateur_id: Mapped[UUID] = mapped_column(
        identifiant(), ForeignKey("utilisateur.id", ondelete="RESTRICT"), index=True
    )
    #: SHA-256 of the code, drawn by us.
    empreinte: Mapped[str] = mapped_column(String(64))
    utilise_le: Mapped[Instant | None]


class LienMotDePasse(Base):
    """The right to choose a password, once, for an hour."""

    __tablename__ = "lien_mot_de_passe"

    id: Mapped[Cle]
    #: SHA-256 of what the link holds.
    empreinte: Mapped[str] = mapped_column(String(64), unique=True)
    utilisateur_id: Mapped[UUID] = mapped_column(
        identifiant(), ForeignKey("utilisateur.id", ondelete="RESTRICT"), index=True
    )
    cree_le: Mapped[Instant]
    expire_le: Mapped[Instant]


class FreinConnexion(Base):
    """What slows down whoever guesses, for one key (an address typed, a client address…)."""

    __tablename__ = "frein_connexion"

    id: Mapped[Cle]
    cle: Mapped[str] = mapped_column(String(120), unique=True)
    echecs: Mapped[int] = mapped_column(Integer)
    dernier_le: Mapped[Instant] = mapped_column(index=True)
    bloque_jusqu_a: Mapped[Instant | None]


class ReglageAcces(Base):
    """How the firm wants people to sign in; a single row, absent until somebody decides."""

    __tablename__ = "reglage_acces"
    __table_args__ = (CheckConstraint("rang = 1", name="unique"),)

    id: Mapped[Cle]
    #: Always 1, unique: there is one firm.
    rang: Mapped[int] = mapped_column(Integer, unique=True, default=1)
    second_facteur_obligatoire: Mapped[bool] = mapped_column(default=False)
