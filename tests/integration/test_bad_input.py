"""Bad input, on both engines: its sender learns why and what to do, and nothing else comes of it.

The hub runs; everybody else is the test. Each test has a case of its own, in which every agency owes an
answer, and ends with a sound message that the hub takes as if nothing had been.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio

from agents.agency.folder import worker_from
from agents.coordinator.cases import case_id_for
from broker.port import Outbound
from messages.checks import CheckAnswered
from messages.codec import plain_wire, received_ref
from messages.envelope import Envelope, Lane
from messages.intake import EnquiryDirected, RiskRated, ThresholdDecided
from messages.notices import MessageRejected
from messages.parties import HUB
from messages.sealing import WireKeys
from messages.words import AnswerState, Rag
from ops.engines import keys_of
from store.port import Kept
from store.quarantine import Quarantine
from tests.support.agencies import RECORDS_KEY
from tests.support.bad_shapes import SHAPES, TEXT, WORDS, changed
from tests.support.hub_system import HubSystem
from tests.support.procedure import (
    MANAGER,
    PRACTITIONER,
    SENIOR_PRACTITIONER,
    element,
    referral,
    secret,
    why,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

SOURCE, STAFF, CARE = "source.first_response", "staff", "agency.csc_staffordshire"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hub(hub_system: HubSystem) -> HubSystem:
    """The coordinator is running."""
    await hub_system.start_hub()
    return hub_system


@dataclass(frozen=True)
class Under:
    """A case under way, and what the hub does with a message that is meant for it."""

    hub: HubSystem
    case: str

    async def kept(self) -> Kept:
        found = await self.hub.kept(self.case)
        assert found is not None
        return found

    async def goes_on(self) -> None:
        """A sound message is taken."""
        await self.hub.done(rating(), self.case)

    async def refuses(
        self, reason: str, *fields: str, said: Envelope, body: bytes | None = None, sender: str | None = None
    ) -> MessageRejected:
        """The hub refuses a message for this reason, at these places, and with no trace of its content."""
        hub, sender = self.hub, sender or said.source
        before, cases = await self.kept(), await hub.count_cases()
        body = hub.wire(said) if body is None else body
        await hub.publish(sender, said.id, said.type, body)
        answer, wire = await hub.rejection(sender, said.id)
        assert (answer.reason, answer.fields, answer.sent_by) == (reason, fields, sender)
        assert len(answer.remedy) > len("Do this.")
        assert WORDS.found_in(wire) == set()
        await self._is_put_aside(said.id, reason, body)
        await self._is_as_before(before, said.id)
        assert await hub.count_cases() == cases
        assert await (await hub.store(HUB)).get_blobs([received_ref(body)]) == {}
        await self.goes_on()
        return answer

    async def _is_put_aside(self, message_id: str, reason: str, body: bytes) -> None:
        kept_in = await self.hub.store(HUB)
        [sealed] = await kept_in.quarantined(message_id=message_id)
        assert sealed.reason == reason
        assert WORDS.found_in(repr(sealed).encode() + sealed.body) == set()
        quarantine = Quarantine(kept_in, keys_of(self.hub.settings, HUB).quarantine)
        assert (await quarantine.opened(message_id)).body == body

    async def _is_as_before(self, before: Kept, message_id: str) -> None:
        """The refusal may be on the record and counted, nothing else may have changed."""
        after = await self.kept()
        now, then = ({k: v for k, v in kept.facets.items() if k != "refused"} for kept in (after, before))
        assert (after.state, after.due, now) == (before.state, before.due, then)
        assert after.inbox - before.inbox <= {f"{message_id}!refused"}
        assert {blob.ref for blob in after.sealed} <= {blob.ref for blob in before.sealed}
        new = [entry for entry in await self.record() if entry["message"] == message_id]
        assert {entry["act"] for entry in new} <= {"refused"}
        assert after.audit_seq == before.audit_seq + len(new)

    async def record(self) -> list[dict[str, Any]]:
        """The audit of the case, copied or not."""
        copied = await (await self.hub.store(HUB)).audit(self.case)
        entries = {entry.seq: entry for entry in (*copied, *(await self.kept()).audit_pending)}
        return [json.loads(entries[seq].body) for seq in sorted(entries)]


@pytest_asyncio.fixture(loop_scope="module")
async def under(hub: HubSystem) -> Under:
    """A case in which all core agencies were asked and none has answered."""
    case = await hub.refer(a_referral())
    await hub.done(ThresholdDecided(by=SENIOR_PRACTITIONER, met=True, rationale=why()), case)
    await hub.done(RiskRated(by=MANAGER, rag=Rag.AMBER, rationale=why()), case)
    await hub.done(directed(), case)
    return Under(hub, case)


def a_referral(**changes: object) -> Any:
    return referral(**{"referral_id": f"R-{uuid4().hex[:12]}", "concern": secret(TEXT), **changes})


def directed(**changes: object) -> EnquiryDirected:
    said = {
        "by": SENIOR_PRACTITIONER,
        "purpose": "safeguarding_children",
        "legal_basis": "children_act_2004",
        "rationale": reasons(),
    }
    return EnquiryDirected.model_validate({**said, **changes})


def rating(**changes: object) -> RiskRated:
    return RiskRated.model_validate({"by": MANAGER, "rag": Rag.AMBER, "rationale": reasons(), **changes})


def reasons() -> Any:
    return why().model_copy(update={"reason": secret(TEXT)})


def answer(case: str, agency: str = "csc_staffordshire", request: str | None = None) -> CheckAnswered:
    return CheckAnswered(
        request_id=request or f"{case}/check/1/{agency}",
        agency=agency,
        state=AnswerState.FOUND,
        elements=(element("e1", agency, TEXT),),
    )


@pytest.mark.parametrize("shape", SHAPES)
async def test_a_message_of_a_bad_shape_is_refused(under: Under, shape: str) -> None:
    spoil, reason, fields = SHAPES[shape]
    said = under.hub.envelope(rating(), STAFF, under.case)
    await under.refuses(reason, *fields, said=said, body=spoil(under.hub.wire(said)))


async def test_a_message_sealed_with_a_wrong_key_is_refused(under: Under) -> None:
    said = under.hub.envelope(rating(), STAFF, under.case)
    wrong = plain_wire(said, WireKeys(own={STAFF: b"w" * 32}))
    await under.refuses("not_sealed", "sealed", said=said, body=wrong)


async def test_the_seal_of_another_message_is_refused(under: Under) -> None:
    said, other = (under.hub.envelope(rating(), STAFF, under.case) for _ in range(2))
    sealed = json.loads(under.hub.wire(other))["sealed"]
    await under.refuses("not_sealed", "sealed", said=said, body=changed(under.hub.wire(said), sealed=sealed))


async def test_a_decision_by_a_role_that_may_not_take_it_is_refused(under: Under) -> None:
    said = under.hub.envelope(rating(by=PRACTITIONER), STAFF, under.case)
    answer = await under.refuses("role_may_not", "data.by.role", said=said)
    assert "mash_manager" in answer.remedy
    [entry] = [entry for entry in await under.record() if entry["message"] == said.id]
    assert (entry["act"], entry["by"]["person"]) == ("refused", PRACTITIONER.person)


async def test_a_role_that_the_person_does_not_hold_is_refused(under: Under) -> None:
    by = PRACTITIONER.model_copy(update={"role": "mash_manager"})
    said = under.hub.envelope(rating(by=by), STAFF, under.case)
    await under.refuses("role_not_held", "data.by.role", said=said)


async def test_an_unknown_agency_is_refused(under: Under) -> None:
    said = under.hub.envelope(directed(also_ask=("circus",)), STAFF, under.case)
    await under.refuses("agency_unknown", "data.also_ask", said=said)


async def test_an_agency_that_answers_for_another_in_the_payload_is_refused(under: Under) -> None:
    said = under.hub.envelope(answer(under.case, "police"), CARE, under.case)
    await under.refuses("agency_mismatch", "data.agency", said=said)


async def test_an_agency_that_answers_anothers_request_is_refused(under: Under) -> None:
    request = f"{under.case}/check/1/police"
    said = under.hub.envelope(answer(under.case, request=request), CARE, under.case)
    await under.refuses("agency_mismatch", "data.agency", said=said)


async def test_an_agency_that_speaks_as_another_is_refused_and_told_itself(under: Under) -> None:
    said = under.hub.envelope(answer(under.case, "police"), "agency.police", under.case)
    await under.refuses("sender_mismatch", "source", said=said, sender=CARE)
    assert await under.hub.rejections("agency.police", said.id) == []


async def test_an_agency_that_speaks_as_another_with_its_own_seal_is_refused(under: Under) -> None:
    own = under.hub.envelope(answer(under.case, "police"), CARE, under.case)
    forged = changed(under.hub.wire(own), source="agency.police")
    await under.refuses("sender_mismatch", "source", said=own, body=forged)


async def test_a_person_of_one_agency_cannot_answer_for_another(under: Under) -> None:
    payload = answer(under.case, "police").model_copy(update={"by": PRACTITIONER})
    said = under.hub.envelope(payload, STAFF, under.case)
    await under.refuses("not_your_agencys", "data.by.agency", said=said)


async def test_an_answer_to_a_request_that_was_not_made_is_refused(under: Under) -> None:
    said = under.hub.envelope(answer(under.case, request="no-such-request"), CARE, under.case)
    await under.refuses("request_unknown", said=said)


async def test_an_answer_for_an_unknown_case_is_refused(under: Under) -> None:
    said = under.hub.envelope(answer("C-NOSUCHCASE00"), CARE, "C-NOSUCHCASE00")
    await under.refuses("case_unknown", "subject", said=said)
    assert await under.hub.kept("C-NOSUCHCASE00") is None


async def test_an_answer_for_a_closed_case_is_refused(under: Under) -> None:
    case = await under.hub.refer(a_referral())
    redirected = ThresholdDecided(by=SENIOR_PRACTITIONER, met=False, rationale=why(), redirect_to="education")
    await under.hub.done(redirected, case)
    closed = await under.hub.kept(case)
    said = under.hub.envelope(answer(case), CARE, case)
    await under.refuses("case_closed", said=said)
    after = await under.hub.kept(case)
    assert closed is not None and after is not None
    assert after.state == closed.state


@pytest.mark.parametrize(
    ("changes", "reason", "field"),
    [
        ({"data__category": TEXT}, "payload_invalid", "data.category: enum"),
        ({"data__source": "circus"}, "source_unknown", "data.source"),
        ({"data__source": "police_cru"}, "source_unknown", "data.source"),
        ({"data__authority": "atlantis"}, "authority_unknown", "data.authority"),
        ({"data__made_at": "the day before yesterday"}, "payload_invalid", "data.made_at: moment_expected"),
        ({"data__made_at": "9999-03-02T09:00:00Z"}, "made_in_the_future", "data.made_at"),
        ({"data__people": []}, "payload_invalid", "data.people: too_short"),
    ],
    ids=["category", "source", "another source", "authority", "date", "in the future", "nobody"],
)
async def test_a_referral_with_something_unknown_is_refused_and_opens_no_case(
    under: Under, changes: dict[str, Any], reason: str, field: str
) -> None:
    payload = a_referral()
    said = under.hub.envelope(payload, SOURCE, payload.referral_id)
    await under.refuses(reason, field, said=said, body=changed(under.hub.wire(said), **changes))
    for source in (*under.hub.partnership.sources, "circus"):
        assert await under.hub.kept(case_id_for(source, payload.referral_id)) is None


async def test_the_same_message_twice_takes_effect_once(under: Under) -> None:
    said = under.hub.envelope(answer(under.case), CARE, under.case)
    wire = under.hub.wire(said)
    await under.hub.publish(CARE, said.id, said.type, wire)
    await under.hub.until_accepted(said.id, under.case)
    before = await under.kept()
    await under.hub.publish(CARE, said.id, said.type, wire)
    await under.goes_on()
    after = await under.hub.case(under.case)
    assert [e.element_id for e in after.elements] == ["e1"]
    assert (await under.kept()).version == before.version + 1
    assert await (await under.hub.store(HUB)).quarantined(message_id=said.id) == []


async def test_the_same_bad_message_twice_is_put_aside_and_told_once(under: Under) -> None:
    said = under.hub.envelope(rating(by=PRACTITIONER), STAFF, under.case)
    await under.refuses("role_may_not", "data.by.role", said=said)
    before = await under.kept()
    await under.hub.publish(STAFF, said.id, said.type, under.hub.wire(said))
    await under.goes_on()
    assert (await under.kept()).version == before.version + 1
    assert len(await (await under.hub.store(HUB)).quarantined(message_id=said.id)) == 1
    assert len(await under.hub.rejections(STAFF, said.id)) == 1


async def test_a_sound_message_in_a_batch_of_bad_ones_is_taken(under: Under) -> None:
    bad = [under.hub.envelope(rating(), STAFF, under.case) for _ in SHAPES]
    good = under.hub.envelope(rating(rag=Rag.RED), STAFF, under.case)
    for said, (spoil, _, _) in zip(bad, SHAPES.values(), strict=True):
        await under.hub.publish(STAFF, said.id, said.type, spoil(under.hub.wire(said)))
    await under.hub.publish(STAFF, good.id, good.type, under.hub.wire(good))
    await under.hub.until_accepted(good.id, under.case)
    for said in bad:
        await under.hub.until_aside(said.id)
    found = (await under.hub.case(under.case)).rating
    assert found is not None and found.rag is Rag.RED


async def test_an_agencys_worker_goes_on_too(under: Under, tmp_path: Path) -> None:
    hub, party = under.hub, "agency.probation"
    (tmp_path / "agency.toml").write_text('agency = "probation"\n')
    (tmp_path / "people.csv").write_text("person,given_name,family_name\n")
    (tmp_path / "records.csv").write_text("person,record,text,marking\n")
    await hub.start(worker_from(tmp_path, RECORDS_KEY))
    bad = f"{under.case}-bad"
    key = f"{party}.{Lane.ROUTINE}.check.requested.v1"
    outbound = Outbound(bad, "mash.check.requested.v1", key, f"no JSON, but {TEXT}".encode())
    await (await hub.broker(HUB)).publish([outbound])

    await hub.done(directed(by=SENIOR_PRACTITIONER, also_ask=("probation",)), under.case)

    await hub.until_case(
        under.case,
        "probation answers",
        lambda case: any(c.agency == "probation" and c.answered_at is not None for c in case.checks),
    )
    [aside] = await (await hub.store(party)).quarantined(message_id=bad)
    assert aside.reason == "not_json"
    assert WORDS.found_in(repr(aside).encode() + aside.body) == set()
    await under.goes_on()
