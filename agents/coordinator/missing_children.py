"""Missing children: how many reports in how many days make a case. [I08-I11, G3.22]

READ: "more than five in ninety days" is the sixth report within any 90 times 24 hours, both ends included.
READ: the cohort is missing children, so an adult's reports start nothing by themselves. [I11]
Once a case was brought, only reports after those that brought it count towards the next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from agents.coordinator import daily_rounds, length
from agents.coordinator.authority import require_right
from agents.coordinator.governance import Purge, Stay
from agents.coordinator.incoming import key_for, require_authorities, require_made, require_source
from agents.coordinator.parts import SimplePart, noted
from agents.coordinator.setting import Setting
from agents.coordinator.stored import Stored
from agents.deciding import Decided, Fact, Refused, Sending
from agents.partnership import MissingRule
from messages.confidential import Confidential
from messages.envelope import Envelope
from messages.missing import MissingChildFlagged, MissingReported
from messages.notices import MessageRejected
from messages.parties import HUB
from messages.referral import BroughtBy, PersonConcerned, ReferralReceived
from messages.sealing import KeepingContext, KeptContext
from messages.words import Category, Code, Id, Part, Said
from store.port import Facet

_PREFIX = "M-"
MOST_REPORTS = 400
"""Reports kept for one person; older ones are on the audit."""


class Report(Stored):
    """One report. ``counted`` once it helped to bring a case."""

    report_id: Id
    at: datetime
    counted: bool = False


class MissingPerson(Stored):
    """Everybody who was reported missing is one document; ``reports`` are in the order of their times."""

    key: str
    source: Code
    authority: Code
    person: PersonConcerned
    circumstances: Confidential
    reports: tuple[Report, ...]
    cases: int = 0
    purge: Purge | None = None
    stays: tuple[Stay, ...] = ()

    @property
    def is_child(self) -> bool:
        """Whether the last report spoke of a child."""
        return self.person.part is Part.CHILD


def key_of(source: str, person_ref: str) -> str:
    """The document of a person: the same for the same source and reference."""
    return key_for(_PREFIX, source, person_ref)


def qualifies(reports: Sequence[Report], rule: MissingRule) -> tuple[Report, ...]:
    """The reports that bring a case: as many as the rule asks for, within its days; empty when there are
    not. [I09]"""
    length_, open_ = timedelta(days=rule.days), [r for r in reports if not r.counted]
    for first in range(len(open_) - rule.reports + 1):
        last = open_[first + rule.reports - 1]
        if last.at - open_[first].at <= length_:
            return tuple(open_[first : first + rule.reports])
    return ()


def report(
    state: MissingPerson | None, said: MissingReported, key: str, setting: Setting
) -> Decided[MissingPerson]:
    """Count a report, put it before the daily review, and bring a case when it is one too many. [I08, I09]

    Raises `Refused`: a source or authority that is none, a report that is known, or no such procedure here.
    """
    partnership, rule = setting.partnership, setting.partnership.missing_children
    if rule is None:
        raise Refused("missing_not_taken", "This partnership counts no reports of missing children.")
    require_source(said.source, setting)
    require_authorities({"data.authority": said.authority}, setting)
    require_made(said.reported_at, setting, field="data.reported_at")
    length.require_at_most(length.REFERRAL_BYTES, said)
    before = state.reports if state is not None else ()
    if any(one.report_id == said.report_id for one in before):
        raise Refused("report_known", "This report_id has been received for this person.")
    reports = sorted((*before, Report(report_id=said.report_id, at=said.reported_at)), key=lambda r: r.at)
    person = MissingPerson(
        key=key,
        source=said.source,
        authority=said.authority,
        person=said.person,
        circumstances=said.circumstances,
        reports=tuple(reports[-MOST_REPORTS:]),
        cases=state.cases if state is not None else 0,
        stays=state.stays if state is not None else (),
    )
    fact = Fact(
        "missing.reported",
        detail={
            "report_id": said.report_id,
            "reported_at": said.reported_at.isoformat(),
            "child": person.is_child,
        },
    )
    sending, facts = list(daily_rounds.listing("missing_children", key, partnership)), [fact]
    if person.is_child and (enough := qualifies(person.reports, rule)):
        person, brought = _bring(person, BroughtBy(document=key, because="reports_qualify"))
        counted = {one.report_id for one in enough}
        person = person.model_copy(
            update={
                "reports": tuple(
                    one.model_copy(update={"counted": True}) if one.report_id in counted else one
                    for one in person.reports
                )
            }
        )
        sending.append(brought)
        facts.append(Fact("missing.qualified", detail={"reports": [one.report_id for one in enough]}))
    return Decided(person, tuple(sending), tuple(facts))


def flag(state: MissingPerson, said: MissingChildFlagged, setting: Setting) -> Decided[MissingPerson]:
    """A co-ordinator finds a child of concern below the number, and a case is brought. [I09, I10]

    Raises `Refused`: not by a Misper Co-ordinator, or not a child.
    """
    require_right("missing_of_concern", said.by, setting)
    if not state.is_child:
        raise Refused(
            "not_a_child",
            "An adult enters by adult protection or as a professional concern.",
            by=said.by,
        )
    brought = BroughtBy(document=state.key, because="of_concern", by=said.by, rationale=said.rationale)
    flagged, sending = _bring(state, brought)
    return Decided(flagged, (sending,), (Fact("missing.flagged", said.by),))


def _bring(state: MissingPerson, brought: BroughtBy) -> tuple[MissingPerson, Sending]:
    number = state.cases + 1
    said = ReferralReceived(
        referral_id=f"{state.key}/{number}",
        source=state.source,
        category=Category.MISSING_PERSONS,
        made_at=state.reports[-1].at,
        authority=state.authority,
        people=(state.person,),
        concern=state.circumstances,
        brought_by=brought,
    )
    return state.model_copy(update={"cases": number}), Sending(HUB, said)


class MissingChildren(SimplePart[MissingPerson]):
    """A part of the coordinator: one document for each person who was reported missing."""

    prefix = _PREFIX
    state: type[MissingPerson] = MissingPerson
    payloads: frozenset[type[Said]] = frozenset({MissingReported, MissingChildFlagged})
    unhurried: frozenset[type[Said]] = frozenset({MissingReported})

    def key(self, envelope: Envelope) -> str:
        said = envelope.payload
        return key_of(said.source, said.person_ref) if isinstance(said, MissingReported) else envelope.subject

    def load(self, key: str, text: str) -> MissingPerson:
        return MissingPerson.model_validate_json(text, context=KeptContext())

    def dump(self, state: MissingPerson) -> str:
        return state.model_dump_json(context=KeepingContext(state.key), exclude_defaults=True)

    def facets(self, state: MissingPerson) -> Mapping[str, Facet]:
        return {
            "source": state.source,
            "authority": state.authority,
            "reports": len(state.reports),
            "last_report": state.reports[-1].at.isoformat(),
            "cases": state.cases,
        }

    def decide(
        self, state: MissingPerson | None, envelope: Envelope, now: datetime, found: Any
    ) -> Decided[MissingPerson]:
        said = envelope.payload
        setting = self.setting(envelope, now)
        if isinstance(said, MissingReported):
            return report(state, said, self.key(envelope), setting)
        if state is None:
            raise Refused(
                "person_not_reported", "Set subject to the key of a missing person.", fields=("subject",)
            )
        if isinstance(said, MissingChildFlagged):
            return flag(state, said, setting)
        if isinstance(said, MessageRejected):
            return noted(state, said)
        raise Refused("unexpected_message", "Send what the contract says that the hub receives.")
