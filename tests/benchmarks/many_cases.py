"""Stores with many cases, for figures of what people see: open ones in front, closed ones behind.

Each is a copy of a case that the rules made, with facets of its own: codes and times spread as in two years'
work.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from agents.coordinator import counted, needs
from messages.sealing import KeepingContext
from messages.words import Category, Rag
from store.port import Facet, Kept, Step, Store
from tests.support.procedure import CORE_CHILD, PARTNERSHIP, Procedure, element

NOW = datetime(2012, 3, 5, 12, 0, tzinfo=UTC)
DAYS = 700
_AT_ONCE = 500


def a_case() -> Kept:
    """A case with four agencies, two elements of the police and a discussion, before the owners decide."""
    hub = Procedure(start=NOW)
    hub.until_directed(Rag.AMBER)
    hub.answer("police", element("p/1", "police"), element("p/2", "police"))
    hub.nothing_from(*CORE_CHILD[1:])
    hub.discuss("p/1", "p/2")
    case, clocks = hub.case, PARTNERSHIP.clocks
    facets = {
        "kind": "case",
        **needs.facets(case, PARTNERSHIP),
        **counted.facets(case.received_at, counted.of_case(case, clocks), clocks),
    }
    state = case.model_dump_json(context=KeepingContext(case.case_id), exclude_defaults=True)
    return Kept(case.case_id, 1, state, facets=facets)


def cases(like: Kept, open_: int, closed: int) -> Iterator[Kept]:
    """``open_`` cases that run, received in the last week, and ``closed`` of the years before."""
    chance = random.Random(2012)
    for number in range(open_ + closed):
        is_open = number < open_
        hours = chance.randrange(0, 7 * 24) if is_open else chance.randrange(7 * 24, DAYS * 24)
        yield Kept(
            key=f"C-{number:012}",
            version=1,
            state=like.state,
            inbox=like.inbox,
            facets={**like.facets, **_facets(chance, number, NOW - timedelta(hours=hours), is_open)},
        )


def _facets(chance: random.Random, number: int, received: datetime, is_open: bool) -> dict[str, Facet]:
    clocks = PARTNERSHIP.clocks
    rag = chance.choice(list(Rag))
    due = received + timedelta(hours={Rag.RED: 2, Rag.AMBER: 24, Rag.BLUE: 72}[rag])
    due += timedelta(seconds=number % 3600)
    category = chance.choice(list(Category)).value
    asked = tuple(sorted(chance.sample(sorted(PARTNERSHIP.agencies), 4)))
    late = chance.random() < 0.1
    words = [f"case:{category}:{clocks.day_of(received) - timedelta(days=clocks.day_of(received).weekday())}"]
    words += [f"target:{rag}:{'late' if late else 'on_time'}", f"met:{chance.choice(('phone', 'video'))}"]
    words += [f"answer:{one}:{'late' if chance.random() < 0.1 else 'on_time'}" for one in asked]
    words += [f"element:{one}:released" for one in asked]
    return {
        "referral_id": f"R-{number}",
        "category": category,
        "rag": rag.value,
        "open": is_open,
        "stage": "disclosure" if is_open else "closed",
        "owed": "package" if is_open else "nothing",
        "received_at": received.isoformat(),
        "due_at": due.isoformat(),
        "urgent_at": due.isoformat() if is_open else f"stopped {due.isoformat()}",
        "agencies": asked,
        "needs": (f"owner:{asked[0]}",) if is_open else (),
        "waiting_for": asked[:1] if is_open else (),
        "undecided": asked[:1] if is_open else (),
        "people": tuple(f"{chance.getrandbits(128):032x}" for _ in range(6)),
        **counted.facets(received, words, clocks),
    }


async def fill(store: Store, open_: int, closed: int) -> None:
    """Put them there."""
    steps: list[Step] = []
    like = a_case()
    for kept in cases(like, open_, closed):
        steps.append(Step(Kept(kept.key, 0, ""), kept, f"token-{kept.key}", NOW))
        if len(steps) == _AT_ONCE:
            await store.commit(steps)
            steps.clear()
    await store.commit(steps)
