"""What an administrator does from the console when a person asks for their data or its erasure."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

import cordeau.models  # noqa: F401 (every table)
from cordeau.auth.models import Utilisateur
from cordeau.clients.models import Client, Contact
from cordeau.comptabilite.verification import verifier
from cordeau.core.dates import aujourd_hui
from cordeau.core.db import Database
from cordeau.core.errors import ConflitError
from cordeau.core.provenance import provenance_courante
from cordeau.core.settings import Settings
from cordeau.gestion import ouvrir_a_jour
from cordeau.rgpd.delais import DELAIS
from cordeau.rgpd.dossier import Personne, reunir
from cordeau.rgpd.effacement import effacer, est_effacee
from cordeau.rgpd.examen import (
    Examen,
    examiner_client,
    examiner_contact,
    examiner_utilisateur,
)
from cordeau.rgpd.export import ecrire_archive
from cordeau.rgpd.personnes import retrouver, trouver
from cordeau.rgpd.registre import FICHIER, completer, lire_base, lire_fichier


def exporter(settings: Settings, genre: str, designation: str, fichier: Path) -> None:
    """Write everything kept about a person into an archive."""
    with ouvrir_a_jour(settings) as database, database.read() as session:
        dossier = reunir(session, trouver(session, genre, designation))
        nombre = ecrire_archive(dossier, fichier)
    _dire(f"{fichier} : {nombre} lignes sur {dossier.personne.nom}.")


def anonymiser(
    settings: Settings, genre: str, designation: str, *, individuel: bool, confirmer: bool
) -> None:
    """Say what erasing a person would do; do it when confirmed."""
    with ouvrir_a_jour(settings) as database:
        with database.read() as session:
            personne = replace(trouver(session, genre, designation), individuel=individuel)
            examen = _examiner(session, personne)
        _raconter(personne, examen)
        if not confirmer:
            _dire("Rien n’est effacé. Pour effacer : la même commande avec --confirmer.")
            return
        _effacer(database, personne, force=False)
        _noter(database, settings.data / FICHIER)
        _dire("Effacé.")
        _verifier(database, settings)


def rejouer(settings: Settings, registre: Path | None) -> None:
    """Erase again, after a restore, everybody the register says was erased."""
    fichier = registre or settings.data / FICHIER
    with ouvrir_a_jour(settings) as database:
        refaits = 0
        for personne in _a_refaire(database, fichier):
            _effacer(database, personne, force=True)
            refaits += 1
        _noter(database, settings.data / FICHIER)
        _dire(f"Effacements refaits : {refaits}.")
        if refaits:
            _verifier(database, settings)


def montrer_delais() -> None:
    """Print how long each thing is kept, and by which text."""
    for delai in DELAIS.values():
        _dire(f"{delai.quoi} : {delai.annees} ans à compter de : {delai.depart} ({delai.source}).")


def _examiner(session: Session, personne: Personne) -> Examen:
    if personne.genre == "client":
        client = session.get_one(Client, personne.id)
        return examiner_client(session, client, aujourd_hui(), individuel=personne.individuel)
    if personne.genre == "contact":
        contact = session.get_one(Contact, personne.id)
        client = session.get_one(Client, contact.client_id)
        return examiner_contact(session, contact, client, aujourd_hui())
    return examiner_utilisateur(session, session.get_one(Utilisateur, personne.id))


def _effacer(database: Database, personne: Personne, *, force: bool) -> None:
    par = provenance_courante().lieu
    try:
        database.transaction(
            lambda session: effacer(session, personne, le=aujourd_hui(), par=par, force=force)
        )
    except DBAPIError as erreur:
        if "denied" not in str(erreur.orig):
            raise
        raise ConflitError(
            "Rien n’est effacé : le compte de l’application n’a pas le droit d’effacer. Relancez "
            "avec le compte qui fait les migrations (CORDEAU_DATABASE_URL)."
        ) from erreur


def _noter(database: Database, fichier: Path) -> None:
    with database.read() as session:
        completer(fichier, list(lire_base(session)))


def _a_refaire(database: Database, fichier: Path) -> Iterator[Personne]:
    """Those of the file and of the base whose name a backup brought back, or whose delay ended."""
    with database.read() as session:
        traces = {(t.genre, t.personne_id) for t in (*lire_fichier(fichier), *lire_base(session))}
        revenues = [
            personne
            for genre, cle in sorted(traces, key=str)
            if (personne := retrouver(session, genre, cle)) is not None
            and not (est_effacee(personne) and not _examiner(session, personne).messages_echus)
        ]
    yield from revenues


def _verifier(database: Database, settings: Settings) -> None:
    rapport = verifier(database, settings.data)
    _dire("Le registre reste valable." if rapport.valide else "ATTENTION : registre corrompu.")


def _raconter(personne: Personne, examen: Examen) -> None:
    _dire(f"{personne.nom} ({personne.genre} {personne.id})")
    for motif in examen.refus:
        _dire(f"  Refus : {motif}")
    if personne.genre == "contact":
        _dire("  Le contact disparaît de la fiche, et les lignes du journal qui le nomment.")
    elif examen.prospect:
        _dire("  Jamais signé, facturé ni payé : la fiche et ce qui s’y rattache disparaissent.")
    else:
        _dire("  La fiche devient un pseudonyme ; coordonnées, contacts et notes disparaissent.")
    _dire(f"  Devis jamais signés, effacés : {len(examen.devis_effaces)}")
    _dire(f"  Courriels vidés : {len(examen.messages_effaces)}")
    _dire("  Le journal garde qui, quoi et quand, sans les valeurs.")
    for garde in examen.gardes:
        _dire(f"  Gardé jusqu’au {garde.jusqu_au:%d/%m/%Y} : {garde.quoi} ({garde.source})")


def _dire(texte: str) -> None:
    sys.stdout.write(f"{texte}\n")
