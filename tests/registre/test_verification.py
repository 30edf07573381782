"""What the ledger finds when a chain is cut, hashed again, or its anchors are meddled with."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, text

from cordeau.comptabilite.verification import verifier
from cordeau.core.db import Database
from cordeau.core.permissions import SYSTEME
from cordeau.core.registre.ancres import FICHIER
from cordeau.core.registre.canonique import empreinte_contenu, empreinte_entree
from cordeau.core.registre.cles import CLE_PRIVEE, DOSSIER, PUBLIQUES, Coffre
from cordeau.core.registre.models import EntreeRegistre
from cordeau.entreprise import commands as entreprise
from cordeau.facturation.models import Facture
from cordeau.notifications.models import PieceJointe
from tests.facturation.builders import une_facture_emise
from tests.registre.dossiers import ancrer, en_superutilisateur, raisons, remplir


@pytest.fixture
def facture(database: Database, tmp_path: Path) -> Facture:
    """A document of a firm whose ledger is anchored."""
    facture = remplir(database)
    assert ancrer(database, tmp_path) == 4
    return facture


@pytest.fixture
def copie(facture: Facture, tmp_path: Path) -> Path:
    """The anchors as the accountant received them."""
    ailleurs = tmp_path / "ailleurs.jsonl"
    ailleurs.write_bytes((tmp_path / DOSSIER / FICHIER).read_bytes())
    return ailleurs


def test_un_registre_intact_est_valide(
    facture: Facture, database: Database, tmp_path: Path
) -> None:
    rapport = verifier(database, tmp_path)

    assert rapport.valide
    assert rapport.chaines["FACTURES"].entrees == 4
    assert rapport.ancres == 4


def test_la_fin_coupee_apres_l_ancre_se_voit(
    facture: Facture, copie: Path, database: Database, tmp_path: Path
) -> None:
    """Chain, head, business rows and the base's own anchors are all made to agree."""
    with en_superutilisateur(database) as connexion:
        _couper(connexion, "PIECES")

    assert raisons(database, tmp_path) == {"ancre"}
    (tmp_path / DOSSIER / FICHIER).unlink()
    assert raisons(database, tmp_path, copie) == {"ancre"}


def test_un_mot_change_dans_une_ecriture_se_voit(
    facture: Facture, database: Database, tmp_path: Path
) -> None:
    """It still reads, and no row of the base repeats it: its digest alone tells."""
    with en_superutilisateur(database) as connexion:
        connexion.exec_driver_sql(
            'UPDATE registre_entree SET contenu = replace(contenu, \'"cle":"\', \'"cle":"f\') '
            "WHERE journal = 'TECHNIQUE'"
        )

    assert raisons(database, tmp_path) == {"contenu"}


def test_une_chaine_recalculee_se_voit_jusqu_a_l_ancre(
    facture: Facture, database: Database, tmp_path: Path
) -> None:
    def falsifier(contenu: str) -> str:
        return contenu.replace('"mode":"VIREMENT"', '"mode":"ESPECES"')

    with en_superutilisateur(database) as connexion:
        connexion.exec_driver_sql("UPDATE reglement SET mode = 'ESPECES'")
        _recalculer(connexion, "REGLEMENTS", falsifier)

    assert raisons(database, tmp_path) == {"ancre"}


def test_sans_ancre_une_chaine_recalculee_ne_se_voit_pas(
    database: Database, tmp_path: Path
) -> None:
    """What anchors are for: rows after the last one are not protected from who holds the base."""
    remplir(database)

    with en_superutilisateur(database) as connexion:
        connexion.exec_driver_sql("UPDATE reglement SET mode = 'ESPECES'")
        _recalculer(connexion, "REGLEMENTS", lambda c: c.replace("VIREMENT", "ESPECES"))

    assert raisons(database, tmp_path) == set()


