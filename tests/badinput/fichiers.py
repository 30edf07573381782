"""Files made to harm: pictures, workbooks, archives, each small to send."""

import io
import struct
import zipfile
import zlib

import openpyxl
from PIL import Image

#: Where a picture says it was taken.
_GPS, _LATITUDE = 0x8825, {1: "N", 2: (47.0, 28.0, 12.0)}
_CORPS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def png_vide(largeur: int, hauteur: int) -> bytes:
    """A picture of one bit a pixel, as large as one likes, of a few kilobytes."""

    def bloc(genre: bytes, donnees: bytes) -> bytes:
        somme = struct.pack(">I", zlib.crc32(genre + donnees))
        return struct.pack(">I", len(donnees)) + genre + donnees + somme

    lignes = zlib.compress(b"\0" * ((largeur // 8 + 2) * min(hauteur, 2000)), 9)
    entete = struct.pack(">IIBBBBB", largeur, hauteur, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + bloc(b"IHDR", entete) + bloc(b"IDAT", lignes) + bloc(b"IEND", b"")


def image(genre: str, **options: object) -> bytes:
    """A small picture of a kind."""
    sortie = io.BytesIO()
    Image.new("RGB", (20, 10), "#aa3300").save(sortie, genre, **options)
    return sortie.getvalue()


def jpeg_situe() -> bytes:
    """A photograph that says where it was taken, with a page hidden in its comment."""
    exif = Image.Exif()
    exif[_GPS] = _LATITUDE
    exif[0x010E] = "<script>alert(1)</script>"
    return image("JPEG", exif=exif, comment=b"<html><script>alert(1)</script></html>")


def gif_anime(images: int) -> bytes:
    """A film."""
    sortie = io.BytesIO()
    trame = Image.new("P", (2, 2))
    trame.save(sortie, "GIF", save_all=True, append_images=[trame] * (images - 1), duration=1)
    return sortie.getvalue()


IMAGES_REFUSEES = {
    "20 000 pixels de côté": png_vide(20_000, 20_000),
    "13 000 pixels de côté": png_vide(13_000, 13_000),
    "film": gif_anime(50),
    "TIFF": image("TIFF"),
    "BMP": image("BMP"),
    "PPM": image("PPM"),
    "ICO": image("ICO"),
    "EPS": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(x) run\n",
    "PSD": b"8BPS\0\1" + b"\0" * 40,
    "FITS": b"SIMPLE  =                    T" + b" " * 2850,
    "HEIC": b"\0\0\0\x18ftypheic" + b"\0" * 40,
    "SVG": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "page": b"<html><script>alert(1)</script></html>",
    "PDF": b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(x)>>>>endobj",
    "vide": b"",
    "début seul": image("PNG")[:40],
    "trop lourd": b"\x89PNG\r\n\x1a\n" + b"\0" * (5 * 1024 * 1024),
}


def classeur() -> dict[str, bytes]:
    """The parts of a plain workbook of one client."""
    sortie = io.BytesIO()
    livre = openpyxl.Workbook()
    feuille = livre.active
    assert feuille is not None
    feuille.append(["Nom"])
    feuille.append(["Constructeo"])
    livre.save(sortie)
    with zipfile.ZipFile(sortie) as archive:
        return {nom: archive.read(nom) for nom in archive.namelist()}


def archiver(parties: dict[str, bytes]) -> bytes:
    """The workbook of these parts."""
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as archive:
        for nom, partie in parties.items():
            archive.writestr(nom, partie)
    return sortie.getvalue()


def avec_feuille(debut: bytes, lignes: bytes) -> bytes:
    """The workbook whose only sheet is rewritten."""
    feuille = debut + b'<worksheet xmlns="%s"><sheetData>%s</sheetData></worksheet>' % (
        _CORPS.encode(),
        lignes,
    )
    return archiver({**classeur(), "xl/worksheets/sheet1.xml": feuille})


def cellule(texte: bytes) -> bytes:
    """A row whose first cell holds a text."""
    return b'<row r="1"><c r="A1" t="inlineStr"><is><t>%s</t></is></c></row>' % texte


def bombes_xml(port: int) -> dict[str, bytes]:
    """Workbooks whose sheet calls elsewhere, grows, or nests without end."""
    adresse = b"http://127.0.0.1:%d/" % port
    return {
        "entité externe, fichier": avec_feuille(
            b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>', cellule(b"&x;")
        ),
        "entité externe, réseau": avec_feuille(
            b'<!DOCTYPE a [<!ENTITY x SYSTEM "%s">]>' % adresse, cellule(b"&x;")
        ),
        "entité de paramètre": avec_feuille(
            b'<!DOCTYPE a [<!ENTITY %% p SYSTEM "%s"> %%p;]>' % adresse, cellule(b"x")
        ),
        "milliard de rires": avec_feuille(_rires(), cellule(b"&r9;")),
        "XInclude": avec_feuille(
            b"",
            b'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" parse="text" '
            b'href="file:///etc/passwd"/>',
        ),
        "dix mille niveaux": avec_feuille(b"", b"<a>" * 10_000 + b"</a>" * 10_000),
        "UTF-16 annoncé": avec_feuille(b'<?xml version="1.0" encoding="UTF-16"?>', cellule(b"x")),
        "UTF-7 annoncé": avec_feuille(b'<?xml version="1.0" encoding="UTF-7"?>', cellule(b"x")),
        "attribut de 40 Mo": avec_feuille(b"", b'<row a="' + b"x" * (40 << 20) + b'"/>'),
        "préfixe trompeur": avec_feuille(
            b"", b'<x:row xmlns:x="urn:x" r="99999999"><x:c r="ZZZ9"/></x:row>'
        ),
    }


def avec_textes_partages(textes: bytes, lignes: bytes) -> bytes:
    """The workbook whose sheet points to shared texts."""
    table = b'<sst xmlns="%s">%s</sst>' % (_CORPS.encode(), textes)
    feuille = b'<worksheet xmlns="%s"><sheetData>%s</sheetData></worksheet>'
    return archiver(
        {
            **classeur(),
            "xl/sharedStrings.xml": table,
            "xl/worksheets/sheet1.xml": feuille % (_CORPS.encode(), lignes),
        }
    )


def renvois(nombre: int, rang: bytes = b"1") -> bytes:
    """Rows whose only cell points to a shared text, after the one of the header."""
    cellule = b'<row r="%d"><c r="A%d" t="s"><v>%s</v></c></row>'
    return cellule % (1, 1, b"0") + b"".join(
        cellule % (ligne, ligne, rang) for ligne in range(2, nombre + 2)
    )


def bombes_de_texte() -> dict[str, bytes]:
    """Workbooks of a few kilobytes that say a lot more in memory, or hide how much."""
    nom, mega = b"<si><t>Nom</t></si>", b"<r><t>%s</t></r>" % (b"a" * 1_000_000)
    long = nom + b"<si><t>%s</t></si>" % (b"a" * 32_767)
    petit = b"<si><t>b</t></si>" * 18
    return {
        "texte partagé de 20 Mo": avec_textes_partages(
            nom + b"<si>%s</si>" % (mega * 20), renvois(120)
        ),
        "texte permis, dix mille fois": avec_textes_partages(long, renvois(10_000)),
        "texte en ligne": avec_feuille(b"", cellule(b"a" * 40_000)),
        "beaucoup de textes en ligne": avec_feuille(b"", cellule(b"a" * 30_000) * 400),
        "formule": avec_feuille(b"", b'<row r="1"><c><f>%s</f></c></row>' % (b"a" * 40_000)),
        "renvoi caché": avec_textes_partages(
            long + petit, renvois(10_000, b"1<![CDATA[9]]>") + renvois(1)
        ),
        "renvoi coupé": avec_textes_partages(long + petit, renvois(10_000, b"1<!-- -->9")),
        "renvoi signé": avec_textes_partages(long, renvois(10_000, b"+1")),
        "renvois doublés": avec_textes_partages(long, renvois(10_000, b"1</v><v>1")),
        "cellule en bas à droite": avec_feuille(
            b"", b'<row r="1"><c r="A1"/><c r="XFD1048576"><v>1</v></c></row>'
        ),
        "la même, en minuscules": avec_feuille(
            b"", b'<row r="1"><c r="A1"/><c r="xfd1048576"><v>1</v></c></row>'
        ),
        "un million de cellules au même endroit": avec_feuille(
            b"", b'<row r="1">' + b'<c r="A1"/>' * 1_100_000 + b"</row>"
        ),
        "un million de textes partagés": avec_textes_partages(
            nom + b"<si/>" * 1_100_000, renvois(1)
        ),
    }


def bombes_zip() -> dict[str, bytes]:
    """Archives larger inside than out, or that aim outside."""
    dedans = archiver({"a.xml": b" " * (20 << 20)})
    parties = classeur()
    return {
        "gonflée": archiver({**parties, "xl/bombe.xml": b" " * (60 << 20)}),
        "imbriquée": archiver(
            {**parties, "xl/b.zip": archiver({f"{i}.zip": dedans for i in "abc"})}
        ),
        "cent mille entrées": _entrees_vides(100_000),
        "entrées superposées": _superposer(archiver(parties)),
        "chemin qui sort": archiver({**parties, "../../../../tmp/cordeau-sorti": b"x"}),
        "lien": _avec_lien(parties),
        "chiffrée": _chiffrer(archiver(parties)),
    }


def _rires() -> bytes:
    entites = [b'<!ENTITY r0 "rire">']
    entites += [b'<!ENTITY r%d "%s">' % (n, b"&r%d;" % (n - 1) * 10) for n in range(1, 10)]
    return b"<!DOCTYPE a [" + b"".join(entites) + b"]>"


def _entrees_vides(nombre: int) -> bytes:
    """An archive of entries of nothing, written by hand: one local entry, listed many times."""
    nom = b"a"
    local = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 0, 0, 0, 0, 0, 0, len(nom), 0) + nom
    central = struct.pack(
        "<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 0, 0, 0, 0, 0, 0, len(nom), 0, 0, 0, 0, 0, 0
    )
    repertoire = (central + nom) * nombre
    listees = min(nombre, 0xFFFE)
    fin = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, listees, listees, len(repertoire), len(local), 0)
    return local + repertoire + fin


def _superposer(archive: bytes) -> bytes:
    """Every entry of the directory points at the first one's bytes."""
    sortie, position = bytearray(archive), 0
    while (position := archive.find(b"PK\1\2", position)) >= 0:
        sortie[position + 42 : position + 46] = b"\0\0\0\0"
        position += 4
    return bytes(sortie)


def _avec_lien(parties: dict[str, bytes]) -> bytes:
    sortie = io.BytesIO(archiver(parties))
    with zipfile.ZipFile(sortie, "a") as archive:
        lien = zipfile.ZipInfo("xl/lien.xml")
        lien.external_attr = 0o120777 << 16
        archive.writestr(lien, "/etc/passwd")
    return sortie.getvalue()


def _chiffrer(archive: bytes) -> bytes:
    """Every entry says it is encrypted."""
    sortie = bytearray(archive)
    for marque, decalage in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        position = 0
        while (position := archive.find(marque, position)) >= 0:
            sortie[position + decalage] |= 1
            position += 4
    return bytes(sortie)
