// The API's reference page, drawn from the description the server publishes.
import { $ } from "./dom.js";

SwaggerUIBundle({
  url: $("#api").dataset.source,
  domNode: $("#api"),
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  validatorUrl: null,
  requestInterceptor(requete) {
    if (requete.method !== "GET") requete.headers["X-CSRF-Token"] = $("meta[name=csrf]").content;
    return requete;
  },
});
