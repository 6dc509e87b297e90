"""The bundled partnership as a folder that a test may change."""

from __future__ import annotations

import shutil
from pathlib import Path

from agents.partnership import Partnership, bundled, read_partnership


class PartnershipFolder:
    """A copy of the bundled folder, below ``place``."""

    def __init__(self, place: Path) -> None:
        self.path = place / "partnership"
        shutil.copytree(bundled("staffordshire-2012"), self.path)

    def replace(self, file: str, before: str, after: str) -> None:
        """Change every ``before`` in a file, which has to have one."""
        text = (self.path / file).read_text("utf-8")
        assert before in text
        (self.path / file).write_text(text.replace(before, after), "utf-8")

    def add(self, file: str, text: str) -> None:
        """Append to a file, which may be new."""
        with (self.path / file).open("a", encoding="utf-8") as opened:
            opened.write(f"\n{text}\n")

    def read(self) -> Partnership:
        """The partnership as it is now. Raises `PartnershipInvalid`."""
        return read_partnership(self.path)
