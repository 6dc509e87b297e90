// Says two minutes before a session ends that it will, in a dialog that takes the focus and is read out, and
// goes on with it when asked to. Another page of the same session may have gone on with it meanwhile, so the
// dashboard is asked each time. At the end it takes away what the page shows. Without this the page says how
// long a session lasts.
const WARN_S = 120;
const dialog = document.getElementById("session-end");
const parts = Object.fromEntries(
  ["title", "text", "stay"].map((name) => [name, document.getElementById(`session-${name}`)]),
);
let timer = null;

function after(seconds) {
  clearTimeout(timer);
  timer = setTimeout(look, Math.max(seconds, 1) * 1000);
}

function open() {
  if (!dialog.open) dialog.showModal();
}

async function look() {
  let answer;
  try {
    answer = await fetch("/session/left", { cache: "no-store" });
  } catch {
    after(30); // no connection: the session may have ended, or not
    return;
  }
  if (answer.status === 401) ended();
  else if (answer.ok) told(await answer.json());
  else after(30);
}

function told({ left, can_be_longer: longer }) {
  if (left > WARN_S) {
    if (dialog.open) dialog.close();
    after(left - WARN_S);
    dialog.dataset.left = left;
    return;
  }
  const minutes = Math.ceil(left / 60);
  parts.title.textContent = `You will be signed out in ${minutes} ${minutes === 1 ? "minute" : "minutes"}`;
  parts.text.textContent = longer
    ? "Nothing was done here for a while."
    : "You have been signed in for as long as one session lasts. Send what you are writing, or sign in again after that: it is not lost.";
  parts.stay.hidden = !longer;
  open();
  after(left > 60 ? left - 60 : left + 1);
}

function ended() {
  clearTimeout(timer);
  const form = document.querySelector("main form[data-kept]");
  if (form) putAway(form);
  else location.assign("/sign-in"); // nothing was typed here
}

// What is shown is for nobody who passes by: of the page only the form stays, unseen, to be sent and so kept.
function putAway(form) {
  if (dialog.open) dialog.close();
  const [title, text, again] = ["h1", "p", "button"].map((name) => document.createElement(name));
  title.textContent = "You are signed out";
  title.className = "govuk-heading-l";
  title.tabIndex = -1; // the focus comes here, where a key that is being typed presses nothing
  text.textContent =
    "What you typed here is not lost. It is kept for 15 minutes from when you choose to sign in again, and is then shown to you as you left it, to be sent.";
  text.className = "govuk-body";
  again.textContent = "Sign in again";
  again.className = "govuk-button";
  again.type = "button";
  again.addEventListener("click", () => form.requestSubmit());
  form.hidden = true;
  document.querySelector("main").replaceChildren(title, text, again, form);
  document.title = title.textContent;
  title.focus();
}

parts.stay.addEventListener("submit", async (event) => {
  event.preventDefault();
  const answer = await fetch(parts.stay.action, { method: "POST", body: new URLSearchParams(new FormData(parts.stay)) }).catch(() => null);
  if (answer && answer.status === 204) await look();
  else ended();
});
document.getElementById("session-close").addEventListener("click", () => dialog.close());
document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
after(Number(dialog.dataset.left) - WARN_S);
