"""The audit journal: every write, its author, what was before and after, and no secret."""

from mutations.modele import dans, sans

_TRACE = "journal/test_trace.py"
_PAGES = "journal/test_pages.py"
_CHANGEMENT = "core/test_changement.py"

MUTATIONS = (
    sans(
        "journal-modification-muette",
        "une modification ne laisse plus de trace",
        dans(
            "core/collecte.py",
            "    if apres:\n        collecte_de(session)",
            "    if apres is objet:\n        collecte_de(session)",
        ),
        f"{_TRACE}::test_modifier_dit_chaque_champ_avant_et_apres",
        "clients/test_api.py::test_modifier_ne_change_que_ce_qui_est_donne",
    ),
    sans(
        "journal-suppression-muette",
        "une suppression ne laisse plus de trace",
        dans(
            "core/collecte.py",
            "    valeurs = {**objet.__dict__, **_anciennes(objet)}\n",
            "    return\n    valeurs = {**objet.__dict__, **_anciennes(objet)}\n",
        ),
        f"{_TRACE}::test_une_ligne_retiree_se_lit_encore",
    ),
    sans(
        "journal-ordre-muet",
        "un ordre sur plusieurs lignes ne laisse plus de trace",
        dans(
            "core/collecte.py",
            "    if mapper is None or plan is None:\n        return None\n    if isinstance(etat",
            "    if mapper is None or plan is None or plan:\n        return None\n"
            "    if isinstance(etat",
        ),
        f"{_TRACE}::test_un_ordre_sur_plusieurs_lignes_se_dit_de_lui_meme",
        f"{_TRACE}::test_une_insertion_en_masse_donne_ses_identifiants",
    ),
    sans(
        "journal-secrets",
        "le journal garde les secrets en clair",
        dans(
            "core/perimetre.py",
            "    return nom in SECRETS or (nom not in PAS_SECRETS and "
            "bool(NOMS_DE_SECRET.search(colonne)))\n",
            "    return nom in PAS_SECRETS\n",
        ),
        f"{_TRACE}::test_un_secret_ne_parait_jamais",
        "journal/test_perimetre.py::test_une_colonne_inconnue_nommee_comme_un_secret_est_masquee",
    ),
    sans(
        "journal-echec",
        "ce qui échoue laisse une trace",
        dans(
            "core/collecte.py",
            "        del collecte.ecritures[ecritures:]\n        del collecte.faits[faits:]\n",
            "        del faits\n",
        ),
        f"{_TRACE}::test_ce_qu_un_point_de_reprise_defait_n_est_pas_dit",
    ),
    sans(
        "journal-provenance",
        "le journal ne dit plus d’où vient une écriture",
        dans(
            "core/journal.py",
            "        rang.update(origine)\n",
            "        rang.update(dict.fromkeys(origine))\n",
        ),
        f"{_TRACE}::test_le_journal_dit_d_ou_vient_une_ecriture",
    ),
    sans(
        "journal-refus",
        "un accès refusé n’est pas noté",
        dans(
            "web/errors.py",
            "    if isinstance(error, InterditError):\n        noter_refus(request)\n",
            "",
        ),
        f"{_PAGES}::test_un_acces_refuse_se_note_une_fois",
        rapide=True,
    ),
    sans(
        "journal-sel",
        "l’empreinte d’un détail se devine",
        dans(
            "core/detail.py",
            '    corps = {"s": secrets.token_urlsafe(SEL_OCTETS), "g": groupes}\n',
            '    corps = {"s": secrets.token_urlsafe(0 * SEL_OCTETS), "g": groupes}\n',
        ),
        f"{_TRACE}::test_l_empreinte_d_un_detail_est_salee",
    ),
    sans(
        "journal-adresses",
        "qui ne lit pas le journal voit d’où les autres agissent",
        dans(
            "historique/recit.py",
            '        "adresse": fait.adresse if voit_d_ou else "",\n',
            '        "adresse": fait.adresse,\n',
        ),
        f"{_PAGES}::test_l_adresse_d_ou_l_on_agit_ne_se_montre_qu_a_qui_lit_le_journal",
    ),
    sans(
        "journal-ligne-ecrite-a-part",
        "une ligne écrite à part n’entre pas au journal",
        dans(
            "core/changement.py",
            "        noter_modification(session, mapper, objet, self._avant)\n",
            "        _ = noter_modification\n",
        ),
        f"{_CHANGEMENT}::test_une_ligne_ecrite_a_part_laisse_ce_qu_une_ligne_suivie_laisse",
    ),
)
