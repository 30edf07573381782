"""A sound base and what its clients were promised, as the checker of `torture` reads them."""

from typing import Any
from uuid import UUID

from torture.releve import Devis, Facture, Imputation, Job, Message, Reglement, Releve, Serie
from torture.temoin import Geste, Issue, Nature

DEVIS, FACTURE, AVOIR, REGLEMENT, CONTRE, MESSAGE = (UUID(int=n).hex for n in range(1, 7))


def un_releve() -> Releve:
    """A devis sent by e-mail; a facture settled in part, credited, and a payment reversed."""
    return Releve(
        devis=[Devis(DEVIS, "DEV-2026-001", "m-devis", "m-modif", "ENVOYE", 300, 0, 3, 300)],
        factures=[
            une_facture(FACTURE, "FAC-2026-001", objet="m-libre", credite=120, reste=0),
            une_facture(AVOIR, "AVO-2026-001", type="AVOIR", origine_id=FACTURE, reste=0),
        ],
        reglements=[
            Reglement(REGLEMENT, "m-regle", "", None, 50),
            Reglement(CONTRE, "m-regle", "m-annule", REGLEMENT, -50),
        ],
        imputations=[Imputation(REGLEMENT, FACTURE, 50), Imputation(CONTRE, FACTURE, -50)],
        messages=[Message(MESSAGE, DEVIS, "m-envoi", "ENVOYE", 1)],
        jobs=[
            un_job(f"facturation.rendre:{UUID(FACTURE)}"),
            un_job(f"facturation.rendre:{UUID(AVOIR)}", "EN_ATTENTE"),
            un_job(f"devis.joindre:{UUID(MESSAGE)}"),
            un_job(f"mail:{UUID(MESSAGE)}"),
        ],
        series=[Serie("DEV", 2026, 1, 0), Serie("FAC", 2026, 1, 0), Serie("AVO", 2026, 1, 0)],
        numeros=["DEV-2026-001", "FAC-2026-001", "AVO-2026-001"],
    )


def une_facture(id_: str, numero: str | None, **champs: Any) -> Facture:
    """An issued document of 1,20 €, rendered."""
    defauts: dict[str, Any] = {
        "id": id_,
        "type": "FACTURE",
        "statut": "EMISE",
        "numero": numero,
        "devis_id": None,
        "origine_id": None,
        "objet": "",
        "montant_ht": 100,
        "montant_tva": 20,
        "montant_ttc": 120,
        "figee": True,
        "regle": 0,
        "credite": 0,
        "reste": 120,
        "tva_detaillee": 20,
        "lignes": 1,
        "rendue": True,
    }
    return Facture(**defauts | champs)


def un_job(cle: str, etat: str = "FAIT") -> Job:
    """A promise."""
    return Job(cle.partition(":")[0], cle, etat, "")


def des_gestes() -> list[Geste]:
    """What the clients asked, each acknowledged."""
    return [
        un_geste(Nature.DEVIS, "m-devis", id=DEVIS, numero="DEV-2026-001"),
        un_geste(Nature.MODIFIER, "m-modif", cible=DEVIS, id=DEVIS),
        un_geste(Nature.ENVOYER, "m-envoi", cible=DEVIS, id=DEVIS),
        un_geste(Nature.LIBRE, "m-libre", id=FACTURE),
        un_geste(Nature.EMETTRE, "m-emet", cible=FACTURE, id=FACTURE, numero="FAC-2026-001"),
        un_geste(Nature.AVOIR, "m-avoir", cible=FACTURE, id=AVOIR),
        un_geste(Nature.REGLER, "m-regle", cible=FACTURE, id=REGLEMENT),
        un_geste(Nature.ANNULER, "m-annule", cible=REGLEMENT, id=CONTRE),
    ]


def un_geste(
    nature: Nature,
    marque: str,
    *,
    cible: str = "",
    issue: Issue = Issue.ACQUITTE,
    **reponse: str,
) -> Geste:
    """One request with its key, and its answer."""
    geste = Geste(1, nature, marque, "POST", "/", cible=cible, cle=f"cle-{marque}", issue=issue)
    geste.corps = {"emailClient": "a@b.fr"} if nature is Nature.ENVOYER else None
    geste.reponse = reponse
    return geste


RECUS = {MESSAGE: 1}
