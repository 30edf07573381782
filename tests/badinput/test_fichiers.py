"""Files people send: judged before they are opened, never believed, never kept as they came."""

import io
import re
import socket
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from PIL import Image, ImageFile
from python_calamine import CalamineError, CalamineWorkbook

from cordeau.clients.classeur import DECOMPRESSE_MAX
from cordeau.entreprise.models import Entreprise
from tests.badinput.banc import Banc
from tests.badinput.catalogue import CHEMINS, FORMULES
from tests.badinput.fichiers import (
    IMAGES_REFUSEES,
    archiver,
    bombes_de_texte,
    bombes_xml,
    bombes_zip,
    classeur,
    image,
    jpeg_situe,
)
from tests.droits.guichet import demander
from tests.droits.parcours import parcourir
from tests.gens import Navigateur

LOGO, IMPORT = "POST /parametres/entreprise/logo", "POST /clients/import"


@pytest.fixture
def lus(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many bytes were taken out of archives, how many pictures were decoded."""
    compte = [0, 0]
    lire, charger = zipfile.ZipExtFile.read, ImageFile.ImageFile.load

    def lire_compte(flux: zipfile.ZipExtFile, n: int | None = -1) -> bytes:
        octets = lire(flux, n)
        compte[0] += len(octets)
        return octets

    def charger_compte(image: ImageFile.ImageFile) -> object:
        compte[1] += 1
        return charger(image)

    monkeypatch.setattr(zipfile.ZipExtFile, "read", lire_compte)
    monkeypatch.setattr(ImageFile.ImageFile, "load", charger_compte)
    return compte


@pytest.mark.un_moteur
def test_une_image_qui_n_en_est_pas_une_est_refusee_sans_etre_decodee(
    banc: Banc, lus: list[int]
) -> None:
    entieres = {"début seul"}  # a PNG cut short is one until its pixels are read
    for nom, contenu in IMAGES_REFUSEES.items():
        lus[1] = 0
        reponse = banc.essayer(LOGO, nom, files={"logo": ("logo.jpg", contenu, "image/jpeg")})
        assert reponse is not None
        assert reponse.status_code == 422, f"{nom} : {reponse.status_code}"
        assert lus[1] == 0 or nom in entieres, nom
    banc.conclure()


@pytest.mark.un_moteur
def test_une_image_coupee_ou_que_ce_soit_est_refusee(banc: Banc) -> None:
    entiere = image("JPEG")
    for fin in range(0, len(entiere) - 2, 64):
        banc.essayer(LOGO, f"{fin} octets", files={"logo": ("l", entiere[:fin], "image/jpeg")})
    banc.conclure()


def test_une_image_gardee_ne_dit_plus_ou_elle_fut_prise(
    app: FastAPI, navigateur: Callable[..., Navigateur]
) -> None:
    chef = navigateur("admin")
    envoi = {"logo": ("photo.jpg", jpeg_situe(), "image/jpeg")}
    assert chef.soumettre("/parametres/entreprise/logo", fichiers=envoi).status_code == 303

    with app.state.database.read() as session:
        gardee = session.query(Entreprise).one().logo
    assert b"script" not in gardee
    relue = Image.open(io.BytesIO(gardee))
    assert relue.format == "PNG"
    assert not dict(relue.getexif())
    assert not relue.info


@pytest.mark.un_moteur
def test_un_classeur_piege_ne_lit_ni_fichier_ni_reseau(banc: Banc, lus: list[int]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as ecoute:
        ecoute.settimeout(0)
        for nom, contenu in bombes_xml(ecoute.getsockname()[1]).items():
            lus[0] = 0
            reponse = banc.essayer(IMPORT, nom, files={"fichier": ("c.xlsx", contenu, "")})
            assert reponse is not None
            assert reponse.status_code in {200, 422}
            assert "root:" not in reponse.text, nom
            assert "rirerire" not in reponse.text, nom
            assert lus[0] <= DECOMPRESSE_MAX + 1, nom
        with pytest.raises(BlockingIOError):
            ecoute.accept()
    banc.conclure()


@pytest.mark.un_moteur
def test_une_archive_piegee_est_refusee_avant_d_etre_ouverte(banc: Banc, lus: list[int]) -> None:
    refusees = {"gonflée", "cent mille entrées", "entrées superposées", "chiffrée"}
    for nom, contenu in bombes_zip().items():
        lus[0] = 0
        reponse = banc.essayer(IMPORT, nom, files={"fichier": ("c.xlsx", contenu, "")})
        assert reponse is not None
        assert reponse.status_code in ({422} if nom in refusees else {200, 422}), nom
        assert lus[0] <= DECOMPRESSE_MAX + 1, nom
    assert not Path("/tmp/cordeau-sorti").exists()  # noqa: S108 (where the trap aims)
    banc.conclure()


def sans_sa_feuille(classeur: io.BytesIO) -> None:
    """Stands for the reader, which must not see the sheet that harms."""
    with zipfile.ZipFile(classeur) as archive:
        assert "xl/worksheets/sheet1.xml" not in archive.namelist()
    raise CalamineError


@pytest.mark.un_moteur
def test_un_classeur_qui_gonfle_en_memoire_est_refuse_avant_d_etre_ouvert(
    banc: Banc, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CalamineWorkbook, "from_filelike", sans_sa_feuille)
    for nom, contenu in bombes_de_texte().items():
        assert len(contenu) < 200_000, nom
        reponse = banc.essayer(IMPORT, nom, files={"fichier": ("c.xlsx", contenu, "")})
        assert reponse is not None
        assert reponse.status_code == 422, nom
    texte = b"Nom\n" + b"x" * 40_000
    reponse = banc.essayer(IMPORT, "CSV", files={"fichier": ("c.csv", texte, "text/csv")})
    assert reponse is not None
    assert "32 767" in reponse.text or "32 767" in reponse.text
    banc.conclure()


@pytest.mark.un_moteur
def test_un_tableur_coupe_ou_que_ce_soit_est_refuse_ou_lu(banc: Banc) -> None:
    entier = archiver(classeur())
    for fin in range(0, len(entier), 256):
        banc.essayer(IMPORT, f"{fin}", files={"fichier": ("c.xlsx", entier[:fin], "")})
    banc.conclure()


@pytest.mark.un_moteur
def test_le_nom_d_un_fichier_envoye_ne_designe_rien(banc: Banc) -> None:
    avant = _fichiers(banc.app)
    for nom in CHEMINS:
        banc.essayer(LOGO, nom, files={"logo": (nom, image("PNG"), "image/png")})
        banc.essayer(IMPORT, nom, files={"fichier": (nom, b"Nom\nConstructeo\n", "text/csv")})
    assert _fichiers(banc.app) == avant
    banc.conclure()


@pytest.mark.un_moteur
def test_le_nom_d_un_fichier_rendu_est_simple(banc: Banc) -> None:
    noms = [
        reponse.headers["content-disposition"]
        for _, reponse in parcourir(banc.client, banc.qui, banc.dossier)
        if "content-disposition" in reponse.headers
    ]

    assert len(noms) > 10
    for nom in noms:
        assert re.fullmatch(r'(?:attachment|inline); filename="[A-Za-z0-9_.-]+"', nom), nom


def test_une_formule_importee_reste_un_texte(banc: Banc) -> None:
    """From a file to a client, then out again: never a formula on the way."""
    lignes = [
        "Nom;Notes",
        *(f'"Client {n}";"{f.replace(chr(34), chr(34) * 2)}"' for n, f in enumerate(FORMULES)),
    ]
    contenu = "\n".join(lignes).encode()
    reponse = banc.essayer(IMPORT, "formules", files={"fichier": ("c.csv", contenu, "text/csv")})

    assert reponse is not None
    assert reponse.status_code == 200
    assert f"{len(FORMULES)} " in reponse.text


@pytest.mark.un_moteur
def test_un_formulaire_en_mille_morceaux_est_refuse(banc: Banc) -> None:
    mille = [("fichier", (f"{n}.csv", b"Nom\n", "text/csv")) for n in range(1001)]
    cle = "POST /clients/import"
    reponse = demander(banc.client, banc.qui, "POST", "/clients/import", {"files": mille})
    assert 400 <= reponse.status_code < 500
    banc.essayer(cle, "champ énorme sans nom", files={"donnees": (None, b"x" * 3_000_000)})
    sans_frontiere = {"Content-Type": "multipart/form-data"}
    banc.essayer(cle, "frontière absente", content=b"x", headers=sans_frontiere)
    banc.conclure()


def _fichiers(app: FastAPI) -> set[str]:
    return {str(chemin) for chemin in _parcourir(app.state.settings.data)}


def _parcourir(dossier: Path) -> Iterator[Path]:
    return dossier.rglob("*")
