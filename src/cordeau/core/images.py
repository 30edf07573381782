"""Pictures people send: judged by their content, re-encoded, never served as they came."""

import io
import warnings

from PIL import Image, UnidentifiedImageError

from cordeau.core.errors import refuser_saisie

OCTETS_MAX = 5 * 1024 * 1024
PIXELS_MAX = 20_000_000
COTE_MAX = 1200


def relire_image(contenu: bytes, champ: str) -> bytes:
    """The picture as a clean PNG of at most 1 200 px a side, without metadata.

    Raises `SaisieError` on what is not a PNG or JPEG picture, or is too large.
    """
    if len(contenu) > OCTETS_MAX:
        raise refuser_saisie(champ, "L’image est trop lourde : 5 Mo au plus.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(contenu), formats=("PNG", "JPEG"))
            if image.width * image.height > PIXELS_MAX:
                raise refuser_saisie(champ, "L’image est trop grande : 20 millions de pixels.")
            propre = image.convert("RGBA" if image.mode in ("RGBA", "LA", "P") else "RGB")
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombWarning,
        Image.DecompressionBombError,
    ) as error:
        raise refuser_saisie(champ, "Donnez une image PNG ou JPEG.") from error
    propre.thumbnail((COTE_MAX, COTE_MAX))
    sortie = io.BytesIO()
    propre.save(sortie, "PNG", optimize=True)
    return sortie.getvalue()
