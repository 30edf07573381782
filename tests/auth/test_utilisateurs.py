"""Users, by who manages them: never to the point that nobody can."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from cordeau.auth import commands
from cordeau.auth.models import Utilisateur
from cordeau.auth.queries import find_user, get_user, get_user_by_id
from cordeau.core.errors import ConflitError
from cordeau.core.permissions import SYSTEME, Role
from tests.auth.builders import actions, activer_facteur, est_entre, lien_recu, tenter
from tests.gens import Navigateur, un_utilisateur

Ouvrir = Callable[..., Navigateur]
PAGE = "/parametres/utilisateurs"


@pytest.fixture
def comptable(app: FastAPI) -> Utilisateur:
    """Somebody to manage."""
    return un_utilisateur(app.state.database, "comptable")


def agir(client: Navigateur, user: Utilisateur, geste: str, **champs: str) -> int:
    """Press a button of the page of a user; the status."""
    fiche = f"{PAGE}/{user.id}"
    return client.soumettre(f"{fiche}/{geste}", champs, depuis=fiche).status_code


def relire(app: FastAPI, user: Utilisateur) -> Utilisateur:
    """As the base knows them now."""
    with app.state.database.read() as session:
        return get_user_by_id(session, user.id)


def test_on_ajoute_quelqu_un_qui_choisit_son_mot_de_passe(
    app: FastAPI, navigateur: Ouvrir, client_http: Navigateur
) -> None:
    champs = {"nom": "Rose Martin", "email": " Rose@Exemple.fr ", "role": "technicien"}
    page = f"{PAGE}/nouveau"
    reponse = navigateur().soumettre(page, champs, depuis=page)
    assert reponse.headers["location"].startswith(f"{PAGE}/")
    lien = lien_recu(app)

    client_http.soumettre(lien, {"mot_de_passe": "une phrase toute neuve"}, depuis=lien)

    assert est_entre(tenter(client_http, "rose@exemple.fr", "une phrase toute neuve"))
    with app.state.database.read() as session:
        assert get_user(session, "rose@exemple.fr").role == Role.TECHNICIEN


@pytest.mark.parametrize(
    ("champs", "champ"),
    [
        ({"nom": " ", "email": "a@b.fr", "role": "admin"}, "nom"),
        ({"nom": "A", "email": "a", "role": "admin"}, "email"),
        ({"nom": "A", "email": "admin@exemple.fr", "role": "admin"}, "email"),
        ({"nom": "A", "email": "a@b.fr\nBcc: c@d.fr", "role": "admin"}, "email"),
        ({"nom": "A", "email": "a@b.fr", "role": "chef"}, "role"),
        ({"nom": "A", "email": "a@b.fr"}, "role"),
    ],
)
def test_une_saisie_fausse_ne_cree_personne(
    app: FastAPI, navigateur: Ouvrir, champs: dict[str, str], champ: str
) -> None:
    page = f"{PAGE}/nouveau"
    refus = navigateur().soumettre(page, champs, depuis=page)

    assert refus.status_code == 422
    assert f'href="#champ-{champ}"' in refus.text
    with app.state.database.read() as session:
        assert find_user(session, "a@b.fr") is None


def test_changer_un_role_ferme_les_sessions(
    app: FastAPI, navigateur: Ouvrir, comptable: Utilisateur
) -> None:
    sien = navigateur("comptable")

    assert agir(navigateur(), comptable, "role", role="commercial") == 303

    assert relire(app, comptable).role == Role.COMMERCIAL
    assert sien.get("/compte", follow_redirects=False).status_code == 303
    assert actions(app.state.database, comptable)[-1] == "Rôle changé"


def test_fermer_un_compte_eteint_tout_et_le_rouvrir_le_rend(
    app: FastAPI,
    navigateur: Ouvrir,
    api: Callable[..., TestClient],
    client_http: Navigateur,
    comptable: Utilisateur,
) -> None:
    sien, programme, admin = navigateur("comptable"), api("comptable"), navigateur()

    assert agir(admin, comptable, "fermeture") == 303

    assert sien.get("/compte", follow_redirects=False).status_code == 303
    assert programme.get("/api/v1/clients").status_code == 401
    assert not est_entre(tenter(client_http, comptable.email))
    assert "Compte fermé" in admin.get(f"{PAGE}/{comptable.id}").text
    assert agir(admin, comptable, "ouverture") == 303
    assert est_entre(tenter(client_http, comptable.email))


def test_on_envoie_un_lien_et_on_ferme_les_sessions(
    app: FastAPI, navigateur: Ouvrir, comptable: Utilisateur
) -> None:
    sien, admin = navigateur("comptable"), navigateur()

    assert agir(admin, comptable, "lien") == 303
    assert lien_recu(app)
    assert agir(admin, comptable, "sessions") == 303
    assert sien.get("/compte", follow_redirects=False).status_code == 303


def test_on_retire_un_second_facteur_perdu(
    app: FastAPI, navigateur: Ouvrir, client_http: Navigateur, comptable: Utilisateur
) -> None:
    activer_facteur(app.state.database, comptable.email, app.state.settings.secret_key)

    assert agir(navigateur(), comptable, "second-facteur") == 303

    assert est_entre(tenter(client_http, comptable.email))


def test_le_dernier_administrateur_reste(app: FastAPI, navigateur: Ouvrir) -> None:
    admin = navigateur()
    camille = un_utilisateur(app.state.database, "admin")

    assert agir(admin, camille, "fermeture") == 409
    assert agir(admin, camille, "role", role="comptable") == 409

    assert relire(app, camille).actif
    assert relire(app, camille).role == Role.ADMIN
    un_autre = {"nom": "Autre", "email": "autre@exemple.fr", "role": "admin"}
    admin.soumettre(f"{PAGE}/nouveau", un_autre, depuis=f"{PAGE}/nouveau")
    assert agir(admin, camille, "role", role="comptable") == 303


def test_un_administrateur_ferme_ne_compte_pas(session: Session) -> None:
    camille, autre = (_admin(session, nom) for nom in ("camille", "autre"))
    commands.desactiver(session, autre, actor=camille.en_acteur())
    session.flush()

    with pytest.raises(ConflitError, match="dernier administrateur"):
        commands.desactiver(session, camille, actor=camille.en_acteur())


def test_deux_qui_partent_en_meme_temps_ne_partent_pas_tous_les_deux(app: FastAPI) -> None:
    database = app.state.database
    with database.write() as session:
        couple = [_admin(session, nom).id for nom in ("camille", "autre")]

    def partir(qui: UUID) -> bool:
        def work(session: Session) -> None:
            user = get_user_by_id(session, qui, for_update=True)
            commands.changer_role(session, user, Role.COMPTABLE, actor=user.en_acteur())

        try:
            database.transaction(work)
        except ConflitError:
            return False
        return True

    with ThreadPoolExecutor(2) as fils:
        assert sum(fils.map(partir, couple)) == 1
    with database.read() as session:
        admins = select(func.count()).where(Utilisateur.role == Role.ADMIN)
        assert session.scalar(admins) == 1


def test_la_console_peut_tout_fermer(session: Session) -> None:
    """It can also undo it."""
    camille = _admin(session, "camille")

    commands.desactiver(session, camille, actor=SYSTEME)

    assert not camille.actif


def test_l_index_des_parametres_n_en_parle_qu_a_l_administrateur(navigateur: Ouvrir) -> None:
    assert f'href="{PAGE}"' in navigateur().get("/parametres").text
    assert f'href="{PAGE}"' not in navigateur("gestionnaire").get("/parametres").text


def _admin(session: Session, nom: str) -> Utilisateur:
    return commands.ajouter_utilisateur(
        session,
        email=f"{nom}@exemple.fr",
        nom=nom,
        role=Role.ADMIN,
        password="un secret assez long",
        actor=SYSTEME,
    )
