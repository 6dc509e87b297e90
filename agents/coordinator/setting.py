"""What a rule may look at besides the case: the moment, the partnership, and the message at hand."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

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

    @property
    def today(self) -> date:
        """The day on which the decision is taken, where the partnership is: clearance, signatures, laws and
        rules of retention hold for days of its calendar."""
        return self.day_of(self.now)

    def day_of(self, moment: datetime) -> date:
        """The day that a moment belongs to where the partnership is."""
        return self.partnership.clocks.day_of(moment)


def hashing_with(index_key: bytes) -> Callable[[str], str]:
    """Half of the HMAC-SHA-256 of a text, in hexadecimal: whoever lacks the hub's key can test no guess."""
    return partial(_keyed_hash, index_key)


def _keyed_hash(index_key: bytes, text: str) -> str:
    return hmac.new(index_key, text.encode(), hashlib.sha256).hexdigest()[:32]
