"""What the runtime writes to the log: codes, ids and places in the code, never a message of an exception.

The text of an exception may repeat what it choked on, so only its class and where it arose are told.
"""

from __future__ import annotations

import traceback
from pathlib import PurePath
from typing import Any

import structlog

log: Any = structlog.get_logger("mash.runtime")


def fault(error: BaseException) -> dict[str, str]:
    """The class of an exception and the line that raised it, for a log entry."""
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return {"error": type(error).__name__}
    last = frames[-1]
    return {"error": type(error).__name__, "where": f"{PurePath(last.filename).name}:{last.lineno}"}
