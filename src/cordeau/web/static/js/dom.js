// Small tools shared by every script: find, build, send, tell. No state, no side effect on import.

export const $ = (selecteur, racine = document) => racine.querySelector(selecteur);
export const $$ = (selecteur, racine = document) => [...racine.querySelectorAll(selecteur)];

const SVG = "http://www.w3.org/2000/svg";

/** An element with its attributes and children; text children are escaped by nature. */
export function el(balise, attributs = {}, ...enfants) {
  const element = document.createElement(balise);
  for (const [nom, valeur] of Object.entries(attributs)) {
    if (valeur === true) element.setAttribute(nom, "");
    else if (valeur !== false && valeur != null) element.setAttribute(nom, valeur);
  }
  element.append(...enfants);
  return element;
}

const adresseIcone = (nom) => `${$("meta[name=icones]").content}#${nom}`;

/** An icon of the sprite. */
export function icone(nom, classe = "") {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  svg.setAttribute("class", classe ? `i ${classe}` : "i");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", adresseIcone(nom));
  svg.append(use);
  return svg;
}

/** Put another drawing in an icon already on the page. */
export function changerIcone(svg, neuve) {
  svg.replaceWith(neuve);
}

/** What this machine remembers; a refused storage only forgets. */
export const memoire = {
  lire(cle) {
    try {
      return localStorage.getItem(cle);
    } catch {
      return null; // private browsing: nothing is remembered
    }
  },
  ecrire(cle, valeur) {
    try {
      localStorage.setItem(cle, valeur);
    } catch {
      document.documentElement.dataset.memoire = "refusee";
    }
  },
};

/** Wait for a pause in a burst of calls. */
export function apresPause(agir, delai = 200) {
  let minuterie;
  return (...args) => {
    clearTimeout(minuterie);
    minuterie = setTimeout(() => agir(...args), delai);
  };
}

/** A request carrying the session's CSRF token; `corps` goes as JSON unless it is a FormData. */
export function envoyer(url, { methode = "GET", corps = null, signal = null, accepte = "application/json" } = {}) {
  const entetes = { Accept: accepte };
  if (methode !== "GET") entetes["X-CSRF-Token"] = $("meta[name=csrf]").content;
  let body = corps;
  if (corps !== null && !(corps instanceof FormData)) {
    entetes["Content-Type"] = "application/json";
    body = JSON.stringify(corps);
  }
  return fetch(url, { method: methode, headers: entetes, body, signal, credentials: "same-origin" });
}

const TONS = {
  succes: () => icone("check-circle", "bon"),
  erreur: () => icone("exclamation-triangle", "mal"),
  info: () => icone("info-circle", "info"),
};

/** Show a notice; an error stays until it is closed. */
export function aviser(texte, { genre = "succes", lien = null } = {}) {
  const corps = el("div", { class: "toast-body" }, TONS[genre](), el("span", {}, texte));
  if (lien) corps.append(el("a", { href: lien.url }, lien.texte));
  corps.append(el("button", { class: "btn-close", type: "button", "data-bs-dismiss": "toast", "aria-label": "Fermer" }));
  const avis = el("div", { class: "toast", role: genre === "erreur" ? "alert" : "status" }, corps);
  $("#avis").append(avis);
  montrerAvis(avis, genre);
}

/** Give a notice its life: seven seconds, or until closed for an error. */
export function montrerAvis(avis, genre) {
  avis.addEventListener("hidden.bs.toast", () => avis.remove());
  new bootstrap.Toast(avis, { autohide: genre !== "erreur", delay: 7000 }).show();
}
