"""Between the fields of a form and the names of the API."""

from collections.abc import Mapping

from cordeau.core.errors import DomainError


def messages_par_champ(refus: DomainError, champs: Mapping[str, str]) -> dict[str, str]:
    """What was refused, by field of the form, the first message of each.

    `champs` gives the form's name of an API field that bears another; what concerns no field is
    under the empty name.
    """
    messages: dict[str, str] = {}
    for faute in refus.fautes:
        messages.setdefault(champs.get(faute.champ, faute.champ), faute.message)
    return messages or {"": refus.message}
