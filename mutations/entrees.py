"""Bad input: what is typed, sent or dropped is judged before it is kept."""

from mutations.modele import MARIADB, dans, sans

_CHAMPS = "badinput/test_champs.py"
_FICHIERS = "badinput/test_fichiers.py"
_SORTIES = "badinput/test_sorties.py"
_METIER = "badinput/test_metier.py"
_SERVEUR = "badinput/test_serveur.py"
_TEXTES = "core/test_textes.py"

MUTATIONS = (
    sans(
        "entree-nul-et-controles",
        "un texte garde ses NUL et ses demi-caractères",
        dans(
            "core/texte.py",
            '_CATEGORIES_REFUSEES = frozenset({"Cc", "Cs", "Cn"})',
            "_CATEGORIES_REFUSEES = frozenset[str]()",
        ),
        f"{_TEXTES}::test_un_texte_saisi_est_nettoye",
        f"{_CHAMPS}::test_chaque_champ_json",
    ),
    sans(
        "entree-longueur",
        "un texte d’une ligne n’a plus de longueur",
        dans(
            "web/schemas.py",
            "Ligne = Annotated[str, BeforeValidator(_propre), Field(max_length=255)]",
            "Ligne = Annotated[str, BeforeValidator(_propre)]",
        ),
        f"{_CHAMPS}::test_chaque_champ_json",
        moteur=MARIADB,
    ),
    sans(
        "entree-bornes-d-un-prix",
        "un prix n’a plus de borne",
        dans(
            "web/schemas.py",
            "    Field(ge=0, decimal_places=6, lt=100_000_000),\n",
            "    Field(ge=0),\n",
        ),
        f"{_CHAMPS}::test_chaque_champ_json",
    ),
    sans(
        "entree-nombres-qui-n-en-sont-pas",
        "NaN et Infinity sont des nombres",
        dans(
            "core/jsonable.py",
            '    raise ValueError(f"{name} is not a number")\n',
            "    return Decimal(name)  # type: ignore[misc]\n",
        ),
        f"{_TEXTES}::test_un_json_douteux_est_refuse",
    ),
    sans(
        "entree-cles-en-double",
        "un JSON peut dire deux fois la même clé",
        dans(
            "core/jsonable.py",
            "    if len(parsed) != len(pairs):\n",
            "    if len(parsed) > len(pairs):\n",
        ),
        f"{_TEXTES}::test_un_json_douteux_est_refuse",
    ),
    sans(
        "entree-json-profond",
        "un JSON trop profond fait tomber la demande",
        dans(
            "core/jsonable.py",
            "    except RecursionError as error:\n",
            "    except ZeroDivisionError as error:\n",
        ),
        f"{_TEXTES}::test_un_json_douteux_est_refuse",
    ),
    sans(
        "entree-dates",
        "une date peut être de n’importe quel siècle",
        dans(
            "web/schemas.py",
            "    if not JOUR_MIN <= value <= JOUR_MAX:\n",
            "    if value is None:\n",
        ),
        "web/test_entrees.py::test_une_date_hors_de_toute_vraisemblance_est_refusee",
    ),
    sans(
        "entree-corps-sans-fin",
        "le corps d’une demande n’a plus de borne",
        dans("web/corps.py", "        if size > BODY_MAX:\n", "        if size < 0:\n"),
        "web/test_entrees.py::test_une_demande_demesuree_est_refusee",
        f"{_SERVEUR}::test_un_corps_sans_fin_est_arrete",
    ),
    sans(
        "entree-corps-d-un-inconnu",
        "le corps d’une demande est lu, si grand soit-il, avant de savoir de qui il vient",
        dans("web/corps.py", "not await _est_connu(request)", "False"),
        "web/test_entrees.py::test_une_grande_demande_n_est_pas_lue_pour_un_inconnu",
    ),
    sans(
        "entree-identifiant-d-adresse",
        "un identifiant mal écrit dans l’adresse est une faute de saisie",
        dans(
            "web/errors.py",
            '    if any(e["loc"][0] == "path" for e in errors):\n',
            '    if any(e["loc"][0] == "nulle part" for e in errors):\n',
        ),
        "droits/test_matrice.py::test_chacun_recoit_ce_que_dit_la_table",
    ),
    sans(
        "entree-formules-csv",
        "une cellule de CSV peut être une formule",
        dans(
            "web/tableur.py",
            "    if isinstance(cellule, str) and cellule.startswith(DEBUTS_DE_FORMULE):\n",
            '    if isinstance(cellule, str) and cellule.startswith("jamais ainsi"):\n',
        ),
        f"{_SORTIES}::test_un_texte_hostile_ne_fait_rien_nulle_part",
    ),
    sans(
        "entree-formules-xlsx",
        "une cellule de XLSX peut être une formule",
        dans(
            "web/xlsx.py",
            '        if isinstance(valeur, str):\n            cellule.data_type = "s"\n'
            "        elif isinstance(valeur, date):\n",
            "        if isinstance(valeur, date):\n",
        ),
        f"{_SORTIES}::test_un_texte_hostile_ne_fait_rien_nulle_part",
    ),
    sans(
        "entree-caracteres-xml",
        "le XML d’une facture garde des caractères qu’il interdit",
        dans(
            "documents/caracteres.py",
            'return _INTERDITS_XML.sub("", texte.replace',
            "return (texte.replace",
        ),
        "documents/test_textes.py::test_le_xml_perd_ce_qui_lui_est_interdit",
        "documents/test_cii.py::test_n_importe_quel_texte_donne_un_xml_valide",
    ),
    sans(
        "entree-curseur-forge",
        "un curseur peut porter un entier que la base ne tient pas",
        dans(
            "core/listing.py",
            "    if valeur is not None and not -(2**63) <= valeur < 2**63:\n",
            "    if valeur is not None and valeur != valeur:\n",
        ),
        f"{_METIER}::test_un_curseur_forge_est_refuse_ou_ne_montre_que_la_liste",
    ),
    sans(
        "entree-image-coupee",
        "une image coupée fait tomber la demande",
        dans(
            "core/images.py",
            "        UnidentifiedImageError,\n        OSError,\n",
            "        UnidentifiedImageError,\n",
        ),
        f"{_FICHIERS}::test_une_image_coupee_ou_que_ce_soit_est_refusee",
    ),
    sans(
        "entree-classeur-coupe",
        "un classeur coupé fait tomber la demande",
        dans(
            "clients/classeur.py",
            "        zipfile.BadZipFile,\n",
            "",
        ),
        f"{_FICHIERS}::test_un_tableur_coupe_ou_que_ce_soit_est_refuse_ou_lu",
    ),
    sans(
        "entree-classeur-geant",
        "une feuille peut s’étendre sans borne",
        dans(
            "clients/mesure.py",
            "        if self.ligne > LIGNES_MAX or self.colonne > COLONNES_MAX:\n",
            "        if self.ligne < 0:\n",
        ),
        "clients/test_import.py::test_un_classeur_pense_pour_nuire_est_refuse_sans_etre_ouvert",
    ),
    sans(
        "entree-type-de-contenu",
        "un corps est lu comme du JSON quoi qu’il annonce",
        dans(
            "web/route.py",
            "    return ExactRequest(request.scope, _receiver(body))\n",
            '    entetes = [e for e in request.scope["headers"] if e[0] != b"content-type"]\n'
            '    json_ = [*entetes, (b"content-type", b"application/json")]\n'
            '    scope = {**request.scope, "headers": json_}\n'
            '    api = request.scope["path"].startswith("/api/")\n'
            "    return ExactRequest(scope if api else request.scope, _receiver(body))\n",
        ),
        f"{_CHAMPS}::test_un_autre_type_de_contenu_n_est_pas_du_json",
    ),
    sans(
        "entree-nombre-demesure",
        "un nombre peut porter n’importe quel exposant",
        dans("core/jsonable.py", "abs(lu.adjusted()) > CHIFFRES_MAX", "lu is None"),
        "web/test_entrees.py::test_un_corps_douteux_est_refuse_en_francais",
    ),
    sans(
        "entree-codage-du-formulaire",
        "un formulaire est lu dans le codage qu’il nomme",
        dans("web/corps.py", "    _refuser_autre_codage(request)\n", ""),
        "web/test_entrees.py::test_un_formulaire_douteux_est_refuse",
    ),
)
