"""What a rule may look at besides the case: the moment, the partnership, and the message at hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from agents.partnership import Partnership


@dataclass(frozen=True, slots=True)
class Setting:
    """The circumstances of one decision.

    ``sender`` is the party that the broker vouches for; ``keyed_hash`` turns a text into a hash that
    only the hub can make; ``message_id`` is the message that is handled ("" for a due time).
    """

    now: datetime
    partnership: Partnership
    message_id: str
    sender: str
    keyed_hash: Callable[[str], str]
