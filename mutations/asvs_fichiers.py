"""Rows 18 to 20 of the standard: files are measured, recognised, and named by us."""

from mutations.modele import dans, sans

_ESSAIS = "asvs/test_fichiers.py"
_V18 = f"{_ESSAIS}::TestV18_5_2_1"
_V19 = f"{_ESSAIS}::TestV19_5_2_2"
_V20 = f"{_ESSAIS}::TestV20_5_3_2"
_SOMMAIRE = (
    "        if len(entrees) > ENTREES_MAX or sum(e.file_size for e in entrees) > "
    "DECOMPRESSE_MAX:\n            raise DebordementError\n"
)

MUTATIONS = (
    sans(
        "v18-sommaire-d-une-archive",
        "une archive est ouverte sans que son sommaire soit jugé",
        dans("clients/classeur.py", _SOMMAIRE, ""),
        f"{_V18}::test_une_archive_est_jugee_sur_son_sommaire",
    ),
    sans(
        "v18-archive-qui-ment",
        "une archive chiffrée fait tomber la demande",
        dans("clients/classeur.py", "        RuntimeError,\n", ""),
        f"{_V18}::test_une_archive_qui_ment_est_arretee_en_chemin",
    ),
    sans(
        "v18-archive-gonflee",
        "une archive est décompressée sans borne (au sommaire et en chemin)",
        (
            dans("clients/classeur.py", _SOMMAIRE, ""),
            dans(
                "clients/classeur.py",
                "            if reste < 0:\n                raise DebordementError\n",
                "",
            ),
        ),
        "badinput/test_fichiers.py::test_une_archive_piegee_est_refusee_avant_d_etre_ouverte",
        "clients/test_import.py::test_un_classeur_pense_pour_nuire_est_refuse_sans_etre_ouvert",
    ),
    sans(
        "v18-mesures-d-une-image",
        "une image est décodée sans que ses mesures soient jugées",
        (
            dans(
                "core/images.py",
                "            if image.width * image.height > PIXELS_MAX:\n",
                "            if image.width * image.height < 0:\n",
            ),
            dans(
                "core/images.py",
                '            warnings.simplefilter("error", Image.DecompressionBombWarning)\n',
                '            warnings.simplefilter("ignore")\n'
                "            Image.MAX_IMAGE_PIXELS = None\n",
            ),
        ),
        f"{_V18}::test_une_image_est_jugee_sur_ses_mesures",
    ),
    sans(
        "v19-genres-d-images",
        "toute image que la bibliothèque sait lire est acceptée",
        dans("core/images.py", ', formats=("PNG", "JPEG"))', ")"),
        f"{_V19}::test_ce_qui_n_est_pas_une_image_permise_est_refuse",
    ),
    sans(
        "v19-image-refaite",
        "une image est gardée telle qu’elle est venue",
        dans("core/images.py", "    return sortie.getvalue()\n", "    return contenu\n"),
        f"{_V19}::test_une_image_gardee_est_refaite_sans_rien_d_autre",
    ),
    sans(
        "v20-nom-envoye",
        "un fichier envoyé est gardé sur le disque sous son nom",
        dans(
            "clients/pages/importation.py",
            "    try:\n        lecture = lire_fichier(",
            '    nom = "".join(filter(str.isalnum, fichier.filename or "")) if fichier else ""\n'
            '    (settings.data / f"{nom[:40]}.csv").touch()\n'
            "    try:\n        lecture = lire_fichier(",
        ),
        f"{_V20}::test_un_nom_envoye_n_ecrit_aucun_fichier",
    ),
    sans(
        "v20-nom-rendu",
        "le nom d’un fichier rendu garde tous ses caractères",
        dans(
            "web/templating.py",
            '    ascii_nom = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "_" '
            "for c in nom)\n",
            "    ascii_nom = nom\n",
        ),
        f"{_V20}::test_un_nom_rendu_n_a_que_des_lettres",
    ),
)
