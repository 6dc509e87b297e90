// Keeps the board, or another page made like it, up to date: a small event says that something changed, and the rows are fetched again and
// merged into those that are there, so that the focus stays where it is. Without this the page is as it was
// when it came.
(() => {
  const live = document.getElementById("live");
  const state = document.getElementById("live-state");
  const pause = document.getElementById("pause");
  const rows = document.getElementById("rows");
  const news = document.getElementById("news");
  const MOST_NAMED = 3;
  let source = null;

  const digest = () => document.getElementById("board").dataset.digest;

  const said = () => {
    const found = new Map();
    for (const row of rows.querySelectorAll("[data-case]")) found.set(row.dataset.case, row.dataset.says);
    return found;
  };

  // Transitions only: a time that runs on is nothing to interrupt anybody for.
  function announce(before, after) {
    const changed = [];
    for (const [id, says] of after) if (before.get(id) !== says) changed.push(`${id}: ${says}`);
    for (const id of before.keys()) if (!after.has(id)) changed.push(`${id} is no longer on this page`);
    if (changed.length === 0) return;
    news.textContent = changed.length > MOST_NAMED ? `${changed.length} ${live.dataset.things || "cases"} changed` : changed.join("; ");
  }

  async function refresh() {
    const before = said();
    await htmx.ajax("GET", live.dataset.rows, { target: "#rows", swap: "innerMorph" });
    announce(before, said());
  }

  function listen() {
    source = new EventSource(`${live.dataset.events}&seen=${digest()}`);
    source.addEventListener("open", () => { state.textContent = "Updates come by themselves."; });
    source.addEventListener("changed", refresh);
    source.addEventListener("ended", leave);
    source.addEventListener("error", () => {
      // A connection that broke is tried again by the browser; one that was refused is not.
      if (source.readyState === EventSource.CLOSED) leave();
      else state.textContent = "No connection to the hub. This page may be out of date.";
    });
  }

  function leave() {
    stop();
    state.textContent = "You are no longer signed in. Load the page again.";
    news.textContent = state.textContent;
  }

  function stop() {
    if (source) source.close();
    source = null;
  }

  pause.addEventListener("click", () => {
    const paused = pause.getAttribute("aria-pressed") !== "true";
    pause.setAttribute("aria-pressed", String(paused));
    state.textContent = paused ? "Updates are paused." : "Updates come by themselves.";
    if (paused) stop();
    else listen();
  });

  live.hidden = false;
  listen();
})();
