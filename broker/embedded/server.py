"""The embedded broker: routing, permissions and queues in one process, durable on disk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from broker import topics
from broker.embedded.alarm import Alarm
from broker.embedded.broker import EmbeddedBroker
from broker.embedded.journal import Counts, Journal, Row
from broker.port import BrokerError, NotPublished, Outbound
from messages.clock import Clock
from messages.topology import DEAD_QUEUE, Topology, UserSpec

_MICROSECOND = timedelta(microseconds=1)


class EmbeddedServer:
    """What a RabbitMQ server is to its clients, for the agents of one process.

    Opening the file again after a crash gives everything back; what was out then counts as an attempt.
    Calls write to the disk where they stand, in well under a millisecond.

    Raises
    ------
    BrokerError
        when another process has the file open.
    """

    def __init__(self, path: Path | str, topology: Topology, clock: Clock) -> None:
        self.topology = topology
        self._journal = Journal(path)
        self._alarm = Alarm(clock, self._wake)
        self._users = {spec.name: spec for spec in topology.users}
        self._listeners: dict[str, list[Callable[[], None]]] = {}
        self._route = lru_cache(maxsize=4096)(self._find_route)
        self._may_send = lru_cache(maxsize=4096)(self._find_permission)
        self.lose(self._journal.left_out())

    def connect(self, user: str) -> EmbeddedBroker:
        """A connection of one of the topology's users.

        Raises
        ------
        BrokerError
            for a user that was not declared.
        """
        if user not in self._users:
            raise BrokerError(f"no user {user!r} was declared")
        return EmbeddedBroker(self, self._users[user])

    def consumers(self, queue: str) -> int:
        """How many consume from a queue."""
        return len(self._listeners.get(queue, ()))

    def counts(self) -> dict[str, Counts]:
        """How many messages each queue has that is not empty, by what they are at."""
        return self._journal.counts()

    def close(self) -> None:
        """Leave the file. Whatever is still out with a consumer counts as an attempt at the next opening."""
        self._alarm.stop()
        self._journal.close()

    # Below this line: for the connections in this package only.

    def publish(self, user: UserSpec, messages: Sequence[Outbound]) -> None:
        """All that can be routed go into their queues in one transaction; the rest are in the error."""
        failed: dict[str, str] = {}
        routed: list[tuple[Outbound, Sequence[str]]] = []
        for message in messages:
            if not self._may_send(user.name, message.routing_key):
                failed[message.message_id] = "refused"
            elif queues := self._route(message.routing_key):
                routed.append((message, queues))
            else:
                failed[message.message_id] = "unroutable"
        if routed:
            try:
                self._journal.add(routed, user.name)
            except BrokerError:
                failed.update({message.message_id: "unconfirmed" for message, _ in routed})
            self._tell(queue for _, queues in routed for queue in queues)
        if failed:
            raise NotPublished(failed)

    def _find_route(self, key: str) -> tuple[str, ...]:
        specs = self.topology.queues
        return tuple(s.name for s in specs if any(topics.matches(pattern, key) for pattern in s.patterns))

    def _find_permission(self, user: str, key: str) -> bool:
        return any(topics.matches(pattern, key) for pattern in self._users[user].may_send)

    def listen(self, queue: str, wake: Callable[[], None]) -> None:
        """Call ``wake`` whenever something comes into the queue."""
        self._listeners.setdefault(queue, []).append(wake)
        self._alarm.set(self._journal.next_due())

    def unlisten(self, queue: str, wake: Callable[[], None]) -> None:
        self._listeners[queue].remove(wake)

    def _tell(self, queues: Iterable[str]) -> None:
        for queue in dict.fromkeys(queues):
            for wake in self._listeners.get(queue, ()):
                wake()

    def claim(self, queue: str, at_most: int) -> list[Row]:
        """Take out what is waiting, oldest first."""
        return self._journal.claim(queue, at_most)

    def acknowledge(self, positions: Sequence[int]) -> None:
        self._journal.remove(positions)

    def hand_back(self, queue: str, positions: Sequence[int]) -> None:
        self._journal.release(positions)
        self._tell([queue])

    def fail(self, queue: str, position: int, failures: int, reason: str) -> None:
        """Delay a message, longer each time; after the last delay move it to the dead queue.

        What fails in the dead queue has nowhere further to go, so it keeps coming at the last delay.
        """
        delays = self.topology.retry_delays or (timedelta(0),)
        if queue == DEAD_QUEUE:
            failures = min(failures, len(delays) - 1)
        elif failures >= len(self.topology.retry_delays):
            self._journal.bury(position, reason)
            self._tell([DEAD_QUEUE])
            return
        due = self._alarm.now() + delays[failures] // _MICROSECOND
        self._journal.delay(position, due)
        self._alarm.set(due)

    def lose(self, positions: Sequence[int]) -> None:
        """The consumer that had these is gone without a word."""
        if positions:
            self._tell(self._journal.give_up(positions, self.topology.delivery_limit))

    def check_queue(self, queue: str) -> None:
        """Raises BrokerError for a queue that was not declared."""
        if queue != DEAD_QUEUE and all(queue != spec.name for spec in self.topology.queues):
            raise BrokerError(f"there is no queue {queue!r}")

    def depth(self, queue: str) -> int:
        return self._journal.depth(queue)

    def _wake(self, now: int) -> int | None:
        self._tell(self._journal.wake(now))
        return self._journal.next_due()
