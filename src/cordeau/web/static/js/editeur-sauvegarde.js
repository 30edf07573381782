// Saving by itself: after a rest, one request at a time, never over somebody else's change.
import { $, apresPause, envoyer } from "./dom.js";
import * as brouillon from "./editeur-brouillon.js";

const REPOS = 1200;
const REPRISE = 15_000;
const CORPS_MAX_KEEPALIVE = 60_000; // what a browser still sends for a page that is left

const heure = () => new Date().toLocaleTimeString("fr-FR", { hour: "2-digit", minute: "2-digit" }).replace(":", "\u00a0h\u00a0");

/** Say where the typing stands; `etat` names the icon. */
export function dire(etat, texte) {
  const zone = $("[data-sauve]");
  const neuve = $(`[data-etat="${etat}"] svg`, $("#icones-sauve").content);
  $("[data-icone]", zone).replaceChildren(neuve.cloneNode(true));
  if ($("[data-texte]", zone).textContent !== texte) $("[data-texte]", zone).textContent = texte;
  zone.dataset.etat = etat;
}

/**
 * Save a devis by itself. `lire` gives what is typed (`{brouillon, corps, envoyees}`), `enCours` whether
 * the row being typed is unfinished; `surReponse` hears each answer of the server.
 */
export function creerSauvegarde({ devis, revision, lire, enCours, surReponse }) {
  const etat = { revision, sale: false, arretee: false, enCours: null };
  const bientot = apresPause(() => enregistrer(), REPOS);

  function garder() {
    if (etat.sale) brouillon.garder(devis, { ...lire().brouillon, revision: etat.revision });
  }

  function marquer() {
    etat.sale = true;
    bientot();
  }

  /** Save now what is not saved; true when the server has everything. `force`: the unfinished row too. */
  async function enregistrer({ force = false } = {}) {
    if (etat.enCours) {
      await etat.enCours;
      return enregistrer({ force });
    }
    if (!etat.sale || etat.arretee) return !etat.sale;
    if (!force && enCours()) {
      garder();
      dire("attente", "Ligne à terminer : gardé sur ce poste");
      return false;
    }
    etat.enCours = envoyerTout().finally(() => {
      etat.enCours = null;
    });
    return etat.enCours;
  }

  async function envoyerTout() {
    const lu = lire();
    garder();
    etat.sale = false;
    if (navigator.onLine === false) return echouer("horsligne", "Hors ligne : gardé sur ce poste");
    dire("encours", "Enregistrement…");
    let reponse;
    try {
      reponse = await mettre(lu.corps);
    } catch (erreur) {
      if (!(erreur instanceof TypeError)) throw erreur;
      return echouer("horsligne", "Hors ligne : gardé sur ce poste");
    }
    return recevoir(reponse, lu);
  }

  function mettre(corps) {
    const body = JSON.stringify(corps);
    return fetch(`/api/v1/devis/${devis}`, {
      method: "PUT",
      credentials: "same-origin",
      headers: {
        Accept: "application/json",
        "Content-Type": "application/json",
        "If-Match": `"${etat.revision}"`,
        "X-CSRF-Token": $("meta[name=csrf]").content,
      },
      body,
      keepalive: body.length < CORPS_MAX_KEEPALIVE,
    });
  }

  async function recevoir(reponse, lu) {
    const corps = await reponse.json().catch(() => ({}));
    if (reponse.ok) {
      etat.revision = Number(/\d+/.exec(reponse.headers.get("ETag"))[0]);
      if (etat.sale) garder();
      else brouillon.oublier(devis);
      dire("fait", `Enregistré à ${heure()}`);
    } else if (reponse.status >= 500) return echouer("attente", "Le serveur ne répond pas : gardé sur ce poste");
    else refuser(reponse.status);
    surReponse(reponse.status, corps, lu);
    return reponse.ok && !etat.sale;
  }

  /** Kept here, tried again later. */
  function echouer(quoi, texte) {
    etat.sale = true;
    dire(quoi, texte);
    setTimeout(enregistrer, REPRISE);
    return false;
  }

  /** Kept here, until the person has done something about it. */
  function refuser(statut) {
    etat.sale = true;
    etat.arretee = statut !== 422;
    dire("attente", "Pas encore enregistré : gardé sur ce poste");
  }

  return { etat, marquer, garder, enregistrer };
}
