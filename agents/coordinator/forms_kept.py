"""A source's own form as the case keeps it. [A13]"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from agents.coordinator import hidden_words
from agents.coordinator.stored import Stored
from messages.referral import NativeForm
from messages.words import Actor


class KeptForm(Stored):
    """A form as it came, by whom when it came after the referral, and what it is searched by.

    ``leaves`` is true for one of the kind that goes with a package.
    """

    form: NativeForm
    by: Actor | None = None
    at: datetime
    leaves: bool = False
    words: str = ""

    def shows_source(self, hidden: Collection[str]) -> bool:
        """Whether it would give a source away. One that is no text cannot be searched: while there is
        anything to hide, it does not leave."""
        return hidden_words.shows(self.words, hidden) if self.form.is_text else bool(hidden)
