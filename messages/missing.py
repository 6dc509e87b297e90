"""Missing people: the reports, and the co-ordinator's judgement. [I08-I11, G3.22]"""

from __future__ import annotations

from messages.catalogue import Kind, declare
from messages.confidential import Confidential
from messages.referral import PersonConcerned
from messages.words import Actor, Code, Id, Moment, Rationale, Said


@declare("missing.reported.v1", senders=[Kind.SOURCE], receivers=[Kind.HUB])
class MissingReported(Said):
    """Somebody was reported missing. [I08, I09, G3.22]

    ``person_ref`` is the source's own lasting reference for the person, never a name: reports with the same
    one are counted together.
    """

    report_id: Id
    source: Code
    person_ref: Id
    reported_at: Moment
    authority: Code
    person: PersonConcerned
    circumstances: Confidential


@declare("missing_child.flagged.v1", senders=[Kind.STAFF], receivers=[Kind.HUB])
class MissingChildFlagged(Said):
    """A Misper Co-ordinator finds a missing child of concern before the number of reports says so.
    [I09, I10, G3.22]"""

    by: Actor
    rationale: Rationale
