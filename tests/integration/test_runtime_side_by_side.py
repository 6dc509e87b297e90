"""What a process remembers of a document may be old, because another process has changed it since."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from agents.deciding import Decided, Refused
from agents.runtime.opening import quarantined, rejection_of
from broker.embedded import EmbeddedBroker
from messages.envelope import Envelope, Lane
from messages.intake import RiskRated
from messages.parties import queue_name
from store.port import Kept, Quarantined, Step
from tests.support.small_world import SmallHub, SmallState, World, a_rating, a_referral, in_virtual_time


class PatientHub(SmallHub):
    """Takes no rating before somebody has said that the case is ready."""

    def decide(
        self, state: SmallState | None, envelope: Envelope, now: Any, found: Any
    ) -> Decided[SmallState]:
        if isinstance(envelope.payload, RiskRated) and state is not None and not state.get("ready"):
            raise Refused("not_ready", "Wait until it is.")
        return super().decide(state, envelope, now, found)


async def another_process_writes(world: World, kept: Kept, state: SmallState) -> None:
    """The next version of a document, by somebody who does not tell this process."""
    after = replace(kept, version=kept.version + 1, state=json.dumps(state))
    step = Step(kept, after, f"other-{after.version}", world.clock.now())
    assert await world.store("hub").commit([step]) == [True]


@in_virtual_time
async def test_a_case_that_another_process_opened_is_found_by_one_that_knew_it_as_unknown(
    tmp_path: Path,
) -> None:
    world = World(tmp_path)
    await world.start(SmallHub())
    await world.publish(a_rating("case-ref-1", message_id="m-early"))
    await world.until(lambda: quarantined_are(world, ["m-early"]))
    opened = {"open": True, "answers": {}, "due": None, "warned": 0}
    await another_process_writes(world, Kept("case-ref-1", 0, ""), opened)
    await world.publish(a_rating("case-ref-1"))
    await world.until(lambda: world.has("rag"))
    assert await quarantined_are(world, ["m-early"])
    await world.close()


@in_virtual_time
async def test_a_message_is_not_refused_for_what_another_process_has_changed(tmp_path: Path) -> None:
    put_aside: list[str] = []

    class Watched:
        def __init__(self, inner: Any) -> None:
            self.inner = inner

        def __getattr__(self, name: str) -> Any:
            return getattr(self.inner, name)

        async def quarantine(self, items: Sequence[Quarantined]) -> None:
            put_aside.extend(item.message_id for item in items)
            await self.inner.quarantine(items)

    world = World(tmp_path)
    store: Any = Watched(world.open_store("hub"))
    await world.start(PatientHub(), await world.given("hub", store=store))
    await world.publish(a_referral())
    await world.until(world.exists)
    kept = (await world.store("hub").load(["case-ref-1"]))["case-ref-1"]
    await another_process_writes(world, kept, {**json.loads(kept.state), "ready": True})
    await world.publish(a_rating("case-ref-1"))
    await world.until(lambda: world.has("rag"))
    assert put_aside == []
    await world.close()


@in_virtual_time
async def test_what_a_dying_process_refused_and_another_accepts_is_not_left_in_quarantine(
    tmp_path: Path,
) -> None:
    world = World(tmp_path)
    await world.publish(a_referral())
    dying = await world.connect("hub")
    assert isinstance(dying, EmbeddedBroker)
    (delivery,) = await (await dying.subscribe(queue_name("hub", Lane.ROUTINE), prefetch=1)).take(1)
    refused = quarantined(rejection_of(delivery, "not_ready", "Wait."), world.clock.now())
    given = await world.given("hub")
    await given.quarantine.put([refused])
    dying.drop()
    await world.start(SmallHub(), given)
    await world.until(world.exists)
    await world.until(lambda: quarantined_are(world, []))
    await world.close()


async def quarantined_are(world: World, message_ids: list[str]) -> bool:
    return [item.message_id for item in await world.store("hub").quarantined()] == message_ids
