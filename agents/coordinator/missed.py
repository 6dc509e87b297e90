"""The clocks of a case that ran out: kept with the case, for counting. [E04, E13, E14]"""

from __future__ import annotations

from datetime import datetime

from agents.coordinator.stored import Stored
from messages.notices import Timer
from messages.words import Code, Rag


class Missed(Stored):
    """A due time that passed. ``rag`` is the rating in force then, None before there was one.

    ``agency`` is the one whose clock it was, where it is an agency's; ``waiting_for`` is everybody for whom
    the package waited. ``cause`` is a code: the first thing that was missing in the order of the procedure.
    """

    timer: Timer
    round: int
    rag: Rag | None
    due_at: datetime
    cause: Code
    agency: Code | None = None
    waiting_for: tuple[Code, ...] = ()
