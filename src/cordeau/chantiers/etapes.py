"""The life of a chantier in words: its line, the buttons that move it, what its history keeps."""

from collections.abc import Mapping
from dataclasses import dataclass

from cordeau.chantiers.models import Chantier
from cordeau.chantiers.states import TRANSITIONS, StatutChantier

S = StatutChantier

LIBELLES: Mapping[StatutChantier, str] = {
    S.PLANIFIE: "Planifié",
    S.EN_COURS: "En cours",
    S.SUSPENDU: "Suspendu",
    S.TERMINE: "Terminé",
}


@dataclass(frozen=True, slots=True)
class Mouvement:
    """A permitted move, as its button says it and as the history tells it."""

    bouton: str
    fait: str
    icone: str
    #: The usual next step: the one filled button of the page.
    principal: bool = False


MOUVEMENTS: Mapping[tuple[StatutChantier, StatutChantier], Mouvement] = {
    (S.PLANIFIE, S.EN_COURS): Mouvement(
        "Démarrer", "Chantier démarré", icone="play-circle", principal=True
    ),
    (S.PLANIFIE, S.SUSPENDU): Mouvement("Suspendre", "Chantier suspendu", icone="pause-circle"),
    (S.EN_COURS, S.SUSPENDU): Mouvement("Suspendre", "Chantier suspendu", icone="pause-circle"),
    (S.EN_COURS, S.TERMINE): Mouvement(
        "Terminer", "Chantier terminé", icone="check-circle", principal=True
    ),
    (S.SUSPENDU, S.PLANIFIE): Mouvement("Replanifier", "Chantier replanifié", icone="calendar3"),
    (S.SUSPENDU, S.EN_COURS): Mouvement(
        "Reprendre", "Chantier repris", icone="play-circle", principal=True
    ),
    (S.SUSPENDU, S.TERMINE): Mouvement("Terminer", "Chantier terminé", icone="check-circle"),
    (S.TERMINE, S.EN_COURS): Mouvement("Rouvrir", "Chantier rouvert", icone="arrow-repeat"),
}


def mouvements_possibles(chantier: Chantier) -> list[tuple[StatutChantier, Mouvement]]:
    """The buttons of a chantier, as its state allows; the usual next step comes last."""
    actuel = StatutChantier(chantier.statut)
    possibles = [
        (cible, MOUVEMENTS[actuel, cible])
        for cible in StatutChantier
        if TRANSITIONS.allows(actuel, cible)
    ]
    return sorted(possibles, key=lambda possible: possible[1].principal)


def vie(chantier: Chantier) -> list[dict[str, str]]:
    """The life line: planned, under way (or stopped), done, with its two days."""
    debut, fin = f"le {chantier.date_debut:%d/%m/%Y}", f"le {chantier.date_fin:%d/%m/%Y}"
    if chantier.statut == S.PLANIFIE:
        etats = ("ici", "", "")
    elif chantier.statut == S.TERMINE:
        etats = ("fait", "fait", "ici")
    else:
        etats = ("fait", "ici", "")
    milieu = LIBELLES[S.SUSPENDU if chantier.statut == S.SUSPENDU else S.EN_COURS]
    return [
        {"mot": LIBELLES[S.PLANIFIE], "note": f"début {debut}", "etat": etats[0]},
        {"mot": milieu, "note": chantier.responsable, "etat": etats[1]},
        {"mot": LIBELLES[S.TERMINE], "note": f"fin {fin}", "etat": etats[2]},
    ]
