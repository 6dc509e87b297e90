"""What of the software is which version."""

from __future__ import annotations

import sys
from importlib import metadata


def versions() -> tuple[tuple[str, str], ...]:
    """Names and versions, of this process."""
    python = ".".join(map(str, sys.version_info[:3]))
    return (("mash-hub", _hub()), ("Python", python))


def _hub() -> str:
    try:
        return metadata.version("mash-hub")
    except metadata.PackageNotFoundError:  # run from its sources
        return "not installed"