def test_une_ancre_signee_d_une_autre_cle_est_refusee(
    facture: Facture, database: Database, tmp_path: Path
) -> None:
    """The base and the data folder agree on it: only the key says that it is false."""
    fichier = tmp_path / DOSSIER / FICHIER
    lignes = [json.loads(ligne) for ligne in fichier.read_text().splitlines()]
    pirate = Coffre(tmp_path / "pirate").cle()
    lignes[0]["signature"] = pirate.sign(b"autre chose").hex()
    fichier.write_text("".join(json.dumps(ligne) + "\n" for ligne in lignes))
    with en_superutilisateur(database) as connexion:
        connexion.execute(
            text("UPDATE registre_ancre SET signature = :signature WHERE id = :id"), lignes[0]
        )

    assert raisons(database, tmp_path) == {"ancre"}


@pytest.mark.parametrize(
    "ordre",
    [
        "UPDATE registre_entree SET objet_id = 'zz' WHERE journal = 'FACTURES'",
        "UPDATE registre_entree SET contenu = '{\"facture\":3}' WHERE journal = 'FACTURES'",
        "UPDATE registre_entree SET contenu = 'rien' WHERE journal = 'REGLEMENTS'",
        "UPDATE facture SET numero = '' WHERE statut = 'EMISE' AND type = 'AVOIR'",
    ],
)
def test_ce_qui_ne_se_lit_plus_est_une_alteration(
    facture: Facture, database: Database, tmp_path: Path, ordre: str
) -> None:
    with en_superutilisateur(database) as connexion:
        connexion.exec_driver_sql(ordre)

    assert raisons(database, tmp_path)


@pytest.mark.parametrize("colonne", ["survenu_le", "objet_id", "contenu", "sel"])
def test_une_cellule_illisible_nomme_son_ecriture(
    facture: Facture, database: Database, tmp_path: Path, colonne: str
) -> None:
    with en_superutilisateur(database) as connexion:
        if not database.is_sqlite and colonne == "survenu_le":
            connexion.exec_driver_sql("SET sql_mode = 'ALLOW_INVALID_DATES'")
        valeur = "0000-00-00" if colonne == "survenu_le" else "zz"
        connexion.exec_driver_sql(
            f"UPDATE registre_entree SET {colonne} = '{valeur}' "  # noqa: S608
            "WHERE journal = 'REGLEMENTS' AND rang = 2"
        )

    premiere = verifier(database, tmp_path).anomalies[0]

    assert (premiere.journal, premiere.rang) == ("REGLEMENTS", 2)


def test_une_ancre_illisible_se_nomme(facture: Facture, database: Database, tmp_path: Path) -> None:
    with en_superutilisateur(database) as connexion:
        if not database.is_sqlite:
            connexion.exec_driver_sql("SET sql_mode = 'ALLOW_INVALID_DATES'")
        connexion.exec_driver_sql(
            "UPDATE registre_ancre SET posee_le = '0000-00-00' WHERE journal = 'PIECES'"
        )

    premiere = verifier(database, tmp_path).anomalies[0]

    assert (premiere.journal, premiere.rang, premiere.raison) == ("PIECES", 1, "ancre")


def test_une_copie_coupee_net_se_complete(
    facture: Facture, database: Database, tmp_path: Path
) -> None:
    """A disk that filled up, a power cut: the last line is not whole."""
    fichier = tmp_path / DOSSIER / FICHIER
    copies = fichier.read_bytes()
    fichier.write_bytes(copies[:-20])

    assert raisons(database, tmp_path) == set()
    ancrer(database, tmp_path)

    assert sorted(fichier.read_bytes().splitlines()) == sorted(copies.splitlines())


def test_une_copie_abimee_nomme_son_fichier_et_sa_ligne(
    facture: Facture, database: Database, tmp_path: Path
) -> None:
    fichier = tmp_path / DOSSIER / FICHIER
    fichier.write_bytes(b"pas une ancre\n" + fichier.read_bytes())

    with pytest.raises(ValueError, match=r"ancres.jsonl, ligne 1"):
        verifier(database, tmp_path)


def test_sans_aucune_cle_rien_ne_se_verifie(
    facture: Facture, database: Database, tmp_path: Path
) -> None:
    shutil.rmtree(tmp_path / DOSSIER / PUBLIQUES)

    with pytest.raises(ValueError, match="aucune clé publique"):
        verifier(database, tmp_path)


