"""The concern in other words, as the case keeps it beside the one that was referred. [D11, D13, M2.7]"""

from __future__ import annotations

from datetime import datetime

from agents.coordinator.stored import Stored
from messages.words import Actor, Rationale, Sanitised


class SanitisedConcern(Stored):
    """What leaves in place of the concern, who wrote it, who put it there and why.

    ``repeated`` are the vault references of what leaves and is repeated in it. [A05]
    """

    by: Actor
    at: datetime
    sanitised: Sanitised
    rationale: Rationale
    words: str
    repeated: tuple[str, ...] = ()
