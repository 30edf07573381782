// The keyboard of the grid. One listener for all rows; what a key means, not how it is done.
import { champ, estVierge, lignes, lire } from "./editeur-lignes.js";

const HAUTEUR_D_UNE_LIGNE = 40;

/** In a text of several lines the arrows stay inside, until its first or last character. */
function resteDansLeTexte(element, sens) {
  if (element.tagName !== "TEXTAREA" || element.clientHeight < HAUTEUR_D_UNE_LIGNE) return false;
  const bord = sens < 0 ? 0 : element.value.length;
  return element.selectionStart !== bord || element.selectionEnd !== bord;
}

/** The same column of the nearest row that has it. */
function changerDeLigne(corps, tr, element, sens) {
  const toutes = lignes(corps);
  const nom = element.dataset.c;
  for (let rang = toutes.indexOf(tr) + sens; toutes[rang]; rang += sens) {
    const cible = champ(toutes[rang], nom);
    if (!cible || cible.type === "hidden" || cible.hidden) continue;
    cible.focus();
    return true;
  }
  return false;
}

/** The action of a key pressed in a row, null when the key is the browser's. */
export function lireTouche(e) {
  const { key, altKey, ctrlKey, metaKey, shiftKey } = e;
  const commande = ctrlKey || metaKey;
  if (altKey && !commande) {
    return { ArrowUp: "monter", ArrowDown: "descendre", ArrowRight: "entrer", ArrowLeft: "sortir" }[key] ?? null;
  }
  if (commande && key.toLowerCase() === "d") return "dupliquer";
  if (commande && key === "Delete") return "supprimer";
  if (key === "Enter" && !shiftKey) return e.target.dataset.c === "description" && !commande ? null : "ajouter";
  return null;
}

/** Arrows, and Suppr on a row where nothing is typed; true when the key was used. */
export function deplacerCurseur(corps, tr, e) {
  if (e.altKey || e.ctrlKey || e.metaKey || e.shiftKey || e.target.tagName === "SELECT") return false;
  const sens = { ArrowUp: -1, ArrowDown: 1 }[e.key];
  if (!sens || resteDansLeTexte(e.target, sens)) return false;
  return changerDeLigne(corps, tr, e.target, sens);
}

export const videEtSupprimee = (tr, e) => e.key === "Delete" && e.target.value === "" && estVierge(lire(tr));
