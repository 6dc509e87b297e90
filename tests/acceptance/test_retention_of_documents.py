"""DIALs and the reports of missing people are kept no longer than what they brought. [L09, M8]"""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

import store.connect
from agents.coordinator import domestic_abuse, missing_children
from agents.coordinator.dial_record import Dial
from agents.coordinator.governance import is_decided
from agents.coordinator.missing_record import MissingPerson
from agents.coordinator.retention import Keeping, Term, term_of
from agents.deciding import Refused
from messages.dial import DialAlerted, DialCheckRecorded, DialHistoryRecorded, DialScreened
from messages.governance import CasePurgeRequested, CaseStayDecided
from messages.missing import MissingChildFlagged, MissingReported
from messages.words import Actor, Mode, Rag
from ops.clocks import SystemClock
from ops.engines import keys_of, vault_of
from ops.settings import Settings
from store.port import Kept, Step
from tests.acceptance.test_retention import CHILDREN, EDUCATION, POLICE, champion, in_a_year, mash
from tests.support.grounds import whole_hub
from tests.support.hub_by_rules import HubByRules
from tests.support.procedure import PARTNERSHIP, child, dial, secret, why
from tests.support.whole_hub import TUESDAY, WholeHub

RULED = PARTNERSHIP.model_copy(
    update={
        "retention": in_a_year(),
        "rounds": {"dials": PARTNERSHIP.rounds[PARTNERSHIP.round_of("dials") or ""]},
    }
)
"""With a rule of one year for what nobody investigated."""

DIAL = domestic_abuse.key_of("police_cru", "DIAL-1")
CHILD = missing_children.key_of("police_cru", "MP-1")
RESEARCHER = Actor(person="POL-RES-01", role="police_researcher", agency="police")
PRACTITIONER = Actor(person="CSS-PR-01", role="practitioner", agency="csc_staffordshire")
MEETING = RULED.rounds["dials"]
COORDINATOR = next(
    Actor(person=one.person, role="misper_coordinator", agency=one.agency)
    for one in PARTNERSHIP.staff
    if "misper_coordinator" in one.roles
)


def screened(alerted: bool = False) -> WholeHub:
    """A DIAL that the meeting decided on, perhaps after it became a case at tier 2."""
    hub = whole_hub(RULED)
    hub.say(dial(), "source.police_cru")
    if alerted:
        hub.say(DialAlerted(by=RESEARCHER, rag=Rag.AMBER, action="visit", rationale=why()), about=DIAL)
    hub.say(DialHistoryRecorded(by=RESEARCHER, known=False, history=secret("nothing")), about=DIAL)
    hub.say(DialCheckRecorded(by=PRACTITIONER, known=False, findings=secret("nothing")), about=DIAL)
    there = tuple(
        Actor(person=one.person, role=seat.role, agency=seat.agency)
        for seat in MEETING.quorum
        for one in [next(s for s in PARTNERSHIP.staff if s.agency == seat.agency and seat.role in s.roles)]
    )
    hub.say(
        DialScreened(
            by=next(one for one in there if one.role in PARTNERSHIP.rights[MEETING.right]),
            participants=there,
            mode=Mode.FACE_TO_FACE,
            context=secret("seen together"),
            no_action_because=secret("help has begun"),
        ),
        about=DIAL,
    )
    return hub


def reported() -> WholeHub:
    """A child who was reported missing once."""
    hub = whole_hub(RULED)
    hub.say(missing("report-1", TUESDAY), "source.police_cru")
    return hub


def later(hub: WholeHub, days: int) -> None:
    """So many days on; what the daily rounds do on the way is left out."""
    assert isinstance(hub, HubByRules)
    hub.show(hub.now + timedelta(days=days))


def missing(report_id: str, at: datetime) -> MissingReported:
    return MissingReported(
        report_id=report_id,
        person_ref="MP-1",
        source="police_cru",
        reported_at=at,
        authority="staffordshire",
        person=child(),
        circumstances=secret("did not come home"),
    )


def term(hub: WholeHub, key: str, on: date) -> Term:
    document = hub.documents[key]
    assert isinstance(document, Dial | MissingPerson)
    return term_of(document, hub.cases(), RULED, on)


def refusal(hub: WholeHub, about: str, by: Actor = POLICE) -> str:
    with pytest.raises(Refused) as refused:
        hub.say(CasePurgeRequested(by=by), about=about)
    return refused.value.reason


def test_a_dial_is_done_with_once_the_meeting_decided_and_is_held_without_a_rule_l09() -> None:
    dial = screened().documents[DIAL]
    assert term_of(dial, (), PARTNERSHIP, date(2100, 1, 1)).keeping is Keeping.HELD
    assert term_of(dial, (), RULED, date(2013, 3, 6)) == Term(
        Keeping.KEPT, "uninvestigated", date(2013, 3, 6)
    )
    assert term_of(dial, (), RULED, date(2013, 3, 7)).keeping is Keeping.OVER
    unscreened = dial.model_copy(update={"tier_3": None})
    assert term_of(unscreened, (), RULED, date(2100, 1, 1)).keeping is Keeping.OPEN


