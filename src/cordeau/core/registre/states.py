"""The chains of the ledger, and what is written in them."""

from enum import StrEnum


class Journal(StrEnum):
    """One hash chain each: those who write in one never wait for those who write in another."""

    #: Factures, acomptes and avoirs, in the order of issue.
    FACTURES = "FACTURES"
    #: Money received or given back, and its reversals.
    REGLEMENTS = "REGLEMENTS"
    #: The files rendered from issued documents: digests of their bytes.
    PIECES = "PIECES"
    #: Closed periods and their totals.
    CLOTURES = "CLOTURES"
    #: Exports, archives, settings, rights, keys, versions of the software, restorations, erasures.
    TECHNIQUE = "TECHNIQUE"


class Evenement(StrEnum):
    """What an entry tells."""

    FACTURE_EMISE = "FACTURE_EMISE"
    AVOIR_EMIS = "AVOIR_EMIS"
    REGLEMENT = "REGLEMENT"
    #: The counter-entry that takes a règlement back.
    ANNULATION = "ANNULATION"
    #: A Factur-X was rendered and stored.
    PIECE_RENDUE = "PIECE_RENDUE"
    CLOTURE = "CLOTURE"

    ARCHIVE = "ARCHIVE"
    #: An archive was read again from the console, and found intact or not.
    ARCHIVE_VERIFIEE = "ARCHIVE_VERIFIEE"
    CLE = "CLE"
    DROITS = "DROITS"
    #: A person was erased: their records, whose lines of the journal lost their content.
    EFFACEMENT = "EFFACEMENT"
    #: Settings, mentions, rights and series that no entry told of yet, as they stood.
    ETAT = "ETAT"
    EXPORT = "EXPORT"
    #: A token that acts for a person, made or ended, and what it may.
    JETON = "JETON"
    MENTION = "MENTION"
    #: Another version of the software, or of its schema, took the base over.
    MISE_A_JOUR = "MISE_A_JOUR"
    #: Rows written before the ledger existed were chained.
    REPRISE = "REPRISE"
    REGLAGES = "REGLAGES"
    RESTAURATION = "RESTAURATION"
    SERIE = "SERIE"
    #: Opening balances of clients, set or changed.
    SOLDE_OUVERTURE = "SOLDE_OUVERTURE"


class GenreCloture(StrEnum):
    """How long a closed period is."""

    JOUR = "JOUR"
    MOIS = "MOIS"
    ANNEE = "ANNEE"
