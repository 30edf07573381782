// Ctrl K: one field that finds any page, client, devis, chantier or facture.
import { $, $$, apresPause, el, envoyer, icone } from "./dom.js";

const simple = (texte) => texte.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** The pages of the rail whose name holds every typed word. */
function pagesTrouvees(mots) {
  return $$(".c-rail li > a[title]")
    .map((lien) => ({ titre: lien.title, genre: "Page", url: lien.getAttribute("href"), dessin: $(".i", lien) }))
    .filter((page) => mots.every((mot) => simple(page.titre).includes(mot)));
}

class Palette {
  constructor(boite) {
    this.boite = boite;
    this.champ = $("input", boite);
    this.liste = $("#palette-liste");
    this.note = $(".c-palette-note", boite);
    this.modale = new bootstrap.Modal(boite);
    this.rang = 0;
    this.demande = null;
    const chercher = apresPause(() => this.chercher(), 150);
    this.champ.addEventListener("input", chercher);
    this.champ.addEventListener("keydown", (e) => this.toucher(e));
    boite.addEventListener("shown.bs.modal", () => this.champ.focus());
  }

  ouvrir() {
    const rail = bootstrap.Offcanvas.getInstance($("#rail"));
    rail?.hide();
    this.champ.value = "";
    this.modale.show();
    this.chercher();
  }

  async chercher() {
    this.demande?.abort();
    this.demande = new AbortController();
    const saisie = this.champ.value.trim();
    const pages = pagesTrouvees(simple(saisie).split(/\s+/));
    try {
      const url = `/recherche?q=${encodeURIComponent(saisie)}`;
      const reponse = await envoyer(url, { signal: this.demande.signal });
      if (!reponse.ok) throw new Error(`recherche : ${reponse.status}`);
      const { elements } = await reponse.json();
      this.rendre([...elements, ...pages], "Rien de ce nom. Essayez un numéro, un client, une ville.");
    } catch (erreur) {
      if (erreur.name === "AbortError") return;
      this.rendre(pages, "La recherche ne répond pas. Les pages restent accessibles.");
    }
  }

  rendre(elements, siVide) {
    this.rang = 0;
    this.liste.replaceChildren(...elements.slice(0, 12).map((element, rang) => this.ligne(element, rang)));
    this.note.textContent = elements.length ? "" : siVide;
    this.champ.setAttribute("aria-expanded", String(elements.length > 0));
    this.designer();
  }

  ligne({ titre, genre, url, dessin, icone: nom }, rang) {
    const image = dessin ? dessin.cloneNode(true) : icone(nom);
    const ligne = el("li", { role: "option", id: `palette-${rang}` }, image, el("span", {}, titre), el("small", {}, genre));
    ligne.dataset.url = url;
    ligne.addEventListener("click", () => location.assign(url));
    return ligne;
  }

  designer() {
    const lignes = [...this.liste.children];
    lignes.forEach((ligne, rang) => ligne.setAttribute("aria-selected", String(rang === this.rang)));
    if (lignes.length) {
      this.champ.setAttribute("aria-activedescendant", lignes[this.rang].id);
      lignes[this.rang].scrollIntoView({ block: "nearest" });
    } else this.champ.removeAttribute("aria-activedescendant");
  }

  toucher(evenement) {
    const total = this.liste.children.length;
    const pas = { ArrowDown: 1, ArrowUp: -1 }[evenement.key];
    if (pas && total) {
      evenement.preventDefault();
      this.rang = (this.rang + pas + total) % total;
      this.designer();
    } else if (evenement.key === "Enter" && total) {
      evenement.preventDefault();
      location.assign(this.liste.children[this.rang].dataset.url);
    }
  }
}

/** Open the palette from its buttons and from Ctrl K. */
export function brancherPalette() {
  const boite = $("#palette");
  if (!boite) return;
  const palette = new Palette(boite);
  for (const bouton of $$("[data-palette]")) bouton.addEventListener("click", () => palette.ouvrir());
  addEventListener("keydown", (e) => {
    if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === "k") {
      e.preventDefault();
      palette.ouvrir();
    }
  });
}
