"""Folders that their owner alone may enter. Everything below one is as private as it is."""

from __future__ import annotations

from pathlib import Path


def make_private_folder(folder: Path) -> None:
    """Make it, and every level above it that is not there, with mode 700; what is there stays as it is.

    ``mkdir(parents=True)`` gives its mode to the last level only.

    Raises
    ------
    OSError
        when it cannot be made, or something else has its name.
    """
    if not folder.is_dir():
        make_private_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
