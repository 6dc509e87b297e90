"""Content and the state that refers to it: together wherever they are, and never that of somebody else."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from agents.coordinator.cases import case_id_for
from agents.coordinator.coordinator import Coordinator
from agents.runtime import Runtime
from agents.runtime.stepping import MOST_SEALED
from broker.port import NotPublished, Outbound
from messages.codec import to_outbox
from messages.confidential import Confidential
from messages.envelope import Envelope
from messages.intake import RiskRated
from messages.notices import OutcomeNotified
from messages.parties import topology
from messages.words import Actor, Rag, Rationale
from store.port import Kept, OutboxEntry, Step
from store.vault import Reader
from tests.support import procedure
from tests.support.small_world import (
    SCHOOL,
    SmallHub,
    World,
    a_referral,
    in_virtual_time,
    said_by,
)

REAL = topology(list(procedure.PARTNERSHIP.agencies), [], list(procedure.PARTNERSHIP.sources))
READER = Reader("CSS-DM-01", "decision_maker", "csc_staffordshire")


def a_real_hub(world: World) -> Coordinator:
    return Coordinator(procedure.PARTNERSHIP, world.store("hub"), b"i" * 32)


def a_real_referral(number: int, *, message_id: str, subject: str) -> Envelope:
    said = procedure.referral(referral_id=f"R-{number}", concern=Confidential(f"CONCERN {number}"))
    return said_by("source.first_response", subject, said, message_id=message_id)


def the_case(number: int) -> str:
    return case_id_for("first_response", f"R-{number}")


async def content_of(world: World, case: str) -> list[str]:
    """The texts that the state of a case refers to."""
    state = (await world.store("hub").load([case]))[case].state
    refs = re.findall(r'"kept":"([^"]+)"', state)
    vault = (await world.given("hub")).vault
    return list((await vault.read(case, refs, reader=READER, purpose="test")).values())


async def settled(world: World) -> bool:
    return not await world.store("hub").unsettled(world.clock.now() + timedelta(hours=1), 1)


@in_virtual_time
async def test_two_referrals_of_one_id_and_subject_keep_their_content_apart(tmp_path: Path) -> None:
    world = World(tmp_path, known=REAL)
    await world.start(a_real_hub(world))
    for number in (1, 2):
        await world.publish(a_real_referral(number, message_id="1", subject="referral"))
    for number in (1, 2):
        await world.until(lambda number=number: world.exists(the_case(number)))  # type: ignore[misc]
        assert f"CONCERN {number}" in await content_of(world, the_case(number))
    await world.until(lambda: settled(world))
    for number in (1, 2):
        assert f"CONCERN {number}" in await content_of(world, the_case(number))
    await world.close()


@in_virtual_time
async def test_what_stays_in_memory_of_a_case_has_no_texts(tmp_path: Path) -> None:
    world = World(tmp_path, known=REAL)
    agent = a_real_hub(world)
    hub = await world.start(agent)
    await world.publish(a_real_referral(1, message_id="m-1", subject="R-1"))
    await world.until(lambda: world.exists(the_case(1)))
    document = hub._documents.at_hand(the_case(1))
    assert document is not None
    in_memory = document.state(agent)
    assert in_memory is not None
    assert not in_memory.concern.here
    assert in_memory == agent.load(document.kept.key, document.kept.state)
    await world.close()


@in_virtual_time
async def test_more_content_than_a_document_has_room_for_goes_to_its_own_place(tmp_path: Path) -> None:
    class Watched:
        most = 0

        def __init__(self, inner: Any) -> None:
            self.inner = inner

        def __getattr__(self, name: str) -> Any:
            return getattr(self.inner, name)

        async def commit(self, steps: Sequence[Step]) -> Any:
            sizes = [sum(len(blob.sealed) for blob in step.after.sealed) for step in steps]
            self.most = max(self.most, *sizes)
            return await self.inner.commit(steps)

    class Remembering(SmallHub):
        def decide(self, state: Any, envelope: Envelope, now: Any, found: Any) -> Any:
            decided = super().decide(state, envelope, now, found)
            if isinstance(envelope.payload, RiskRated):
                reason = {"kept": envelope.payload.rationale.reason.ref}
                decided.state["reasons"] = [*decided.state.get("reasons", []), reason]
            return decided

        def dump(self, state: Any) -> str:
            return json.dumps(state, separators=(",", ":"))

    world = World(tmp_path)
    long = [f"{number} {'x' * 19_000}" for number in range(60)]
    await world.publish(a_referral(), *(a_long_rating(number, text) for number, text in enumerate(long)))
    store: Any = Watched(world.open_store("hub"))
    await world.start(Remembering(), await world.given("hub", store=store), batch=40)
    await world.until(lambda: world.has("reasons"))
    while len((await world.case())["reasons"]) < len(long):
        await world.until(lambda: settled(world))
    assert 0 < store.most <= MOST_SEALED < sum(map(len, long))
    assert await content_of(world, "case-ref-1") == long
    await world.close()


def a_long_rating(number: int, text: str) -> Envelope:
    rated = RiskRated(
        by=Actor(person="p-1", role="mash_manager", agency="police"),
        rag=Rag.RED,
        rationale=Rationale(reason=Confidential(text), proportionality=Confidential("PROPORTION")),
    )
    return said_by("staff", "case-ref-1", rated, message_id=f"m-rating-{number}")


@in_virtual_time
async def test_what_a_sweep_could_not_send_is_counted_though_its_content_was_moved(tmp_path: Path) -> None:
    class Deaf:
        def __init__(self, inner: Any) -> None:
            self.inner = inner

        def __getattr__(self, name: str) -> Any:
            return getattr(self.inner, name)

        async def publish(self, messages: Sequence[Outbound]) -> None:
            raise NotPublished({message.message_id: "unconfirmed" for message in messages})

    world = World(tmp_path)
    deaf: Any = Deaf(await world.connect("hub"))
    given = await world.given("hub", broker=deaf)
    told = OutcomeNotified(
        referral_id="ref-1", outcome="passed_to_teams", reason_code="done", reason=Confidential("REASON")
    )
    body, texts = to_outbox(Envelope("hub-1", "hub", SCHOOL, "case-ref-1", world.clock.now(), told))
    sealed = await given.vault.seal([("hub-1", "case-ref-1", texts)])
    kept = Kept("case-ref-1", 1, "{}", outbox=(OutboxEntry("hub-1", body),), sealed=tuple(sealed))
    await given.store.commit([Step(Kept("case-ref-1", 0, ""), kept, "token", world.clock.now())])
    assert await Runtime(SmallHub(), given).sweep() == 1
    left = (await given.store.load(["case-ref-1"]))["case-ref-1"]
    assert ([entry.message_id for entry in left.outbox], left.sealed) == (["hub-1"], ())
    assert (await given.store.get_blobs(["hub-1"])).keys() == {"hub-1"}
    await world.close()


@in_virtual_time
async def test_a_referral_of_a_case_whose_content_was_destroyed_is_refused_like_any_other(
    tmp_path: Path,
) -> None:
    world = World(tmp_path)
    given = await world.given("hub")
    await world.start(SmallHub(), given)
    await world.publish(a_referral())
    await world.until(world.exists)
    await given.vault.forget("case-ref-1", by=[Reader("p-1", "champion", "police")], purpose="retention")
    await world.publish(a_referral(message_id="m-again"))
    [told] = await world.rejections_at(SCHOOL, 1)
    assert told.reason == "case_exists"
    await world.close()
