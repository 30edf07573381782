"""Where a change comes from, whatever opened the unit of work that made it."""

from fastapi import FastAPI
from sqlalchemy import select

from cordeau.core.journal import Evenement
from cordeau.core.permissions import Role
from cordeau.core.provenance import Origine
from tests.auth.builders import est_entre, tenter
from tests.gens import Navigateur, un_utilisateur


def test_ce_qu_une_demande_ecrit_a_part_vient_de_la_demande(
    app: FastAPI, client_http: Navigateur
) -> None:
    """Signing in opens units of its own: they are the browser's all the same."""
    camille = un_utilisateur(app.state.database, Role.ADMIN)

    assert est_entre(tenter(client_http, camille.email))

    with app.state.database.read() as session:
        connexion = session.scalars(select(Evenement).where(Evenement.action == "Connexion")).one()
    assert (connexion.origine, connexion.lieu) == (Origine.NAVIGATEUR, "POST /login")
