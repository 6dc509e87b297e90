"""What the hub watches over all cases, and tells staff: how often panels are called, and who sits on them.
[K02, K05, M6, M6.1]

The hub says the first two to itself: a case is one document, the watch another.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from messages.catalogue import Kind, declare
from messages.words import Code, Id, Moment, Said


@declare("watch.begun.v1", senders=[Kind.HUB], receivers=[Kind.HUB])
class WatchBegun(Said):
    """The hub watches from now on: how often panels are called, and their seats."""

    of: Literal["panels"]


@declare("panel.counted.v1", senders=[Kind.HUB], receivers=[Kind.HUB])
class PanelCounted(Said):
    """A panel was called. [K05]"""

    dispute_id: Id
    convened_at: Moment


@declare("escalations.many.v1", senders=[Kind.HUB], receivers=[Kind.STAFF])
class EscalationsMany(Said):
    """More panels were called than is meant: escalation is to be rare. It is told with every panel above the
    level. [K05, M6.1]

    ``panels`` were called in the last ``days``; ``at_most`` so many are meant.
    """

    panels: int = Field(ge=1)
    days: int = Field(ge=1)
    at_most: int = Field(ge=0)


@declare("panel_seats.vacant.v1", senders=[Kind.HUB], receivers=[Kind.STAFF])
class PanelSeatsVacant(Said):
    """Agencies that have a place on the panel and nobody to take it: no dispute with them can be settled. It
    is told when the hub starts to watch, and whenever it is otherwise than the day before. [K02, M6]

    ``agencies`` is empty once every seat is taken again.
    """

    agencies: tuple[Code, ...]
