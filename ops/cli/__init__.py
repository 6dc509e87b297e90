"""The command line: ``mash``. One module for each group of commands; `main` is the entry point."""

from __future__ import annotations

# Importing the modules registers their commands, in the order in which help lists them.
from ops.cli import (  # isort: skip
    demo,  # noqa: F401
    run,  # noqa: F401
    provisioning,  # noqa: F401
    partnership,  # noqa: F401
    speaking,  # noqa: F401
    intake,  # noqa: F401
    cases,  # noqa: F401
    reading,  # noqa: F401
    audit,  # noqa: F401
    quarantine,  # noqa: F401
    registers,  # noqa: F401
    retention,  # noqa: F401
    contract,  # noqa: F401
    show_settings,  # noqa: F401
    doctor,  # noqa: F401
)
from ops.cli.app import app


def main() -> None:
    """Run ``mash``. Exit codes: 0 done, 1 failed, 2 wrong usage or input."""
    app(prog_name="mash")


__all__ = ["app", "main"]
