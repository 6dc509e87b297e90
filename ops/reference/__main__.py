"""``python -m ops.reference [--check]``: write the pages, or say which of them are stale (exit code 1)."""

from __future__ import annotations

import sys
from pathlib import Path

from ops.reference import command_line, decision_rights, settings_page

FOLDER = Path("docs/reference")
PAGES = {
    "command-line.md": command_line.page,
    "settings.md": settings_page.page,
    "decision-rights.md": decision_rights.page,
}


def main(words: list[str], folder: Path = FOLDER) -> int:
    """0, or 1 when a page is not as it would be made now."""
    made = {folder / name: page() for name, page in PAGES.items()}
    if words == ["--check"]:
        stale = [file for file, text in made.items() if not file.is_file() or file.read_text("utf-8") != text]
        for file in stale:
            sys.stderr.write(f"{file} is stale: run `make contract` and commit it\n")
        return 1 if stale else 0
    for file, text in made.items():
        file.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
