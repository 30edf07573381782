"""Where a chantier stands."""

from enum import StrEnum

from cordeau.core.transitions import Transitions


class StatutChantier(StrEnum):
    """State of a chantier."""

    PLANIFIE = "PLANIFIE"
    EN_COURS = "EN_COURS"
    #: Stopped for a time: weather, dispute, missing supply.
    SUSPENDU = "SUSPENDU"
    TERMINE = "TERMINE"


S = StatutChantier

TRANSITIONS = Transitions(
    [
        (S.PLANIFIE, S.EN_COURS),
        (S.PLANIFIE, S.SUSPENDU),
        (S.EN_COURS, S.SUSPENDU),
        (S.EN_COURS, S.TERMINE),
        (S.SUSPENDU, S.PLANIFIE),
        (S.SUSPENDU, S.EN_COURS),
        (S.SUSPENDU, S.TERMINE),
        (S.TERMINE, S.EN_COURS),  # defects to mend after the end
    ]
)
