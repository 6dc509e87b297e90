"""Puts a word into each place once, as a fault of the hub might, to see that it is found there."""

from __future__ import annotations

import asyncio
import json
import logging
from contextlib import suppress
from dataclasses import dataclass, field

from agents.runtime.log import log
from broker.port import NotPublished, Outbound
from messages.parties import HUB, STAFF
from ops.engines import agent_name
from store.port import AuditEntry, Blob, Kept, OutboxEntry, Quarantined, Step, Store
from tests.support.broker_engines import RabbitEngine
from tests.support.canaries import Canaries
from tests.support.hub_system import HubSystem, new_id
from tests.support.leaks.watching import Watch


@dataclass
class Planted:
    """The words, and where each was put: pairs of label and place."""

    words: Canaries = field(default_factory=Canaries)
    places: list[tuple[str, str]] = field(default_factory=list)

    def word(self, label: str, *places: str) -> str:
        self.places += [(label, place) for place in places]
        return self.words.word(label)


async def plant(hub: HubSystem, watch: Watch) -> Planted:
    """One word in each place that is searched."""
    planted = Planted()
    for party in (HUB, "agency.police"):
        await _in_store(planted, party, await hub.store(party), hub)
    watched = watch.of("store", await hub.store("agency.education"))
    await _in_store(planted, "agency.education", watched, hub, "store.commit")
    await _in_broker(planted, hub, watch)
    _in_log(planted)
    with watch.tracer("planted").start_as_current_span(planted.word("name of a span", "span")) as span:
        span.set_attribute("key", planted.word("attribute of a span", "span"))
        span.add_event(planted.word("event of a span", "span"))
    return planted


async def _in_store(planted: Planted, party: str, kept_in: Store, hub: HubSystem, *seen: str) -> None:
    """In each part of a document, and in all that is beside it."""
    key, name = new_id(), agent_name(party).replace(".", "-")
    files = () if isinstance(hub.engine, RabbitEngine) else ("store file",)

    def word(what: str, table: str, *more: str) -> str:
        return planted.word(f"{party}: {what}", f"store of {name}: {table}", *files, *more)

    shown = ("command",) if party == HUB else ()
    document = Kept(
        key=key,
        version=1,
        state=json.dumps({"text": word("state", "documents", *seen)}),
        outbox=(OutboxEntry(new_id(), word("outbox", "documents", *seen)),),
        inbox=frozenset({word("inbox", "documents", *seen)}),
        audit_seq=1,
        audit_hash="hash",
        audit_pending=(AuditEntry(key, 1, word("pending audit", "documents", *seen), "", "hash"),),
        sealed=(Blob(new_id(), key, word("sealed record", "documents", *seen).encode()),),
        facets={"kind": "case", "owed": "nothing", "category": word("facet", "documents", *seen, *shown)},
    )
    await kept_in.commit([Step(Kept(key, 0, ""), document, new_id(), hub.clock.now())])
    await kept_in.append_audit([AuditEntry(key, 1, word("audit", "audit"), "", "hash")])
    await kept_in.put_blobs([Blob(new_id(), key, word("vault", "blobs").encode())])
    await kept_in.put_data_keys({key: word("data key", "data_keys").encode()})
    aside = Quarantined(
        message_id=new_id(),
        queue="queue",
        type=word("type in quarantine", "quarantine"),
        routing_key=word("routing key in quarantine", "quarantine"),
        reason=word("reason in quarantine", "quarantine"),
        fields=(word("field in quarantine", "quarantine"),),
        user=word("user in quarantine", "quarantine"),
        at=hub.clock.now(),
        attempts=1,
        headers={"header": word("header in quarantine", "quarantine")},
        body=word("body in quarantine", "quarantine").encode(),
    )
    await kept_in.quarantine([aside])


async def _in_broker(planted: Planted, hub: HubSystem, watch: Watch) -> None:
    """In each part of a message, in a queue's name, and in the error of a message that nobody wants."""
    engine = hub.engine
    files = () if isinstance(engine, RabbitEngine) else ("broker file",)

    def word(what: str) -> str:
        return planted.word(f"{what} of a message", "broker: message", "broker.publish", *files)

    broker = watch.of("broker", await hub.broker(HUB))
    key = f"{STAFF}.routine.deadline.warned.v1"
    headers = {"traceparent": word("header")}
    await broker.publish([Outbound(word("id"), word("type"), key, word("body").encode(), headers)])
    unwanted = planted.word("message that was refused", "error", "broker.publish")
    with suppress(NotPublished):
        await broker.publish([Outbound(unwanted, "type", "nowhere", b"{}")])
    if isinstance(engine, RabbitEngine):
        queue = {"durable": True, "arguments": {"x-queue-type": "quorum"}}
        path = ("queues", engine.vhost, planted.word("name of a queue", "broker"))
        await asyncio.to_thread(lambda: engine.management.put(*path, body=queue))


def _in_log(planted: Planted) -> None:
    """In what is shown, and in what is left out of what is shown."""
    unfiltered = "log before the filter"
    log.warning(
        "planted",
        reason=planted.word("value in the log", "log", unfiltered),
        something=planted.word("value left out of the log", unfiltered),
    )
    ours, others = logging.getLogger("agents.planted"), logging.getLogger("somewhere")
    ours.error("planted %s", planted.word("value in the library's log", "log", unfiltered))
    try:
        raise ValueError(planted.word("text of an error", unfiltered))
    except ValueError:
        others.debug("failed", exc_info=True)
