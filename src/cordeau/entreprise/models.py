"""The firm: one row; and the legal mentions its documents carry, dated."""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from cordeau.core.adresse import Adresse, adresse_column
from cordeau.core.columns import Cle, Court, Libelle, Montant, Taux, Texte
from cordeau.core.db import Base


class Entreprise(Base):
    """Everything a devis or a facture says of its issuer; a single row."""

    __tablename__ = "entreprise"
    __table_args__ = (CheckConstraint("rang = 1", name="unique"),)

    id: Mapped[Cle]
    #: Always 1, unique: there is one firm.
    rang: Mapped[int] = mapped_column(Integer, unique=True, default=1)
    revision: Mapped[int] = mapped_column(Integer, default=1)

    nom: Mapped[Libelle] = mapped_column(default="")
    forme_juridique: Mapped[Court] = mapped_column(default="")
    capital: Mapped[Montant | None]
    siren: Mapped[str] = mapped_column(String(9), default="")
    siret: Mapped[str] = mapped_column(String(14), default="")
    numero_tva: Mapped[str] = mapped_column(String(20), default="")
    rcs: Mapped[Libelle] = mapped_column(default="")
    code_ape: Mapped[Court] = mapped_column(default="")
    adresse: Mapped[Adresse] = adresse_column()
    telephone: Mapped[Court] = mapped_column(default="")
    email: Mapped[Libelle] = mapped_column(default="")
    site: Mapped[Libelle] = mapped_column(default="")

    #: Decennial insurance (art. 22-2 loi 96-603): insurer, address, policy, area covered.
    assureur: Mapped[Libelle] = mapped_column(default="")
    assureur_adresse: Mapped[Libelle] = mapped_column(default="")
    assurance_police: Mapped[Court] = mapped_column(default="")
    assurance_zone: Mapped[Libelle] = mapped_column(default="")
    assurance_echeance: Mapped[date | None] = mapped_column(Date)
    #: Consumer mediator (art. L. 612-1 C. conso.).
    mediateur: Mapped[Libelle] = mapped_column(default="")
    mediateur_site: Mapped[Libelle] = mapped_column(default="")

    iban: Mapped[str] = mapped_column(String(34), default="")
    bic: Mapped[str] = mapped_column(String(11), default="")
    logo: Mapped[bytes | None] = mapped_column(LargeBinary(length=2**24 - 1))

    regime_tva: Mapped[str] = mapped_column(String(20), default="ENCAISSEMENTS")
    taux_tva_defaut: Mapped[Taux] = mapped_column(default=Decimal(20))
    #: Days, unless the client has its own.
    delai_paiement: Mapped[int] = mapped_column(Integer, default=30)
    #: Days a devis stays open.
    duree_validite: Mapped[int] = mapped_column(Integer, default=30)
    conditions: Mapped[Texte] = mapped_column(default="")
    #: Who receives the signed anchors of the ledger: the accountant, a box nobody can rewrite.
    courriel_ancres: Mapped[Libelle] = mapped_column(default="", server_default="")


class Mention(Base):
    """A legal sentence, in force between two dates.

    A text of law changes: a new row starts where the former one ends, and a document carries
    the row in force on its day.
    """

    __tablename__ = "mention"
    __table_args__ = (Index(None, "code", "valable_du", unique=True),)

    id: Mapped[Cle]
    #: Which rule: PENALITES, INDEMNITE_40, ESCOMPTE, ATTESTATION_10…
    code: Mapped[str] = mapped_column(String(40))
    #: May hold the placeholders its code allows, in braces: `{assureur}`.
    texte: Mapped[Texte]
    reference_legale: Mapped[Libelle]
    valable_du: Mapped[date] = mapped_column(Date)
    #: Last day in force; none while it is.
    valable_au: Mapped[date | None] = mapped_column(Date)
