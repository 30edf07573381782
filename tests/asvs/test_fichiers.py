"""Rows 18 to 20: files are measured, recognised, and named by us."""

import io
import zipfile
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from PIL import Image, ImageFile
from sqlalchemy import select

from cordeau.clients.classeur import DECOMPRESSE_MAX, ENTREES_MAX, lire_classeur
from cordeau.core.errors import SaisieError
from cordeau.core.images import relire_image
from cordeau.entreprise.models import Entreprise
from cordeau.web.templating import piece_jointe
from tests.badinput.catalogue import CHEMINS
from tests.badinput.fichiers import (
    IMAGES_REFUSEES,
    archiver,
    bombes_zip,
    classeur,
    image,
    jpeg_situe,
    png_vide,
)
from tests.gens import Navigateur


class TestV18_5_2_1:
    """What is compressed is measured before it is opened."""

    def test_une_archive_est_jugee_sur_son_sommaire(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def ne_pas_ouvrir(*_: object, **__: object) -> None:
            raise AssertionError("ouverte avant d’être jugée")

        trop = {f"{n}.xml": b"" for n in range(ENTREES_MAX + 1)}
        gonflee = {**classeur(), "bombe.xml": b" " * (DECOMPRESSE_MAX + 1)}
        archives = [archiver(trop), archiver(gonflee)]
        monkeypatch.setattr(zipfile.ZipFile, "open", ne_pas_ouvrir)
        for archive in archives:
            with pytest.raises(SaisieError):
                lire_classeur(archive, "fichier")

    def test_une_archive_qui_ment_est_arretee_en_chemin(self) -> None:
        bombes = bombes_zip()
        for nom in ("cent mille entrées", "entrées superposées", "chiffrée"):
            with pytest.raises(SaisieError):
                lire_classeur(bombes[nom], "fichier")

    @pytest.mark.parametrize("cote", [13_000, 20_000, 100_000])
    def test_une_image_est_jugee_sur_ses_mesures(
        self, monkeypatch: pytest.MonkeyPatch, cote: int
    ) -> None:
        def ne_pas_decoder(_image: ImageFile.ImageFile) -> None:
            raise AssertionError("décodée avant d’être jugée")

        monkeypatch.setattr(ImageFile.ImageFile, "load", ne_pas_decoder)
        with pytest.raises(SaisieError):
            relire_image(png_vide(cote, cote), "logo")


class TestV19_5_2_2:
    """The content says what a file is, not its name; pictures are made again."""

    @pytest.mark.parametrize("nom", sorted(IMAGES_REFUSEES))
    def test_ce_qui_n_est_pas_une_image_permise_est_refuse(self, nom: str) -> None:
        with pytest.raises(SaisieError):
            relire_image(IMAGES_REFUSEES[nom], "logo")

    def test_une_image_gardee_est_refaite_sans_rien_d_autre(
        self, app: FastAPI, navigateur: Callable[..., Navigateur]
    ) -> None:
        envoi = {"logo": ("photo.php", jpeg_situe(), "text/html")}
        navigateur("admin").soumettre("/parametres/entreprise/logo", fichiers=envoi)

        with app.state.database.read() as session:
            (gardee,) = session.scalars(select(Entreprise.logo))
        assert gardee is not None
        relue = Image.open(io.BytesIO(gardee))
        assert relue.format == "PNG"
        assert not dict(relue.getexif())
        assert b"script" not in gardee

    def test_le_type_annonce_ne_compte_pas(self) -> None:
        assert relire_image(image("PNG"), "logo").startswith(b"\x89PNG")
        assert lire_classeur(b"Nom\nConstructeo\n", "fichier") == [["Nom"], ["Constructeo"]]


class TestV20_5_3_2:
    """Names of files are ours: what people type names nothing on the disk, nothing in a header."""

    @pytest.mark.parametrize("nom", CHEMINS)
    def test_un_nom_rendu_n_a_que_des_lettres(self, nom: str) -> None:
        entete = piece_jointe(b"", f"{nom}.pdf", "application/pdf").headers["content-disposition"]

        debut, fin = 'attachment; filename="', '"'
        assert entete.startswith(debut)
        assert entete.endswith(fin)
        dedans = entete[len(debut) : -len(fin)]
        assert all(c.isascii() and (c.isalnum() or c in "-_.") for c in dedans)

    def test_un_nom_envoye_n_ecrit_aucun_fichier(
        self, app: FastAPI, navigateur: Callable[..., Navigateur]
    ) -> None:
        chef = navigateur("admin")
        avant = sorted(app.state.settings.data.rglob("*"))
        for nom in CHEMINS:
            chef.soumettre("/clients/import", fichiers={"fichier": (nom, b"Nom\nA\n", "text/csv")})

        assert sorted(app.state.settings.data.rglob("*")) == avant
