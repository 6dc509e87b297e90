"""Missing children: how many reports in how many days make a case. [I08-I11, G3.22]

READ: "more than five in ninety days" is the sixth report within any 90 times 24 hours, both ends included.
READ: every report that is at least the sixth of such days brings a case, unless one about this child is open:
reports are not used up by a case that ended.
READ: the cohort is missing children, so an adult's reports start nothing by themselves. [I11]
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from agents.coordinator import brought, daily_rounds, length, threshold
from agents.coordinator.authority import require_right
from agents.coordinator.brought import Brought, Known
from agents.coordinator.incoming import key_for, require_made, require_people, require_source
from agents.coordinator.missing_record import MissingPerson, Report
from agents.coordinator.parts import noted
from agents.coordinator.setting import Setting
from agents.deciding import Decided, Fact, Refused, Sending
from agents.partnership import MissingRule
from messages.missing import MissingChildFlagged, MissingReported
from messages.notices import MessageRejected
from messages.parties import HUB
from messages.referral import BroughtBy, ReferralReceived
from messages.words import Category

PREFIX = "M-"
MOST_REPORTS = 400
"""Reports kept for one person; older ones are on the audit."""

_QUALIFIES, _OF_CONCERN = "reports_qualify", "of_concern"


@dataclass(frozen=True, slots=True)
class Found:
    """What is known besides a person's own document: the cases that were brought, the documents of the same
    person under another reference or of another source, and the reports in them, those under way included.
    """

    known: Known = field(default_factory=Known)
    hashes: tuple[str, ...] = ()
    same: tuple[MissingPerson, ...] = ()
    same_keys: tuple[str, ...] = ()
    reports: tuple[Report, ...] = ()


def key_of(source: str, person_ref: str) -> str:
    """The document of a person: the same for the same source and reference."""
    return key_for(PREFIX, source, person_ref)


def together(own: Sequence[Report], others: Iterable[Report]) -> tuple[Report, ...]:
    """The reports of one person with those of their other documents: what two documents tell of one moment is
    one disappearance. What one document tells itself is not merged: its source gave each its own id. [I09]"""
    told = {one.at for one in own}
    return (*own, *{one.at: one for one in others if one.at not in told}.values())


def qualifies(reports: Sequence[Report], at: datetime, rule: MissingRule) -> tuple[Report, ...]:
    """The latest reports that with one made at this moment bring a case: as many as the rule asks for, within
    its days; empty when there are not. [I09]"""
    in_order = sorted(reports, key=lambda one: one.at)
    for last in reversed(range(rule.reports - 1, len(in_order))):
        enough = tuple(in_order[last - rule.reports + 1 : last + 1])
        within = enough[-1].at - enough[0].at <= timedelta(days=rule.days)
        if within and enough[0].at <= at <= enough[-1].at:
            return enough
    return ()


def report(
    state: MissingPerson | None, said: MissingReported, key: str, setting: Setting, found: Found
) -> Decided[MissingPerson]:
    """Count a report, put it before the daily review, and bring a case when it is one too many and none about
    this child is open. [I08, I09]

    Raises `Refused`: a source or authority that is none, a report that is known, no such procedure here, or
    what could be no referral, should one have to follow.
    """
    partnership, rule = setting.partnership, setting.partnership.missing_children
    if rule is None:
        raise Refused("missing_not_taken", "This partnership counts no reports of missing children.")
    require_source(said.source, setting)
    require_made(said.reported_at, setting, field="data.reported_at")
    length.require_at_most(length.REFERRAL_BYTES, said)
    require_people({"data.person": said.person})
    before = state.reports if state is not None else ()
    if any(one.report_id == said.report_id for one in before):
        raise Refused("report_known", "This report_id has been received for this person.")
    person = _with(state, said, key, found)
    threshold.require_referable(_referral(person, key, BroughtBy(document=key, because=_QUALIFIES)), setting)
    reports = together(person.reports, found.reports)
    enough = qualifies(reports, said.reported_at, rule) if person.is_child else ()
    now_open = _open(person, found)
    detail = {
        "report_id": said.report_id,
        "reported_at": said.reported_at.isoformat(),
        "child": person.is_child,
        "qualifies": bool(enough),
        "case_of": now_open,
        "same_as": list(person.same_as),
    }
    facts = [Fact("missing.reported", detail=detail)]
    sending = list(daily_rounds.listing("missing_children", key, partnership))
    if enough and now_open is None:
        person, said_to_itself = _bring(person, BroughtBy(document=key, because=_QUALIFIES), setting)
        sending.append(said_to_itself)
        facts.append(Fact("missing.qualified", detail={"reports": [one.report_id for one in enough]}))
    return Decided(person, tuple(sending), tuple(facts))


def flag(
    state: MissingPerson, said: MissingChildFlagged, setting: Setting, found: Found
) -> Decided[MissingPerson]:
    """A co-ordinator finds a child of concern below the number, and a case is brought. [I09, I10]

    Raises `Refused`: not by a Misper Co-ordinator, not a child, while a case about the child is open, or with
    a rationale that is longer than a case takes.
    """
    require_right("missing_of_concern", said.by, setting)
    length.require_at_most(length.ASSESSMENT_BYTES, said, by=said.by)
    if not state.is_child:
        raise Refused(
            "not_a_child",
            "An adult enters by adult protection or as a professional concern.",
            by=said.by,
        )
    if _open(state, found) is not None:
        raise Refused(
            "case_is_open",
            "A case about this child is open already (mash cases); what is new belongs there.",
            by=said.by,
        )
    because = BroughtBy(document=state.key, because=_OF_CONCERN, by=said.by, rationale=said.rationale)
    flagged, sending = _bring(state, because, setting)
    return Decided(flagged, (sending,), (Fact("missing.flagged", said.by),))


def rejected(
    state: MissingPerson, said: MessageRejected, setting: Setting, found: Found
) -> Decided[MissingPerson]:
    """Put on record that something which followed was not taken. A case that did not come counts as none: the
    next report, or a co-ordinator, may bring it; staff are told. [I09, I10]"""
    if not brought.is_own_referral(said, setting):
        return noted(state, said, state.key, setting)
    after, lost = brought.after_refusal(state.brought, state.source, found.known, said.reason)
    return noted(
        state.model_copy(update={"brought": after}), said, state.key, setting, put_back=tuple(sorted(lost))
    )


def _with(state: MissingPerson | None, said: MissingReported, key: str, found: Found) -> MissingPerson:
    """The person with this report. What an older report says of them is older, whenever it comes."""
    one = Report(report_id=said.report_id, at=said.reported_at)
    before = state.reports if state is not None else ()
    reports = tuple(sorted((*before, one), key=lambda r: r.at)[-MOST_REPORTS:])
    if state is not None and said.reported_at < before[-1].at:
        return state.model_copy(update={"reports": reports})
    return MissingPerson(
        key=key,
        source=said.source,
        person_ref=said.person_ref,
        authority=said.authority,
        person=said.person,
        circumstances=said.circumstances,
        reports=reports,
        person_hashes=found.hashes,
        same_as=found.same_keys,
        brought=state.brought if state is not None else (),
        stays=state.stays if state is not None else (),
    )


def _open(state: MissingPerson, found: Found) -> str | None:
    """The referral of a case about this person that is open, under whichever reference it was brought."""
    for person in (state, *found.same):
        for one in brought.open_now(person.brought, person.source, found.known):
            return one.referral_id
    return None


def _bring(state: MissingPerson, because: BroughtBy, setting: Setting) -> tuple[MissingPerson, Sending]:
    """The hub refers a missing child to itself. Raises `Refused` for what it would not take any more."""
    referral_id = f"{state.key}/{state.cases + 1}"
    one = Brought(referral_id=referral_id, because=because.because)
    after = state.model_copy(update={"brought": (*state.brought, one)})
    said = _referral(state, referral_id, because)
    threshold.require_referable(said, setting)
    return after, Sending(HUB, said)


def _referral(state: MissingPerson, referral_id: str, because: BroughtBy) -> ReferralReceived:
    return ReferralReceived(
        referral_id=referral_id,
        source=state.source,
        category=Category.MISSING_PERSONS,
        made_at=state.reports[-1].at,
        authority=state.authority,
        people=(state.person,),
        concern=state.circumstances,
        brought_by=because.model_copy(update={"reference": state.person_ref}),
    )
