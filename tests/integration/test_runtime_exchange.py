"""The runtime on the embedded engines: one small case from referral to outcome."""

from __future__ import annotations

from pathlib import Path

from tests.support.small_world import World, a_referral, in_virtual_time


@in_virtual_time
async def test_a_referral_leads_to_one_outcome_with_the_content_in_it(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.start_all()
    await world.publish(a_referral())
    await world.until(world.closed)
    [told] = await world.inbox_of("source.school")
    assert told.payload.reason.reveal() == "SECRET of health"
    await world.close()
