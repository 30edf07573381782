"""Choices the firm makes once for all its documents."""

from enum import StrEnum


class RegimeTva(StrEnum):
    """When VAT on works is due (art. 269-2-c CGI)."""

    #: On collection: the rule for services.
    ENCAISSEMENTS = "ENCAISSEMENTS"
    #: On invoicing, by option.
    DEBITS = "DEBITS"
    #: No VAT charged (art. 293 B CGI).
    FRANCHISE = "FRANCHISE"
