"""How the hub is, as operations staff see it: codes, ids, counts and times, and no content."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from datetime import datetime

from messages.envelope import Lane
from messages.parties import queue_name
from ops.dashboard import words
from ops.dashboard.given import Given
from ops.operations.due_times import DueTimes, due_times
from ops.operations.engines import QueueSeen, Seen
from ops.operations.in_quarantine import QuarantineList, in_quarantine
from ops.operations.unsent import Unsent, unsent
from store.port import StoreError

MOST_DUE = 10
"""How many due times are shown."""


@dataclass(frozen=True, slots=True)
class PartyQueues:
    """The two queues of a party. ``by_hand`` is an agency that has no worker in this installation: its people
    answer at their desk, and what waits in its queues is seen to by nobody."""

    party: str
    urgent: QueueSeen
    routine: QueueSeen
    by_hand: bool = False

    @property
    def waiting(self) -> int:
        """How many messages wait for this party, as far as that is known."""
        return (self.urgent.waiting or 0) + (self.routine.waiting or 0)

    @property
    def left_alone(self) -> bool:
        """Whether something waits where nobody takes it who should."""
        return not self.by_hand and any(
            one.waiting and one.consumers == 0 for one in (self.urgent, self.routine)
        )


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the summary: what it is about, how that is, and whether somebody should see to it."""

    about: str
    is_so: str
    trouble: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """What the coordinator's store tells."""

    quarantine: QuarantineList
    due: DueTimes
    unsent: tuple[Unsent, ...]


@dataclass(frozen=True, slots=True)
class Operations:
    """The page. ``kept`` is None when the store does not answer. ``ages`` are how long ago things were, by
    what they are about, as people read it."""

    seen: Seen
    store: bool
    kept: Kept | None
    parties: tuple[PartyQueues, ...]
    facts: tuple[Fact, ...]
    ages: tuple[tuple[str, str], ...]

    @property
    def troubles(self) -> int:
        """How many lines of the summary somebody should see to."""
        return sum(fact.trouble for fact in self.facts)

    def age(self, about: str) -> str:
        """How long ago it was."""
        return dict(self.ages)[about]

    def digest(self) -> str:
        """Another one whenever anything on the page is another, ages included."""
        return hashlib.sha256(repr(astuple(self)).encode()).hexdigest()[:16]


async def operations(given: Given) -> Operations:
    """How everything is now. What does not answer is told, and raises nothing."""
    seen = await given.engines.look()
    store, kept = await _kept(given)
    parties = tuple(sorted(_parties(seen), key=lambda one: -one.waiting))
    return Operations(
        seen=seen,
        store=store,
        kept=kept,
        parties=parties,
        facts=tuple(_facts(seen, store, kept, parties)),
        ages=tuple(_ages(kept, given.now)) if kept else (),
    )


async def _kept(given: Given) -> tuple[bool, Kept | None]:
    """Whether the store is well, and what it tells."""
    store, clocks, now = given.store, given.partnership.clocks, given.now
    try:
        return await store.healthy(), Kept(
            await in_quarantine(store),
            await due_times(store, clocks, now, MOST_DUE),
            tuple(await unsent(store, now)),
        )
    except StoreError:
        return False, None


def _parties(seen: Seen) -> Iterator[PartyQueues]:
    queues = {queue.name: queue for queue in seen.queues}
    workers = {agent.party for agent in seen.agents}
    urgent, routine = f".{Lane.URGENT}", f".{Lane.ROUTINE}"
    for name, queue in queues.items():
        if name.endswith(urgent):
            party = name.removesuffix(urgent)
            other = queues.get(queue_name(party, Lane.ROUTINE), QueueSeen(f"{party}{routine}", None))
            by_hand = bool(workers) and party.startswith("agency.") and party not in workers
            yield PartyQueues(party, queue, other, by_hand)


_REACHED = {True: "reached", False: "not reached", None: "not known"}


def _facts(seen: Seen, store: bool, kept: Kept | None, parties: tuple[PartyQueues, ...]) -> Iterator[Fact]:
    yield Fact("Broker", _REACHED[seen.reached], seen.reached is False)
    yield Fact("Store", "takes writes" if store else "does not answer, or takes no writes", not store)
    yield _of_agents(seen)
    alone = [one for one in parties if one.left_alone]
    waiting = sum(one.waiting for one in parties)
    if seen.queues:
        said = f"{waiting} waiting" + (f", for {len(alone)} nobody takes them" if alone else "")
        yield Fact("Queues", said, bool(alone))
    else:
        yield Fact("Queues", "not known")
    yield Fact("Dead queue", _count(seen.dead.waiting if seen.dead else None, "message"), _some(seen.dead))
    yield Fact("Come again later", _count(seen.delayed, "message"))
    if kept is None:
        return
    total, open_ = kept.quarantine.total, kept.quarantine.to_see_to
    refused = f", of them {total - open_} refused to who sent them" if total != open_ else ""
    yield Fact("Quarantine", _count(total, "message") + refused, bool(open_))
    late = f"{kept.due.late}{' or more' if kept.due.more else ''} passed and nothing happened"
    yield Fact("Due times", late if kept.due.late else "none has been passed over", bool(kept.due.late))
    count = sum(one.count for one in kept.unsent)
    said = f"{_count(count, 'message')} not known to be sent, of {_count(len(kept.unsent), 'document')}"
    yield Fact("Outbox", said if count else "everything is sent", bool(count))


def _of_agents(seen: Seen) -> Fact:
    if not seen.agents:
        return Fact("Agents", "not known")
    well = sum(one.state == "well" for one in seen.agents)
    return Fact("Agents", f"{well} of {len(seen.agents)} well", well < len(seen.agents))


def _some(queue: QueueSeen | None) -> bool:
    return queue is not None and bool(queue.waiting)


def _count(number: int | None, of: str) -> str:
    return "not known" if number is None else f"{number or 'no'} {of}{'' if number == 1 else 's'}"


def _ages(kept: Kept, now: datetime) -> Iterator[tuple[str, str]]:
    for item in kept.quarantine.first:
        yield item.mark, words.age(now - item.at)
    for one in kept.unsent:
        yield one.document, words.age(now - one.since)
    for due in kept.due.first:
        yield f"due {due.document}", words.time_left(due.at, now)
