"""The concern in other words, where the one that was referred would give a source away. [D13, M2.7]"""

from __future__ import annotations

from messages.catalogue import Kind, declare
from messages.words import Actor, Rationale, Said, Sanitised


@declare("concern.sanitised.v1", senders=[Kind.STAFF], receivers=[Kind.HUB])
class ConcernSanitised(Said):
    """A concern in other words, which leaves in place of the one that was referred. [D11, D13, M2.7]

    The one that was referred stays beside it. A later one takes the place of an earlier one; ``author`` wrote
    it and is on the register of staff.
    """

    by: Actor
    sanitised: Sanitised
    rationale: Rationale
