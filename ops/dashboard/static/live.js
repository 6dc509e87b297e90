// Keeps a page up to date: a small event says that something changed, and the part of the page is fetched again
// and merged into the one that is there, so that the focus stays where it is. Without this the page is as it was
// when it came.
//
// The element #live says where: data-events and data-part are addresses, data-target is the part. In the part
// stand [data-digest], which says how it is, and [data-item] with [data-says], whose changes are told.
(() => {
  const live = document.getElementById("live");
  const state = document.getElementById("live-state");
  const pause = document.getElementById("pause");
  const news = document.getElementById("news");
  const part = document.querySelector(live.dataset.target);
  const MOST_NAMED = 3;
  const AGAIN_MS = 30_000;
  let source = null;
  let again = null;

  const digest = () => part.querySelector("[data-digest]").dataset.digest;

  const said = () => {
    const found = new Map();
    for (const one of part.querySelectorAll("[data-item]")) found.set(one.dataset.item, one.dataset.says);
    return found;
  };

  // Transitions only: a time that runs on is nothing to interrupt anybody for.
  function announce(before, after) {
    const changed = [];
    for (const [item, says] of after) if (before.get(item) !== says) changed.push(`${item}: ${says}`);
    for (const item of before.keys()) if (!after.has(item)) changed.push(`${item} ${live.dataset.gone}`);
    if (changed.length === 0) return;
    news.textContent =
      changed.length > MOST_NAMED ? `${changed.length} ${live.dataset.many}` : changed.join("; ");
  }

  async function refresh() {
    const before = said();
    await htmx.ajax("GET", live.dataset.part, { target: live.dataset.target, swap: "innerMorph" });
    announce(before, said());
  }

  function listen() {
    const events = new URL(live.dataset.events, document.baseURI);
    events.searchParams.set("seen", digest());
    source = new EventSource(events);
    source.addEventListener("open", () => { state.textContent = "Updates come by themselves."; });
    source.addEventListener("changed", refresh);
    source.addEventListener("ended", refused);
    source.addEventListener("error", () => {
      // A connection that broke is tried again by the browser; one that was refused is not.
      if (source.readyState === EventSource.CLOSED) refused();
      else state.textContent = "No connection to the hub. This page may be out of date.";
    });
  }

  const is_paused = () => pause.getAttribute("aria-pressed") === "true";

  // Why a stream was refused, the browser does not say; the part of the page does.
  async function refused() {
    stop();
    again = setTimeout(listen, AGAIN_MS);
    const mine = again;
    const answer = await fetch(live.dataset.part, { cache: "no-store" }).catch(() => null);
    if (again === mine) failed(answer && answer.status); // else it was paused meanwhile
  }

  // What failed is tried again. What is refused is not: each refusal goes on record.
  function failed(status) {
    if (is_paused()) return;
    stop();
    const is_final = status >= 400 && status < 500;
    if (!is_final) again = setTimeout(listen, AGAIN_MS);
    if (!is_final) tell("This page may be out of date. It looks for updates again in half a minute.");
    else if (status === 401) tell("You are no longer signed in. Load the page again.");
    else tell("You can no longer see this page. Load it again to see why.");
  }

  function tell(text) {
    state.textContent = text;
    news.textContent = text;
  }

  function stop() {
    clearTimeout(again);
    again = null;
    if (source) source.close();
    source = null;
  }

  pause.addEventListener("click", () => {
    const paused = !is_paused();
    pause.setAttribute("aria-pressed", String(paused));
    state.textContent = paused ? "Updates are paused." : "Updates come by themselves.";
    if (paused) stop();
    else listen();
  });

  // A part that cannot be fetched is no longer up to date, whatever the stream says.
  document.addEventListener("htmx:response:error", (event) => failed(event.detail.ctx.response.status));
  document.addEventListener("htmx:error", () => failed(0));

  live.hidden = false;
  listen();
})();
