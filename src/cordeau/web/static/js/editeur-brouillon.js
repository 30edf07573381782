// What was typed and not saved, kept on this machine until the server has it.
import { memoire } from "./dom.js";

const cle = (devis) => `devis:${devis}`;

export function garder(devis, brouillon) {
  memoire.ecrire(cle(devis), JSON.stringify(brouillon));
}

export function oublier(devis) {
  memoire.ecrire(cle(devis), "");
}

/** The typing kept for this devis, if there is any. */
export function retrouver(devis) {
  const garde = memoire.lire(cle(devis));
  if (!garde) return null;
  try {
    return JSON.parse(garde);
  } catch {
    return null; // cut short by a full storage: nothing can be made of it
  }
}

export const memoireRefusee = () => document.documentElement.dataset.memoire === "refusee";
