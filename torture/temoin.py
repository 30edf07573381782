"""The witness: what each client asked, and what it was answered. It alone says what is owed."""

import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any


class Nature(StrEnum):
    """What a client asks for."""

    DEVIS = "devis"
    MODIFIER = "modifier"
    ENVOYER = "envoyer"
    ACCEPTER = "accepter"
    ACOMPTE = "acompte"
    FACTURE = "facture"
    LIBRE = "libre"
    EMETTRE = "emettre"
    AVOIR = "avoir"
    REGLER = "regler"
    MULTIPLE = "multiple"
    ANNULER = "annuler"


class Issue(StrEnum):
    """How it ended, as the client saw it."""

    EN_VOL = "EN_VOL"
    #: Answered 2xx: the effect is owed, once.
    ACQUITTE = "ACQUITTE"
    #: Answered 4xx: no effect is allowed.
    REFUSE = "REFUSE"
    #: No answer, or 5xx: one effect or none.
    INCONNU = "INCONNU"
    #: Nobody listened.
    JAMAIS_PARTI = "JAMAIS_PARTI"


@dataclass(slots=True)
class Geste:
    """One request, and its repetitions under the same key."""

    tour: int
    nature: Nature
    #: A text of its own that the effect keeps in the base.
    marque: str
    methode: str
    chemin: str
    corps: Any = None
    #: What it acts on.
    cible: str = ""
    cle: str | None = None
    revision: str | None = None
    issue: Issue = Issue.EN_VOL
    statut: int = 0
    envois: int = 0
    #: When the first acknowledgement came, on the clock of the client.
    acquitte_a: float = 0.0
    #: « id » and « numero » as answered.
    reponse: Mapping[str, Any] = field(default_factory=dict)
    #: Answers under the same key that told something else.
    contradictions: list[str] = field(default_factory=list)

    @property
    def entetes(self) -> dict[str, str]:
        """The headers of its own."""
        voulus = {"Idempotency-Key": self.cle, "If-Match": self.revision}
        return {nom: valeur for nom, valeur in voulus.items() if valeur is not None}


class Temoin:
    """Every gesture of a run, also written to a file as it ends."""

    def __init__(self, fichier: Path) -> None:
        self._fichier = fichier.open("a", encoding="utf-8")
        self._verrou = threading.Lock()
        self.gestes: list[Geste] = []

    def commencer(self, geste: Geste) -> None:
        """Note what is about to be asked."""
        with self._verrou:
            self.gestes.append(geste)

    def noter(self, geste: Geste) -> None:
        """Write how it ended, for as far as is known."""
        ligne = json.dumps(asdict(geste), ensure_ascii=False)
        with self._verrou:
            self._fichier.write(ligne + "\n")

    def du_tour(self, tour: int) -> list[Geste]:
        """The gestures of one round."""
        return [geste for geste in self.gestes if geste.tour == tour]

    def inconnus(self, tour: int) -> Iterator[Geste]:
        """Those whose effect a key can settle."""
        return (g for g in self.du_tour(tour) if g.cle and g.issue is Issue.INCONNU)

    def fermer(self) -> None:
        """Close the file."""
        self._fichier.close()
