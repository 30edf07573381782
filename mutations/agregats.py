"""Kept sums and searched words: what is kept beside the rows, and exact."""

from mutations.modele import MARIADB, dans, sans

_AGREGATS = "analytics/test_agregats.py"
_RECHERCHE = "core/test_recherche.py"
_MIGRATION = "migrations/versions/20261126_0016_agregats.py"
_MOTS = "core/test_reindexation.py"
_CHANGEMENT = "core/test_changement.py"

MUTATIONS = (
    sans(
        "agregat-suivi",
        "un devis qui change de montant ne change plus les sommes",
        dans(
            _MIGRATION,
            '        ("statut", "date_validite", "montant_ht"),\n',
            '        ("statut", "date_validite"),\n',
        ),
        f"{_AGREGATS}::test_les_sommes_gardees_sont_celles_des_lignes",
    ),
    sans(
        "agregat-a-facturer",
        "un devis déjà facturé reste à facturer",
        dans(
            _MIGRATION,
            '    yield "facture_devis_i", "INSERT", "facture", f"{prend};"\n',
            "",
        ),
        f"{_AGREGATS}::test_un_devis_accepte_n_est_plus_a_facturer_des_le_premier_brouillon",
    ),
    sans(
        "agregat-replier",
        "replier les mouvements compte un document de trop",
        dans(
            "core/agregats.py",
            "        _ajouter(session, cle, nombre, montant)\n",
            "        _ajouter(session, cle, nombre + 1, montant)\n",
        ),
        f"{_AGREGATS}::test_replier_ne_change_aucune_somme",
    ),
    sans(
        "agregat-verrou",
        "deux replis se marchent dessus sur MariaDB",
        (
            dans(
                "core/agregats.py",
                ".order_by(MouvementAgregat.id).limit(POIGNEE).with_for_update()",
                ".order_by(MouvementAgregat.id).limit(POIGNEE)",
            ),
            dans(
                "core/agregats.py",
                "session.get(Agregat, cle, with_for_update=True)",
                "session.get(Agregat, cle)",
            ),
        ),
        f"{_AGREGATS}::test_ceux_qui_ecrivent_ensemble_ne_perdent_aucune_somme",
        moteur=MARIADB,
    ),
    sans(
        "agregat-verifier",
        "la vérification ne voit plus une somme fausse",
        dans(
            "analytics/agregats.py",
            "            if garde != vrai:\n",
            "            if garde is None:\n",
        ),
        f"{_AGREGATS}::test_une_somme_faussee_se_voit_et_se_corrige",
        f"{_AGREGATS}::test_la_commande_dit_quelle_somme_est_fausse",
    ),
    sans(
        "recherche-suit-les-noms",
        "un client renommé ne se retrouve plus par ses devis",
        dans(
            "core/recherche.py",
            "            textes |= {texte.objet_id: texte for texte in suite(connexion, objet)}\n",
            "            _ = suite\n",
        ),
        f"{_RECHERCHE}::test_les_mots_suivent_ce_qui_change",
        f"{_RECHERCHE}::test_un_client_renomme_se_retrouve_avec_ses_devis_et_ses_brouillons",
    ),
    sans(
        "recherche-mots-perdus",
        "un mot retiré d’une fiche la trouve encore",
        dans("core/recherche.py", "    if perdus:\n", "    if perdus is neufs:\n"),
        f"{_RECHERCHE}::test_les_mots_suivent_ce_qui_change",
    ),
    sans(
        "recherche-supprimes",
        "ce qui est supprimé se trouve encore",
        dans(
            "core/recherche.py",
            "    for objet in supprimes:\n",
            "    for objet in supprimes[:0]:\n",
        ),
        f"{_RECHERCHE}::test_ce_qui_est_supprime_n_a_plus_de_mots",
    ),
    sans(
        "recherche-ligne-ecrite-a-part",
        "une ligne écrite à part garde ses anciens mots",
        dans(
            "core/changement.py",
            "            reindexer(connexion, objet)\n",
            "            _ = reindexer\n",
        ),
        f"{_CHANGEMENT}::test_une_ligne_ecrite_a_part_laisse_ce_qu_une_ligne_suivie_laisse",
    ),
    sans(
        "vitesse-recherche-par-cle",
        "MariaDB parcourt tout pour quelques lignes trouvées",
        dans(
            "core/recherche.py",
            '    return statement.with_hint(genre, "FORCE INDEX (PRIMARY)", "mysql")\n',
            "    return statement\n",
        ),
        f"{_RECHERCHE}::test_ce_qu_un_mot_rare_trouve_se_lit_par_sa_cle",
    ),
    sans(
        "vitesse-connexion-mariadb",
        "une connexion compare autrement que les colonnes",
        dans(
            "core/db.py",
            "SET SESSION time_zone = '+00:00', collation_connection = 'utf8mb4_bin', \"\n",
            "SET SESSION time_zone = '+00:00', \"\n",
        ),
        f"{_RECHERCHE}::test_une_connexion_compare_comme_les_colonnes",
        moteur=MARIADB,
    ),
    sans(
        "recherche-mots-non-compares",
        "des mots perdus ne se disent pas",
        dans("core/reindexation.py", "        if manquent or de_trop:\n", "        if de_trop:\n"),
        f"{_MOTS}::test_les_mots_perdus_se_retrouvent_les_autres_s_en_vont",
    ),
    sans(
        "recherche-mots-sans-fiche",
        "les mots d’une fiche disparue restent",
        dans(
            "core/reindexation.py",
            "    return ecarts + list(_orphelins(session))\n",
            "    return ecarts\n",
        ),
        f"{_MOTS}::test_les_mots_perdus_se_retrouvent_les_autres_s_en_vont",
    ),
)
