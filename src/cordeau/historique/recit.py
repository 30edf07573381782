"""The journal told: one line for each thing somebody did, its details as a reader may see them."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from cordeau.core import detail
from cordeau.core.journal import UNE_SEANCE, Evenement, list_history
from cordeau.core.permissions import Acteur, Permission
from cordeau.historique.libelles import (
    AVEC_HISTORIQUE,
    ORIGINES,
    PARTIES,
    libelle_champ,
    libelle_objet,
)
from cordeau.historique.rules import Bloc, lire_blocs, plier_seances
from cordeau.historique.valeurs import Noms, ecrire, trouver_noms
from cordeau.web.formats import montant

#: Details of a fact that are amounts, in euros.
MONTANTS = frozenset({"montant", "montantTTC"})

OPERATIONS = {"C": "ajout", "M": "modification", "S": "retrait"}


def resumer(session: Session, objet_type: str, objet_id: UUID) -> list[dict[str, Any]]:
    """The history of a record as its own page shows it: what, when, who; the details are a link."""
    return [
        {
            "texte": seance[0].action,
            "le": seance[0].survenu_le,
            "qui": seance[0].acteur_nom,
            "detail": _dit(seance[0]),
        }
        for seance in _seances(list_history(session, objet_type, objet_id))
    ]


def raconter(
    session: Session, faits: Sequence[Evenement], *, actor: Acteur
) -> list[dict[str, Any]]:
    """Facts loaded with their details, folded, each with its fields before and after."""
    return _raconter(session, _seances(faits), actor)


def detailler(
    session: Session, faits: Sequence[Evenement], *, actor: Acteur
) -> list[dict[str, Any]]:
    """The same, a line for each fact: what they point to is looked up once for all of them."""
    return _raconter(session, [[fait] for fait in faits], actor)


def _raconter(
    session: Session, seances: Sequence[Sequence[Evenement]], actor: Acteur
) -> list[dict[str, Any]]:
    blocs = {fait.id: _blocs(fait, actor) for seance in seances for fait in seance}
    noms = trouver_noms(session, [bloc for suite in blocs.values() for bloc in suite])
    return [
        _ligne(seance, [(f, [_bloc(b, noms) for b in blocs[f.id]]) for f in seance], actor)
        for seance in seances
    ]


def _seances(faits: Sequence[Evenement]) -> list[list[Evenement]]:
    return plier_seances(
        faits,
        memes=lambda f: (f.objet_type, f.objet_id, f.acteur_id, f.acteur_nom, f.action, f.details),
        instant=lambda f: f.survenu_le,
        duree=UNE_SEANCE,
    )


def _ligne(
    seance: Sequence[Evenement],
    details: list[tuple[Evenement, list[dict[str, Any]]]],
    actor: Acteur,
) -> dict[str, Any]:
    fait = seance[0]
    voit_d_ou = actor.peut(Permission.JOURNAL_LIRE)
    connu = fait.objet_type in AVEC_HISTORIQUE
    return {
        "texte": fait.action,
        "le": fait.survenu_le,
        "qui": fait.acteur_nom,
        "detail": _dit(fait),
        "objet": libelle_objet(fait.objet_type),
        "objet_nom": fait.objet_nom or "",
        "url": f"/historique/{fait.objet_type}/{fait.objet_id}" if connu else "",
        "origine": ORIGINES.get(fait.origine or "", ""),
        "adresse": fait.adresse if voit_d_ou else "",
        "lieu": fait.lieu if voit_d_ou else "",
        "requete": fait.requete if voit_d_ou else "",
        "efface": any(f.empreinte and f.changements is None for f in seance),
        "fois": [{"le": f.survenu_le, "blocs": blocs} for f, blocs in details if blocs],
        "champs": sum(len(bloc["champs"]) or 1 for _, blocs in details for bloc in blocs),
    }


def _dit(fait: Evenement) -> str:
    return " · ".join(_mot(nom, valeur) for nom, valeur in fait.details.items() if valeur)


def _mot(nom: str, valeur: str) -> str:
    """A detail as people write it: what a command kept of an amount is its plain decimal."""
    if nom in MONTANTS:
        return montant(Decimal(valeur))
    return f"version {valeur}" if nom == "version" else valeur


def _blocs(fait: Evenement, actor: Acteur) -> list[Bloc]:
    if not fait.changements:
        return []
    return lire_blocs(detail.lire(fait.changements), peut=actor.peut)


def _bloc(bloc: Bloc, noms: Noms) -> dict[str, Any]:
    return {
        "titre": _titre(bloc, noms),
        "operation": OPERATIONS[bloc.operation],
        "champs": [
            {
                "libelle": libelle_champ(colonne),
                "avant": ecrire(table, colonne, avant, noms),
                "apres": ecrire(table, colonne, apres, noms),
            }
            for table, colonne, avant, apres in bloc.champs
        ],
    }


def _titre(bloc: Bloc, noms: Noms) -> str:
    """What a part is called, by what tells it from the others; nothing for the record itself."""
    if bloc.table not in PARTIES:
        return ""
    mot, champ = PARTIES[bloc.table]
    for table, colonne, avant, apres in bloc.champs:
        if colonne == champ:
            return f"{mot} « {ecrire(table, colonne, apres or avant, noms)} »"
    nom = noms.get((bloc.table, bloc.cle), "")
    return f"{mot} « {nom} »" if nom else mot