def test_les_ancres_envoyees_se_verifient_telles_quelles(
    facture: Facture, database: Database, tmp_path: Path
) -> None:
    with database.write() as session:
        entreprise.definir(session, {"courriel_ancres": "comptable@cabinet.fr"}, actor=SYSTEME)
    ancrer(database, tmp_path)
    with database.read() as session:
        piece = session.scalars(select(PieceJointe)).one()
        recue = tmp_path / piece.nom
        recue.write_bytes(piece.contenu)

    rapport = verifier(database, tmp_path, copies=[recue])

    assert rapport.valide
    assert rapport.fichiers == {str(recue): 1}


def test_ancrer_deux_fois_ne_signe_qu_une(
    facture: Facture, database: Database, tmp_path: Path
) -> None:
    assert ancrer(database, tmp_path) == 0

    with database.write() as session:
        une_facture_emise(session)
    assert ancrer(database, tmp_path) == 1


def test_une_copie_manquante_est_rattrapee(
    facture: Facture, database: Database, tmp_path: Path
) -> None:
    fichier = tmp_path / DOSSIER / FICHIER
    copies = fichier.read_text()
    fichier.unlink()

    ancrer(database, tmp_path)

    assert sorted(fichier.read_text().splitlines()) == sorted(copies.splitlines())


def test_une_cle_perdue_n_arrete_rien(facture: Facture, database: Database, tmp_path: Path) -> None:
    (tmp_path / DOSSIER / CLE_PRIVEE).unlink()

    with database.write() as session:
        une_facture_emise(session)

    assert ancrer(database, tmp_path) == 2  # the invoices, and the new key
    assert raisons(database, tmp_path) == set()


def test_la_cle_privee_n_est_lue_que_par_son_proprietaire(tmp_path: Path) -> None:
    coffre = Coffre(tmp_path)
    cle = coffre.cle()

    assert (coffre.dossier / CLE_PRIVEE).stat().st_mode & 0o777 == 0o600
    assert coffre.cle().private_bytes_raw() == cle.private_bytes_raw()


def _couper(connexion: Connection, journal: str) -> None:
    """Take the last entry away, with all that would betray it inside the base."""
    rang = connexion.scalar(
        text("SELECT MAX(rang) FROM registre_entree WHERE journal = :j"), {"j": journal}
    )
    for ordre in (
        "DELETE FROM registre_entree WHERE journal = :j AND rang = :r",
        "DELETE FROM registre_ancre WHERE journal = :j",
        "DELETE FROM piece_facture",
        "UPDATE registre_tete SET rang = :r - 1, empreinte = :z WHERE journal = :j",
    ):
        connexion.execute(text(ordre), {"j": journal, "r": rang, "z": "0" * 64})


def _recalculer(connexion: Connection, journal: str, falsifier: Callable[[str], str]) -> None:
    """Hash a whole journal again, as one who knows the formulas would."""
    table = EntreeRegistre.__table__
    precedente = "0" * 64
    for e in connexion.execute(
        table.select().where(table.c.journal == journal).order_by(table.c.rang)
    ).all():
        contenu = falsifier(e.contenu)
        digest = empreinte_contenu(e.sel, contenu)
        empreinte = empreinte_entree(
            algorithme=e.algorithme,
            journal=journal,
            rang=e.rang,
            evenement=e.evenement,
            objet_id=e.objet_id.hex if e.objet_id else "",
            survenu_le=e.survenu_le,
            precedente=precedente,
            contenu=digest,
        )
        connexion.execute(
            table.update()  # type: ignore[attr-defined]
            .where(table.c.journal == journal, table.c.rang == e.rang)
            .values(
                contenu=contenu, contenu_sha256=digest, precedente=precedente, empreinte=empreinte
            )
        )
        precedente = empreinte
    connexion.execute(
        text("UPDATE registre_tete SET empreinte = :e WHERE journal = :j"),
        {"e": precedente, "j": journal},
    )
