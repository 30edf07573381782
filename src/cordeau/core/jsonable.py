"""JSON of the API: amounts are numbers with their exact decimals, never strings nor floats."""

import json
from decimal import Decimal
from typing import Any, NoReturn

import orjson

#: Far more than the widest column holds.
CHIFFRES_MAX = 60


def dumps(value: Any) -> bytes:
    """Serialise, writing each Decimal as the JSON number it reads as (`18400.00`)."""
    return orjson.dumps(value, default=_default, option=orjson.OPT_OMIT_MICROSECONDS)


def loads(body: bytes) -> Any:
    """Parse a request body: decimals stay exact; what no column could hold is refused.

    NaN, Infinity, duplicate keys, and numbers out of all proportion: ten characters of an exponent
    would make an integer of gigabytes.

    Raises `ValueError` (also for bytes that are not UTF-8 and for a nesting too deep).
    """
    try:
        return json.loads(
            body.decode("utf-8"),
            parse_float=_lire_decimal,
            parse_constant=_refuse_constant,
            object_pairs_hook=_refuse_duplicates,
        )
    except RecursionError as error:
        raise ValueError("nesting too deep") from error


def _default(value: Any) -> Any:
    if isinstance(value, Decimal):
        texte = str(value)
        return orjson.Fragment(format(value, "f") if "E" in texte else texte)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _lire_decimal(texte: str) -> Decimal:
    lu = Decimal(texte)
    if len(texte) > CHIFFRES_MAX or (lu and abs(lu.adjusted()) > CHIFFRES_MAX):
        raise ValueError("number out of proportion")
    return lu


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


def _refuse_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    parsed = dict(pairs)
    if len(parsed) != len(pairs):
        raise ValueError("duplicate key")
    return parsed
