// A paste from a spreadsheet: its cells as rows of a devis.

const UNITES = {
  FORFAIT: ["forfait", "fft", "ft", "ff", "f", "fo", "for"],
  UNITE: ["u", "un", "unite", "unites", "pce", "piece", "pieces", "pc", "p"],
  METRE: ["m", "ml", "metre", "metres", "metre lineaire"],
  METRE_CARRE: ["m2", "m²", "metre carre"],
  METRE_CUBE: ["m3", "m³", "metre cube"],
  HEURE: ["h", "hr", "heure", "heures"],
  JOUR: ["j", "jr", "jour", "jours"],
  KILOGRAMME: ["kg", "kilo", "kilogramme"],
  TONNE: ["t", "tonne", "tonnes"],
  LITRE: ["l", "litre", "litres"],
  ENSEMBLE: ["ens", "ensemble", "set", "lot"],
};
const PAR_MOT = new Map(Object.entries(UNITES).flatMap(([code, mots]) => mots.map((mot) => [mot, code])));
const NOMBRE = /^\d[\d\s\u00a0\u202f]*([.,]\d+)?\s*(€|eur|%)?$/i;
const NUMERO = /^\d+(\.\d+)*\.?$/;

/** The cells of a copied range; a cell between quotes may hold line ends and tabs. */
export function lireTableau(texte) {
  const rangees = [[]];
  const cellule = /("(?:[^"]|"")*"|[^\t\r\n]*)(\t|\r?\n|\r|$)/g;
  for (const [tout, brut, fin] of texte.matchAll(cellule)) {
    if (!tout) break;
    const valeur = brut.startsWith('"') && brut.endsWith('"') && brut.length > 1 ? brut.slice(1, -1).replaceAll('""', '"') : brut;
    rangees.at(-1).push(valeur.trim());
    if (fin && fin !== "\t") rangees.push([]);
  }
  return rangees.filter((cellules) => cellules.some(Boolean));
}

const plier = (mot) => mot.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replaceAll(".", "").trim();

/** The unit a word means, if any. */
export const uniteDe = (mot) => PAR_MOT.get(mot.toLowerCase().trim()) ?? PAR_MOT.get(plier(mot));

const nombre = (cellule) => (NOMBRE.test(cellule) ? cellule.replace(/\s*(€|eur|%)$/i, "") : "");

const estEntete = (cellules) => /^(d[ée]signation|libell[ée]|description|n°|num[ée]ro)$/i.test(cellules.find(Boolean) ?? "");

/** One row of cells as a row of the devis: designation, quantity, unit, unit price. */
function enLigne(cellules) {
  const reste = [...cellules];
  if (reste.length > 2 && NUMERO.test(reste[0]) && reste[1] && !nombre(reste[1]) && !uniteDe(reste[1])) reste.shift();
  const designation = reste.shift() || reste.shift() || "";
  const rang = reste.findIndex((c) => uniteDe(c));
  const unite = rang >= 0 ? uniteDe(reste.splice(rang, 1)[0]) : "";
  const nombres = reste.map(nombre);
  if (!nombres.some(Boolean)) return { type: "TEXTE", valeurs: { designation } };
  const seul = nombres.filter(Boolean).length === 1;
  const [quantite, prix] = seul && !(nombres[0] && reste.length > 1) ? ["1", nombres.find(Boolean)] : nombres;
  const valeurs = { designation, quantite: quantite || "1", prix_unitaire_ht: prix ?? "" };
  return { type: "LIGNE", valeurs: { ...valeurs, unite: unite || "UNITE" } };
}

/** The rows a pasted text makes; none when it is ordinary text. */
export function lignesCollees(texte) {
  if (!texte.includes("\t")) return [];
  const rangees = lireTableau(texte);
  return rangees.filter((cellules, rang) => rang > 0 || !estEntete(cellules)).map(enLigne);
}
