"""What kind of client this is: decides mentions, terms and e-invoicing."""

from enum import StrEnum


class TypeClient(StrEnum):
    """Kind of client."""

    #: A consumer: mediator, withdrawal, certificate; no fixed recovery fee.
    PARTICULIER = "PARTICULIER"
    #: A firm: SIREN required on its factures since the e-invoicing reform.
    PROFESSIONNEL = "PROFESSIONNEL"
    #: State, local authority, hospital: invoiced through Chorus Pro.
    PUBLIC = "PUBLIC"
