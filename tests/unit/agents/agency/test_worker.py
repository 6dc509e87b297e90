"""An agency's worker: what it answers, what its owner's rules decide, what it leaves to a person."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from agents.agency.folder import worker_from
from agents.agency.state import AgencyCase
from agents.agency.worker import AgencyWorker
from agents.deciding import Agent, Decided, Refused
from messages.checks import CheckAnswered, PersonMatch
from messages.codec import MAX_BYTES, plain_wire
from messages.confidential import Confidential
from messages.disclosure import (
    DisclosureDecided,
    ElementToReview,
    PermissionDecided,
    PermissionRequested,
    ReviewRequested,
)
from messages.envelope import Envelope, Lane
from messages.notices import DeadlineWarned, MessageRejected
from messages.package import RecordAcknowledged, RecordedElement, RecordRequested
from messages.sealing import WireKeys
from messages.words import AnswerState, Choice, RiskFlag, Said
from tests.support.agencies import (
    CASE,
    NOW,
    PEOPLE,
    RECORDS,
    RECORDS_KEY,
    check,
    person,
    police_folder,
    to_police,
)

GOLDIE = person("p1", given="Goldie", family="Thistlewood", born="2014-03-09", nhs="943 476 5919")
FATHER = person("p2", given="Rowan", family="Thistlewood", born="1985-11-30")
SOME_ROWAN = person("p3", given="Rowan", family="Thistlewood")
STRANGER = person("p4", given="Ivo", family="Ashe", born="1990-02-02")


@dataclass
class Desk:
    """Hands messages to a worker as the runtime does, and keeps its state in its stored form."""

    worker: AgencyWorker
    stored: str | None = None

    @property
    def case(self) -> AgencyCase:
        assert self.stored is not None
        return self.worker.load("C-1", self.stored)

    async def say(
        self, payload: Said, *, now: datetime = NOW, lane: Lane = Lane.ROUTINE
    ) -> Decided[AgencyCase]:
        sent = to_police(payload)
        envelope = Envelope(sent.id, "hub", sent.recipient, CASE, NOW, payload, lane)
        found = await self.worker.prepare([envelope])
        state = self.worker.load("C-1", self.stored) if self.stored else None
        decided = self.worker.decide(state, envelope, now, found[envelope.id])
        self.stored = self.worker.dump(decided.state)
        return decided

    async def answer(self, *people: object, round: int = 1) -> CheckAnswered:
        decided = await self.say(check(*people, round=round))  # type: ignore[arg-type]
        (sending,) = decided.sending
        assert sending.to == "hub"
        assert isinstance(sending.payload, CheckAnswered)
        return sending.payload


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(worker_from(police_folder(tmp_path / "police"), RECORDS_KEY))


def desk_with(folder: Path, **files: str) -> Desk:
    return Desk(worker_from(police_folder(folder / "police", **files), RECORDS_KEY))


def review(*elements: ElementToReview, round: int = 1) -> ReviewRequested:
    return ReviewRequested(
        review_id=f"{CASE}/review/{round}/police",
        round=round,
        discussion_id="d1",
        elements=elements,
        purpose="safeguarding_children",
        cause="first_decision",
        due_at=NOW + timedelta(hours=4),
    )


def as_revealed(answer: CheckAnswered, kind: str) -> ElementToReview:
    element = next(e for e in answer.elements if e.kind == kind)
    return ElementToReview(
        element_id=element.element_id, kind=element.kind, marking=element.marking, risks=element.risks
    )


def test_a_worker_is_an_agent(desk: Desk) -> None:
    agent: Agent[AgencyCase] = desk.worker
    assert agent.party == "agency.police"


async def test_what_is_held_about_somebody_recognised_is_revealed_with_a_pointer_to_its_record(
    desk: Desk,
) -> None:
    answer = await desk.answer(GOLDIE)
    assert answer.state is AnswerState.FOUND
    assert {(e.kind, e.marking, e.owner, e.record.document) for e in answer.elements} == {
        ("attendance", "protect", "police", "R-100"),
        ("intelligence", "restricted", "police", "R-101"),
    }
    assert all(e.about == ("p1",) for e in answer.elements)
    assert answer.matches[0].outcome == "same_person"
    assert "nhs_number" in answer.matches[0].reasons


async def test_each_element_says_whom_it_is_about_and_who_owns_it(desk: Desk) -> None:
    answer = await desk.answer(GOLDIE, FATHER)
    owners = {(e.about, e.kind): e.owner for e in answer.elements}
    assert owners[("p2",), "licence"] == "probation"
    assert owners[("p1",), "attendance"] == "police"


async def test_an_element_about_two_people_is_revealed_once(tmp_path: Path) -> None:
    both = RECORDS.replace("P-1,R-100", "P-1;P-2,R-100")
    answer = await desk_with(tmp_path, records=both).answer(GOLDIE, FATHER)
    assert [e.about for e in answer.elements if e.kind == "attendance"] == [("p1", "p2")]


async def test_nothing_found_is_said_only_of_somebody_who_is_not_there(desk: Desk) -> None:
    answer = await desk.answer(STRANGER)
    assert (answer.state, answer.elements) == (AnswerState.NOTHING_FOUND, ())
    assert answer.matches[0].outcome == "nobody"


async def test_records_that_are_all_irrelevant_are_nothing_relevant(tmp_path: Path) -> None:
    layout = '[records]\nleave_out_kinds = ["attendance", "intelligence"]\n'
    answer = await desk_with(tmp_path, layout=layout).answer(GOLDIE)
    assert answer.state is AnswerState.NOTHING_RELEVANT


async def test_when_several_people_fit_nothing_is_said_about_any_of_them(desk: Desk) -> None:
    answer = await desk.answer(SOME_ROWAN)
    assert (answer.state, answer.elements) == (AnswerState.SEVERAL_FIT, ())
    assert answer.matches[0].candidates == 2


async def test_a_source_that_gives_elements_of_somebody_it_did_not_recognise_is_not_believed(
    desk: Desk,
) -> None:
    envelope = to_police(check(GOLDIE))
    found = (await desk.worker.prepare([envelope]))[envelope.id]
    unsure = replace(
        found["p1"], match=PersonMatch(person_id="p1", outcome="several_fit", score=70, candidates=2)
    )
    decided = desk.worker.decide(None, envelope, NOW, {"p1": unsure})
    (sending,) = decided.sending
    assert isinstance(sending.payload, CheckAnswered)
    assert (sending.payload.state, sending.payload.elements) == (AnswerState.SEVERAL_FIT, ())


async def test_one_recognised_and_one_left_open_is_found_with_the_doubt_shown(desk: Desk) -> None:
    answer = await desk.answer(GOLDIE, SOME_ROWAN)
    assert answer.state is AnswerState.FOUND
    assert [m.outcome for m in answer.matches] == ["same_person", "several_fit"]
    assert {e.about for e in answer.elements} == {("p1",)}
    assert desk.worker.facets(desk.case)["several_fit"] == 1


async def test_a_doubt_about_one_is_not_hidden_by_nothing_found_about_another(desk: Desk) -> None:
    assert (await desk.answer(STRANGER, SOME_ROWAN)).state is AnswerState.SEVERAL_FIT


async def test_two_people_who_are_taken_for_the_same_one_are_both_left_open(tmp_path: Path) -> None:
    """Twins called much the same, of whom the records know a third spelling."""
    desk = desk_with(tmp_path, people=PEOPLE.replace("Marigold,", "Aleena,"))
    row = "1 Example Row, Exampleton ZZ1 1ZZ"
    one = person("p1", given="Alleena", family="Thistlewood", born="2014-03-09", address=row)
    other = person("p2", given="Alena", family="Thistlewood", born="2014-03-09", address=row)
    assert (await desk.answer(one)).state is AnswerState.FOUND
    answer = await desk.answer(one, other)
    assert answer.state is AnswerState.SEVERAL_FIT
    assert all("fits_two_people_asked_for" in m.reasons for m in answer.matches)


async def test_a_person_named_twice_in_a_request_is_still_recognised(desk: Desk) -> None:
    again = GOLDIE.model_copy(update={"person_id": "p9"})
    answer = await desk.answer(GOLDIE, again)
    assert {e.about for e in answer.elements} == {("p1", "p9")}


async def test_an_element_keeps_its_id_in_a_later_round_and_is_revealed_again(desk: Desk) -> None:
    first = await desk.answer(GOLDIE)
    second = await desk.answer(GOLDIE, round=2)
    assert [e.element_id for e in first.elements] == [e.element_id for e in second.elements]
    assert {e.round for e in desk.case.elements} == {2}
    assert len(desk.case.elements) == 2
    assert [c.round for c in desk.case.checks] == [1, 2]


async def test_more_than_one_message_can_carry_is_left_to_a_person_and_not_cut_short(
    tmp_path: Path,
) -> None:
    rows = "".join(f"P-1,R-{n},{'word ' * 3000}{n},attendance,,protect,,,,\n" for n in range(1000, 1020))
    desk = desk_with(tmp_path, records=RECORDS + rows)
    answer = await desk.answer(GOLDIE)
    assert (answer.state, answer.elements) == (AnswerState.UNAVAILABLE, ())
    assert answer.reason is not None


@pytest.mark.parametrize("letters", ["word ", "wörd ", "字字字字 "])
async def test_the_largest_answer_fits_into_a_message(tmp_path: Path, letters: str) -> None:
    for count in (200, 120, 60, 20, 5):
        rows = "".join(
            f"P-1,R-{n},{letters * 180}{n},attendance,,protect,,,,\n" for n in range(1000, 1000 + count)
        )
        answer = await desk_with(tmp_path, records=RECORDS + rows).answer(GOLDIE)
        if answer.state is AnswerState.FOUND:
            break
    assert answer.state is AnswerState.FOUND
    reply = Envelope("m2", "agency.police", "hub", CASE, NOW, answer)
    assert len(plain_wire(reply, WireKeys(secret=b"k" * 32))) <= MAX_BYTES


async def test_nothing_of_the_records_or_the_people_is_in_the_state_facets_or_facts(desk: Desk) -> None:
    decided = await desk.say(check(GOLDIE, FATHER, SOME_ROWAN))
    written = f"{desk.stored} {desk.worker.facets(desk.case)} {[f.detail for f in decided.facts]}"
    for token in ("Officers", "Quill", "Licence", "Goldie", "Thistlewood", "Rowan", "9434765919", "Row"):
        assert token not in written
    json.dumps([dict(f.detail) for f in decided.facts])


async def test_a_review_is_decided_by_the_owners_rules_one_message_for_each(desk: Desk) -> None:
    answer = await desk.answer(GOLDIE)
    asked = review(as_revealed(answer, "attendance"), as_revealed(answer, "intelligence"))
    decided = await desk.say(asked, lane=Lane.URGENT)
    said = {s.payload.rule.rule: s for s in decided.sending}  # type: ignore[attr-defined]
    assert set(said) == {"pol-attendance", "pol-intelligence"}
    assert all(s.lane is Lane.URGENT and s.to == "hub" for s in decided.sending)
    released, sanitised = said["pol-attendance"].payload, said["pol-intelligence"].payload
    assert isinstance(released, DisclosureDecided)
    assert isinstance(sanitised, DisclosureDecided)
    assert released.by is None
    assert released.discussion_id == "d1"
    choice = released.decisions[0].choice
    assert choice.choice is Choice.RELEASE
    assert (choice.legal_basis, choice.purpose) == ("children_act_2004", "safeguarding_children")
    assert choice.tests is not None
    assert choice.tests.proportionality.reveal() == "Only the attendance leaves."
    safe = sanitised.decisions[0].choice.sanitised
    assert safe is not None
    assert safe.text.reveal() == "Shouting was heard."
    assert desk.case.waiting == ()


async def test_what_no_rule_decides_waits_for_a_person_and_nothing_is_sent(desk: Desk) -> None:
    answer = await desk.answer(GOLDIE)
    late = NOW.replace(month=7)
    decided = await desk.say(review(as_revealed(answer, "attendance")), now=late)
    assert decided.sending == ()
    assert [w.because for w in desk.case.waiting] == ["no_rule_fits"]
    facets = desk.worker.facets(desk.case)
    assert facets["waiting_for_person"] == 1
    assert facets["waiting_until"] == (NOW + timedelta(hours=4)).isoformat()


@pytest.mark.parametrize(
    ("change", "because"),
    [
        ({"marking": "confidential"}, "known_differently"),
        ({"kind": "record"}, "known_differently"),
        ({"risks": (RiskFlag.THIRD_PARTY_HARM,)}, "no_rule_fits"),
        ({"element_id": f"{CASE}/police/0123456789abcdef01234567"}, "not_revealed_here"),
    ],
)
async def test_an_element_that_the_hub_sees_otherwise_waits_for_a_person(
    desk: Desk, change: dict[str, object], because: str
) -> None:
    answer = await desk.answer(GOLDIE)
    asked = as_revealed(answer, "attendance").model_copy(update=change)
    assert (await desk.say(review(asked))).sending == ()
    assert [w.because for w in desk.case.waiting] == [because]


async def test_a_rule_does_not_decide_on_a_record_that_has_changed(desk: Desk, tmp_path: Path) -> None:
    answer = await desk.answer(GOLDIE)
    changed = RECORDS.replace("Officers called", "Two officers called")
    later = desk_with(tmp_path, records=changed)
    later.stored = desk.stored
    assert (await later.say(review(as_revealed(answer, "attendance")))).sending == ()
    assert [w.because for w in later.case.waiting] == ["record_changed"]


async def test_a_rule_does_not_decide_on_what_another_agency_owns(desk: Desk) -> None:
    answer = await desk.answer(FATHER)
    await desk.say(review(as_revealed(answer, "licence")))
    assert [w.because for w in desk.case.waiting] == ["not_the_owner"]


async def test_a_second_review_that_a_rule_decides_ends_the_wait(desk: Desk) -> None:
    answer = await desk.answer(GOLDIE)
    asked = review(as_revealed(answer, "attendance"))
    await desk.say(asked, now=NOW.replace(month=7))
    await desk.say(asked)
    assert desk.case.waiting == ()
    assert [d.rule for d in desk.case.decided] == ["pol-attendance"]


async def test_what_is_asked_again_after_a_new_finding_is_a_persons_whatever_the_rules(desk: Desk) -> None:
    answer = await desk.answer(GOLDIE)
    asked = review(as_revealed(answer, "attendance")).model_copy(update={"cause": "new_finding"})
    assert (await desk.say(asked)).sending == ()
    assert [w.because for w in desk.case.waiting] == ["new_finding"]


def permission(**change: object) -> PermissionRequested:
    asked = PermissionRequested(
        permission_id="perm-1",
        element_id=f"{CASE}/education/1",
        holder="education",
        owner="police",
        discussion_id="d1",
        kind="attendance",
        marking="protect",
        text=Confidential("Officers came to the school."),
        why_needed=Confidential("It bears on safety."),
        intended_use="safeguarding_children",
        due_at=NOW + timedelta(hours=4),
    )
    return asked.model_copy(update=change)


async def test_an_owner_permits_by_rule_what_another_agency_holds(desk: Desk) -> None:
    (sending,) = (await desk.say(permission())).sending
    said = sending.payload
    assert isinstance(said, PermissionDecided)
    assert said.rule is not None
    assert (said.permission_id, said.rule.rule, said.choice.choice) == (
        "perm-1",
        "pol-attendance",
        Choice.RELEASE,
    )


async def test_a_permission_that_no_rule_covers_is_left_to_a_person(desk: Desk) -> None:
    assert (await desk.say(permission(intended_use="protection_of_life"))).sending == ()
    assert [w.request_id for w in desk.case.waiting] == ["perm-1"]


async def test_a_permission_asked_again_after_a_new_finding_is_a_persons(desk: Desk) -> None:
    assert (await desk.say(permission(cause="new_finding"))).sending == ()
    assert [w.because for w in desk.case.waiting] == ["new_finding"]


async def test_permission_is_not_given_for_what_somebody_else_owns(desk: Desk) -> None:
    with pytest.raises(Refused) as refusal:
        await desk.say(permission(owner="probation"))
    assert refusal.value.reason == "not_the_owner"


async def test_what_comes_back_is_recorded_once_and_acknowledged_each_time(
    desk: Desk, tmp_path: Path
) -> None:
    request = RecordRequested(
        record_id="pkg-1/record/police",
        package_id="pkg-1",
        elements=(
            RecordedElement(
                element_id="e1", agency="education", owner="education", own=False, text=Confidential("One")
            ),
        ),
        people=(GOLDIE,),
        due_at=NOW,
    )
    for _ in range(2):
        (sending,) = (await desk.say(request)).sending
        assert isinstance(sending.payload, RecordAcknowledged)
        assert sending.payload.record_id == "pkg-1/record/police"
        entry = sending.payload.entry
    rows = (tmp_path / "police" / "written_back.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 2
    assert entry in rows[1]
    assert [w.entry for w in desk.case.written] == [entry]


async def test_a_refusal_by_the_hub_is_noted_and_never_answered(desk: Desk) -> None:
    refusal = MessageRejected(
        rejected_id="m7",
        rejected_type="mash.disclosure.decided.v1",
        reason="not_discussed",
        remedy="Discuss it first.",
        at=NOW,
    )
    with capture_logs() as logged:
        decided = await desk.say(refusal)
    assert [(e["log_level"], e["message_id"], e["reason"]) for e in logged] == [
        ("warning", "m7", "not_discussed")
    ]
    assert decided.sending == ()
    assert desk.case.rejected == ("m7",)
    assert decided.facts[0].detail["reason"] == "not_discussed"


async def test_a_warning_changes_nothing(desk: Desk) -> None:
    warning = DeadlineWarned(timer="agency_answer", percent=50, due_at=NOW)
    decided = await desk.say(warning)
    assert decided.sending == ()
    assert decided.state == AgencyCase(case_id=CASE)


async def test_a_message_that_is_not_for_agencies_is_refused(desk: Desk) -> None:
    with pytest.raises(Refused) as refusal:
        await desk.say(RecordAcknowledged(record_id="r1", agency="police", entry="e1"))
    assert refusal.value.reason == "unexpected_message"


def test_no_time_of_the_workers_own_ever_comes(desk: Desk) -> None:
    case = AgencyCase(case_id=CASE)
    assert desk.worker.due(case) is None
    assert desk.worker.fire(case, NOW) == Decided(case)
