"""What guards the ledger from around it: replacements, emptied triggers, rows nobody chained."""

from mutations.modele import dans, sans

MUTATIONS = (
    sans(
        "registre-replace-par-le-rowid",
        "une ligne émise se remplace par son rowid",
        dans("core/db.py", '        "recursive_triggers=ON",', '        "recursive_triggers=OFF",'),
        "tamper/test_remplacements.py::test_une_insertion_ne_remplace_pas_une_ligne_posee",
    ),
    sans(
        "registre-garde-videe",
        "une protection vidée passe pour une protection",
        dans(
            "core/gardes.py",
            "ordre.startswith(tete) if corps is None else ordre == tete + corps",
            "ordre.startswith(tete)",
        ),
        "tamper/test_gardes.py::test_une_garde_videe_est_une_garde_perdue",
    ),
    sans(
        "registre-reprise-de-tout",
        "« cordeau migrate » inscrit ce qu’un faussaire a ajouté",
        dans(
            "exploitation/reprise_registre.py",
            "    if est_annoncee(settings):\n",
            "    if settings:\n",
        ),
        "console/test_registre.py::test_migrer_n_inscrit_pas_ce_qu_aucune_mise_a_jour_n_explique",
    ),
    sans(
        "registre-reglages-non-relus",
        "réglages, mentions et droits ne sont pas relus",
        dans("comptabilite/verification.py", "    yield from reglages.conclure(connection)\n", ""),
        "registre/test_reglages.py::test_ce_qu_aucune_commande_n_a_change_se_voit",
    ),
    sans(
        "registre-jour-totalise",
        "un jour que sa clôture a totalisé reçoit encore une facture",
        dans(
            "facturation/commands/emission.py",
            "        exiger_non_totalise(session, facture.date_emission)\n",
            "        _ = facture.date_emission\n",
        ),
        "comptabilite/test_clotures.py::test_un_jour_clos_ne_recoit_plus_de_facture",
    ),
)
