"""The inalterable ledger: guards of the base, chain, anchors, closings, archives."""

from mutations.modele import MARIADB, dans, sans

_DOCUMENTS = "tamper/test_documents.py"
_COMPTE = "tamper/test_compte.py"
_EDITIONS = "tamper/test_editions.py"
_CANONIQUE = "registre/test_canonique.py"
_ECRITURE = "registre/test_ecriture.py"
_EVENEMENTS = "registre/test_evenements.py"
_VERIFICATION = "registre/test_verification.py"
_CLOTURES = "comptabilite/test_clotures.py"
_ARCHIVES = "comptabilite/test_archives.py"
_FIGES = "migrations/versions/20261121_2310_documents_figes.py"
_REGISTRE = "migrations/versions/20261126_0042_registre.py"

MUTATIONS = (
    sans(
        "registre-facture-modifiee",
        "la base laisse modifier une facture émise",
        dans(
            _FIGES,
            '    yield "facture_u", "UPDATE", "facture", "OLD.statut = \'EMISE\'"\n',
            "",
        ),
        f"{_DOCUMENTS}::test_aucune_colonne_ne_se_modifie",
        "tamper/test_gardes.py::test_le_releve_est_celui_d_une_base_migree",
    ),
    sans(
        "registre-facture-supprimee",
        "la base laisse supprimer une facture émise",
        dans(
            _FIGES,
            '    yield "facture_d", "DELETE", "facture", "OLD.statut = \'EMISE\'"\n',
            "",
        ),
        f"{_DOCUMENTS}::test_rien_ne_se_supprime",
    ),
    sans(
        "registre-ligne-ajoutee",
        "la base laisse ajouter une ligne à une facture émise",
        dans(
            _FIGES,
            '        yield f"{table}_i", "INSERT", table, _mere_emise("NEW")\n',
            "",
        ),
        f"{_DOCUMENTS}::test_une_ligne_ne_s_ajoute_pas_a_un_document_emis",
    ),
    sans(
        "registre-ligne-modifiee",
        "la base laisse modifier les lignes d’une facture émise",
        dans(
            _FIGES,
            '        yield f"{table}_u", "UPDATE", table, _mere_emise("OLD", "NEW")\n',
            "",
        ),
        f"{_DOCUMENTS}::test_aucune_colonne_ne_se_modifie",
    ),
    sans(
        "registre-facture-remplacee",
        "SQLite laisse remplacer une facture émise (garde de l’ajout et effacements en cascade)",
        (
            dans(
                _FIGES,
                '        yield "facture_i", "INSERT", "facture", prise.format("")\n',
                "",
            ),
            dans("core/db.py", "recursive_triggers=ON", "recursive_triggers=OFF"),
        ),
        f"{_DOCUMENTS}::test_rien_ne_se_remplace",
    ),
    sans(
        "registre-facture-modifiee-mariadb",
        "MariaDB laisse modifier une facture émise",
        dans(
            _FIGES,
            '    yield "facture_u", "UPDATE", "facture", "OLD.statut = \'EMISE\'"\n',
            "",
        ),
        f"{_DOCUMENTS}::test_aucune_colonne_ne_se_modifie",
        moteur=MARIADB,
    ),
    sans(
        "registre-chaine-reculee",
        "la tête d’un journal peut reculer",
        dans(_REGISTRE, '    yield "registre_tete_u", "UPDATE", "registre_tete", AVANCE\n', ""),
        f"{_COMPTE}::test_la_chaine_n_avance_que_d_une_ecriture_qui_suit",
    ),
    sans(
        "registre-entree-modifiee",
        "la base laisse modifier une écriture du registre",
        dans(_REGISTRE, '    "registre_entree": ("journal", "rang"),\n', ""),
        f"{_COMPTE}::test_une_table_en_ajout_seul_ne_se_modifie_ni_ne_se_remplace",
    ),
    sans(
        "registre-imputation-ajoutee",
        "un règlement enchaîné accepte une imputation de plus",
        dans(_REGISTRE, '    yield "imputation_enchaine", "INSERT", "imputation", ENCHAINE\n', ""),
        f"{_COMPTE}::test_une_imputation_ne_s_ajoute_pas_a_un_reglement_enchaine",
    ),
    sans(
        "registre-schema-libre",
        "l’application peut retirer ses propres gardes",
        dans("core/db.py", "    connection.set_authorizer(_autoriser)\n", ""),
        f"{_COMPTE}::test_le_schema_ne_change_pas",
    ),
    sans(
        "registre-droits-mariadb",
        "le compte de MariaDB peut modifier le registre",
        dans(
            "gestion_registre.py",
            "    if table in EFFACEMENTS:\n",
            '    if table:\n        return "ALL"\n    if table in EFFACEMENTS:\n',
        ),
        f"{_COMPTE}::test_le_schema_ne_change_pas",
        moteur=MARIADB,
    ),
    sans(
        "registre-garde-absente",
        "une garde absente n’arrête plus les émissions",
        dans("core/gardes.py", "    if manquantes:\n", "    if manquantes is session:\n"),
        f"{_COMPTE}::test_une_garde_absente_arrete_les_emissions_et_le_dit",
    ),
    sans(
        "registre-sel",
        "le sel n’entre plus dans l’empreinte d’un contenu",
        dans(
            "core/registre/canonique.py",
            "hashlib.sha256(bytes.fromhex(sel) + contenu.encode())",
            "hashlib.sha256(bytes.fromhex(sel)[:0] + contenu.encode())",
        ),
        f"{_CANONIQUE}::test_le_sel_change_l_empreinte_du_meme_contenu",
    ),
    sans(
        "registre-flottant",
        "un nombre à virgule entre au registre",
        dans(
            "core/registre/canonique.py",
            "_PERMIS = (str, int, type(None))",
            "_PERMIS = (str, int, float, type(None))",
        ),
        f"{_CANONIQUE}::test_seuls_les_entiers_et_les_textes_ont_leur_place",
    ),
    sans(
        "registre-champ-oublie",
        "l’instant d’une écriture n’entre plus dans son empreinte",
        dans("core/registre/canonique.py", "        horodater(survenu_le),\n", '        "",\n'),
        f"{_CANONIQUE}::test_chaque_champ_compte",
        f"{_CANONIQUE}::test_la_formule_d_une_ecriture_est_celle_de_sa_version",
    ),
    sans(
        "registre-chainon",
        "une écriture ne suit plus la précédente",
        dans(
            "core/registre/ecriture.py",
            "    return rang, tete.empreinte or GENESE\n",
            "    return rang, GENESE\n",
        ),
        f"{_ECRITURE}::test_chaque_ecriture_suit_la_precedente",
    ),
    sans(
        "registre-facture-hors-chaine",
        "une facture s’émet sans entrer au registre",
        dans(
            "facturation/commands/emission.py",
            "    chainer_facture(session, facture, actor=actor)\n",
            "",
        ),
        f"{_ECRITURE}::test_une_facture_emise_est_enchainee_avec_tout_ce_qu_elle_dit",
    ),
    sans(
        "registre-reglement-hors-chaine",
        "un règlement s’enregistre sans entrer au registre",
        dans(
            "facturation/commands/reglements.py",
            "    chainer_reglement(session, reglement, actor=actor)\n",
            "",
        ),
        f"{_ECRITURE}::test_un_reglement_est_enchaine_avec_ses_imputations",
    ),
    sans(
        "registre-export-hors-chaine",
        "un export part sans entrer au registre",
        dans(
            "core/registre/exports.py",
            "    database.transaction(\n        lambda session: inscrire(",
            "    _ = (\n        lambda session: inscrire(",
        ),
        f"{_EVENEMENTS}::test_un_export_est_enchaine_avec_l_empreinte_du_fichier",
    ),
    sans(
        "registre-droits-hors-chaine",
        "un changement de droits n’entre plus au registre",
        dans(
            "auth/commands.py",
            "        Evenement.DROITS,\n",
            "        Evenement.REGLAGES,\n",
        ),
        f"{_EVENEMENTS}::test_les_droits_sont_enchaines_sans_adresse",
    ),
    sans(
        "registre-mention-hors-chaine",
        "une mention change sans entrer au registre",
        dans(
            "entreprise/commands.py", "        Evenement.MENTION,\n", "        Evenement.SERIE,\n"
        ),
        f"{_EVENEMENTS}::test_une_mention_est_enchainee",
    ),
    sans(
        "registre-contenu-retouche",
        "la vérification ne recalcule plus le contenu d’une écriture",
        dans(
            "core/registre/verification.py",
            "        if contenu != row.contenu_sha256:\n",
            "        if not contenu:\n",
        ),
        f"{_VERIFICATION}::test_un_mot_change_dans_une_ecriture_se_voit",
    ),
    sans(
        "registre-empreinte-retouchee",
        "la vérification ne recalcule plus l’empreinte d’une écriture",
        dans(
            "core/registre/verification.py",
            "        if empreinte != row.empreinte:\n",
            "        if not empreinte:\n",
        ),
        f"{_EDITIONS}::test_chaque_colonne_modifiee_se_voit",
    ),
    sans(
        "registre-lignes-retouchees",
        "la vérification ne compare plus les lignes des factures",
        dans(
            "facturation/verification.py",
            '        yield from _comparer_listes(entree, "ligne", contenu.get("lignes"), '
            "lignes.get(cle, []))\n",
            "",
        ),
        f"{_EDITIONS}::test_chaque_colonne_modifiee_se_voit",
        f"{_EDITIONS}::test_chaque_ligne_supprimee_se_voit",
    ),
    sans(
        "registre-fin-coupee",
        "la vérification ne voit plus la fin coupée d’un journal (ancres et leur compte)",
        (
            dans(
                "core/registre/ancres.py",
                "        if chaine is None or ancre.rang > chaine.entrees:\n",
                "        if chaine is None:\n",
            ),
            dans(
                "core/registre/ancres.py",
                "        elif chaine.reperes.get(ancre.rang) != ancre.empreinte:\n",
                "        elif ancre.rang in chaine.reperes"
                " and chaine.reperes[ancre.rang] != ancre.empreinte:\n",
            ),
            dans(
                "comptabilite/verification.py",
                "        if copie not in gardees:\n",
                "        if copie not in copies:\n",
            ),
        ),
        f"{_VERIFICATION}::test_la_fin_coupee_apres_l_ancre_se_voit",
    ),
    sans(
        "registre-chaine-recalculee",
        "la vérification ne compare plus la chaîne à ses ancres",
        dans(
            "core/registre/ancres.py",
            "        elif chaine.reperes.get(ancre.rang) != ancre.empreinte:\n",
            "        elif not chaine.entrees:\n",
        ),
        f"{_VERIFICATION}::test_une_chaine_recalculee_se_voit_jusqu_a_l_ancre",
    ),
    sans(
        "registre-signature-d-une-ancre",
        "une ancre vaut sans sa signature",
        dans(
            "core/registre/cles.py",
            "    except (InvalidSignature, ValueError):\n        return False\n",
            "    except (InvalidSignature, ValueError):\n        return True\n",
        ),
        f"{_VERIFICATION}::test_une_ancre_signee_d_une_autre_cle_est_refusee",
    ),
    sans(
        "registre-cle-lisible",
        "la clé privée se lit par tous",
        dans(
            "core/registre/cles.py",
            "            os.link(provisoire, fichier)\n",
            "            os.chmod(provisoire, 0o644)\n            os.link(provisoire, fichier)\n",
        ),
        f"{_VERIFICATION}::test_la_cle_privee_n_est_lue_que_par_son_proprietaire",
    ),
    sans(
        "registre-periode-close",
        "une période close accepte encore des dates",
        dans(
            "core/registre/clotures.py",
            "    fin = close_au(session)\n    if fin is not None and jour <= fin:\n",
            "    fin = close_au(session)\n    if fin is not None and jour is None:\n",
        ),
        f"{_CLOTURES}::test_une_periode_close_refuse_les_dates_anterieures",
        rapide=True,
    ),
    sans(
        "registre-periode-en-cours",
        "une période en cours peut être close",
        dans("comptabilite/commands/cloture.py", "    if fin >= le:\n", "    if fin is le:\n"),
        f"{_CLOTURES}::test_une_periode_en_cours_ne_se_clot_pas",
    ),
    sans(
        "registre-cloture-sans-ancre",
        "une clôture n’appelle plus d’ancre",
        dans(
            "comptabilite/commands/cloture.py",
            '    enqueue(session, JOB_ANCRER, {}, cle_unique=f"{JOB_ANCRER}:{cloture.id}")\n',
            "",
        ),
        f"{_CLOTURES}::test_une_cloture_appelle_une_ancre",
    ),
    sans(
        "registre-totaux-d-une-cloture",
        "la vérification ne recompte plus les totaux d’une clôture",
        dans(
            "comptabilite/verification_clotures.py",
            "        if any(entree.contenu.get(partie) != lu for partie, lu in totaux.items()):\n",
            "        if not totaux:\n",
        ),
        f"{_CLOTURES}::test_des_totaux_retouches_se_voient",
    ),
    sans(
        "registre-empreinte-imprimee",
        "un PDF ne porte plus son empreinte",
        dans(
            "facturation/pieces.py",
            'update={"empreinte": _empreinte(session, facture_id)}',
            'update={"empreinte": ""}',
        ),
        f"{_EVENEMENTS}::test_le_pdf_porte_l_empreinte_et_ses_octets_sont_enchaines",
    ),
    sans(
        "registre-code-de-sortie",
        "« cordeau ledger verify » rend 0 pour un registre altéré",
        dans(
            "gestion_registre.py",
            "    return VALIDE if rapport.valide else CORROMPU\n",
            "    return VALIDE if rapport else CORROMPU\n",
        ),
        "console/test_registre.py::test_un_registre_altere_rend_un_et_dit_la_premiere_ecriture",
    ),
    sans(
        "registre-archive-sans-sceau",
        "une archive n’est plus vérifiée par son sceau ni par ses fichiers",
        (
            dans(
                "comptabilite/verify_archive.py",
                '    if not est_signe(cle, message, lire_hexa(sceau, "sceau")):\n',
                "    if not message:\n",
            ),
            dans(
                "comptabilite/verify_archive.py",
                "        if sha256(membres[nom]) != attendu:\n",
                "        if not attendu:\n",
            ),
        ),
        f"{_ARCHIVES}::test_un_seul_bit_retourne_se_voit",
    ),
    sans(
        "registre-archive-resignee",
        "une archive vaut quelle que soit la clé qui l’a signée",
        dans(
            "comptabilite/verify_archive.py",
            "    return all((gauche[n] * droite[2] - droite[n] * gauche[2]) % P == 0 "
            "for n in (0, 1))\n",
            "    return bool(gauche and droite)\n",
        ),
        f"{_ARCHIVES}::test_une_archive_resignee_par_un_autre_ne_trompe_pas_la_cle",
        f"{_ARCHIVES}::test_une_archive_tronquee_ou_d_une_autre_cle_est_refusee",
    ),
    sans(
        "registre-deux-copies-a-la-fois",
        "deux ancrages qui se rencontrent écrivent le même fichier",
        dans(
            "core/verrou.py",
            "        fcntl.flock(descripteur, fcntl.LOCK_EX)\n",
            "        _ = descripteur\n",
        ),
        "registre/test_ancres.py::test_deux_ancrages_a_la_fois_ne_perdent_aucune_copie",
    ),
)