def test_a_dial_is_destroyed_by_a_word_of_each_agency_that_has_something_in_it_l09() -> None:
    hub = screened()
    assert refusal(hub, DIAL) == "retention_not_over"
    hub.wait(timedelta(days=370))
    hub.say(CaseStayDecided(by=EDUCATION, ground="inquest", stay=True), about=DIAL)
    assert refusal(hub, DIAL) == "purge_stayed"
    hub.say(CaseStayDecided(by=EDUCATION, ground="inquest", stay=False), about=DIAL)
    for one, waiting_for in ((POLICE, ["csc_staffordshire"]), (CHILDREN, [])):
        hub.say(CasePurgeRequested(by=one), about=DIAL)
        assert hub.recorded("purge.agreed")[-1].detail["waiting_for"] == waiting_for
    assert is_decided(hub.documents[DIAL].purge)
    again = DialHistoryRecorded(by=RESEARCHER, known=True, history=secret("more"))
    with pytest.raises(Refused, match="content_destroyed"):
        hub.say(again, about=DIAL)


@pytest.mark.by_rules
def test_a_dial_is_kept_as_long_as_the_case_that_it_brought_l09() -> None:
    hub = screened(alerted=True)
    (case,) = hub.cases()
    assert case.brought_by is not None and case.brought_by.document == DIAL
    later(hub, 400)
    assert refusal(hub, DIAL) == "case_open"
    closed = case.model_copy(update={"closed_at": datetime(2012, 9, 1, 12, tzinfo=UTC)})
    dial = hub.documents[DIAL]
    assert term_of(dial, (closed,), RULED, date(2013, 9, 2)).until == date(2013, 9, 1)
    stayed = closed.model_copy(update={"stays": dial.stays})
    assert term_of(dial, (stayed,), RULED, date(2013, 9, 2)).keeping is Keeping.OVER
    assert term_of(dial, (closed,), PARTNERSHIP, date(2013, 9, 2)).keeping is Keeping.HELD


@pytest.mark.by_rules
def test_the_reports_of_a_missing_child_are_done_with_when_the_last_no_longer_counts_l09() -> None:
    hub = reported()
    assert term(hub, CHILD, date(2012, 6, 3)).keeping is Keeping.OPEN
    assert term(hub, CHILD, date(2012, 6, 4)) == Term(Keeping.KEPT, "uninvestigated", date(2013, 6, 4))
    later(hub, 300)
    hub.say(missing("report-2", hub.now), "source.police_cru")
    assert term(hub, CHILD, hub.now.date()).keeping is Keeping.OPEN


@pytest.mark.by_rules
def test_the_reports_of_a_missing_child_are_destroyed_and_the_next_is_told_to_begin_anew_l09() -> None:
    hub = reported()
    later(hub, 500)
    hub.say(CasePurgeRequested(by=POLICE), about=CHILD)
    assert hub.recorded("purge.agreed")[-1].detail["waiting_for"] == ["another"]
    hub.say(CasePurgeRequested(by=champion("camhs")), about=CHILD)
    assert is_decided(hub.documents[CHILD].purge)
    with pytest.raises(Refused, match="content_destroyed"):
        hub.say(missing("report-2", hub.now), "source.police_cru")


@pytest.mark.by_rules
def test_a_flagged_childs_reports_wait_for_the_case_l09() -> None:
    hub = reported()
    hub.say(MissingChildFlagged(by=COORDINATOR, rationale=why()), about=CHILD)
    later(hub, 500)
    assert refusal(hub, CHILD) == "case_open"


# On a hub's own disk.


async def keep(folder: Path, hub: WholeHub, key: str, version: int) -> None:
    """Keep a document as it stands, and on first sight its content."""
    opened = store.connect.connect(f"sqlite:///{folder / 'store'}", agent="coordinator")
    await opened.provision()
    before = (await opened.load([key])).get(key) or Kept(key, 0, "")
    after = Kept(key, version, hub.coordinator.dump(hub.documents[key]), facets=hub.facets(key))
    assert await opened.commit([Step(before, after, f"{key}-{version}", hub.now)]) == [True]
    if version == 1:
        vault = vault_of(opened, keys_of(Settings(data=folder), "hub"), SystemClock())
        await vault.keep(await vault.seal([(f"m-{key}", key, ["token-77aa"])]))
    await opened.close()


@pytest.mark.by_rules
def test_purging_says_what_else_holds_the_same_words_until_that_is_purged_too_l09(tmp_path: Path) -> None:
    assert mash(tmp_path, "provision").exit_code == 0
    hub = screened(alerted=True)
    (case,) = hub.cases()
    later(hub, 400)
    asyncio.run(keep(tmp_path, hub, case.case_id, 1))
    refused = mash(tmp_path, "retention", "purge", DIAL)
    assert (refused.exit_code, "no case's id" in refused.stderr) == (2, True)
    # Decided, as the rules do it once the case is closed and its time is over.
    purged = {"closed_at": TUESDAY, "purge": decided_purge(hub)}
    hub.documents[case.case_id] = case.model_copy(update=purged)
    hub.documents[DIAL] = hub.documents[DIAL].model_copy(update={"purge": purged["purge"]})
    asyncio.run(keep(tmp_path, hub, case.case_id, 2))
    asyncio.run(keep(tmp_path, hub, DIAL, 1))
    first = mash(tmp_path, "retention", "purge", case.case_id).stdout
    assert first.splitlines() == [
        f"{case.case_id}: content destroyed",
        f"left: {DIAL} holds the same words; champions decide on it too (mash retention list)",
    ]
    listed = mash(tmp_path, "retention", "list").stdout
    assert DIAL in listed and case.case_id in listed
    assert mash(tmp_path, "retention", "purge", DIAL).stdout == f"{DIAL}: content destroyed\n"


def decided_purge(hub: WholeHub) -> object:
    """What two champions' words leave on a DIAL."""
    other = screened()
    later(other, 400)
    for one in (POLICE, CHILDREN):
        other.say(CasePurgeRequested(by=one), about=DIAL)
    return other.documents[DIAL].purge
