"""Refusals of the billing, worded for the person who bills."""

from collections.abc import Sequence
from decimal import Decimal

from cordeau.core.errors import ConflitError, Faute


class FactureEmiseError(ConflitError):
    """An issued document is never changed nor deleted (BOI-TVA-DECLA-30-20-20-10)."""

    def __init__(self, numero: str) -> None:
        super().__init__(
            f"{numero} est émise : elle ne change plus. Pour la corriger, faites un avoir."
        )


class RienAFacturerError(ConflitError):
    """Everything accepted is billed already, drafts included."""

    def __init__(self) -> None:
        super().__init__("Tout ce devis est déjà facturé (brouillons compris).")


class TropFactureError(ConflitError):
    """A row would be billed beyond what was accepted."""

    def __init__(self, fautes: Sequence[Faute]) -> None:
        super().__init__("Cette facture dépasserait ce que le client a accepté.", fautes)


class EmissionImpossibleError(ConflitError):
    """Something the law or the e-invoice asks is missing: everything is listed at once."""

    def __init__(self, fautes: Sequence[Faute]) -> None:
        super().__init__("Il manque des éléments pour émettre ce document.", fautes)


class AcompteExcessifError(ConflitError):
    """The acomptes would exceed what is left to bill."""

    def __init__(self, disponible: Decimal) -> None:
        super().__init__(
            "Cet acompte dépasse ce qui reste à facturer, acomptes déjà demandés compris : "
            f"{disponible:.2f} € HT au plus.".replace(".", ",", 1)
        )
