// The menu of a row: one for the whole grid, placed beside the button that opens it.
import { $, $$ } from "./dom.js";

const menu = $("#menu-ligne");
const MARGE = 8;
let bouton = null;

/** Open the menu of a row; `agir` receives the action chosen. */
export function ouvrirMenu(origine, tr, agir) {
  bouton = origine;
  const { type } = tr.dataset;
  $("[data-act=option]", menu).hidden = type !== "LIGNE" && type !== "OPTION";
  $("[data-act=option] span", menu).textContent = type === "OPTION" ? "En ligne ferme" : "En option";
  $("[data-act=detail]", menu).hidden = type === "SOUS_TOTAL";
  menu.onclick = (e) => {
    const action = e.target.closest("[data-act]")?.dataset.act;
    if (!action) return;
    menu.hidePopover();
    agir(action);
  };
  menu.showPopover();
  placer();
  choix()[0].focus();
}

const choix = () => $$("[data-act]", menu).filter((element) => !element.hidden);

function placer() {
  const { bottom, right, top } = bouton.getBoundingClientRect();
  const haut = bottom + menu.offsetHeight + MARGE > innerHeight ? top - menu.offsetHeight : bottom;
  menu.style.top = `${Math.max(MARGE, haut)}px`;
  menu.style.left = `${Math.max(MARGE, right - menu.offsetWidth)}px`;
}

menu?.addEventListener("toggle", (e) => {
  if (e.newState === "open") bouton?.setAttribute("aria-expanded", "true");
  else bouton?.removeAttribute("aria-expanded");
});
menu?.addEventListener("keydown", (e) => {
  const tous = choix();
  const ici = tous.indexOf(document.activeElement);
  const cible = { ArrowDown: ici + 1, ArrowUp: ici - 1, Home: 0, End: tous.length - 1 }[e.key];
  if (cible === undefined) return;
  e.preventDefault();
  tous.at(cible % tous.length).focus();
});
addEventListener("scroll", () => menu?.matches(":popover-open") && menu.hidePopover(), { passive: true, capture: true });
