"""Expected refusals: typed, worded in French for the person who reads them, with their status."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Faute:
    """What is wrong in one field; `champ` is its path in the request (`lignes[0].quantite`)."""

    champ: str
    message: str


class DomainError(Exception):
    """A refusal the reader can understand and act upon."""

    status = 409
    titre = "Action refusée"
    #: In how many seconds the same request may succeed; None when it will not.
    retry_after: int | None = None

    def __init__(self, message: str, fautes: Sequence[Faute] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.fautes = tuple(fautes)


class IntrouvableError(DomainError):
    """No such row for this user: what one may not see does not exist."""

    status = 404
    titre = "Introuvable"

    def __init__(self, message: str = "Cette page ou cet élément n’existe pas.") -> None:
        super().__init__(message)


class ConflitError(DomainError):
    """The state of things forbids it: a facture already issued, nothing left to bill."""


class VersionPerimeeError(DomainError):
    """Somebody changed the row in between (HTTP 412, RFC 9110 §13.1.1)."""

    status = 412
    titre = "Modifié entre-temps"

    def __init__(self) -> None:
        super().__init__(
            "Cet élément a été modifié entre-temps. Rechargez-le, puis refaites votre changement."
        )


class VersionExigeeError(DomainError):
    """A replacement that does not say which version it replaces (HTTP 428, RFC 6585)."""

    status = 428
    titre = "Version à préciser"

    def __init__(self) -> None:
        super().__init__(
            "Dites quelle version vous modifiez : donnez en If-Match l’ETag reçu à la lecture."
        )


class SaisieError(DomainError):
    """What was typed cannot be accepted, field by field."""

    status = 422
    titre = "Saisie à corriger"

    def __init__(self, fautes: Sequence[Faute]) -> None:
        super().__init__("Certains champs sont à corriger.", fautes)


class NonAuthentifieError(DomainError):
    """Nobody is signed in."""

    status = 401
    titre = "Connexion requise"

    def __init__(self, message: str = "Connectez-vous pour continuer.") -> None:
        super().__init__(message)


class InterditError(DomainError):
    """Signed in, but without the right."""

    status = 403
    titre = "Accès refusé"

    def __init__(
        self, message: str = "Votre rôle ne permet pas cette action. Demandez à l’administrateur."
    ) -> None:
        super().__init__(message)


class TropDeDemandesError(DomainError):
    """Too many attempts or requests: the reader is told when to come back (HTTP 429)."""

    status = 429
    titre = "Trop de demandes"

    def __init__(self, secondes: int, debut: str = "Trop de demandes en peu de temps.") -> None:
        self.retry_after = max(1, secondes)
        super().__init__(f"{debut} Réessayez dans {duree_en_lettres(self.retry_after)}.")


class ConfirmationRequiseError(DomainError):
    """Signed in, but not recently enough for this: who asks proves it again, then it is done."""

    status = 403
    titre = "Confirmez que c’est bien vous"

    def __init__(
        self,
        champs: Sequence[tuple[str, str]] = (),
        faute: str = "",
        *,
        par_code: bool = False,
        status: int = 403,
    ) -> None:
        super().__init__("Donnez de nouveau votre mot de passe pour cette action.")
        #: What the form held, kept by the page that asks.
        self.champs = tuple(champs)
        self.faute = faute
        #: Whether a code of the second factor will do too.
        self.par_code = par_code
        self.status = status


class QuestionPoseeError(DomainError):
    """The form asks first whether one is sure, and nobody answered yet: nothing is done."""

    status = 200
    titre = "Confirmez"

    def __init__(self, question: str) -> None:
        super().__init__(question)


class EnrolementDuError(InterditError):
    """The firm wants a second factor for this role: nothing else until it is there."""

    def __init__(self) -> None:
        super().__init__("Votre rôle demande un second facteur : activez-le dans « Mon compte ».")


def duree_en_lettres(secondes: int) -> str:
    """« 40 secondes », « 3 minutes »: rounded up, so that nobody comes back too early."""
    if secondes < 90:
        return f"{secondes} seconde{'s' if secondes > 1 else ''}"
    return f"{-(-secondes // 60)} minutes"


def refuser_saisie(champ: str, message: str) -> SaisieError:
    """A refusal of a single field, ready to raise."""
    return SaisieError([Faute(champ, message)])
