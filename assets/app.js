// Everything works without this file; it saves reloads and keeps the keyboard where the person is.
import { initAll } from "./govuk.js";

initAll();

// Content that htmx put in has components of its own, and may have come back with errors.
document.addEventListener("htmx:after:swap", (event) => {
  const scope = event.detail?.ctx?.target ?? document;
  const within = scope.isConnected ? scope : document;
  initAll({ scope: within });
  const summary = within.querySelector(".govuk-error-summary");
  if (summary) {
    summary.setAttribute("tabindex", "-1");
    summary.focus();
  }
});
