"""Access beyond the rows of the standard: guesses, links, tokens, the second factor."""

from mutations.modele import dans, sans

_FREINS = "auth/test_freins.py"
_FACTEUR = "auth/test_facteur.py"
_LIENS = "auth/test_liens.py"
_SESSIONS = "auth/test_sessions.py"
_JETONS = "auth/test_jetons.py"
_CONFIRMATION = "auth/test_confirmation.py"

MUTATIONS = (
    sans(
        "acces-attente-croissante",
        "l’attente ne grandit plus avec les échecs",
        dans(
            "auth/rules.py",
            "        secondes: int = 30 << min(echecs - self.libres, 10)\n",
            "        secondes: int = 30\n",
        ),
        f"{_FREINS}::test_l_attente_double_et_reste_bornee",
        f"{_FREINS}::test_dix_mille_essais_n_en_font_que_quelques_uns_par_jour",
    ),
    sans(
        "acces-frein-de-l-adresse",
        "une adresse qui essaie tout le monde n’est pas freinée",
        dans(
            "auth/freins.py",
            '    return {personne: FREIN_PERSONNE, f"adresse:{origine.cle}": FREIN_ADRESSE}\n',
            "    return {personne: FREIN_PERSONNE}\n",
        ),
        f"{_FREINS}::test_une_adresse_qui_essaie_tout_le_monde_est_freinee",
    ),
    sans(
        "acces-essais-en-meme-temps",
        "un essai ne compte qu’une fois refusé",
        dans(
            "auth/freins.py",
            "    for ligne in lignes:\n        _compter(ligne, cles[ligne.cle], instant)\n",
            "",
        ),
        f"{_FREINS}::test_cinquante_essais_en_meme_temps_n_en_font_que_cinq",
        f"{_FREINS}::test_apres_cinq_echecs_le_bon_mot_de_passe_attend_aussi",
    ),
    sans(
        "acces-voisins-ipv6",
        "chaque adresse IPv6 d’un abonné compte pour elle-même",
        dans("web/origine.py", "PREFIXE_IPV6 = 64", "PREFIXE_IPV6 = 128"),
        f"{_FREINS}::test_une_adresse_ipv6_compte_avec_ses_voisines",
    ),
    sans(
        "acces-secours-une-fois",
        "un code de secours sert deux fois",
        dans(
            "auth/facteur.py",
            "                CodeSecours.utilise_le.is_(None),\n",
            "",
        ),
        f"{_FACTEUR}::test_un_code_de_secours_remplace_le_telephone_une_fois",
    ),
    sans(
        "acces-secours-de-chacun",
        "le code de secours d’un autre entre",
        (
            dans(
                "auth/facteur.py",
                "                CodeSecours.utilisateur_id == user.id,\n"
                "                CodeSecours.empreinte ==",
                "                CodeSecours.empreinte ==",
            ),
            dans(
                "auth/facteur.py",
                '    return digest(f"{user_id.hex}:{epele}")\n',
                "    return digest(epele)\n",
            ),
        ),
        f"{_FACTEUR}::test_le_code_de_secours_d_un_autre_ne_vaut_rien",
    ),
    sans(
        "acces-graine-sans-cle",
        "la base seule donne les codes du second facteur",
        dans(
            "auth/facteur.py",
            "    secret = hmac.new(cle.encode(), message.encode(), hashlib.sha256).digest()[:20]\n",
            "    secret = hashlib.sha256(message.encode() + cle.encode()[:0]).digest()[:20]\n",
        ),
        f"{_FACTEUR}::test_la_base_seule_ne_donne_aucun_code",
    ),
    sans(
        "acces-facteur-obligatoire",
        "le second facteur obligatoire n’empêche rien avant d’être activé",
        dans(
            "auth/deps.py",
            "    if request.state.presence.enrolement_du and not _est_ouvert(request):\n",
            "    if not request.state.presence:\n",
        ),
        f"{_FACTEUR}::test_rien_d_autre_ne_s_ouvre_avant_l_enrolement_puis_tout",
    ),
    sans(
        "acces-attente-fabriquee",
        "un cookie scellé peut être fabriqué",
        dans(
            "web/signing.py",
            "    if not hmac.compare_digest("
            "sign(secret, usage, body).encode(), signature.encode()):\n",
            "    if not body:\n",
        ),
        f"{_FACTEUR}::test_l_attente_du_code_ne_se_fabrique_pas",
        "web/test_signing.py::test_une_valeur_changee_ne_s_ouvre_pas",
    ),
    sans(
        "acces-attente-courte",
        "l’attente du code survit au mot de passe",
        dans(
            "auth/pages/connexion.py",
            "        if digest(user.mot_de_passe) != attente.empreinte:\n",
            "        if not attente.empreinte:\n",
        ),
        f"{_FACTEUR}::test_l_attente_du_code_est_courte_et_finit_avec_le_mot_de_passe",
    ),
    sans(
        "acces-suite-ailleurs",
        "la connexion mène sur un autre site",
        dans(
            "auth/pages/connexion.py",
            '    return suite if safe and suite.isprintable() else "/dashboard"\n',
            '    return suite if safe or suite else "/dashboard"\n',
        ),
        "auth/test_connexion.py::test_on_n_est_jamais_envoye_ailleurs",
    ),
    sans(
        "acces-adresse-changee",
        "changer d’adresse laisse vivre les liens de l’ancienne",
        dans(
            "auth/commands.py",
            "_verifier_email(session, propre)\n"
            "    session.execute(delete(LienMotDePasse)"
            ".where(LienMotDePasse.utilisateur_id == user.id))\n",
            "_verifier_email(session, propre)\n",
        ),
        f"{_LIENS}::test_changer_d_adresse_ou_de_mot_de_passe_tue_les_liens",
    ),
    sans(
        "acces-lien-garde",
        "un lien envoyé reste dans la base",
        dans(
            "notifications/jobs.py",
            "        if statut == StatutMessage.ENVOYE:\n            message.confidentiel = None\n",
            "",
        ),
        f"{_LIENS}::test_un_lien_envoye_n_est_plus_dans_la_base",
    ),
    sans(
        "acces-lien-au-journal",
        "le journal du serveur garde les liens de mot de passe",
        dans(
            "web/middleware.py",
            '    return path if lisible else f"{tete}…"\n',
            "    return path if lisible or path else tete\n",
        ),
        f"{_LIENS}::test_le_journal_technique_ne_contient_pas_le_lien",
    ),
    sans(
        "acces-session-d-un-autre",
        "on ferme la session d’un autre",
        dans(
            "auth/sessions.py",
            "        delete(SessionWeb).where(SessionWeb.id == session_id, "
            "SessionWeb.utilisateur_id == user_id)\n",
            "        delete(SessionWeb).where(SessionWeb.id == session_id)\n",
        ),
        f"{_SESSIONS}::test_on_ne_ferme_pas_celle_d_un_autre",
    ),
    sans(
        "acces-jeton-d-un-autre",
        "on révoque le jeton d’un autre",
        dans(
            "auth/commands.py",
            "    if jeton is None or (de is not None and jeton.utilisateur_id != de):\n",
            "    if jeton is None:\n",
        ),
        f"{_JETONS}::test_on_revoque_les_siens_et_pas_ceux_d_un_autre",
    ),
    sans(
        "acces-confirmation-dix-minutes",
        "une confirmation vaut pour toute la session",
        dans(
            "auth/rules.py",
            "CONFIRMATION = timedelta(minutes=10)",
            "CONFIRMATION = timedelta(days=10)",
        ),
        f"{_CONFIRMATION}::test_repondre_vaut_dix_minutes_pour_cette_session_seulement",
    ),
    sans(
        "acces-dernier-administrateur",
        "le dernier administrateur peut partir",
        dans(
            "auth/commands.py",
            "    if not [autre for autre in actifs if autre != user.id]:\n",
            "    if not actifs:\n",
        ),
        "auth/test_utilisateurs.py::test_le_dernier_administrateur_reste",
    ),
)
