// On every page: theme, notices of the previous action, the line under the page head, the palette.
import { $, $$, changerIcone, icone, memoire, montrerAvis } from "./dom.js";
import { brancherPalette } from "./palette.js";

function brancherTheme() {
  const racine = document.documentElement;
  for (const bouton of $$("[data-theme-bascule]")) {
    const dire = () => {
      const sombre = racine.dataset.bsTheme === "dark";
      bouton.setAttribute("aria-pressed", String(sombre));
      changerIcone($(".i", bouton), sombre ? icone("sun") : icone("moon"));
    };
    dire();
    bouton.addEventListener("click", () => {
      racine.dataset.bsTheme = racine.dataset.bsTheme === "dark" ? "light" : "dark";
      memoire.ecrire("theme", racine.dataset.bsTheme);
      dire();
      document.dispatchEvent(new CustomEvent("theme"));
    });
  }
}

function brancherAvis() {
  for (const avis of $$("#avis [data-avis]")) montrerAvis(avis, avis.dataset.avis);
}

function brancherTete() {
  const tete = $(".c-tete");
  if (!tete) return;
  const dire = () => tete.classList.toggle("fixe", scrollY > 4);
  addEventListener("scroll", dire, { passive: true });
  dire();
}

/** On a phone the rail opens as a dialog, which must then have a name. */
function brancherRail() {
  const rail = $("#rail");
  rail?.addEventListener("show.bs.offcanvas", () => rail.setAttribute("aria-label", "Menu"));
  rail?.addEventListener("hidden.bs.offcanvas", () => rail.removeAttribute("aria-label"));
}

brancherTheme();
brancherRail();
brancherAvis();
brancherTete();
brancherPalette();
