"""No lost, double or half write: keys, versions, replays, numbers."""

from mutations.modele import MARIADB, SQLITE, Remplacement, dans, sans

_OPERATIONS = "web/test_operations.py"
_PRECONDITIONS = "web/test_preconditions.py"
_COURSES = "ecritures/test_courses.py"
_DB = "core/test_db.py"
_RETRIES = "core/test_retries.py"
_CONTROLE = "grappe/test_controle.py::test_chaque_panne_est_vue"
_PLUSIEURS = Remplacement(
    "torture/controle.py",
    "        if len(lignes) > 1:\n",
    "        if len(lignes) > 99:\n",
)
_CHANGEMENT = "core/test_changement.py"
#: The transaction ends 50 ms after the answer left.
ACQUITTER_TROP_TOT = dans(
    "web/route.py",
    "    with get_database(request).writing(session, unit):\n",
    '    pile = __import__("contextlib").ExitStack()\n'
    "    pile.enter_context(get_database(request).writing(session, unit))\n"
    '    __import__("threading").Timer(0.05, pile.close).start()\n'
    "    if unit:\n",
)

MUTATIONS = (
    sans(
        "ecriture-cle-ignoree",
        "la clé d’une demande est ignorée",
        dans("web/idempotency.py", "    if not cle:\n", "    if cle or not cle:\n"),
        f"{_OPERATIONS}::test_un_appel_repete_recoit_la_meme_reponse",
        f"{_OPERATIONS}::test_un_formulaire_renvoye_n_agit_qu_une_fois",
        f"{_COURSES}::test_une_meme_demande_cinquante_fois",
        rapide=True,
    ),
    sans(
        "ecriture-cle-d-une-autre-demande",
        "une clé sert à deux demandes",
        dans(
            "web/idempotency.py",
            "    elif taken.empreinte != keyed.empreinte:\n",
            "    elif not taken.empreinte:\n",
        ),
        f"{_OPERATIONS}::test_une_cle_ne_sert_pas_a_deux_demandes",
    ),
    sans(
        "ecriture-cle-en-cours",
        "une demande en cours est recommencée",
        dans("web/idempotency.py", "    while place in en_cours:\n", "    while not place:\n"),
        "web/test_cles.py::test_une_demande_en_cours_n_est_pas_recommencee",
    ),
    sans(
        "ecriture-cle-de-chacun",
        "la clé d’une personne sert à une autre",
        (
            dans(
                "core/operations.py",
                "select(Operation).where(Operation.acteur_id == acteur_id, Operation.cle == cle)",
                "select(Operation).where(Operation.cle == cle)",
            ),
            dans(
                "core/operations.py",
                '        "acteur_id": acteur_id,\n',
                '        "acteur_id": UUID(int=0),\n',
            ),
        ),
        f"{_OPERATIONS}::test_deux_personnes_peuvent_avoir_la_meme_cle",
    ),
    sans(
        "ecriture-cle-de-nos-formulaires",
        "un formulaire ne porte plus sa clé",
        dans(
            "web/templates/macros/formulaires.html",
            'name="cle_operation" value="{{ donnee or cle() }}"',
            'name="cle_operation" value=""',
        ),
        "architecture/test_sources.py::test_un_formulaire_qui_ecrit_porte_sa_cle",
    ),
    sans(
        "ecriture-reponse-avant-l-ecriture",
        "la réponse part avant l’écriture",
        ACQUITTER_TROP_TOT,
        f"{_OPERATIONS}::test_la_reponse_part_apres_l_ecriture",
    ),
    sans(
        "ecriture-version-exigee",
        "un devis est remplacé sans dire lequel",
        dans("devis/api.py", "    if_match: IfMatchRequis,\n", '    if_match: IfMatch = "*",\n'),
        f"{_PRECONDITIONS}::test_toute_ligne_remplacee_ou_supprimee_exige_sa_version",
    ),
    sans(
        "ecriture-version-comparee",
        "la version donnée n’est plus comparée",
        dans(
            "core/revisions.py",
            "    if expected is not None and actual not in expected:\n",
            "    if expected is not None and actual is None:\n",
        ),
        f"{_PRECONDITIONS}::test_la_version_donnee_est_comparee",
        f"{_COURSES}::test_une_meme_version_modifiee_cinquante_fois",
    ),
    sans(
        "ecriture-version-faible",
        "une version faible vaut une version",
        dans(
            "web/preconditions.py",
            "        if marque and not faible and _REVISION.fullmatch(marque):\n",
            "        if marque and _REVISION.fullmatch(marque):\n",
        ),
        f"{_PRECONDITIONS}::test_if_match_se_lit_comme_la_norme_l_ecrit",
    ),
    sans(
        "ecriture-collision-rejouee",
        "une collision n’est plus rejouée",
        dans(
            "core/retries.py",
            "    return is_collision(error) or is_lost(error)\n",
            "    return is_lost(error)\n",
        ),
        f"{_DB}::test_une_collision_fait_rejouer_tout_le_travail",
        f"{_OPERATIONS}::test_une_collision_se_rejoue_sans_que_personne_ne_la_voie",
    ),
    sans(
        "ecriture-impasse-de-mariadb",
        "une impasse de MariaDB (1213) n’est plus rejouée",
        dans(
            "core/retries.py",
            "COLLISIONS = frozenset({1213, 1205, 1020, 1040})",
            "COLLISIONS = frozenset({1205, 1020, 1040})",
        ),
        f"{_RETRIES}::test_un_alea_connu_se_rejoue",
        f"{_DB}::test_deux_lignes_prises_en_croix_finissent_toutes_deux",
        moteur=MARIADB,
    ),
    sans(
        "ecriture-coupure-rejouee",
        "une connexion perdue se voit",
        dans(
            "core/retries.py",
            "    return is_collision(error) or is_lost(error)\n",
            "    return is_collision(error)\n",
        ),
        "ecritures/test_pannes.py::test_un_ordre_sql_qui_echoue_ne_laisse_rien_a_moitie",
        moteur=MARIADB,
    ),
    sans(
        "ecriture-essais",
        "une collision n’est tentée que trois fois",
        dans("core/retries.py", "RETRY_ATTEMPTS = 30\n", "RETRY_ATTEMPTS = 3\n"),
        f"{_RETRIES}::test_trente_essais_au_moins_ou_dix_secondes",
    ),
    sans(
        "ecriture-numero-sans-verrou",
        "un numéro se lit avant de se prendre",
        dans(
            "core/numbering.py",
            '    taken = connection.execute(_AVANCER, {"serie": prefixe, "de": annee})\n',
            "    ici = (_SERIES.c.prefixe == prefixe, _SERIES.c.annee == annee)\n"
            "    lu = connection.scalar(select(_SERIES.c.dernier_rang).where(*ici))\n"
            "    suite = update(_SERIES).where(*ici).values(dernier_rang=(lu or 0) + 1)\n"
            "    taken = connection.execute(suite)\n",
        ),
        "core/test_numbering.py::test_seize_emetteurs_a_la_fois_sans_trou_ni_doublon",
        moteur=MARIADB,
    ),
    sans(
        "ecriture-facture-payee-deux-fois",
        "MariaDB ne tient plus le solde qu’un règlement solde",
        dans("facturation/soldes.py", "            .with_for_update()\n", ""),
        f"{_COURSES}::test_une_meme_facture_payee_cinquante_fois",
        moteur=MARIADB,
    ),
    sans(
        "ecriture-temoin-de-la-torture",
        "la torture ne voit plus un effet en double",
        _PLUSIEURS,
        _CONTROLE,
    ),
    sans(
        "ecriture-perte-de-la-torture",
        "la torture ne voit plus une écriture perdue",
        Remplacement(
            "torture/controle.py",
            "        if geste.issue is Issue.ACQUITTE and not lignes:\n",
            "        if geste.issue is Issue.REFUSE and not lignes:\n",
        ),
        _CONTROLE,
    ),
    sans(
        "ecriture-trou-de-la-torture",
        "la torture ne voit plus un trou dans les numéros",
        Remplacement("torture/controle.py", "    if manquants:\n", "    if manquants is rangs:\n"),
        _CONTROLE,
    ),
    sans(
        "ecriture-version-d-une-action",
        "une action qui crée ignore la version qu’on lui donne",
        dans("web/preconditions.py", "    if if_match is not None:\n", "    if not lire:\n"),
        f"{_PRECONDITIONS}::test_une_action_refuse_une_version_perimee",
    ),
    sans(
        "ecriture-point-de-reprise-disparu",
        "un interblocage sous un point de reprise n’est pas vu",
        dans("core/retries.py", "POINT_DISPARU = 1305\n", "POINT_DISPARU = 0\n"),
        "ecritures/test_lots.py::test_un_lot_pris_dans_un_interblocage_est_rejoue_en_entier",
        moteur=MARIADB,
    ),
    sans(
        "ecriture-a-part-sans-version",
        "une ligne écrite à part recouvre celle qu’un autre vient d’écrire",
        dans(
            "core/changement.py",
            "    cles = [*mapper.primary_key, *([] if revision is None else [revision])]\n",
            "    cles = [*mapper.primary_key, *([] if revision is None else [])]\n",
        ),
        f"{_CHANGEMENT}::test_une_ligne_changee_entre_temps_n_est_pas_recouverte",
    ),
    sans(
        "ecriture-sqlite-en-lecteur",
        "un écrivain de SQLite commence comme un lecteur",
        dans(
            "core/db.py",
            '        connection.exec_driver_sql("BEGIN IMMEDIATE")\n',
            '        connection.exec_driver_sql("BEGIN")\n',
        ),
        f"{_DB}::test_un_ecrivain_de_sqlite_tient_la_base_des_son_debut",
        moteur=SQLITE,
    ),
)
