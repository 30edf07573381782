"""The form of a page as a browser without script would send it."""

from html.parser import HTMLParser


class Formulaire(HTMLParser):
    """The fields of the form with this identifier, in the order of the page."""

    def __init__(self, page: str, ident: str) -> None:
        super().__init__()
        self.champs: dict[str, list[str]] = {}
        self._ident = ident
        self._dedans = self._gabarit = False
        self._liste = self._texte = ""
        self._choisie: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open the form, note a field."""
        valeurs = {nom: valeur or "" for nom, valeur in attrs}
        if tag == "form":
            self._dedans = valeurs.get("id", "") == self._ident
        if not self._dedans:
            return
        nom = valeurs.get("name", "")
        if tag == "input" and (
            valeurs.get("type") not in ("checkbox", "radio") or "checked" in valeurs
        ):
            self._noter(nom, valeurs.get("value", ""))
        elif tag == "textarea":
            self._texte = nom
            self._noter(nom, "")
        elif tag == "select":
            self._liste, self._choisie = nom, None
        elif tag == "option" and self._liste and ("selected" in valeurs or self._choisie is None):
            self._choisie = valeurs.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        """Close what was open."""
        if tag == "form":
            self._dedans = False
        elif tag == "textarea":
            if self._texte:  # a browser leaves the first line feed out
                self.champs[self._texte][-1] = self.champs[self._texte][-1].removeprefix("\n")
            self._texte = ""
        elif tag == "select" and self._liste:
            self._noter(self._liste, self._choisie or "")
            self._liste = ""

    def handle_data(self, data: str) -> None:
        """The text of a text area."""
        if self._dedans and self._texte:
            self.champs[self._texte][-1] += data

    def _noter(self, nom: str, valeur: str) -> None:
        if nom:
            self.champs.setdefault(nom, []).append(valeur)
