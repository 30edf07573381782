// Two versions compared: taking the saved one forgets the typing this machine kept.
import { $ } from "./dom.js";
import { oublier } from "./editeur-brouillon.js";

const lien = $("[data-oublier]");
lien.addEventListener("click", () => oublier(lien.dataset.oublier));
