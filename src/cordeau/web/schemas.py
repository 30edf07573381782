"""Types of what comes in, and the shape of what goes out of the API.

Names are camelCase with HT, TVA and TTC in capitals (`prixUnitaireHT`), as in the published
contract; a number is a JSON number with its exact decimals.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from operator import itemgetter
from typing import Annotated, Any, Generic, TypeVar

from fastapi.responses import Response
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
)

from cordeau.core import jsonable
from cordeau.core.listing import Page
from cordeau.core.money import arrondir
from cordeau.core.texte import nettoyer

SIGLES = {"ht": "HT", "tva": "TVA", "ttc": "TTC"}
JOUR_MIN, JOUR_MAX = date(1990, 1, 1), date(2199, 12, 31)
#: Stands for an identifier in the examples of the API.
IDENTIFIANT = "01a21853-8ba3-7d78-82f2-660f6cbb3dbb"
_NOMBRE = re.compile(r"[+-]?\d{1,20}([.,]\d{1,20})?")
_JOUR_FR = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


def camel(name: str) -> str:
    """`prix_unitaire_ht` → `prixUnitaireHT`."""
    head, *tail = name.split("_")
    return head + "".join(SIGLES.get(word, word.capitalize()) for word in tail)


class Schema(BaseModel):
    """Base of what the API sends and receives; unknown fields are ignored."""

    model_config = ConfigDict(
        alias_generator=camel, populate_by_name=True, from_attributes=True, extra="ignore"
    )


def exemple(**champs: Any) -> ConfigDict:
    """The configuration of a schema whose description shows these fields."""
    return ConfigDict(json_schema_extra={"examples": [champs]})


class JsonResponse(Response):
    """A JSON answer whose amounts are exact numbers."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """Serialise."""
        return jsonable.dumps(content)


def repondre(
    schema: BaseModel,
    *,
    status_code: int = 200,
    headers: Mapping[str, str] | None = None,
    exclude: set[str] | dict[str, Any] | None = None,
) -> JsonResponse:
    """Answer with a schema; `exclude` names the fields this person may not see."""
    return JsonResponse(
        schema.model_dump(by_alias=True, exclude=exclude),
        status_code=status_code,
        headers=dict(headers or {}),
    )


def repondre_page(schema: type[BaseModel], page: Page[Any]) -> JsonResponse:
    """Answer with a page whose rows bear the names of the schema's fields."""
    elements: list[dict[str, Any]] = []
    if page.elements:
        champs = {champ.alias or nom: nom for nom, champ in schema.model_fields.items()}
        rangs = {nom: rang for rang, nom in enumerate(page.elements[0]._fields)}
        lire = itemgetter(*(rangs[nom] for nom in champs.values()))
        elements = [dict(zip(champs, lire(row), strict=True)) for row in page.elements]
    return JsonResponse({"elements": elements, "suivant": page.suivant})


def etag(revision: int) -> dict[str, str]:
    """The header that names this state of the row."""
    return {"ETag": f'"{revision}"'}


def _propre(value: Any) -> Any:
    return nettoyer(value) if isinstance(value, str) else value


def lire_nombre(value: Any) -> Any:
    """« 1 234,50 € », « 1234.5 » or a JSON number → Decimal; anything else is refused."""
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return value
    if not isinstance(value, str):
        raise ValueError("nombre")  # noqa: TRY004 (pydantic turns ValueError into a message)
    texte = re.sub(r"[\s\u00a0\u202f€%]", "", value).replace("\u2212", "-")
    if not _NOMBRE.fullmatch(texte):
        raise ValueError("nombre")
    try:
        return Decimal(texte.replace(",", "."))
    except InvalidOperation as error:
        raise ValueError("nombre") from error


def lire_jour(value: Any) -> Any:
    """« 2026-11-21 » or « 21/11/2026 » → date; no time stamp, no other form."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        raise ValueError("jour")  # noqa: TRY004 (as above)
    texte = value.strip()
    francais = _JOUR_FR.fullmatch(texte)
    if francais:
        jour, mois, annee = francais.groups()
        texte = f"{annee}-{mois:0>2}-{jour:0>2}"
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", texte):
            raise ValueError("jour")
        return date.fromisoformat(texte)
    except ValueError as error:
        raise ValueError("jour") from error


def _dans_le_siecle(value: date) -> date:
    if not JOUR_MIN <= value <= JOUR_MAX:
        raise ValueError("jour_hors_bornes")
    return value


def vide_en_none(value: Any) -> Any:
    """An empty field of a form is no value."""
    return None if isinstance(value, str) and not value.strip() else value


Ligne = Annotated[str, BeforeValidator(_propre), Field(max_length=255)]
LigneRequise = Annotated[str, BeforeValidator(_propre), Field(min_length=1, max_length=255)]
Code = Annotated[str, BeforeValidator(_propre), Field(max_length=40)]
Paragraphe = Annotated[str, BeforeValidator(_propre), Field(max_length=10_000)]

_json_number = WithJsonSchema({"type": "number"})
_exact = PlainSerializer(lambda value: value, return_type=Any)

Nombre = Annotated[Decimal, BeforeValidator(lire_nombre), _json_number]
#: The bounds of a number come first: pydantic then checks them without calling Python.
QuantiteSaisie = Annotated[
    Decimal,
    Field(gt=0, max_digits=14, decimal_places=4, lt=10_000_000),
    BeforeValidator(lire_nombre),
    _json_number,
]
PrixSaisi = Annotated[
    Decimal,
    Field(ge=0, decimal_places=6, lt=100_000_000),
    BeforeValidator(lire_nombre),
    _json_number,
]
PourcentageSaisi = Annotated[
    Decimal,
    Field(ge=0, le=100, decimal_places=4),
    BeforeValidator(lire_nombre),
    _json_number,
]
MontantSaisi = Annotated[
    Decimal,
    Field(ge=0, decimal_places=2, lt=10_000_000_000),
    BeforeValidator(lire_nombre),
    AfterValidator(arrondir),
    _json_number,
]
MontantStrict = Annotated[
    Decimal,
    Field(gt=0, decimal_places=2, lt=10_000_000_000),
    BeforeValidator(lire_nombre),
    AfterValidator(arrondir),
    _json_number,
]
JourSaisi = Annotated[date, BeforeValidator(lire_jour), AfterValidator(_dans_le_siecle)]

#: An amount that leaves: two decimals.
MontantSorti = Annotated[Decimal, _json_number, _exact]

Element = TypeVar("Element")


class ListeSchema(BaseModel, Generic[Element]):
    """A page of a list."""

    elements: list[Element]
    suivant: str | None = Field(
        default=None, description="Curseur de la page suivante, absent à la fin."
    )


class FauteSchema(BaseModel):
    """One field to correct."""

    champ: str
    message: str


class ProblemeSchema(BaseModel):
    """A refusal (RFC 9457, application/problem+json)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[FauteSchema]


#: What a route that is limited adds to its description.
LIMITEE: dict[int | str, dict[str, Any]] = {
    429: {"model": ProblemeSchema, "description": "Trop de demandes : voir Retry-After."}
}
