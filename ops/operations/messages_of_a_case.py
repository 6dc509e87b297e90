"""Every message about a case: who said it to whom, when, when it was taken, what became of it; no content.

Put together from what is kept of it: the spans, the record, what waits in the outbox, and the ids of what was
handled. Each knows something that the others do not, and each may be gone or never have been.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from messages.catalogue import CATALOGUE
from messages.parties import HUB
from ops.tracing.spans import Span
from store.port import Kept

_REFUSED = "!refused"
"""How the inbox notes a message that was refused (`agents.runtime.folding.refused_mark`)."""


@dataclass(frozen=True, slots=True)
class CaseMessage:
    """A message, or a due time that was fired. What is not known is None.

    ``key`` is the message's id, or what tells a due time from every other. ``cause`` is the key of what it
    came of. ``said`` is when its sender made it, ``sent`` when the broker had it, ``taken`` when its receiver
    began with it, ``done`` when that had been committed. ``outcome`` is ``accepted``, ``duplicate``,
    ``refused`` or ``failed``; ``sent`` or ``unsent`` while nobody is known to have taken it. ``again`` is how
    often it came again after that.
    """

    key: str
    is_due_time: bool = False
    type: str | None = None
    sender: str | None = None
    receiver: str | None = None
    said: datetime | None = None
    sent: datetime | None = None
    taken: datetime | None = None
    done: datetime | None = None
    outcome: str | None = None
    cause: str | None = None
    again: int = 0

    @property
    def times(self) -> tuple[datetime, ...]:
        """The moments that are known of it, in their order."""
        return tuple(at for at in (self.said, self.sent, self.taken, self.done) if at is not None)


def messages_of(
    kept: Kept, record: Iterable[Mapping[str, Any]], spans: Sequence[Span]
) -> list[tuple[int, CaseMessage]]:
    """The messages of a case in the order of what they came of, each with how deep it lies.

    Parameters
    ----------
    record
        The bodies of the case's audit entries, in their order.
    spans
        Those of its trace that are kept here; none is not an error.
    """
    found = _Gathered()
    for one in (*_from_spans(spans), *_from_record(record), *_from_outbox(kept), *_from_inbox(kept)):
        found.add(one)
    return list(_in_order(found.messages()))


class _Gathered:
    """What is known of each message. What came first counts, what comes later fills in."""

    def __init__(self) -> None:
        self._by_key: dict[str, CaseMessage] = {}

    def add(self, one: CaseMessage) -> None:
        before = self._by_key.get(one.key)
        if before is None:
            self._by_key[one.key] = one
            return
        if one.taken is not None and before.taken is not None and one.done is not None:
            self._by_key[one.key] = replace(before, again=before.again + 1)
            return
        known = {
            name: getattr(one, name)
            for name in _FILLED
            if getattr(before, name) is None and getattr(one, name) is not None
        }
        if _RANK.get(one.outcome or "", 0) > _RANK.get(before.outcome or "", 0):
            known["outcome"] = one.outcome
        self._by_key[one.key] = replace(before, **known)

    def messages(self) -> list[CaseMessage]:
        return list(self._by_key.values())


_FILLED = ("type", "sender", "receiver", "said", "sent", "taken", "done", "cause")
_RANK: Mapping[str, int] = {"unsent": 1, "sent": 2, "duplicate": 3, "failed": 3, "refused": 4, "accepted": 5}
"""Of two outcomes that are known of one message, the one that tells more."""


def _from_spans(spans: Sequence[Span]) -> Iterator[CaseMessage]:
    causes = {span.span_id: _key(span) for span in spans if not span.is_send}
    # Those that were accepted first: a message that came again was handled when it first came.
    for span in sorted(spans, key=lambda one: (one.outcome != "accepted", one.start)):
        said, said_by = span.attributes.get("mash.said"), span.attributes.get("mash.sender")
        common = CaseMessage(
            key=_key(span),
            is_due_time=said_by is None,
            type=span.attributes.get("mash.type"),
            sender=said_by,
            said=datetime.fromisoformat(said) if isinstance(said, str) else None,
            outcome=span.outcome,
            cause=causes.get(span.parent_id or ""),
        )
        if span.is_send:
            yield replace(common, receiver=span.attributes.get("mash.receiver"), sent=span.end)
        else:
            yield replace(common, receiver=span.party, taken=span.start, done=span.end)


def _key(span: Span) -> str:
    return str(span.attributes.get("messaging.message.id", f"due {span.span_id}"))


def _from_record(record: Iterable[Mapping[str, Any]]) -> Iterator[CaseMessage]:
    for entry in record:
        at, message, detail = datetime.fromisoformat(entry["at"]), entry.get("message"), entry["detail"]
        if entry["act"] == "content.sent":
            for sent in detail["messages"]:
                yield CaseMessage(
                    sent["message"],
                    type=sent["type"],
                    sender=HUB,
                    receiver=sent["to"],
                    said=at,
                    cause=message,
                )
        elif message is not None:
            refused = entry["act"] == "refused"
            named = f"mash.{entry['act']}.v1"
            yield CaseMessage(
                message,
                type=detail["type"] if refused else named if named in CATALOGUE else None,
                sender=detail["sender"] if refused else None,
                receiver=HUB,
                taken=at,
                outcome="refused" if refused else "accepted",
            )


def _from_outbox(kept: Kept) -> Iterator[CaseMessage]:
    for entry in kept.outbox:
        event = json.loads(entry.body)
        yield CaseMessage(
            entry.message_id,
            type=event["type"],
            sender=event["source"],
            receiver=event["recipient"],
            said=datetime.fromisoformat(event["time"]),
            outcome="unsent",
            cause=event.get("causationid"),
        )


def _from_inbox(kept: Kept) -> Iterator[CaseMessage]:
    for mark in sorted(kept.inbox):
        refused = mark.endswith(_REFUSED)
        yield CaseMessage(
            mark.removesuffix(_REFUSED), receiver=HUB, outcome="refused" if refused else "accepted"
        )


def _in_order(messages: Sequence[CaseMessage]) -> Iterator[tuple[int, CaseMessage]]:
    """Each after what it came of, and of what came of the same the earliest first."""
    here = {one.key for one in messages}
    below: dict[str | None, list[CaseMessage]] = {}
    for one in sorted(messages, key=_first_time):
        below.setdefault(one.cause if one.cause in here and one.cause != one.key else None, []).append(one)
    waiting = [(0, one) for one in reversed(below.pop(None, []))]
    while waiting:
        depth, one = waiting.pop()
        yield depth, one
        waiting += [(depth + 1, each) for each in reversed(below.pop(one.key, []))]
    for (
        circle
    ) in below.values():  # what says that it came of itself has no beginning; it is shown all the same
        yield from ((0, one) for one in circle)


def _first_time(one: CaseMessage) -> datetime:
    """What has the same stays in the order in which it was told."""
    return one.times[0] if one.times else _AT_THE_END


_AT_THE_END = datetime.max.replace(tzinfo=UTC)
