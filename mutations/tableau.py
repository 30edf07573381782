"""What was seen and what was not, as one table."""

import json
from collections import Counter
from pathlib import Path

from mutations.banc import Constat, Verdict
from mutations.modele import Mutation

Resultats = list[tuple[Mutation, Constat]]


def imprimer(resultats: Resultats) -> None:
    """One line an entry, then the count."""
    largeur = max((len(m.nom) for m, _ in resultats), default=0)
    for mutation, constat in resultats:
        print(f"{constat.verdict:<9}{mutation.nom:<{largeur}}  {mutation.retire}")
        if constat.verdict is not Verdict.VU:
            print(f"{'':<9}{'':<{largeur}}  → {constat.raison}")
    compte = Counter(constat.verdict for _, constat in resultats)
    secondes = sum(constat.secondes for _, constat in resultats)
    print(
        f"{len(resultats)} protections retirées : {compte[Verdict.VU]} vues, "
        f"{compte[Verdict.SURVIT]} non vues, {compte[Verdict.INVALIDE]} invalides "
        f"({secondes:.0f} s)."
    )


def ecrire_json(resultats: Resultats, fichier: Path) -> None:
    """The same, for a program, with the first failure of each."""
    contenu = [
        {
            "nom": mutation.nom,
            "retire": mutation.retire,
            "moteur": mutation.moteur,
            "essais": mutation.essais,
            "verdict": constat.verdict,
            "raison": constat.raison,
            "secondes": round(constat.secondes, 1),
        }
        for mutation, constat in resultats
    ]
    fichier.write_text(json.dumps(contenu, ensure_ascii=False, indent=2) + "\n", "utf-8")
