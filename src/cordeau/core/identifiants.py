"""What others know a firm by: SIREN, SIRET, VAT number, IBAN, BIC, e-mail address."""

import re
from collections.abc import Callable

from stdnum import bic as stdnum_bic
from stdnum import iban as stdnum_iban
from stdnum.eu import vat as stdnum_vat
from stdnum.exceptions import ValidationError
from stdnum.fr import siren as stdnum_siren
from stdnum.fr import siret as stdnum_siret

#: A check: the compact number, or `ValueError` with a French message.
Check = Callable[[str], str]


_COURRIEL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\"]+")


def courriel(adresse: str) -> str:
    """An e-mail address, or nothing; `ValueError` with a French message when it is none."""
    if adresse and not (
        _COURRIEL.fullmatch(adresse) and len(adresse) <= 255 and adresse.isprintable()
    ):
        raise ValueError("Écrivez une adresse de courriel, par exemple a@b.fr.")
    return adresse


def _check(validate: Callable[[str], str], message: str) -> Check:
    def check(numero: str) -> str:
        if not numero.strip():
            return ""
        try:
            return str(validate(numero))
        except ValidationError as error:
            raise ValueError(message) from error

    return check


siren: Check = _check(
    stdnum_siren.validate, "Ce SIREN n’est pas valable : neuf chiffres, dont une clé de contrôle."
)
siret: Check = _check(
    stdnum_siret.validate,
    "Ce SIRET n’est pas valable : quatorze chiffres, dont une clé de contrôle.",
)
numero_tva: Check = _check(
    stdnum_vat.validate,
    "Ce numéro de TVA n’est pas valable : par exemple FR suivi de onze caractères.",
)
iban: Check = _check(stdnum_iban.validate, "Cet IBAN n’est pas valable.")
bic: Check = _check(stdnum_bic.validate, "Ce BIC n’est pas valable : huit ou onze caractères.")
