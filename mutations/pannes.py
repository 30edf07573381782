"""Trouble of the machine: a clock that goes back, a disk that is full, frozen or failing."""

from mutations.modele import MARIADB, dans, sans

_DISQUE = "ecritures/test_disque.py"
_PANNES = "ecritures/test_pannes.py"
_GRAPPE = "grappe/test_pannes.py"
_RECUL = dans(
    "core/numbering.py",
    "    if derniere is not None and le < derniere:\n",
    "    if derniere is not None and le < derniere and not prefixe:\n",
)

MUTATIONS = (
    sans(
        "panne-horloge-qui-recule",
        "une facture peut être datée avant la précédente",
        _RECUL,
        "core/test_numbering.py::test_une_facture_n_est_jamais_datee_avant_la_precedente",
        f"{_GRAPPE}::test_une_horloge_qui_recule_n_emet_pas_avant_le_dernier_numero",
    ),
    sans(
        "panne-horloge-du-docteur",
        "le docteur ne voit plus une horloge qui recule",
        dans(
            "exploitation/controles_contenu.py",
            "    if dernier is not None and dernier > examen.instant + TOLERANCE:\n",
            "    if dernier is not None and dernier is examen.instant:\n",
        ),
        "exploitation/test_docteur.py::test_une_horloge_qui_recule_est_une_erreur",
    ),
    sans(
        "panne-disque-plein-dit",
        "un disque plein ne se dit plus",
        dans(
            "web/errors.py",
            '    "full": "Le disque du serveur est plein : libérez de la place.",\n',
            "",
        ),
        f"{_DISQUE}::test_un_disque_plein_refuse_puis_sert_des_qu_il_a_de_la_place",
        f"{_GRAPPE}::test_un_disque_plein_refuse_clairement_et_repart_des_qu_il_y_a_de_la_place",
    ),
    sans(
        "panne-disque-plein-acquitte",
        "une écriture que le disque refuse est tenue pour faite",
        dans(
            "core/db.py",
            "        if unit is None or not temoigne:\n            session.commit()\n",
            "        if unit is None or not temoigne:\n"
            "            try:\n"
            "                session.commit()\n"
            "            except DBAPIError:\n"
            "                session.rollback()\n",
        ),
        f"{_DISQUE}::test_un_vrai_disque_plein_ne_perd_rien",
        f"{_DISQUE}::test_une_panne_du_disque_le_dit_puis_se_remet_seule",
        f"{_GRAPPE}::test_un_disque_qui_n_ecrit_plus_refuse_clairement_et_ne_perd_rien",
    ),
    sans(
        "panne-disque-en-panne-dit",
        "un disque en panne ne se dit plus",
        dans(
            "web/errors.py",
            '    "disk i/o error": "Le disque du serveur est en panne : faites-le vérifier.",\n',
            "",
        ),
        f"{_DISQUE}::test_une_panne_du_disque_le_dit_puis_se_remet_seule",
        f"{_GRAPPE}::test_un_disque_qui_n_ecrit_plus_refuse_clairement_et_ne_perd_rien",
    ),
    sans(
        "panne-lecture-seule-dite",
        "une base en lecture seule ne se dit plus",
        dans(
            "web/errors.py",
            '    "readonly database": "La base de données est en lecture seule : '
            'rendez-la modifiable.",\n',
            "",
        ),
        f"{_DISQUE}::test_une_base_en_lecture_seule_le_dit_puis_se_remet",
    ),
    sans(
        "panne-lecture-seule-au-demarrage",
        "un disque en lecture seule ne se dit plus au démarrage",
        dans("core/verrou.py", "    except OSError as error:\n", "    except EOFError as error:\n"),
        f"{_GRAPPE}::test_un_disque_en_lecture_seule_se_dit_au_demarrage",
    ),
    sans(
        "panne-connexion-gardee",
        "une connexion ouverte sur un disque en panne est gardée",
        dans(
            "core/db.py",
            "    if any(panne in str(context.original_exception) for panne in DISQUE):\n",
            "    if str(context.original_exception) in DISQUE[:0]:\n",
        ),
        f"{_DISQUE}::test_une_connexion_d_un_disque_en_panne_n_est_pas_gardee",
    ),
    sans(
        "panne-503",
        "une base muette est un accident, sans dire quand revenir",
        dans(
            "web/errors.py",
            "    refus = _accident(503, _pourquoi(error))\n"
            "    refus.retry_after = ATTENTE_SECONDES\n",
            "    refus = _accident(500, _pourquoi(error))\n",
        ),
        f"{_DISQUE}::test_chaque_panne_se_dit_en_francais",
    ),
    sans(
        "panne-a-moitie",
        "une panne en cours de route garde ce qui était fait",
        dans(
            "core/db.py",
            "            except BaseException:\n"
            "                session.rollback()\n"
            "                raise\n",
            "            except BaseException:\n"
            "                session.commit()\n"
            "                raise\n",
        ),
        "core/test_db.py::test_une_unite_de_travail_refusee_n_ecrit_rien",
        f"{_PANNES}::test_un_ordre_sql_qui_echoue_ne_laisse_rien_a_moitie",
    ),
    sans(
        "panne-commit-sans-reponse",
        "un COMMIT sans réponse est refait sans chercher son témoin",
        dans(
            "core/db.py",
            "        if unit.in_doubt:\n            try:\n",
            "        if unit.in_doubt and not unit.id:\n            try:\n",
        ),
        f"{_PANNES}::test_un_commit_sans_reponse_ne_fait_ni_double_ni_perte",
        moteur=MARIADB,
    ),
    sans(
        "panne-sauvegarde-sans-place",
        "une sauvegarde commence sans compter la place",
        dans(
            "exploitation/sauvegarde.py",
            "    if shutil.disk_usage(dossier).free < besoin + MARGE_OCTETS:\n",
            "    if shutil.disk_usage(dossier).free < 0:\n",
        ),
        "exploitation/test_sauvegarde.py::test_la_place_est_comptee_avant_de_copier",
    ),
    sans(
        "panne-sauvegarde-a-moitie",
        "une sauvegarde que le disque arrête laisse un reste",
        dans(
            "exploitation/atelier.py",
            "        os.close(descripteur)\n"
            "        shutil.rmtree(dossier, ignore_errors=True)\n\n\n",
            "        os.close(descripteur)\n\n\n",
        ),
        "exploitation/test_sauvegarde.py::test_un_disque_plein_laisse_place_nette",
    ),
)
