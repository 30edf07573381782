"""Persons: what is exported, what is erased, what the law keeps."""

from mutations.modele import dans, sans

_EFFACEMENT = "rgpd/test_effacement.py"
_CONSOLE = "rgpd/test_console.py"

MUTATIONS = (
    sans(
        "rgpd-journal-vide",
        "effacer une personne laisse son nom dans le journal",
        dans(
            "rgpd/effacement.py",
            "            .values(**VIDE)\n",
            "            .values(recherche=None)\n",
        ),
        f"{_EFFACEMENT}::test_un_prospect_disparait_avec_ses_devis_et_ses_messages",
        f"{_EFFACEMENT}::test_le_journal_garde_qui_et_quand_sans_les_valeurs",
    ),
    sans(
        "rgpd-courriels-vides",
        "effacer une personne laisse ses courriels",
        dans(
            "rgpd/effacement.py",
            "    _effacer_messages(session, examen)\n    _effacer_devis",
            "    _effacer_devis",
        ),
        f"{_EFFACEMENT}::test_un_prospect_disparait_avec_ses_devis_et_ses_messages",
    ),
    sans(
        "rgpd-coordonnees",
        "un client facturé garde ses coordonnées",
        dans(
            "rgpd/effacement.py",
            '    client.email = client.telephone = client.notes = ""\n',
            "",
        ),
        f"{_EFFACEMENT}::test_un_client_facture_devient_un_pseudonyme_et_sa_facture_reste",
    ),
    sans(
        "rgpd-ce-qui-est-du",
        "une personne qui doit encore peut être effacée",
        dans(
            "rgpd/effacement.py",
            "    if examen.refus and not force:\n",
            "    if examen.refus and force:\n",
        ),
        f"{_EFFACEMENT}::test_ce_qui_est_en_cours_ou_du_empeche_d_effacer",
    ),
    sans(
        "rgpd-confirmer",
        "l’effacement se fait sans être confirmé",
        dans("rgpd/console.py", "        if not confirmer:\n", "        if confirmer is None:\n"),
        f"{_CONSOLE}::test_sans_confirmer_rien_n_est_efface",
    ),
    sans(
        "rgpd-rejouer",
        "une restauration fait revenir qui était effacé",
        dans(
            "rgpd/console.py",
            "            _effacer(database, personne, force=True)\n",
            "",
        ),
        f"{_CONSOLE}::test_effacer_laisse_le_registre_valable_et_se_rejoue_apres_une_restauration",
    ),
    sans(
        "rgpd-colonne-non-classee",
        "une colonne ne dit plus ce qu’elle tient des personnes",
        dans(
            "rgpd/inventaire.py",
            'Classe.IDENTITE: "nom fonction email telephone",',
            'Classe.IDENTITE: "nom fonction email",',
        ),
        "architecture/test_inventaire.py::test_chaque_colonne_dit_ce_qu_elle_tient_des_personnes",
    ),
    sans(
        "rgpd-journal-garde",
        "le journal s’efface sans inscription au registre des effacements",
        dans(
            "migrations/versions/20261126_0130_effacements.py",
            '    yield "evenement_u", "UPDATE", "evenement", '
            """f"NOT ({_permis('IS' if sqlite else '<=>')})"\n""",
            "",
        ),
        f"{_EFFACEMENT}::test_sans_inscription_rien_ne_s_efface_du_journal",
    ),
    sans(
        "rgpd-archive-intermediaire",
        "les factures d’une personne effacée restent ouvertes à qui ne tient pas les comptes",
        dans(
            "core/effacements.py",
            "    return acteur is None or acteur.peut(Permission.EXPORT_LIRE)\n",
            "    return acteur is None or acteur.peut(Permission.FACTURE_LIRE)\n",
        ),
        "rgpd/test_archive_intermediaire.py::test_les_autres_n_en_voient_plus_rien",
        "rgpd/test_archive_intermediaire.py::test_un_lot_de_pdf_ne_les_donne_pas_non_plus",
    ),
)
