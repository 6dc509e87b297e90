"""The browser of the tests: Debian's Chromium, or whatever of its kind is on the path."""

from __future__ import annotations

import shutil

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
LIMIT_MS = 20_000
"""How long a page may take to show what it has to."""

HOW = "no Chromium: on Debian `apt-get install chromium`; elsewhere put Chromium or Chrome on the PATH"


def chromium() -> str | None:
    """The program, or None where there is none."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if (found := shutil.which(name))), None)
