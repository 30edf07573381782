"""Quick actions: what people come to do, each for those who may."""

from dataclasses import dataclass

from cordeau.core.permissions import Acteur, Permission


@dataclass(frozen=True, slots=True)
class ActionRapide:
    """A way straight to a task."""

    titre: str
    url: str
    droit: Permission
    icone: str


ACTIONS: tuple[ActionRapide, ...] = (
    ActionRapide(
        "Nouveau devis", "/devis/nouveau", Permission.DEVIS_ECRIRE, icone="file-earmark-plus"
    ),
    ActionRapide(
        "Nouveau chantier", "/chantiers/nouveau", Permission.CHANTIER_ECRIRE, icone="calendar-plus"
    ),
    ActionRapide(
        "Encaissement", "/reglements/nouveau", Permission.REGLEMENT_ECRIRE, icone="cash-stack"
    ),
    ActionRapide("Export JD Edwards", "/export/jde", Permission.EXPORT_LIRE, icone="database"),
    ActionRapide(
        "Nouveau client", "/clients/nouveau", Permission.CLIENT_ECRIRE, icone="person-plus"
    ),
)


def actions_de(acteur: Acteur) -> list[ActionRapide]:
    """What this person may do."""
    return [action for action in ACTIONS if acteur.peut(action.droit)]
