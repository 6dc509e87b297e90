"""Times as people at the hub read them: by their own clock, in whole seconds, with the zone's name.

What scripts read stays in ISO 8601 and UTC, to the microsecond.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo


def local_time(moment: datetime | str, zone: ZoneInfo) -> str:
    """``2026-07-01 12:06:44 BST``; ``moment`` has an offset, and may be in ISO 8601.

    Parts of a second are left out, so that nothing seems due later than it is.
    """
    when = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return f"{when.astimezone(zone):%Y-%m-%d %H:%M:%S %Z}"
