"""What cannot be accepted: put aside, told to its sender, and without effect on anything else."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from agents.runtime.folding import MOST_REFUSALS
from messages.codec import MAX_BYTES, plain_wire
from messages.envelope import Envelope
from messages.notices import MessageRejected
from tests.support.small_world import (
    KEYS,
    SCHOOL,
    SmallAgency,
    SmallHub,
    World,
    a_rating,
    a_referral,
    an_answer,
    in_virtual_time,
    outbound,
    said_by,
)


def changed(envelope: Envelope, **attributes: object) -> bytes:
    event = json.loads(plain_wire(envelope, KEYS))
    return json.dumps({**event, **attributes}).encode()


HOSTILE = {
    "not_json": b"\x00 this is not JSON",
    "too_large": b"{" + b" " * MAX_BYTES + b"}",
    "envelope_invalid": changed(a_referral(), time="yesterday"),
    "sender_mismatch": changed(a_referral(), source="agency.police"),
    "unsupported_version": changed(a_referral(), type="mash.referral.received.v0"),
    "not_sealed": changed(a_referral(), sealed="a.b.c.d.e"),
    "payload_invalid": changed(a_referral(), data={"referral_id": "ref-1"}),
}


@pytest.mark.parametrize("reason", HOSTILE)
@in_virtual_time
async def test_a_message_that_cannot_be_read_goes_into_quarantine_and_its_sender_is_told(
    reason: str, tmp_path: Path
) -> None:
    world = World(tmp_path)
    await world.start_all()
    await world.publish_as(SCHOOL, outbound(a_referral(1), HOSTILE[reason]))
    await world.publish(a_referral(2))
    await world.until(lambda: world.closed("case-ref-2"))
    [item] = await world.store("hub").quarantined()
    [told] = await world.rejections_of(SCHOOL)
    assert told.reason == item.reason == reason
    assert told.rejected_id == item.message_id == "m-ref-1"
    assert item.user == SCHOOL
    assert b"CONCERN" not in item.body
    assert not await world.exists("case-ref-1")
    await world.close()


@in_virtual_time
async def test_a_refusal_is_on_the_record_of_its_case_and_changes_nothing_else(tmp_path: Path) -> None:
    world = World(tmp_path)
    await world.start(SmallHub())
    await world.publish(a_referral())
    await world.until(world.exists)
    before = await world.case()
    await world.publish(a_rating("case-ref-1", "clerk"))
    [told] = await world.rejections_at("staff", 1)
    await world.stop()
    assert (told.reason, told.fields) == ("right_missing", ("by.role",))
    assert await world.case() == before
    last = (await world.store("hub").audit("case-ref-1"))[-1]
    body = json.loads(last.body)
    assert (body["act"], body["by"]["role"], body["message"]) == ("refused", "clerk", "m-rating")
    assert [item.reason for item in await world.store("hub").quarantined()] == ["right_missing"]
    assert "REASON" not in last.body
    await world.close()


@in_virtual_time
async def test_a_message_for_an_unknown_case_leaves_no_document_behind(tmp_path: Path) -> None:
    world = World(tmp_path)
    await world.start(SmallHub())
    await world.publish(a_rating("case-nobody-knows"))
    [told] = await world.rejections_at("staff", 1)
    assert told.reason == "case_unknown"
    assert not await world.exists("case-nobody-knows")
    await world.close()


@in_virtual_time
async def test_the_same_message_twice_takes_effect_once(tmp_path: Path) -> None:
    world = World(tmp_path)
    await world.start_all()
    await world.publish(a_referral(), a_referral(), a_rating("case-ref-1", "clerk"), a_referral())
    await world.until(world.closed)
    await world.publish(a_referral(), a_rating("case-ref-1", "clerk"), a_referral(2))
    await world.until(lambda: world.closed("case-ref-2"))
    outcomes = [e for e in await world.inbox_of(SCHOOL) if e.subject == "case-ref-1"]
    assert [type(e.payload).__name__ for e in outcomes] == ["OutcomeNotified"]
    assert len({e.id for e in await world.inbox_of("staff")}) == 1
    await world.stop()
    acts = await world.acts("case-ref-1")
    assert sorted(acts) == ["answered", "answered", "closed", "opened", "refused"]
    await world.close()


@in_virtual_time
async def test_an_answer_that_cannot_be_read_shows_in_its_case(tmp_path: Path) -> None:
    world = World(tmp_path)
    await world.start(SmallHub())
    await world.publish(a_referral())
    await world.until(world.exists)
    answer = said_by("agency.police", "case-ref-1", a_rating("x").payload, message_id="m-garbled")
    garbled = changed(answer, type="mash.check.answered.v1", data={"state": "found"})
    sent = replace(
        outbound(answer, garbled),
        type="mash.check.answered.v1",
        routing_key="hub.routine.check.answered.v1",
    )
    await world.publish_as("agency.police", sent, sent)
    await world.until(lambda: world.has("unreadable"))
    assert (await world.case())["unreadable"] == "agency.police"
    rejections = await world.rejections_at("agency.police", 1)
    assert {told.reason for told in rejections} == {"payload_invalid"}
    await world.stop()
    acts = await world.acts("case-ref-1")
    assert acts == ["opened", "answer_unreadable", "refused"]
    await world.close()


@in_virtual_time
async def test_a_rejection_is_never_rejected_in_turn(tmp_path: Path) -> None:
    world = World(tmp_path)
    await world.start(SmallHub())
    rejection = MessageRejected(
        rejected_id="m-1",
        rejected_type="mash.check.requested.v1",
        reason="x",
        remedy="y",
        at=a_referral().time,
    )
    await world.publish(said_by("agency.police", "case-nobody-knows", rejection, message_id="m-rejection"))
    await world.until(lambda: world.in_quarantine("hub", 1))
    await world.stop()
    assert await world.inbox_of("agency.police") == []
    await world.close()


@in_virtual_time
async def test_an_agency_that_cannot_read_a_request_tells_the_hub(tmp_path: Path) -> None:
    world = World(tmp_path)
    await world.start(SmallAgency("police"))
    await world.start(SmallHub())
    await world.publish(a_referral())
    await world.until(lambda: world.has("answers"))
    garbled = changed(a_referral(), source="hub", recipient="agency.police", subject="case-ref-1")
    await world.publish_as(
        "hub",
        replace(outbound(a_referral(), garbled), routing_key="agency.police.routine.check.requested.v1"),
    )
    await world.until(lambda: world.has("rejected"))
    [item] = await world.store("agency.police").quarantined()
    assert item.user == "hub"
    await world.close()


@in_virtual_time
async def test_a_message_with_the_id_of_anothers_never_stands_for_the_others_content(tmp_path: Path) -> None:
    world = World(tmp_path)
    await world.start(SmallHub())
    await world.publish(a_referral(1), a_referral(2))
    await world.until(lambda: world.exists("case-ref-2"))
    for agency, case in (("police", "case-ref-1"), ("health", "case-ref-2")):
        await world.publish(an_answer(agency, case, message_id="m-the-same"))
    await world.until(lambda: answered(world, "case-ref-2"))
    [ref] = (await world.case("case-ref-2"))["answers"].values()
    vault = (await world.given("hub")).vault
    sealed = (await world.store("hub").load(["case-ref-2"]))["case-ref-2"].sealed
    assert await vault.texts_for_sending([ref], sealed) == {ref: "SECRET of health"}
    await world.close()


async def answered(world: World, key: str) -> bool:
    return bool((await world.case(key)).get("answers"))


@pytest.mark.parametrize("readable", [True, False])
@in_virtual_time
async def test_a_case_does_not_grow_without_end_by_what_is_refused(readable: bool, tmp_path: Path) -> None:
    async def unanswerable(count: int, first: int = 0) -> None:
        answers = [
            an_answer("police", "case-ref-1", message_id=f"m-again-{number}")
            for number in range(first, first + count)
        ]
        bodies = [None if readable else changed(answer, data={"state": "found"}) for answer in answers]
        await world.publish_as(
            "agency.police", *(outbound(one, body) for one, body in zip(answers, bodies, strict=True))
        )
        await world.until(lambda: world.in_quarantine("hub", first + count), 60)

    world = World(tmp_path)
    await world.start(SmallHub())
    await world.publish(a_referral())
    await world.until(world.exists)
    await world.publish(an_answer("police", "case-ref-1", message_id="m-answer"))
    await world.until(lambda: answered(world, "case-ref-1"))
    await unanswerable(MOST_REFUSALS)
    full = (await world.store("hub").load(["case-ref-1"]))["case-ref-1"]
    await unanswerable(70, MOST_REFUSALS)
    kept = (await world.store("hub").load(["case-ref-1"]))["case-ref-1"]
    assert (kept.version, kept.inbox) == (full.version, full.inbox)
    told = await world.rejections_at("agency.police", MOST_REFUSALS + 70, 60)
    assert len({one.rejected_id for one in told}) == MOST_REFUSALS + 70
    await world.publish(a_rating("case-ref-1", "clerk"))
    await world.until(lambda: world.in_quarantine("hub", MOST_REFUSALS + 71))
    await world.stop()
    acts = await world.acts("case-ref-1")
    assert acts.count("refused") == MOST_REFUSALS + 1
    await world.close()
