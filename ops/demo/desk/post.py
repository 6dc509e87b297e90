"""The desk's post: what each party that it plays receives, and what it sends in that party's name."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import date, datetime

from broker.port import Broker, Outbound, Subscription
from messages.codec import from_wire, plain_wire
from messages.envelope import Envelope, Lane
from messages.notices import AlertRaised, MessageRejected, OutcomeNotified
from messages.package import PackageIssued, RecordRequested
from messages.parties import HUB, queue_name
from messages.rounds import AgendaBuilt, ReviewMissed
from messages.words import Said
from ops.demo.hub import DemoHub

_AT_ONCE = 32


class Post:
    """Connections of all parties that the desk plays.

    ``in_hand`` holds pairs of party and id: packages and records that arrived. ``rejected`` holds the
    hub's refusals, as reason by message id. ``touched`` are the cases that something came about. ``agendas``
    and ``missed`` are by daily round and day.
    """

    def __init__(self, hub: DemoHub) -> None:
        self._hub = hub
        self._connections: dict[str, Broker] = {}
        self._subscriptions: list[Subscription] = []
        self._readers: list[asyncio.Task[None]] = []
        self.packages: dict[tuple[str, str], PackageIssued] = {}
        self.in_hand: set[tuple[str, str]] = set()
        self.touched: set[str] = set()
        self.rejected: dict[str, str] = {}
        self.alerted: dict[str, set[str]] = {}
        self.notified: dict[str, OutcomeNotified] = {}
        self.agendas: dict[str, dict[date, AgendaBuilt]] = {}
        self.missed: dict[str, set[date]] = {}

    async def open(self, parties: Iterable[str]) -> None:
        """Connect as each party and begin to read its queues."""
        for party in parties:
            connection = await self._hub.connect(party)
            self._connections[party] = connection
            for lane in Lane:
                subscription = await connection.subscribe(queue_name(party, lane), prefetch=_AT_ONCE)
                self._subscriptions.append(subscription)
                reader = asyncio.create_task(self._read(party, subscription), name=f"desk:{party}:{lane}")
                self._readers.append(reader)

    async def send(
        self, message_id: str, sender: str, subject: str, said: Said, at: datetime, lane: Lane
    ) -> None:
        """Say something to the hub. Sending it again changes nothing, because it keeps its id.

        Raises
        ------
        NotPublished
        """
        envelope = Envelope(
            id=message_id, source=sender, recipient=HUB, subject=subject, time=at, payload=said, lane=lane
        )
        body = plain_wire(envelope, self._hub.wire_keys)
        await self._connections[sender].publish(
            [Outbound(message_id, envelope.type, envelope.routing_key, body)]
        )

    async def close(self) -> None:
        """Read what is there to its end, then leave."""
        for subscription in self._subscriptions:
            await subscription.stop()
        await asyncio.gather(*self._readers)
        for connection in self._connections.values():
            await connection.close()

    async def _read(self, party: str, subscription: Subscription) -> None:
        while deliveries := await subscription.take(_AT_ONCE):
            for delivery in deliveries:
                envelope, _ = from_wire(delivery.body, user=delivery.user, me=party, keys=self._hub.wire_keys)
                self._note(party, envelope)
            await subscription.acknowledge(deliveries)

    def _note(self, party: str, envelope: Envelope) -> None:
        self.touched.add(envelope.subject)
        match envelope.payload:
            case PackageIssued() as package:
                self.packages[party, package.package_id] = package
                self.in_hand.add((party, package.package_id))
            case RecordRequested() as record:
                self.in_hand.add((party, record.record_id))
            case MessageRejected() as refused:
                self.rejected[refused.rejected_id] = refused.reason
            case AlertRaised() as alert:
                self.alerted.setdefault(envelope.subject, set()).add(alert.recipient)
            case OutcomeNotified() as notice:
                self.notified[notice.referral_id] = notice
            case AgendaBuilt() as agenda:
                self.agendas.setdefault(agenda.round, {})[agenda.day] = agenda
            case ReviewMissed() as missed:
                self.missed.setdefault(missed.round, set()).add(missed.day)
