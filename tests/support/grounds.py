"""What the hub under test stands on: its rules alone, unless a test says otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from agents.partnership import Partnership
from tests.support.hub_by_rules import HubByRules
from tests.support.whole_hub import PARTNERSHIP, TUESDAY, WholeHub

Ground = Callable[[Partnership, datetime], WholeHub]

_grounds: list[Ground] = [HubByRules]


@contextmanager
def standing_on(ground: Ground) -> Iterator[None]:
    """Every hub made in this block stands there, and is closed at its end."""
    made: list[WholeHub] = []

    def kept(partnership: Partnership, start: datetime) -> WholeHub:
        made.append(ground(partnership, start))
        return made[-1]

    try:
        with made_on(kept):
            yield
    finally:
        for hub in made:
            hub.close()


@contextmanager
def made_on(ground: Ground) -> Iterator[None]:
    """Every hub made in this block stands there, for as long as whoever made it does not close it."""
    _grounds.append(ground)
    try:
        yield
    finally:
        _grounds.pop()


def whole_hub(partnership: Partnership = PARTNERSHIP, start: datetime = TUESDAY) -> WholeHub:
    """A hub that begins at this moment."""
    return _grounds[-1](partnership, start)
