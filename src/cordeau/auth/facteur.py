"""The second factor: codes of an application (TOTP, RFC 6238), and those that replace it."""

import hashlib
import hmac
import secrets
from base64 import b32encode
from uuid import UUID

import pyotp
from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from cordeau.auth.models import CodeSecours, ReglageAcces, SessionWeb, Utilisateur
from cordeau.auth.passwords import tirer_code
from cordeau.auth.queries import digest, second_facteur_obligatoire
from cordeau.auth.rules import CODES_SECOURS, ROLES_A_PROTEGER
from cordeau.core import journal
from cordeau.core.dates import maintenant
from cordeau.core.errors import ConflitError, refuser_saisie
from cordeau.core.permissions import Acteur
from cordeau.core.registre.ecriture import inscrire
from cordeau.core.registre.states import Evenement, Journal

EMETTEUR = "Cordeau"
#: One step of thirty seconds early or late: clocks of telephones are not all right.
PAS_VOISINS = (0, -1, 1)


def proposer(user: Utilisateur) -> None:
    """Draw a new seed, to be proved by a code; the factor stays off until then."""
    if user.facteur_depuis is not None:
        raise ConflitError("Votre second facteur est déjà activé.")
    user.facteur_graine = secrets.token_hex(32)
    user.facteur_pas = None


def adresse_otp(user: Utilisateur, cle: str) -> str:
    """What the picture holds for the application: `otpauth://…`."""
    return _totp(user, cle).provisioning_uri(name=user.email, issuer_name=EMETTEUR)


def secret_a_recopier(user: Utilisateur, cle: str) -> str:
    """The same secret for a hand, in groups of four."""
    secret = _totp(user, cle).secret
    return " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))


def activer(
    session: Session, user: Utilisateur, code: str, *, cle: str, actor: Acteur, origine: str
) -> list[str]:
    """Turn the factor on once a code proves the application knows it; the recovery codes.

    Raises `SaisieError` on a wrong code.
    """
    if user.facteur_graine is None or user.facteur_depuis is not None:
        raise ConflitError("Reprenez l’activation depuis le début.")
    if not _consommer_code(session, user, code, cle):
        raise refuser_saisie("code", "Ce code n’est pas le bon. Attendez le suivant, puis essayez.")
    user.facteur_depuis = maintenant()
    session.execute(
        update(SessionWeb)
        .where(SessionWeb.utilisateur_id == user.id)
        .values(enrolement_du=None)
        .execution_options(synchronize_session=False)
    )
    journal.record(session, actor, "utilisateur", user.id, "Second facteur activé", adresse=origine)
    return renouveler_codes(session, user)


def renouveler_codes(session: Session, user: Utilisateur) -> list[str]:
    """New recovery codes, shown once; the former ones are worth nothing."""
    session.execute(delete(CodeSecours).where(CodeSecours.utilisateur_id == user.id))
    codes = [tirer_code(4) for _ in range(CODES_SECOURS)]
    session.add_all(
        CodeSecours(utilisateur_id=user.id, empreinte=_empreinte_code(user.id, code))
        for code in codes
    )
    return codes


def retirer(session: Session, user: Utilisateur, *, actor: Acteur, origine: str) -> None:
    """Turn the factor off; refused to the person itself where the firm asks for it."""
    if actor.id == user.id and est_du(session, user):
        raise ConflitError("Votre entreprise demande un second facteur pour votre rôle.")
    user.facteur_graine = user.facteur_depuis = user.facteur_pas = None
    session.execute(delete(CodeSecours).where(CodeSecours.utilisateur_id == user.id))
    journal.record(session, actor, "utilisateur", user.id, "Second facteur retiré", adresse=origine)


def verifier(session: Session, user: Utilisateur, code: str, cle: str) -> bool:
    """Whether the code is right, of the application or of recovery; it will not serve again."""
    if user.facteur_depuis is None:
        return False
    return _consommer_code(session, user, code, cle) or _consommer_secours(session, user, code)


def est_du(session: Session, user: Utilisateur) -> bool:
    """Whether the firm asks this person for a second factor."""
    return user.role in ROLES_A_PROTEGER and second_facteur_obligatoire(session)


def obliger(session: Session, *, oblige: bool, actor: Acteur) -> None:
    """Decide whether administrators and accountants must have one; at once for who is there."""
    reglage = session.scalar(select(ReglageAcces).with_for_update())
    if oblige == (reglage is not None and reglage.second_facteur_obligatoire):
        return
    if reglage is None:
        reglage = ReglageAcces()
        session.add(reglage)
    reglage.second_facteur_obligatoire = oblige
    session.flush()
    sans_facteur = select(Utilisateur.id).where(
        Utilisateur.role.in_(ROLES_A_PROTEGER), Utilisateur.facteur_depuis.is_(None)
    )
    session.execute(
        update(SessionWeb)
        .where(SessionWeb.utilisateur_id.in_(sans_facteur))
        .values(enrolement_du=oblige or None)
        .execution_options(synchronize_session=False)
    )
    action = "Second facteur rendu obligatoire" if oblige else "Second facteur rendu facultatif"
    journal.record(session, actor, "reglage_acces", reglage.id, action)
    inscrire(
        session,
        Journal.TECHNIQUE,
        Evenement.REGLAGES,
        {"second_facteur_obligatoire": int(oblige)},
        actor=actor,
        objet_id=reglage.id,
    )


def _totp(user: Utilisateur, cle: str) -> pyotp.TOTP:
    """The secret is not in the base: it is what the instance's key makes of the seed."""
    message = f"second-facteur\0{user.id.hex}\0{user.facteur_graine}"
    secret = hmac.new(cle.encode(), message.encode(), hashlib.sha256).digest()[:20]
    return pyotp.TOTP(b32encode(secret).decode())


def _consommer_code(session: Session, user: Utilisateur, code: str, cle: str) -> bool:
    """Use a code of the application; only a step later than the last one used counts."""
    propre = "".join(code.split())
    totp = _totp(user, cle)
    pas = totp.timecode(maintenant())
    juste = [p for v in PAS_VOISINS if _memes(totp.generate_otp(p := pas + v), propre)]
    if not juste:
        return False
    return _une_ligne(
        session.execute(
            update(Utilisateur)
            .where(
                Utilisateur.id == user.id,
                or_(Utilisateur.facteur_pas.is_(None), Utilisateur.facteur_pas < juste[0]),
            )
            .values(facteur_pas=juste[0])
            .execution_options(synchronize_session=False)
        )
    )


def _consommer_secours(session: Session, user: Utilisateur, code: str) -> bool:
    return _une_ligne(
        session.execute(
            update(CodeSecours)
            .where(
                CodeSecours.utilisateur_id == user.id,
                CodeSecours.empreinte == _empreinte_code(user.id, code),
                CodeSecours.utilise_le.is_(None),
            )
            .values(utilise_le=maintenant())
            .execution_options(synchronize_session=False)
        )
    )


def _empreinte_code(user_id: UUID, code: str) -> str:
    """Without what a hand adds or leaves out: dashes, spaces, capitals."""
    epele = "".join(c for c in code.casefold() if c.isalnum())
    return digest(f"{user_id.hex}:{epele}")


def _memes(attendu: str, donne: str) -> bool:
    return hmac.compare_digest(attendu.encode(), donne.encode("utf-8", "surrogatepass"))


def _une_ligne(resultat: object) -> bool:
    return bool(getattr(resultat, "rowcount", 0))
