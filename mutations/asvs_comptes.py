"""Rows 12 and 21 to 26 of the standard: who enters, and how often they may try."""

from mutations.modele import dans, sans

_ESSAIS = "asvs/test_comptes.py"
_V12 = f"{_ESSAIS}::TestV12_2_4_1"
_V21 = f"{_ESSAIS}::TestV21_6_2_4"
_V22 = f"{_ESSAIS}::TestV22_6_3_1"
_V23 = f"{_ESSAIS}::TestV23_6_3_2"
_V24 = f"{_ESSAIS}::TestV24_6_3_3"
_V25 = f"{_ESSAIS}::TestV25_6_4_3"
_V26 = f"{_ESSAIS}::TestV26_7_2_4"
_CONFIRMER = (
    '    if request.state.par_jeton or getattr(request.state, "confirmee", False):\n'
    "        return\n"
)
_INACTIF = '        func.coalesce(_SESSIONS.c.vu_le, _SESSIONS.c.cree_le) > _param("inactif"),\n'

MUTATIONS = (
    sans(
        "v12-quotas",
        "une demande de trop n’est plus refusée",
        dans("core/limites.py", "    if attente is not None:\n", "    if attente is cle:\n"),
        f"{_V12}::test_une_demande_de_trop_attend_les_autres_non",
        f"{_V12}::test_la_porte_se_compte_par_adresse",
    ),
    sans(
        "v12-quota-de-chacun",
        "un quota est partagé par tout le monde",
        dans("auth/deps.py", 'f"{geste}:{qui}", quota,', 'f"{geste}", quota,'),
        f"{_V12}::test_une_demande_de_trop_attend_les_autres_non",
    ),
    sans(
        "v12-quota-des-pdf",
        "le PDF d’un devis n’est plus compté",
        dans("devis/api.py", "limiter(Geste.PDF)", "limiter(Geste.COURRIEL)"),
        f"{_V12}::test_une_demande_de_trop_attend_les_autres_non",
    ),
    sans(
        "v21-longueur",
        "un mot de passe de dix caractères est accepté",
        dans(
            "auth/passwords.py",
            "LONGUEUR_MIN, LONGUEUR_MAX = 12, 1024",
            "LONGUEUR_MIN, LONGUEUR_MAX = 10, 1024",
        ),
        f"{_V21}::test_un_mot_de_passe_faible_est_refuse",
    ),
    sans(
        "v21-mots-de-passe-connus",
        "un mot de passe connu de tous est accepté",
        dans(
            "auth/passwords.py",
            " or is_bad_password(propre) or is_bad_password(simple):",
            ":",
        ),
        f"{_V21}::test_un_mot_de_passe_faible_est_refuse",
    ),
    sans(
        "v21-mot-de-passe-tronque",
        "seuls les 64 premiers caractères d’un mot de passe comptent",
        dans(
            "auth/passwords.py",
            'return unicodedata.normalize("NFKC", password)',
            'return unicodedata.normalize("NFKC", password)[:64]',
        ),
        f"{_V21}::test_un_mot_de_passe_long_est_accepte_en_entier",
    ),
    sans(
        "v21-mot-de-passe-evident",
        "un mot de passe peut être son adresse",
        dans(
            "auth/passwords.py",
            "    if simple in {e.casefold() for e in evidents if e}:\n",
            "    if simple in evidents[:0]:\n",
        ),
        f"{_V21}::test_un_mot_de_passe_n_est_ni_son_adresse_ni_son_nom",
    ),
    sans(
        "v22-frein",
        "deviner un mot de passe ne fait plus attendre",
        dans("auth/freins.py", "    if attentes:\n", "    if not cles:\n"),
        f"{_V22}::test_dix_echecs_font_attendre_meme_le_bon_mot_de_passe",
    ),
    sans(
        "v22-inconnu-reconnu",
        "une adresse inconnue reçoit une autre réponse",
        dans(
            "auth/pages/connexion.py",
            "        return _login_form(request, suite, username, ECHEC, 422)\n",
            "        with database.read() as lecture:\n"
            "            from cordeau.auth.queries import find_user\n"
            "            connue = find_user(lecture, username) is not None\n"
            '        dit = ECHEC if connue else "Adresse inconnue."\n'
            "        return _login_form(request, suite, username, dit, 422)\n",
        ),
        f"{_V22}::test_un_inconnu_recoit_la_meme_reponse_que_quelqu_un",
    ),
    sans(
        "v22-inconnu-plus-vite",
        "une adresse inconnue est refusée sans calcul",
        dans(
            "auth/passwords.py",
            "    formes = dict.fromkeys(",
            "    if digest is None:\n        return False\n    formes = dict.fromkeys(",
        ),
        f"{_V22}::test_un_inconnu_coute_autant_de_calcul",
    ),
    sans(
        "v23-installation-close",
        "l’installation reste ouverte une fois faite",
        dans(
            "entreprise/pages/installation.py",
            "    if not code or est_administree(session):\n",
            "    if not code:\n",
        ),
        f"{_V23}::test_une_instance_ne_s_installe_qu_avec_le_code_de_sa_console",
    ),
    sans(
        "v23-code-de-la-console",
        "l’installation accepte n’importe quel code",
        dans(
            "entreprise/pages/installation.py",
            "    if not hmac.compare_digest(_epele(form.code), _epele(attendu)):\n",
            "    if not attendu:\n",
        ),
        "entreprise/test_installation.py::test_un_mauvais_code_n_apprend_rien_et_ne_fait_rien",
    ),
    sans(
        "v23-cle-par-defaut",
        "chaque instance a la même clé",
        dans(
            "core/settings.py",
            "secret = secrets.token_urlsafe(48)",
            'secret = "changez-moi" * 4',
        ),
        f"{_V23}::test_chaque_instance_tire_sa_cle",
    ),
    sans(
        "v24-second-facteur",
        "le mot de passe seul entre",
        dans(
            "auth/connexion.py",
            "    if user.facteur_depuis is not None:\n",
            "    if user.facteur_depuis is user:\n",
        ),
        f"{_V24}::test_le_mot_de_passe_seul_n_entre_pas",
        rapide=True,
    ),
    sans(
        "v24-code-une-fois",
        "un code sert deux fois",
        dans(
            "auth/facteur.py",
            "                or_(Utilisateur.facteur_pas.is_(None), "
            "Utilisateur.facteur_pas < juste[0]),\n",
            "",
        ),
        f"{_V24}::test_un_code_ne_sert_qu_une_fois",
    ),
    sans(
        "v24-code-d-un-moment",
        "un code de cinq minutes plus tôt entre",
        dans("auth/facteur.py", "PAS_VOISINS = (0, -1, 1)", "PAS_VOISINS = tuple(range(-10, 11))"),
        f"{_V24}::test_un_code_d_un_autre_moment_n_entre_pas",
    ),
    sans(
        "v24-deviner-un-code",
        "deviner un code ne fait plus attendre",
        dans("auth/freins.py", 'return {f"code:{user_id}": FREIN_PERSONNE}', "return {}"),
        f"{_V24}::test_deviner_un_code_attend",
    ),
    sans(
        "v24-codes-de-secours",
        "les codes de secours sont gardés en clair",
        dans(
            "auth/facteur.py",
            '    return digest(f"{user_id.hex}:{epele}")\n',
            "    return epele\n",
        ),
        f"{_V24}::test_les_codes_de_secours_sont_gardes_en_empreintes",
    ),
    sans(
        "v25-lien-une-fois",
        "un lien de mot de passe sert deux fois",
        dans(
            "auth/commands.py",
            "    freins.liberer(session, user.email)\n"
            "    session.execute(delete(LienMotDePasse)"
            ".where(LienMotDePasse.utilisateur_id == user.id))\n",
            "    freins.liberer(session, user.email)\n",
        ),
        f"{_V25}::test_un_lien_ne_sert_qu_une_fois",
    ),
    sans(
        "v25-lien-ancien",
        "un lien de mot de passe n’expire jamais",
        dans(
            "auth/queries.py",
            "                LienMotDePasse.expire_le > maintenant(),\n",
            "",
        ),
        f"{_V25}::test_un_lien_ancien_ne_sert_plus",
    ),
    sans(
        "v25-sessions-closes",
        "choisir un mot de passe laisse les sessions ouvertes",
        dans(
            "auth/commands.py",
            "    sessions.fermer_toutes(session, user.id, sauf=sauf)\n",
            "",
        ),
        f"{_V25}::test_choisir_un_mot_de_passe_ferme_les_sessions",
    ),
    sans(
        "v25-facteur-retire-par-lien",
        "un lien de mot de passe retire le second facteur",
        dans(
            "auth/liens.py",
            "    changer_mot_de_passe(session, user, password,",
            "    user.facteur_depuis = None\n    changer_mot_de_passe(session, user, password,",
        ),
        f"{_V25}::test_un_lien_ne_dispense_pas_du_second_facteur",
    ),
    sans(
        "v25-confirmation",
        "ce qui engage ne redemande plus qui l’on est",
        dans("auth/deps.py", _CONFIRMER, "    return\n"),
        f"{_V25}::test_ce_qui_engage_redemande_qui_l_on_est",
    ),
    sans(
        "v26-cookie-neuf",
        "une session garde le cookie apporté",
        dans(
            "auth/sessions.py",
            "    cookie = secrets.token_urlsafe(32)\n",
            "    cookie = ancien or secrets.token_urlsafe(32)\n",
        ),
        f"{_V26}::test_entrer_donne_un_cookie_neuf",
    ),
    sans(
        "v26-inactivite",
        "une session délaissée reste ouverte",
        dans(
            "auth/queries.py",
            _INACTIF,
            "",
        ),
        f"{_V26}::test_une_session_delaissee_ou_ancienne_est_finie",
    ),
    sans(
        "v26-duree",
        "une session ne finit jamais d’elle-même",
        (
            dans(
                "auth/queries.py",
                '        _SESSIONS.c.expire_le > _param("instant"),\n',
                "",
            ),
            dans(
                "auth/queries.py",
                _INACTIF,
                "",
            ),
        ),
        f"{_V26}::test_une_session_delaissee_ou_ancienne_est_finie",
    ),
    sans(
        "v26-sortir",
        "sortir n’efface que le cookie du navigateur",
        dans(
            "auth/pages/connexion.py",
            '    sessions.fermer(uow, request.cookies.get(name, ""))\n',
            "",
        ),
        f"{_V26}::test_sortir_ferme_la_session_sur_le_serveur",
    ),
    sans(
        "v26-compte-ferme",
        "un compte fermé garde ses sessions et ses jetons",
        (
            dans(
                "auth/commands.py",
                "    for modele in (SessionWeb, JetonApi, LienMotDePasse):\n",
                "    for modele in (LienMotDePasse,):\n",
            ),
            dans("auth/queries.py", ").where(_UTILISATEURS.c.actif.is_(True))", ")"),
        ),
        f"{_V26}::test_fermer_un_compte_ferme_tout_a_l_instant",
    ),
    sans(
        "v26-sessions-d-ailleurs",
        "fermer ses autres sessions les laisse ouvertes",
        dans(
            "auth/sessions.py",
            "    nombre = fermer_toutes(session, user_id, sauf=sauf)\n",
            "    nombre = 1\n",
        ),
        f"{_V26}::test_on_voit_ses_sessions_et_on_les_ferme",
    ),
)
