// In a meeting the arrow keys go through the list. The links do the same, and are there without this.
const keys = document.querySelector(".hub-keys");
if (keys) keys.hidden = false;

document.addEventListener("keydown", (pressed) => {
  if (pressed.altKey || pressed.ctrlKey || pressed.metaKey || pressed.shiftKey) return;
  if (pressed.target.closest("input, select, textarea, [contenteditable]")) return;
  const rel = { ArrowLeft: "prev", ArrowRight: "next" }[pressed.key];
  const link = rel && document.querySelector(`.govuk-pagination a[rel~="${rel}"]`);
  if (link) {
    pressed.preventDefault();
    link.click();
  }
});
