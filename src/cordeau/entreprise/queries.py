"""Reading the firm and its mentions."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, inspect, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from cordeau.core.adresse import Adresse
from cordeau.core.db import Base
from cordeau.entreprise.mentions import MENTIONS_INITIALES, CodeMention, MentionLegale
from cordeau.entreprise.models import Entreprise, Mention

_ENTREPRISE = select(Entreprise).limit(1)
_NOM = select(Entreprise.nom).limit(1)
_MENTIONS = Base.metadata.tables[Mention.__tablename__].c
_EN_VIGUEUR = (
    select(_MENTIONS.code, _MENTIONS.texte, _MENTIONS.valable_du, _MENTIONS.reference_legale)
    .where(
        _MENTIONS.valable_du <= bindparam("le"),
        or_(_MENTIONS.valable_au.is_(None), _MENTIONS.valable_au >= bindparam("le")),
    )
    .order_by(_MENTIONS.valable_du)
)


def find_entreprise(session: Session, *, for_update: bool = False) -> Entreprise | None:
    """The firm, None before its installation; read once in a session."""
    connue: Entreprise | None = session.info.get(Entreprise)
    if connue is not None and connue in session and not for_update:
        return connue
    trouvee = session.scalar(_ENTREPRISE.with_for_update() if for_update else _ENTREPRISE)
    session.info[Entreprise] = trouvee
    return trouvee


def entreprise_or_blank(session: Session) -> Entreprise:
    """The firm, or an unsaved blank one with the default settings."""
    return find_entreprise(session) or blank_entreprise()


def touche_la_banque(session: Session, champs: Mapping[str, Any]) -> bool:
    """Whether these fields change where clients pay."""
    entreprise = entreprise_or_blank(session)
    return any(nom in champs and champs[nom] != getattr(entreprise, nom) for nom in ("iban", "bic"))


def blank_entreprise() -> Entreprise:
    """A firm nobody has described yet."""
    defaults = {
        attribute.key: attribute.columns[0].default.arg
        for attribute in inspect(Entreprise).column_attrs
        if isinstance(attribute.columns[0].default, ScalarElementColumnDefault)
        and not attribute.key.startswith("adresse")
    }
    return Entreprise(adresse=Adresse(), **defaults | {"revision": 0})


def mentions_en_vigueur(session: Session, le: date) -> Mapping[CodeMention, MentionLegale]:
    """The mentions in force on a day, by code.

    A rule Cordeau came to know after the base was made has no row until the firm words it.
    """
    rows = session.execute(_EN_VIGUEUR, {"le": le})
    return {m.code: m for m in MENTIONS_INITIALES if m.valable_du <= le} | {
        (mention := _mention(*row)).code: mention for row in rows
    }


@lru_cache(maxsize=256)
def _mention(code: str, texte: str, valable_du: date, reference: str) -> MentionLegale:
    """The same mention for the same row: each document asks for all of them."""
    return MentionLegale(CodeMention(code), texte, valable_du, reference)


def list_redactions(session: Session, code: CodeMention) -> Sequence[Mention | MentionLegale]:
    """The wordings of one rule, latest first; at least the one Cordeau came with."""
    rows = session.scalars(
        select(Mention).where(Mention.code == code).order_by(Mention.valable_du.desc())
    ).all()
    return rows or [m for m in MENTIONS_INITIALES if m.code is code]


def latest_mention(
    session: Session, code: CodeMention, *, for_update: bool = False
) -> Mention | None:
    """The wording that starts last for a rule, in force or to come."""
    statement = (
        select(Mention).where(Mention.code == code).order_by(Mention.valable_du.desc()).limit(1)
    )
    return session.scalar(statement.with_for_update() if for_update else statement)


def page_context(session: Session) -> Mapping[str, str]:
    """What every page shows of the firm."""
    nom = session.scalar(_NOM)
    return {"raison_sociale": nom or "Cordeau"}
