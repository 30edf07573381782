"""Rows 8 to 11 of the standard: order, limits, all or nothing, once."""

from mutations.modele import MARIADB, dans, sans

_ESSAIS = "asvs/test_metier.py"
_V08 = f"{_ESSAIS}::TestV08_2_3_1"
_V09 = f"{_ESSAIS}::TestV09_2_3_2"
_V10 = f"{_ESSAIS}::TestV10_2_3_3"
_V11 = f"{_ESSAIS}::TestV11_2_3_4"

MUTATIONS = (
    sans(
        "v08-etapes-d-un-devis",
        "un devis en brouillon peut être accepté",
        dans(
            "devis/states.py",
            "        (S.BROUILLON, S.ENVOYE),\n",
            "        (S.BROUILLON, S.ENVOYE),\n        (S.BROUILLON, S.ACCEPTE),\n",
        ),
        f"{_V08}::test_un_devis_ne_saute_aucune_etape",
    ),
    sans(
        "v08-reglement-d-un-brouillon",
        "un brouillon de facture peut être réglé",
        dans(
            "facturation/commands/reglements.py",
            "    if facture.statut != StatutFacture.EMISE:\n",
            "    if not facture.statut:\n",
        ),
        f"{_V08}::test_une_facture_emise_ne_change_plus",
    ),
    sans(
        "v08-devis-non-accepte",
        "un devis se facture sans être accepté",
        dans(
            "facturation/commands/depuis_devis.py",
            "    if devis.statut != StatutDevis.ACCEPTE:\n",
            "    if not devis.statut:\n",
        ),
        f"{_V08}::test_seul_un_devis_accepte_se_facture",
    ),
    sans(
        "v09-remise",
        "une remise peut dépasser le prix (à la saisie et au calcul)",
        (
            dans(
                "web/schemas.py",
                "    Field(ge=0, le=100, decimal_places=4),\n",
                "    Field(ge=0),\n",
            ),
            dans(
                "devis/rules.py",
                "    if totaux.remise_ht > totaux.lignes_ht:\n",
                "    if totaux.remise_ht is totaux:\n",
            ),
        ),
        f"{_V09}::test_une_remise_ne_depasse_pas_le_prix",
    ),
    sans(
        "v09-reglement-en-trop",
        "un règlement peut dépasser ce qui est dû",
        dans(
            "facturation/commands/reglements.py",
            "    if montant > reste:\n",
            "    if montant > reste + 1_000_000_000:\n",
        ),
        f"{_V09}::test_un_reglement_ne_depasse_pas_ce_qui_est_du",
        f"{_V09}::test_ce_qui_est_paye_ne_se_paie_plus",
    ),
    sans(
        "v09-avoir-en-trop",
        "un avoir peut dépasser sa facture",
        dans(
            "facturation/commands/avoir.py",
            "        elif quantites[cle] > restes[cle].quantite:\n",
            "        elif quantites[cle] > restes[cle].quantite * 9:\n",
        ),
        f"{_V09}::test_un_avoir_ne_depasse_pas_sa_facture",
    ),
    sans(
        "v10-une-transaction",
        "une émission enregistre avant d’avoir fini",
        dans(
            "facturation/commands/emission.py",
            "    _inscrire(session, facture, actor)\n    return facture\n",
            "    session.commit()\n    _inscrire(session, facture, actor)\n    return facture\n",
        ),
        f"{_V10}::test_une_coupure_a_chaque_instruction_ne_laisse_rien",
    ),
    sans(
        "v11-chantier-en-double",
        "un devis qui a son chantier peut en ouvrir un autre",
        dans(
            "devis/commands/chantier.py",
            "    if devis.chantier is not None:\n",
            "    if devis.chantier is not None and not devis.numero:\n",
        ),
        f"{_V11}::test_vingt_demandes_a_la_fois_n_ont_qu_un_effet",
    ),
    sans(
        "v11-verrou-du-devis",
        "MariaDB ne tient plus la ligne du devis qu’une demande change",
        dans(
            "devis/queries.py",
            "    if for_update:\n",
            "    if for_update and not devis_id:\n",
        ),
        f"{_V11}::test_vingt_demandes_a_la_fois_n_ont_qu_un_effet",
        moteur=MARIADB,
    ),
)
