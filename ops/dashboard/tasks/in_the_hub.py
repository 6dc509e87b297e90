"""Whether a person reads a case, where not everybody does who has something to decide in it. [C10, D02]"""

from __future__ import annotations

from ops.dashboard.tasks.task import Situation
from ops.who_reads import Asking, Denied, seat_in


def reads(at: Situation) -> bool:
    """Whether the rules of reading give this person a seat in the case today. Nothing is read, and nothing
    goes on record: nobody has asked to read yet."""
    purpose = at.case.last_direction.purpose if at.case.last_direction else ""
    who = Asking(at.viewer.person, at.viewer.agency, purpose, at.viewer.roles)
    try:
        seat_in(at.case, who, at.partnership, at.partnership.clocks.day_of(at.now))
    except Denied:
        return False
    return True
