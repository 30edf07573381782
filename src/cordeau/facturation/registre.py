"""What facturation writes in the ledger: all that a document, a règlement or a file says."""

from typing import Any

from sqlalchemy.orm import Session

from cordeau.core.permissions import SYSTEME, Acteur
from cordeau.core.registre.ecriture import inscrire
from cordeau.core.registre.releve import relever
from cordeau.core.registre.states import Evenement, Journal
from cordeau.facturation.models import Facture, PieceFacture, Reglement
from cordeau.facturation.states import TypeFacture

#: The frozen document goes in under its own key.
HORS_FACTURE = frozenset({"contenu"})
#: Bytes are chained by their digests.
HORS_PIECE = frozenset({"pdf", "xml"})


def chainer_facture(session: Session, facture: Facture, *, actor: Acteur) -> str:
    """Chain a document just issued, its rows and VAT as the base keeps them; gives its digest."""
    session.flush()
    avoir = facture.type == TypeFacture.AVOIR
    return inscrire(
        session,
        Journal.FACTURES,
        Evenement.AVOIR_EMIS if avoir else Evenement.FACTURE_EMISE,
        releve_facture(facture),
        actor=actor,
        objet_id=facture.id,
    )


def chainer_reglement(session: Session, reglement: Reglement, *, actor: Acteur) -> str:
    """Chain a règlement or its counter-entry, with its allocations; none can be added after."""
    session.flush()
    evenement = Evenement.REGLEMENT if reglement.annule_id is None else Evenement.ANNULATION
    return inscrire(
        session,
        Journal.REGLEMENTS,
        evenement,
        releve_reglement(reglement),
        actor=actor,
        objet_id=reglement.id,
    )


def chainer_piece(session: Session, piece: PieceFacture) -> str:
    """Chain the digests of the files rendered from a document."""
    session.flush()
    return inscrire(
        session,
        Journal.PIECES,
        Evenement.PIECE_RENDUE,
        releve_piece(piece),
        actor=SYSTEME,
        objet_id=piece.facture_id,
    )


def releve_facture(facture: Facture) -> dict[str, Any]:
    """The document word for word, and the rows of the base it stands in."""
    return {
        "document": facture.contenu or "",
        "facture": relever(facture, HORS_FACTURE),
        "lignes": [relever(ligne) for ligne in facture.lignes],
        "tva": [relever(tva) for tva in facture.tva],
    }


def releve_reglement(reglement: Reglement) -> dict[str, Any]:
    """The règlement and its allocations."""
    return {
        "reglement": relever(reglement),
        "imputations": [relever(imputation) for imputation in reglement.imputations],
    }


def releve_piece(piece: PieceFacture) -> dict[str, Any]:
    """What the files are known by."""
    return {"piece": relever(piece, HORS_PIECE)}
