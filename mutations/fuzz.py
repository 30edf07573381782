"""The API against its own description."""

from mutations.modele import dans, sans

_FUZZ = "fuzz/test_api.py::test_l_api_repond_toujours_comme_elle_le_dit"

MUTATIONS = (
    sans(
        "fuzz-accident",
        "une version de devis hors des entiers de la base fait tomber la demande",
        dans(
            "devis/queries.py",
            "find_version(session, devis_id, version) if 1 <= version <= VERSION_MAX else None",
            "find_version(session, devis_id, version * 10**20)",
        ),
        _FUZZ,
    ),
    sans(
        "fuzz-statut-non-decrit",
        "la description ne dit pas qu’un objet peut manquer",
        dans(
            "web/openapi.py",
            '    if "{" in chemin:\n        yield "404"\n',
            "",
        ),
        _FUZZ,
    ),
    sans(
        "fuzz-reponse-hors-schema",
        "une liste rend un curseur qui n’est pas un texte",
        dans(
            "web/schemas.py",
            '    return JsonResponse({"elements": elements, "suivant": page.suivant})\n',
            '    return JsonResponse({"elements": elements, "suivant": 12})\n',
        ),
        _FUZZ,
    ),
    sans(
        "fuzz-type-de-reponse",
        "un refus n’a plus le type que la description annonce",
        dans(
            "web/errors.py",
            "        media_type=PROBLEME,\n",
            '        media_type="text/plain",\n',
        ),
        _FUZZ,
    ),
    sans(
        "fuzz-entete-promis",
        "un devis créé ne dit pas où il est",
        dans(
            "devis/api.py",
            '        headers={"Location": f"/api/v1/devis/{cree.devis.id}"},\n',
            "",
        ),
        _FUZZ,
    ),
)
