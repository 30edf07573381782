// The live figures: asked of the server, whose arithmetic is the only one, and put where they changed.
import { $, $$, el, envoyer } from "./dom.js";

const DEUX = new Intl.NumberFormat("fr-FR", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const UNE = new Intl.NumberFormat("fr-FR", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const LIBRE = new Intl.NumberFormat("fr-FR", { maximumFractionDigits: 4 });
const moins = (texte) => texte.replace("-", "\u2212");
export const nombre = (valeur) => moins(DEUX.format(valeur));
export const euros = (valeur) => `${nombre(valeur)}\u00a0€`;
export const taux = (valeur) => (valeur == null ? "–" : `${moins(LIBRE.format(valeur))}\u00a0%`);

/** A margin: one decimal, as the pages write it. */
const tauxMarge = (valeur) => (valeur == null ? "–" : `${moins(UNE.format(valeur))}\u00a0%`);

const PAS_JAUGE = 272 / 50;
const OBJECTIF = 25;

let demande = null;

/** Compute what is typed; gives null when a newer question replaced this one, `{erreurs}` when refused. */
export async function calculer(corps) {
  demande?.abort();
  demande = new AbortController();
  try {
    const reponse = await envoyer("/api/v1/devis/calcul", { methode: "POST", corps, signal: demande.signal });
    if (reponse.status === 422) return { erreurs: (await reponse.json()).errors };
    return reponse.ok ? await reponse.json() : null;
  } catch (erreur) {
    if (erreur.name === "AbortError" || erreur instanceof TypeError) return null; // replaced, or no network
    throw erreur;
  }
}

const poser = (element, texte) => {
  if (element.textContent !== texte) element.textContent = texte;
};

/** The number and the amount of each row sent, in the order they were sent. */
export function montrerLignes(envoyees, chiffrage) {
  envoyees.forEach(({ tr, lue }, rang) => {
    const ligne = chiffrage.lignes[rang];
    const incomplete = lue.prix_unitaire_ht === "" && (lue.type === "LIGNE" || lue.type === "OPTION");
    poser($("[data-numero]", tr), ligne.numero);
    poser($("[data-montant]", tr), ligne.montantHT == null || incomplete ? "" : nombre(ligne.montantHT));
  });
}

const paire = (terme, valeur, classe = "") => [el("dt", { class: classe || null }, ...[terme].flat()), el("dd", { class: classe || null }, valeur)];

/** The totals of the panel, as `_totaux.html` draws them. */
export function montrerTotaux(panneau, c) {
  panneau.removeAttribute("aria-busy");
  const liste = el("dl", { class: "c-def" });
  if (c.remiseHT) liste.append(...paire("Remise", `− ${euros(c.remiseHT)}`));
  liste.append(...paire("Total HT", euros(c.montantHT)));
  liste.lastChild.className = "fort";
  for (const t of c.tva) {
    const base = el("span", { class: "t12 t3" }, `sur ${euros(t.baseHT)}`);
    liste.append(...paire([`TVA ${taux(t.taux)} `, base], euros(t.montantTVA)));
  }
  liste.append(...paire("Total TTC", euros(c.montantTTC), "grand"));
  if (c.optionsHT) liste.append(...paire("Options, hors total", euros(c.optionsHT)));
  $("[data-totaux]", panneau).replaceChildren(liste);
  if (c.marge) montrerMarge(panneau, c);
}

function montrerMarge(panneau, { marge, margeParLot, lignes }) {
  poser($("[data-marge-montant]", panneau), euros(marge.montant));
  poser($("[data-marge-taux]", panneau), tauxMarge(marge.taux));
  const sans = marge.lignesSansCout;
  poser($("[data-sans-cout]", panneau), sans ? `${sans} ligne${sans > 1 ? "s" : ""} sans coût, hors du calcul` : "");
  $("[data-jauge-boite]", panneau).hidden = marge.taux == null;
  if (marge.taux != null) montrerJauge($("[data-jauge]", panneau), marge.taux);
  const lots = lignes.filter((ligne) => ligne.type === "LOT" && margeParLot[ligne.id]);
  $("[data-marge-lots]", panneau).replaceChildren(
    ...lots.flatMap((lot) => paire(`${lot.numero} ${lot.designation}`, tauxMarge(margeParLot[lot.id].taux))),
  );
  for (const terme of $$("[data-marge-lots] dt", panneau)) terme.className = "coupe";
}

function montrerJauge(barre, valeur) {
  barre.setAttribute("width", Math.min(Math.max(valeur, 0), 50) * PAS_JAUGE);
  barre.setAttribute("class", valeur >= OBJECTIF ? "sbon" : valeur >= OBJECTIF - 5 ? "satt" : "smal");
  barre.closest("svg").setAttribute("aria-label", `Marge ${tauxMarge(valeur)}, objectif ${OBJECTIF}\u00a0%`);
}
