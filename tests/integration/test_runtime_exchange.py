"""The runtime on the embedded engines: one small case from referral to outcome."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from agents.runtime.tracing import ATTRIBUTES
from messages.notices import OutcomeNotified
from ops.telemetry import Telemetry
from tests.support.small_world import (
    SCHOOL,
    START,
    SmallAgency,
    SmallHub,
    World,
    a_rating,
    a_referral,
    in_virtual_time,
)


@in_virtual_time
async def test_a_referral_leads_to_one_outcome_with_the_content_in_it(tmp_path: Path) -> None:
    world = World(tmp_path)
    await world.start_all()
    await world.publish(a_referral())
    await world.until(world.closed)
    [told] = await world.inbox_of(SCHOOL)
    assert isinstance(told.payload, OutcomeNotified)
    assert told.payload.reason is not None
    assert told.payload.reason.reveal() == "SECRET of health"
    await world.close()


@in_virtual_time
async def test_every_message_that_carries_content_is_on_record_with_its_receiver(tmp_path: Path) -> None:
    world = World(tmp_path)
    await world.start_all()
    await world.publish(a_referral())
    await world.until(world.closed)
    [told] = await world.inbox_of(SCHOOL)
    await world.stop()
    bodies = [json.loads(entry.body) for entry in await world.store("hub").audit("case-ref-1")]
    sent = [one for body in bodies if body["act"] == "content.sent" for one in body["detail"]["messages"]]
    assert sorted(one["to"] for one in sent) == ["agency.health", "agency.police", SCHOOL]
    assert [one["message"] for one in sent if one["to"] == SCHOOL] == [told.id]
    await world.close()


@in_virtual_time
async def test_a_case_is_one_trace_across_all_agents(tmp_path: Path) -> None:
    world = World(tmp_path)
    with Telemetry(folder=tmp_path / "spans", endpoint=None) as telemetry:
        for agent in (SmallHub(), SmallAgency("police"), SmallAgency("health")):
            await world.start(agent, tracer=telemetry.tracer(agent.party))
        await world.publish(a_referral())
        await world.until(world.closed)
        await world.stop()
    spans = spans_in(tmp_path / "spans")
    assert len({span["trace_id"] for span in spans}) == 1
    by_id = {span["span_id"]: span for span in spans}
    tree = sorted(
        (span["party"], span["name"], by_id[span["parent_id"]]["party"] if span["parent_id"] else None)
        for span in spans
    )
    assert tree == [
        ("agency.health", "process mash.check.requested.v1", "hub"),
        ("agency.health", "send mash.check.answered.v1", "agency.health"),
        ("agency.police", "process mash.check.requested.v1", "hub"),
        ("agency.police", "send mash.check.answered.v1", "agency.police"),
        ("hub", "process mash.check.answered.v1", "agency.health"),
        ("hub", "process mash.check.answered.v1", "agency.police"),
        ("hub", "process mash.referral.received.v1", None),
        ("hub", "send mash.check.requested.v1", "hub"),
        ("hub", "send mash.check.requested.v1", "hub"),
        ("hub", "send mash.outcome.notified.v1", "hub"),
    ]
    outcomes = {(span["kind"], span["attributes"]["mash.outcome"]) for span in spans}
    assert outcomes == {("consumer", "accepted"), ("producer", "sent")}
    assert set().union(*(span["attributes"] for span in spans)) <= ATTRIBUTES
    await world.close()


@in_virtual_time
async def test_a_sender_with_a_trace_of_its_own_is_linked_to_the_trace_of_the_case(tmp_path: Path) -> None:
    world = World(tmp_path)
    other = "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01"
    with Telemetry(folder=tmp_path / "spans", endpoint=None) as telemetry:
        await world.start(SmallHub(), tracer=telemetry.tracer("hub"))
        await world.publish(a_referral())
        await world.until(world.exists)
        await world.publish(replace(a_rating("case-ref-1"), traceparent=other))
        await world.until(lambda: world.has("rag"))
        await world.clock.sleep(timedelta(hours=3))
        await world.stop()
    handled = [span for span in spans_in(tmp_path / "spans") if span["kind"] != "producer"]
    [referral, rating, firing] = sorted(handled, key=lambda span: span["start"])
    assert rating["trace_id"] == firing["trace_id"] == referral["trace_id"] != other.split("-")[1]
    assert rating["parent_id"] == firing["parent_id"] == referral["span_id"]
    assert [link["trace_id"] for link in rating["links"]] == [other.split("-")[1]]
    assert firing["name"] == "fire"
    assert firing["start"] == (START + timedelta(hours=2)).isoformat()
    await world.close()


@in_virtual_time
async def test_without_tracing_a_senders_context_is_carried_on(tmp_path: Path) -> None:
    world = World(tmp_path)
    await world.start_all()
    context = "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01"
    await world.publish(replace(a_referral(), traceparent=context))
    await world.until(world.closed)
    [told] = await world.inbox_of(SCHOOL)
    assert told.traceparent == context
    await world.close()


@in_virtual_time
async def test_everything_sent_for_a_case_names_its_cause_and_its_beginning(tmp_path: Path) -> None:
    world = World(tmp_path)
    await world.start_all()
    await world.publish(a_referral())
    await world.until(world.closed)
    [told] = await world.inbox_of(SCHOOL)
    assert (told.source, told.subject) == ("hub", "case-ref-1")
    assert told.correlation_id == "ref-1"
    assert told.causation_id is not None
    kept = (await world.store("agency.police").load(["work-case-ref-1"]))["work-case-ref-1"]
    assert kept.facets["subject"] == "case-ref-1"
    assert kept.facets["correlation"] == "ref-1"
    await world.close()


def spans_in(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for file in sorted(folder.iterdir()) for line in file.read_text().splitlines()]
