"""The daily rounds: what is put before each meeting or review, and that it was held. [H02, I01, I08]

The hub says the first three to itself: a case, a DIAL or a missing child is one document, a round another.
"""

from __future__ import annotations

from datetime import date

from pydantic import Field

from messages.catalogue import Kind, declare
from messages.words import Actor, Code, Id, Mode, Moment, Rationale, Said


@declare("round.begun.v1", senders=[Kind.HUB], receivers=[Kind.HUB])
class RoundBegun(Said):
    """The hub has a daily round, and watches from now on that it is held."""

    round: Code


@declare("item.listed.v1", senders=[Kind.HUB], receivers=[Kind.HUB])
class ItemListed(Said):
    """Something is to be put before a round: a DIAL, a hate crime, a missing child's report. [H01, I01, I08]

    ``item`` is the key of its document. It stays on the list until it is settled.
    """

    round: Code
    item: Id


@declare("item.settled.v1", senders=[Kind.HUB], receivers=[Kind.HUB])
class ItemSettled(Said):
    """What was listed is done with: it leaves with an outcome. [H01, H05]"""

    round: Code
    item: Id


class AgendaItem(Said):
    """One line of an agenda. ``carried_over`` counts the earlier agendas that it was on. [H02]"""

    item: Id
    listed_at: Moment
    carried_over: int = Field(ge=0)


@declare("agenda.built.v1", senders=[Kind.HUB], receivers=[Kind.STAFF])
class AgendaBuilt(Said):
    """What is before the round of a day: everything listed since the last one, and what was carried over.
    [H02, I01, I08, G3.18]"""

    round: Code
    day: date
    items: tuple[AgendaItem, ...]


@declare("review.held.v1", senders=[Kind.STAFF], receivers=[Kind.HUB])
class ReviewHeld(Said):
    """A round was held on a day: by whom, with whom and how. [H02, H04, I01, I08, G3.18, G3.20, G3.22]

    ``considered`` names what was reviewed, which is then done with. DIALs are not named here: each leaves
    with an outcome of its own.
    """

    by: Actor
    round: Code
    day: date
    mode: Mode
    participants: tuple[Actor, ...] = Field(min_length=1, max_length=30)
    considered: tuple[Id, ...] = Field(default=(), max_length=500)


@declare("hate_crime.flagged.v1", senders=[Kind.STAFF], receivers=[Kind.HUB])
class HateCrimeFlagged(Said):
    """A Public Protection Co-ordinator identifies a vulnerable person at the review of a hate crime that was
    to be reviewed alone: it is referred. [I01, I04, G3.20]"""

    by: Actor
    rationale: Rationale


@declare("review.missed.v1", senders=[Kind.HUB], receivers=[Kind.STAFF])
class ReviewMissed(Said):
    """A day ended without its round. What was listed is carried over. [H02, I01, I08]"""

    round: Code
    day: date
    waiting: tuple[Id, ...]


@declare("reviewer.absent.v1", senders=[Kind.HUB], receivers=[Kind.STAFF])
class ReviewerAbsent(Said):
    """A day's review of missing children was held, and not by these co-ordinators, nor with them. [I08]"""

    round: Code
    day: date
    persons: tuple[Id, ...] = Field(min_length=1)
