"""Every protection whose check is proved, family by family."""

from mutations import (
    acces,
    agregats,
    alentours,
    asvs_comptes,
    asvs_fichiers,
    asvs_injections,
    asvs_metier,
    asvs_navigateur,
    asvs_secrets,
    droits,
    ecritures,
    entrees,
    exploitation,
    fuzz,
    gardes,
    journal,
    pannes,
    registre,
    rgpd,
)
from mutations.modele import Mutation

_ASVS = (
    asvs_injections,
    asvs_metier,
    asvs_comptes,
    asvs_navigateur,
    asvs_fichiers,
    asvs_secrets,
)

FAMILLES: dict[str, tuple[Mutation, ...]] = {
    "asvs": tuple(m for module in _ASVS for m in module.MUTATIONS),
    "pannes": pannes.MUTATIONS,
    "entrees": entrees.MUTATIONS,
    "fuzz": fuzz.MUTATIONS,
    "droits": droits.MUTATIONS,
    "ecritures": ecritures.MUTATIONS,
    "registre": registre.MUTATIONS + gardes.MUTATIONS,
    "exploitation": exploitation.MUTATIONS,
    "acces": acces.MUTATIONS,
    "rgpd": rgpd.MUTATIONS,
    "journal": journal.MUTATIONS,
    "agregats": agregats.MUTATIONS,
    "alentours": alentours.MUTATIONS,
}
TOUTES: tuple[Mutation, ...] = tuple(m for famille in FAMILLES.values() for m in famille)
