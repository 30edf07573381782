"""Opening, modifying, moving and deleting chantiers; finding them again."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from cordeau.chantiers import commands, queries
from cordeau.chantiers.models import Chantier
from cordeau.chantiers.queries import FiltresChantier
from cordeau.chantiers.states import StatutChantier
from cordeau.core.adresse import Adresse
from cordeau.core.db import Database
from cordeau.core.errors import ConflitError, IntrouvableError, SaisieError
from cordeau.core.journal import list_history
from cordeau.core.listing import Demande
from cordeau.core.permissions import Acteur
from tests.chantiers.builders import un_chantier
from tests.clients.builders import un_client
from tests.devis.builders import un_devis


def test_un_chantier_s_ouvre_planifie_et_recoit_un_code_de_l_annee(session: Session) -> None:
    premier, second = un_chantier(session), un_chantier(session)

    assert (premier.code, second.code) == ("CH-2026-001", "CH-2026-002")
    assert premier.statut == StatutChantier.PLANIFIE


def test_un_code_tape_a_la_main_n_est_jamais_redonne(session: Session) -> None:
    un_chantier(session, code="CH-2026-001")

    assert un_chantier(session).code == "CH-2026-002"


def test_deux_chantiers_n_ont_pas_le_meme_code(session: Session) -> None:
    un_chantier(session, code="TOIT")

    with pytest.raises(SaisieError) as refus:
        un_chantier(session, code="TOIT")

    assert refus.value.fautes[0].champ == "code"


def test_la_fin_ne_precede_pas_le_debut(session: Session, acteur: Acteur) -> None:
    chantier = un_chantier(session)

    with pytest.raises(SaisieError) as refus:
        commands.modifier_chantier(
            session, chantier, {"date_debut": date(2026, 4, 1)}, actor=acteur
        )

    assert refus.value.fautes[0].champ == "dateFin"
    assert chantier.date_debut == date(2026, 3, 2)


def test_un_chantier_garde_le_client_de_ses_devis(session: Session, acteur: Acteur) -> None:
    chantier = un_chantier(session)
    autre = un_client(session, "Besnard")
    commands.modifier_chantier(session, chantier, {"client_id": autre.id}, actor=acteur)
    un_devis(session, client=autre, chantierId=chantier.id)

    with pytest.raises(ConflitError, match="il garde leur client"):
        commands.modifier_chantier(
            session, chantier, {"client_id": un_client(session, "Morin").id}, actor=acteur
        )
    commands.modifier_chantier(
        session, chantier, {"client_id": autre.id, "nom": "Gymnase"}, actor=acteur
    )

    assert (chantier.client_id, chantier.nom) == (autre.id, "Gymnase")


def test_un_chantier_appartient_a_un_client_connu(session: Session) -> None:
    with pytest.raises(SaisieError) as refus:
        un_chantier(session, client_id=uuid4())

    assert refus.value.fautes[0].champ == "clientId"


def test_modifier_garde_ce_qui_n_est_pas_donne(session: Session, acteur: Acteur) -> None:
    chantier = un_chantier(session, responsable="Karim Haddad")
    avant = chantier.revision

    commands.modifier_chantier(session, chantier, {"nom": "Toiture nord"}, actor=acteur)

    assert (chantier.nom, chantier.responsable) == ("Toiture nord", "Karim Haddad")
    assert chantier.revision == avant + 1


def test_enregistrer_sans_rien_changer_ne_laisse_pas_de_trace(
    session: Session, acteur: Acteur
) -> None:
    chantier = un_chantier(session)

    commands.modifier_chantier(session, chantier, {"nom": chantier.nom}, actor=acteur)

    assert _faits(session, chantier) == ["Chantier ouvert"]


def test_l_historique_raconte_la_vie_du_chantier(session: Session, acteur: Acteur) -> None:
    chantier = un_chantier(session)

    for statut in (StatutChantier.EN_COURS, StatutChantier.SUSPENDU, StatutChantier.EN_COURS):
        commands.changer_statut(session, chantier, statut, actor=acteur)

    assert _faits(session, chantier) == [
        "Chantier repris",
        "Chantier suspendu",
        "Chantier démarré",
        "Chantier ouvert",
    ]


def test_un_mouvement_interdit_est_refuse_en_clair(session: Session, acteur: Acteur) -> None:
    chantier = un_chantier(session)

    with pytest.raises(ConflitError, match="« Planifié » : il ne peut pas passer"):
        commands.changer_statut(session, chantier, StatutChantier.TERMINE, actor=acteur)


def test_redemander_le_meme_statut_ne_change_rien(session: Session, acteur: Acteur) -> None:
    chantier = un_chantier(session)

    commands.changer_statut(session, chantier, StatutChantier.PLANIFIE, actor=acteur)

    assert _faits(session, chantier) == ["Chantier ouvert"]


def test_un_chantier_inutilise_se_supprime(session: Session, acteur: Acteur) -> None:
    chantier = un_chantier(session)

    commands.supprimer_chantier(session, chantier, actor=acteur)

    with pytest.raises(IntrouvableError):
        queries.get_chantier(session, chantier.id)


def test_un_client_qui_a_un_chantier_ne_disparait_pas(database: Database) -> None:
    with database.write() as session:
        client_id = un_chantier(session).client_id

    with database.read() as session:
        page = queries.list_chantiers(session, Demande(), FiltresChantier(client_id=client_id))

    assert page.elements[0].client.nom == "Camille Durand"


def test_la_recherche_trouve_par_nom_code_ville_responsable_et_client(session: Session) -> None:
    client = un_client(session, "Mairie de Sées")
    un_chantier(
        session,
        "École",
        client_id=client.id,
        responsable="Lucie",
        adresse=Adresse("1 place du Marché", "", "61500", "Sées"),
    )
    un_chantier(session, "Toiture")

    for mots in ("ecole", "CH-2026-001", "seés", "lucie", "mairie école", "place du marche"):
        page = queries.list_chantiers(session, Demande(q=mots))
        assert [chantier.nom for chantier in page.elements] == ["École"], mots


def test_les_filtres_se_combinent(session: Session, acteur: Acteur) -> None:
    mars = un_chantier(session, "Mars", responsable="Lucie")
    un_chantier(session, "Avril", date_debut=date(2026, 4, 1), date_fin=date(2026, 4, 2))
    commands.changer_statut(session, mars, StatutChantier.EN_COURS, actor=acteur)

    def noms(**filtres: object) -> list[str]:
        choisis = FiltresChantier(**filtres)  # type: ignore[arg-type]
        page = queries.list_chantiers(session, Demande(tri="dateDebut"), choisis)
        assert queries.count_chantiers(session, "", choisis) == len(page.elements)
        return [chantier.nom for chantier in page.elements]

    assert noms(statuts=[StatutChantier.EN_COURS]) == ["Mars"]
    assert noms(responsable="Lucie") == ["Mars"]
    assert noms(du=date(2026, 3, 21)) == ["Avril"]
    assert noms(au=date(2026, 3, 31)) == ["Mars"]
    assert noms(du=date(2026, 3, 20), au=date(2026, 4, 1)) == ["Mars", "Avril"]
    assert noms(client_id=mars.client_id, statuts=[StatutChantier.PLANIFIE]) == []


def test_le_calendrier_donne_les_chantiers_d_au_moins_un_jour(session: Session) -> None:
    un_chantier(session)

    assert len(queries.list_periode(session, date(2026, 3, 20), date(2026, 3, 31))) == 1
    assert queries.list_periode(session, date(2026, 3, 21), date(2026, 3, 31)) == []


def _faits(session: Session, chantier: Chantier) -> list[str]:
    session.flush()
    return [evenement.action for evenement in list_history(session, "chantier", chantier.id)]
