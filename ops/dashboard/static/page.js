// Brings the components of GOV.UK Frontend to life. Every page works without it.
import { initAll } from "/static/vendor/govuk-frontend.min.js";

document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported");
}
initAll();
