"""Accounts, made and closed by commands."""

import subprocess
import sys

import pytest
from sqlalchemy.orm import Session

from cordeau.auth import commands
from cordeau.auth.passwords import hash_password, verify_password
from cordeau.auth.queries import find_porteur, find_user, get_user, has_admin
from cordeau.core.errors import IntrouvableError, SaisieError
from cordeau.core.journal import list_history
from cordeau.core.permissions import SYSTEME, Role

SECRET = "un secret assez long"


def ajouter(session: Session, email: str = "lea@exemple.fr", **champs: object) -> None:
    """An account with everything it needs."""
    commands.ajouter_utilisateur(
        session,
        **{  # type: ignore[arg-type]
            "email": email,
            "nom": "Léa Morin",
            "role": Role.COMMERCIAL,
            "password": SECRET,
            "actor": SYSTEME,
            **champs,
        },
    )


def test_un_compte_se_retrouve_quelle_que_soit_la_casse(session: Session) -> None:
    ajouter(session, " Lea@Exemple.FR ")

    user = get_user(session, "lea@exemple.fr")
    assert (user.nom, user.role, user.actif) == ("Léa Morin", Role.COMMERCIAL, True)
    assert [e.action for e in list_history(session, "utilisateur", user.id)] == ["Compte créé"]


@pytest.mark.parametrize(
    "email",
    ["", "léa", "a@b", "a b@c.fr", "a@b.fr,c@d.fr", "@b.fr", "<a@b.fr>", "a" * 255 + "@b.fr"],
)
def test_une_adresse_qui_n_en_est_pas_une_est_refusee(session: Session, email: str) -> None:
    with pytest.raises(SaisieError) as refus:
        ajouter(session, email)

    assert [faute.champ for faute in refus.value.fautes] == ["email"]


def test_deux_comptes_n_ont_pas_la_meme_adresse(session: Session) -> None:
    ajouter(session)

    with pytest.raises(SaisieError, match="corriger") as refus:
        ajouter(session, "LEA@exemple.fr")

    assert "déjà" in refus.value.fautes[0].message


@pytest.mark.parametrize("password", ["", "onze caract", "x" * 1025])
def test_un_mot_de_passe_trop_court_ou_demesure_est_refuse(session: Session, password: str) -> None:
    with pytest.raises(SaisieError):
        ajouter(session, password=password)


def test_un_mot_de_passe_n_est_pas_coupe() -> None:
    phrase = "chaux, sable, ciment et truelle " * 32
    garde = hash_password(phrase)

    assert len(phrase) == 1024
    assert verify_password(garde, phrase)
    assert not verify_password(garde, phrase[:-1])
    assert not verify_password(garde, f"{phrase}x")
    assert not verify_password(None, phrase)
    assert not verify_password("pas une empreinte", SECRET)


def test_l_empreinte_reelle_suit_la_recommandation() -> None:
    """RFC 9106, second choice scaled as OWASP does: 19 MiB, two passes; tests use a cheaper one."""
    programme = "from cordeau.auth.passwords import hash_password as h; print(h('un secret long'))"

    empreinte = subprocess.run(
        [sys.executable, "-c", programme], capture_output=True, text=True, check=True
    ).stdout

    assert empreinte.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_une_instance_sans_administrateur_actif_est_a_installer(session: Session) -> None:
    ajouter(session)
    assert not has_admin(session)

    ajouter(session, "chef@exemple.fr", role=Role.ADMIN)
    assert has_admin(session)

    commands.desactiver(session, get_user(session, "chef@exemple.fr"), actor=SYSTEME)
    assert not has_admin(session)


def test_un_jeton_agit_au_nom_de_son_porteur(session: Session) -> None:
    ajouter(session)
    user = get_user(session, "lea@exemple.fr")
    jeton = commands.creer_jeton(session, user, actor=SYSTEME)

    presence = find_porteur(session, jeton)
    assert presence
    assert presence.acteur == user.en_acteur()
    assert find_porteur(session, jeton + "x") is None

    commands.desactiver(session, user, actor=SYSTEME)
    assert find_porteur(session, jeton) is None


def test_une_adresse_inconnue_est_introuvable(session: Session) -> None:
    assert find_user(session, "personne@exemple.fr") is None
    with pytest.raises(IntrouvableError, match=r"personne@exemple\.fr"):
        get_user(session, "personne@exemple.fr")
