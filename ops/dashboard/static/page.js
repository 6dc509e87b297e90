// Brings the components of GOV.UK Frontend to life. Every page works without it.
import { initAll, Radios } from "/static/vendor/govuk-frontend.min.js";

document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported");
}

// A radio button has no expanded state in ARIA, so what it opens is told by the order of the page alone.
const reveal = Radios.prototype.syncConditionalRevealWithInputState;
Radios.prototype.syncConditionalRevealWithInputState = function (input) {
  reveal.call(this, input);
  input.removeAttribute("aria-expanded");
};
initAll();
