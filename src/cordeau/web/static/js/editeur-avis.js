// What the editor must say and ask: a change by somebody else, a typing found again, an ended session.
import { $, el, icone } from "./dom.js";

const zone = $("[data-annonces]");

/** Show a message with its ways out; `actions` are [text, function or address]. */
export function annoncer(titre, texte, actions, ton = "warning") {
  const boutons = actions.map(([mot, suite]) => {
    if (typeof suite === "string") return el("a", { class: "btn btn-outline-secondary btn-sm", href: suite }, mot);
    const bouton = el("button", { class: "btn btn-outline-secondary btn-sm", type: "button" }, mot);
    bouton.addEventListener("click", () => {
      avis.remove();
      suite();
    });
    return bouton;
  });
  const corps = el("div", {}, el("b", {}, titre), texte, el("div", { class: "c-suites" }, ...boutons));
  const avis = el("div", { class: `alert alert-${ton}`, role: "alert" }, icone("exclamation-triangle"), corps);
  zone.append(avis);
  avis.scrollIntoView({ block: "nearest" });
  return avis;
}

/** Ask before what cannot be undone, with the box every page has; `agir` runs on yes. */
export function confirmer(question, agir) {
  const formulaire = $("#suppression");
  const bouton = $("button", formulaire);
  bouton.value = question;
  formulaire.onsubmit = (e) => {
    e.preventDefault();
    agir();
  };
  formulaire.requestSubmit(bouton);
}
