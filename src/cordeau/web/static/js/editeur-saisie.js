// What is typed, as the server takes it: the fields around the grid, and its rows.
import { $ } from "./dom.js";
import { estVierge, lignes, lire } from "./editeur-lignes.js";

const NOMS = {
  client_id: "clientId",
  chantier_id: "chantierId",
  objet: "objet",
  date_emission: "dateEmission",
  date_validite: "dateValidite",
  taux_tva: "tauxTVA",
  autoliquidation: "autoliquidation",
  attestation_signee: "attestationSignee",
  date_debut_travaux: "dateDebutTravaux",
  duree_travaux: "dureeTravaux",
  hors_etablissement: "horsEtablissement",
  dechets_quantite: "dechetsQuantite",
  dechets_gestion: "dechetsGestion",
  dechets_collecte: "dechetsCollecte",
  dechets_cout: "dechetsCout",
  conditions: "conditions",
};
const NOMS_LIGNE = {
  id: "id",
  type: "type",
  designation: "designation",
  description: "description",
  quantite: "quantite",
  unite: "unite",
  prix_unitaire_ht: "prixUnitaireHT",
  taux_tva: "tauxTVA",
  cout: "coutUnitaireHT",
};
const FACULTATIFS = new Set(["quantite", "prix_unitaire_ht", "taux_tva", "cout", "chantier_id", "date_emission", "date_validite", "date_debut_travaux"]);

/** The field of the page an error of the server speaks of. */
export const CHAMPS = {
  ...Object.fromEntries(Object.entries(NOMS).map(([ici, api]) => [api, ici])),
  remise: "remise_valeur",
  "remise.pourcentage": "remise_valeur",
  "remise.montant": "remise_valeur",
};
export const CHAMPS_LIGNE = {
  ...Object.fromEntries(Object.entries(NOMS_LIGNE).map(([ici, api]) => [api, ici])),
  remise: "remise",
};

const AUTRES = ["remise_type", "remise_valeur"];

export function lireEntete(formulaire) {
  const entete = {};
  for (const nom of [...Object.keys(NOMS), ...AUTRES]) {
    const c = formulaire.elements[nom];
    entete[nom] = c.type === "checkbox" ? c.checked : c.value;
  }
  entete.client_nom = formulaire.elements.client_id.selectedOptions[0]?.textContent ?? "";
  return entete;
}

export function ecrireEntete(formulaire, entete) {
  for (const nom of [...Object.keys(NOMS), ...AUTRES]) {
    const c = formulaire.elements[nom];
    if (c.type === "checkbox") c.checked = entete[nom];
    else if (c.tomselect) {
      c.tomselect.addOption({ value: entete[nom], text: entete.client_nom });
      c.tomselect.setValue(entete[nom], true);
    } else c.value = entete[nom];
  }
}

/** Every row with something in it, beside its place in the page. */
export function lireLignes(corps) {
  return lignes(corps)
    .map((tr) => ({ tr, lue: lire(tr) }))
    .filter(({ lue }) => !estVierge(lue));
}

const valeur = (nom, texte) => (FACULTATIFS.has(nom) && !texte?.trim() ? null : texte);

function remise(entete) {
  if (!entete.remise_type || !entete.remise_valeur.trim()) return null;
  return { [entete.remise_type.toLowerCase()]: entete.remise_valeur };
}

/** The rows as the API names them, each under the lot open at its depth. */
function lignesApi(lues) {
  const lots = [];
  return lues.map((lue) => {
    lots.length = lue.niveau;
    const ligne = { parentId: lots[lue.niveau - 1] ?? null, remise: lue.remise?.trim() || 0 };
    for (const [ici, api] of Object.entries(NOMS_LIGNE)) if (ici in lue) ligne[api] = valeur(ici, lue[ici]);
    if (lue.type === "LOT") lots[lue.niveau] = lue.id;
    return ligne;
  });
}

export function versApi(entete, lues) {
  const corps = {};
  for (const [ici, api] of Object.entries(NOMS)) {
    corps[api] = typeof entete[ici] === "boolean" ? entete[ici] : valeur(ici, entete[ici]);
  }
  corps.tauxTVA ||= "20";
  return { ...corps, remise: remise(entete), lignes: lignesApi(lues) };
}

/** The same, with what is not typed yet replaced so that the rest can be computed. */
export function versCalcul(entete, lues) {
  const corps = versApi(entete, lues);
  for (const ligne of corps.lignes) {
    ligne.quantite ??= "1";
    ligne.prixUnitaireHT ??= "0";
  }
  return { tauxTVA: corps.tauxTVA, remise: corps.remise, autoliquidation: corps.autoliquidation, lignes: corps.lignes };
}

/** The decimals a person expects of a field, as she typed them: « 1234.5 » → « 1 234,50 ». Text only. */
export function miseEnForme(texte, decimales) {
  const propre = texte.replace(/[\s\u00a0\u202f€%]/g, "");
  if (!/^\d+([.,]\d*)?$/.test(propre)) return texte;
  const [entier, fraction = ""] = propre.split(/[.,]/);
  const milliers = entier.replace(/^0+(?=\d)/, "").replace(/\B(?=(\d{3})+$)/g, "\u202f");
  const suite = fraction.replace(/0+$/, "").padEnd(decimales, "0");
  return suite ? `${milliers},${suite}` : milliers;
}

/** Fill the list of chantiers with those of another client. */
export function proposerChantiers(formulaire, elements) {
  const choix = formulaire.elements.chantier_id;
  const garde = choix.value;
  choix.replaceChildren(new Option("Aucun", ""), ...elements.map((c) => new Option(`${c.code} · ${c.nom}`, c.id)));
  choix.value = elements.some((c) => c.id === garde) ? garde : "";
}

export const corpsDe = (formulaire) => $("[data-lignes]", formulaire);
