"""Anchoring the ledger: sign where each chain stands, and send the proof away."""

from collections.abc import Sequence
from datetime import date

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from cordeau.core.db import Database
from cordeau.core.registre.ancres import Ancre, ancrer, copier, en_lignes, lire_ancres
from cordeau.core.registre.cles import Coffre
from cordeau.core.settings import Settings
from cordeau.entreprise.queries import entreprise_or_blank
from cordeau.notifications.commands import Piece, ecrire

JOB_ANCRER = "comptabilite.ancrer"


def ancrer_et_copier(database: Database, settings: Settings, le: date) -> list[Ancre]:
    """Sign the heads that moved, e-mail the proof, copy it into the data folder.

    What a killed process left uncopied is copied now. Raises `OSError` or `ValueError` on trouble
    with the key or the folder: nothing but anchoring waits for them.
    """
    cle = Coffre(settings.data).cle()
    ancres = database.transaction(lambda session: _ancrer(session, cle, le))
    with database.engine.connect() as connection:
        copier(list(lire_ancres(connection)), settings.data)
    return ancres


def _ancrer(session: Session, cle: Ed25519PrivateKey, le: date) -> list[Ancre]:
    ancres = ancrer(session, cle)
    entreprise = entreprise_or_blank(session)
    if ancres and entreprise.courriel_ancres:
        ecrire(
            session,
            destinataire=entreprise.courriel_ancres,
            sujet=f"Ancres du registre, {le:%d/%m/%Y}",
            corps=_rediger(ancres, entreprise.nom),
            pieces=[Piece(f"ancres-{le:%Y-%m-%d}.jsonl", "application/jsonl", en_lignes(ancres))],
            objet=("entreprise", entreprise.id),
        )
    return ancres


def _rediger(ancres: Sequence[Ancre], nom: str) -> str:
    lignes = [
        f"Registre de {nom or 'Cordeau'} : dernière écriture de chaque journal.",
        "Gardez ce message et son fichier : ils prouvent ce qui était écrit ce jour-là. Pour le",
        "vérifier : cordeau ledger verify --ancres ancres-AAAA-MM-JJ.jsonl",
        "",
    ]
    for ancre in ancres:
        lignes += [
            f"{ancre.journal} n° {ancre.rang}, le {ancre.posee_le}",
            f"  empreinte {ancre.empreinte}",
            f"  signature {ancre.signature} (clé {ancre.cle_id})",
        ]
    return "\n".join(lignes)
