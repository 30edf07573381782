// The rows of the editor: read, write, add, move. A row knows its depth; its lot is the one above it.
import { $, $$ } from "./dom.js";

const PROFONDEUR_MAX = 5;
const MUETS = new Set(["LOT", "SOUS_TOTAL"]); // kept even without a word

export const lignes = (corps) => $$("tr[data-type]", corps);
export const champ = (tr, nom) => $(`[data-c="${nom}"]`, tr);
export const estLot = (tr) => tr.dataset.type === "LOT";
const niveau = (tr) => Number(tr.dataset.niveau);

/** An identifier the server will keep; drawn here so that rows can name their lot. */
export function neuveCle() {
  const octets = crypto.getRandomValues(new Uint8Array(16));
  octets[6] = (octets[6] & 0x0f) | 0x40;
  octets[8] = (octets[8] & 0x3f) | 0x80;
  const hexa = [...octets].map((o) => o.toString(16).padStart(2, "0")).join("");
  return hexa.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** What is typed in a row. */
export function lire(tr) {
  const lue = { niveau: niveau(tr) };
  for (const c of tr.querySelectorAll("[data-c]")) lue[c.dataset.c] = c.value;
  return lue;
}

export const estVierge = (lue) =>
  !MUETS.has(lue.type) && !`${lue.designation}${lue.description}${lue.prix_unitaire_ht}${lue.cout ?? ""}`.trim();

/** Whether a row still waits for a word or a price: it is not worth a question to the server yet. */
export function estInachevee(tr) {
  const lue = lire(tr);
  if (estVierge(lue) || lue.type === "SOUS_TOTAL") return false;
  const chiffree = lue.type === "LIGNE" || lue.type === "OPTION";
  return !lue.designation.trim() || (chiffree && !(lue.prix_unitaire_ht.trim() && lue.quantite.trim()));
}

/** A new row of a kind, filled with `valeurs`; it is not in the page yet. */
export function creer(type, valeurs = {}) {
  const tr = $(`#gabarit-${type}`).content.firstElementChild.cloneNode(true);
  for (const [nom, valeur] of Object.entries(valeurs)) {
    if (nom === "taux_tva") choisirTaux(tr, valeur);
    else if (nom !== "niveau" && nom !== "type" && champ(tr, nom)) champ(tr, nom).value = valeur;
  }
  if (!valeurs.id) champ(tr, "id").value = neuveCle();
  if (valeurs.description) champ(tr, "description").hidden = false;
  tr.dataset.niveau = valeurs.niveau ?? 0;
  return tr;
}

/** Choose a VAT rate; one that is not in the list joins it. */
export function choisirTaux(tr, taux) {
  const choix = champ(tr, "taux_tva");
  if (!taux || choix.tagName !== "SELECT") return;
  if (![...choix.options].some((o) => o.value === taux)) {
    choix.add(new Option(`${taux}\u00a0%`, taux), choix.options.length - 1);
  }
  choix.value = taux;
}

const precedente = (tr) => {
  let avant = tr.previousElementSibling;
  while (avant && !avant.dataset.type) avant = avant.previousElementSibling;
  return avant;
};
const suivante = (tr) => {
  let apres = tr.nextElementSibling;
  while (apres && !apres.dataset.type) apres = apres.nextElementSibling;
  return apres;
};

/** A row and, for a lot, everything it holds. */
export function bloc(tr) {
  const rangees = [tr];
  if (!estLot(tr)) return rangees;
  for (let apres = suivante(tr); apres && niveau(apres) > niveau(tr); apres = suivante(apres)) rangees.push(apres);
  return rangees;
}

const dernierDuBloc = (tr) => bloc(tr).at(-1);

function decaler(rangees, ecart) {
  for (const tr of rangees) tr.dataset.niveau = niveau(tr) + ecart;
}

/** After any move: no row is deeper than the lot above it allows. */
export function recaler(corps) {
  let permis = 0;
  for (const tr of lignes(corps)) {
    if (niveau(tr) > permis) tr.dataset.niveau = permis;
    permis = estLot(tr) ? Math.min(niveau(tr) + 1, PROFONDEUR_MAX) : niveau(tr);
  }
}

/** The depth a row takes where it is dropped: inside the lot just above, else beside the row above. */
export function prendrePlace(tr) {
  const avant = precedente(tr);
  if (estLot(tr)) return;
  tr.dataset.niveau = !avant ? 0 : niveau(avant) + (estLot(avant) ? 1 : 0);
}

export function inserer(corps, tr, reference) {
  if (!reference) corps.append(tr);
  else reference.after(tr);
  recaler(corps);
}

/** The depth of a row added below `reference`. */
export const niveauSous = (reference) => (reference ? niveau(reference) + (estLot(reference) ? 1 : 0) : 0);

export function dupliquer(corps, tr) {
  const origine = bloc(tr);
  const copies = origine.map((ligne) => creer(ligne.dataset.type, { ...lire(ligne), id: "" }));
  origine.at(-1).after(...copies);
  recaler(corps);
  return copies[0];
}

/** Move a row, or a lot with its rows, one place up or down. */
export function deplacer(corps, tr, sens) {
  const rangees = bloc(tr);
  if (sens < 0) {
    const avant = precedente(tr);
    if (!avant) return false;
    let cible = avant;
    if (estLot(tr)) while (niveau(cible) > niveau(tr)) cible = precedente(cible);
    cible.before(...rangees);
  } else {
    const apres = suivante(rangees.at(-1));
    if (!apres) return false;
    (estLot(tr) && niveau(apres) >= niveau(tr) ? dernierDuBloc(apres) : apres).after(...rangees);
  }
  prendrePlace(tr);
  recaler(corps);
  return true;
}

/** Put a row at the end of the lot above it. */
export function entrer(corps, tr) {
  let lot = precedente(tr);
  while (lot && niveau(lot) >= niveau(tr) && !(estLot(lot) && niveau(lot) === niveau(tr))) lot = precedente(lot);
  if (!lot || !estLot(lot) || niveau(lot) !== niveau(tr) || niveau(tr) >= PROFONDEUR_MAX) return false;
  const rangees = bloc(tr);
  dernierDuBloc(lot).after(...rangees);
  decaler(rangees, 1);
  recaler(corps);
  return true;
}

/** Take a row out of its lot, to just after it. */
export function sortir(corps, tr) {
  if (niveau(tr) === 0) return false;
  let lot = precedente(tr);
  while (niveau(lot) >= niveau(tr)) lot = precedente(lot);
  const rangees = bloc(tr);
  dernierDuBloc(lot).after(...rangees);
  decaler(rangees, -1);
  recaler(corps);
  return true;
}

/** A firm row becomes an option, and back. */
export function basculerOption(tr) {
  const type = tr.dataset.type === "OPTION" ? "LIGNE" : "OPTION";
  const neuve = creer(type, lire(tr));
  tr.replaceWith(neuve);
  return neuve;
}

/** The neighbour that takes the focus when a row goes. */
export const voisine = (tr) => suivante(dernierDuBloc(tr)) ?? precedente(tr);
