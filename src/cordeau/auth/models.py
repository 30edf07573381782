"""Users, their sessions and their API tokens. Secrets are kept as digests only."""

from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from cordeau.core.columns import Cle, Instant, Libelle, identifiant
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

    def en_acteur(self) -> Acteur:
        """This person, as commands see them."""
        return Acteur(self.id, self.nom, self.email, Role(self.role))


class SessionWeb(Base):
    """A browser signed in; ends at its date or when deleted."""

    __tablename__ = "session_web"

    id: Mapped[Cle]
    #: SHA-256 of the cookie.
    empreinte: Mapped[str] = mapped_column(String(64), unique=True)
    utilisateur_id: Mapped[UUID] = mapped_column(
        identifiant(), ForeignKey("utilisateur.id", ondelete="RESTRICT"), index=True
    )
    cree_le: Mapped[Instant]
    expire_le: Mapped[Instant]


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
