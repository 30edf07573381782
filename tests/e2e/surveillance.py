"""A tab that notes what goes wrong behind the page: scripts, security policy, missing files."""

from playwright.sync_api import BrowserContext, ConsoleMessage, Response, WebError


class Surveillance:
    """A browser context with one tab; `fautes` must stay empty."""

    def __init__(self, contexte: BrowserContext) -> None:
        self.contexte = contexte
        self.fautes: list[str] = []
        contexte.on("console", self._noter_console)
        contexte.on("weberror", self._noter_erreur)
        contexte.on("response", self._noter_reponse)
        self.page = contexte.new_page()

    def _noter_console(self, message: ConsoleMessage) -> None:
        """A refusal of the security policy is told on the console, as an error."""
        if message.type in ("error", "warning"):
            self.fautes.append(f"{self._ou()} : {message.type}, {message.text}")

    def _noter_erreur(self, erreur: WebError) -> None:
        self.fautes.append(f"{self._ou()} : {erreur.error}")

    def _noter_reponse(self, reponse: Response) -> None:
        if reponse.status >= 400:
            self.fautes.append(f"{self._ou()} : {reponse.status} pour {reponse.url}")

    def _ou(self) -> str:
        return self.page.url
