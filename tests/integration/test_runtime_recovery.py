"""Several processes side by side, what they leave behind, and what operators take out of quarantine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agents.deciding import Decided
from agents.runtime.opening import quarantined, rejection_of
from broker.port import NotPublished, Outbound
from messages.envelope import Envelope
from messages.intake import EnquiryDirected
from messages.notices import OutcomeNotified
from store import audit
from store.quarantine import NotInQuarantine
from tests.support.small_world import (
    AUDIT_SECRET,
    SCHOOL,
    START,
    SmallAgency,
    SmallHub,
    SmallState,
    World,
    a_bombshell,
    a_rating,
    a_referral,
    in_virtual_time,
)

CASES = 60


@in_virtual_time
async def test_three_coordinators_side_by_side_do_everything_once(tmp_path: Path) -> None:
    world = World(tmp_path)
    for _ in range(3):
        world.life += 1
        await world.start(SmallHub(), await world.given("hub", store=world.open_store("hub")), batch=5)
        for agency in ("police", "health"):
            party = f"agency.{agency}"
            given = await world.given(party, store=world.open_store(party))
            await world.start(SmallAgency(agency), given, batch=3)
    await world.publish(*(a_referral(n) for n in range(CASES)))
    for n in range(CASES):
        await world.until(lambda n=n: world.closed(f"case-ref-{n}"))  # type: ignore[misc]
    await world.stop()
    told = await world.inbox_of(SCHOOL)
    assert len({envelope.id for envelope in told}) == CASES
    for n in range(CASES):
        kept = (await world.store("hub").load([f"case-ref-{n}"]))[f"case-ref-{n}"]
        chain = await world.store("hub").audit(kept.key)
        assert audit.verify(kept.key, chain, audit.Head.of(kept), AUDIT_SECRET) is None
        acts = sorted(await world.acts(kept.key))
        assert acts == ["answered", "answered", "closed", "opened"]
        assert kept.version == 2 or len(kept.inbox) == 3
    await world.close()


@in_virtual_time
async def test_what_a_dead_process_left_unsent_is_sent_by_another(tmp_path: Path) -> None:
    class Deaf(_Passing):
        async def publish(self, messages: Sequence[Outbound]) -> None:
            raise NotPublished({message.message_id: "unconfirmed" for message in messages})

    world = World(tmp_path)
    deaf: Any = Deaf(await world.connect("hub"))
    await world.start(SmallHub(), await world.given("hub", broker=deaf))
    await world.publish(a_referral())
    await world.until(lambda: acknowledged(world))
    _, task = world.running.pop()
    task.cancel()
    await deaf.close()
    assert await world.exists()
    world.life = 2
    await world.start_all(look_again=timedelta(seconds=10))
    await world.until(world.closed, 60)
    await world.close()


async def acknowledged(world: World) -> bool:
    waiting = world.server.depth("hub.routine")
    return waiting == 0 and await world.exists()


class _Passing:
    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


class Mendable(SmallHub):
    """Cannot cope with directions until it is mended."""

    mended = False

    def decide(
        self, state: SmallState | None, envelope: Envelope, now: datetime, found: Any
    ) -> Decided[SmallState]:
        if self.mended and state is not None and isinstance(envelope.payload, EnquiryDirected):
            return Decided({**state, "directed": state.get("directed", 0) + 1})
        return super().decide(state, envelope, now, found)


@in_virtual_time
async def test_a_message_out_of_quarantine_is_handled_as_if_it_had_just_come(tmp_path: Path) -> None:
    world = World(tmp_path)
    agent = Mendable()
    hub = await world.start(agent)
    await world.publish(a_referral(), a_bombshell("case-ref-1"))
    await world.until(lambda: world.in_quarantine("hub", 1), 7200)
    still = await hub.redrive("m-bomb")
    assert (still.kind, still.reason) == ("failed", "handler_failed")
    assert await world.in_quarantine("hub", 1)
    agent.mended = True
    assert (await hub.redrive("m-bomb")).kind == "accepted"
    assert await world.in_quarantine("hub", 0)
    assert (await world.case())["directed"] == 1
    with pytest.raises(NotInQuarantine):
        await hub.redrive("m-bomb")
    await world.close()


@in_virtual_time
async def test_a_refused_message_can_be_redriven_once_it_is_allowed(tmp_path: Path) -> None:
    class Strict(SmallHub):
        strict = True

        def decide(
            self, state: SmallState | None, envelope: Envelope, now: datetime, found: Any
        ) -> Decided[SmallState]:
            if not self.strict and state is not None:
                return Decided({**state, "rag": "red"})
            return super().decide(state, envelope, now, found)

    world = World(tmp_path)
    agent = Strict()
    hub = await world.start(agent)
    await world.publish(a_referral())
    await world.until(world.exists)
    await world.publish(a_rating("case-ref-1", "clerk"))
    await world.until(lambda: world.in_quarantine("hub", 1))
    again = await hub.redrive("m-rating")
    assert (again.kind, again.reason) == ("refused", "right_missing")
    agent.strict = False
    assert (await hub.redrive("m-rating")).kind == "accepted"
    assert await world.has("rag")
    assert await world.in_quarantine("hub", 0)
    assert len(await world.rejections_at("staff", 1)) == 1
    await world.close()


@in_virtual_time
async def test_what_the_hub_sent_and_nobody_could_cope_with_is_sent_again(tmp_path: Path) -> None:
    class Helpless(SmallAgency):
        mended = False

        async def prepare(self, envelopes: Any) -> Any:
            if not self.mended:
                raise OSError("the records cannot be reached")
            return {}

    world = World(tmp_path)
    police = Helpless("police")
    hub = await world.start(SmallHub())
    await world.start(police)
    await world.start(SmallAgency("health"))
    await world.publish(a_referral())
    await world.until(lambda: world.in_quarantine("hub", 1), 7200)
    [item] = await world.store("hub").quarantined()
    police.mended = True
    assert (await hub.redrive(item.message_id)).kind == "sent"
    await world.until(world.closed)
    assert await world.in_quarantine("hub", 0)
    outcomes = [e for e in await world.inbox_of(SCHOOL) if isinstance(e.payload, OutcomeNotified)]
    assert len(outcomes) == 1
    await world.close()


@pytest.mark.parametrize(
    "changed", [{"body": b"{}"}, {"routing_key": "team.first.urgent.deadline.breached.v1"}]
)
@in_virtual_time
async def test_what_the_hub_did_not_send_just_so_is_not_sent_in_its_name(
    changed: dict[str, Any], tmp_path: Path
) -> None:
    world = World(tmp_path)
    hub = await world.start(SmallHub())
    await world.publish(a_referral())
    police = await world.connect("agency.police")
    subscription = await police.subscribe("agency.police.urgent", prefetch=1)
    (request,) = await subscription.take(1)
    await subscription.acknowledge([request])
    forged = replace(request, **changed)
    quarantine = (await world.given("hub")).quarantine
    await quarantine.put([quarantined(rejection_of(forged, "handler_failed", "Wait."), START)])
    outcome = await hub.redrive(request.message_id)
    assert (outcome.kind, outcome.reason) == ("rejected", "not_made_here")
    assert await world.in_quarantine("hub", 1)
    await police.close()
    assert await world.inbox_of("agency.police") == []
    await world.close()
