"""The command line: ``mash``. One module for each group of commands; `main` is the entry point."""

from __future__ import annotations

from ops.cli import show_settings  # noqa: F401  (importing the modules registers their commands)
from ops.cli.app import app


def main() -> None:
    """Run ``mash``. Exit codes: 0 done, 1 failed, 2 wrong usage or input."""
    app(prog_name="mash")


__all__ = ["app", "main"]
