"""The firm's logo, made fit for print: whatever was uploaded, a small PNG comes out."""

import base64
import binascii
import io
from functools import lru_cache

from PIL import Image, UnidentifiedImageError

#: Enough for 45 mm at 300 dots an inch.
_TAILLE = (540, 300)
_FORMATS = ("PNG", "JPEG")


@lru_cache(maxsize=4)  # the same on every document
def lire_logo(logo_base64: str) -> bytes | None:
    """The logo as PNG, or None when there is none that can be read: the drawn mark replaces it."""
    if not logo_base64:
        return None
    try:
        brut = base64.b64decode(logo_base64, validate=True)
        with Image.open(io.BytesIO(brut), formats=_FORMATS) as source:
            image = source.convert("RGBA")
    except (binascii.Error, UnidentifiedImageError, OSError, Image.DecompressionBombError):
        return None
    image.thumbnail(_TAILLE)
    sortie = io.BytesIO()
    image.save(sortie, "PNG")
    return sortie.getvalue()
