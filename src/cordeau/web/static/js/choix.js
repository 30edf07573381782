// Choice lists one can type in; with data-source the server does the search.
import { $$, el, envoyer } from "./dom.js";

const NOTES = {
  no_results: () => el("div", { class: "no-results" }, "Rien de ce nom."),
  not_loading: () => null,
};

/** What the server finds for these letters; an unreachable server leaves the list as it was. */
async function chercher(source, lettres) {
  const reponse = await envoyer(source + encodeURIComponent(lettres));
  if (!reponse.ok) throw new Error(`choix : ${reponse.status}`);
  const { elements } = await reponse.json();
  return elements.map(({ id, nom }) => ({ value: id, text: nom }));
}

function reglages(select) {
  const communs = { maxOptions: 50, render: NOTES, placeholder: select.dataset.invite ?? "", allowEmptyOption: false };
  const source = select.dataset.source;
  if (!source) return communs;
  return {
    ...communs,
    preload: "focus",
    loadThrottle: 200,
    hideSelected: true,
    searchField: [], // the server has already chosen
    sortField: "$order",
    load(lettres, rendre) {
      this.clearOptions((option) => this.items.includes(option.value));
      chercher(source, lettres).then(rendre, () => rendre());
    },
  };
}

/** Give a select its search field, keeping its label and its description. */
export function brancherChoix(select) {
  const nom = select.labels[0]?.firstChild.textContent.trim() ?? select.getAttribute("aria-label");
  const choix = new TomSelect(select, reglages(select));
  select.setAttribute("aria-label", nom);
  const decrit = select.getAttribute("aria-describedby");
  if (decrit) choix.control_input.setAttribute("aria-describedby", decrit);
  return choix;
}

for (const select of $$("select[data-choix]")) brancherChoix(select);
