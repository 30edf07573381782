"""What the forms of the accounting send."""

from pydantic import BaseModel

from cordeau.core.registre.states import GenreCloture


class ClotureForm(BaseModel):
    """The period to close, as typed: « 2026-10 » for a month, « 2026 » for a year."""

    genre: str = GenreCloture.MOIS
    periode: str = ""
