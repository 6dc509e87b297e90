"""The messages of a case are put together from spans, record, outbox and inbox, whichever there are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from ops.dashboard.waterfall import WIDTH, waterfall
from ops.operations.messages_of_a_case import CaseMessage, messages_of
from ops.tracing.spans import Span
from store.port import Kept, OutboxEntry

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
CHECK, ANSWER = "mash.check.requested.v1", "mash.check.answered.v1"


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def handled(span: str, parent: str | None, message: str, party: str, start: float, **more: Any) -> Span:
    outcome = more.pop("outcome", "accepted")
    attributes = {"messaging.message.id": message, "mash.sender": "staff", **more}
    return Span(span, parent, "", party, at(start), at(start + 1), outcome, attributes=attributes)


def sent(span: str, parent: str, message: str, receiver: str, said: float) -> Span:
    attributes = {
        "messaging.message.id": message,
        "mash.sender": "hub",
        "mash.receiver": receiver,
        "mash.type": CHECK,
        "mash.said": at(said).isoformat().replace("+00:00", "Z"),
    }
    return Span(span, parent, "", "hub", at(said), at(said + 1), "sent", is_send=True, attributes=attributes)


def entry(act: str, seconds: float, message: str | None, **detail: Any) -> Mapping[str, Any]:
    return {"act": act, "at": at(seconds).isoformat(), "by": None, "detail": detail, "message": message}


def in_outbox(message: str, cause: str) -> OutboxEntry:
    event = {
        "id": message,
        "type": CHECK,
        "source": "hub",
        "recipient": "agency.police",
        "time": at(9).isoformat(),
        "causationid": cause,
        "data": {"secret": "CANARY"},
    }
    return OutboxEntry(message, json.dumps(event))


NOTHING = Kept("C-1", 1, "{}")


def test_a_message_that_was_sent_and_taken_has_all_its_times_below_what_it_came_of() -> None:
    spans = [
        handled("s1", None, "m1", "hub", 0, **{"mash.type": "mash.enquiry.directed.v1"}),
        sent("s2", "s1", "m2", "agency.police", 2),
        handled("s3", "s1", "m2", "agency.police", 5, **{"mash.type": CHECK}),
        handled("s4", "s3", "m3", "hub", 8, **{"mash.type": ANSWER}),
    ]
    found = messages_of(NOTHING, [], spans)
    assert [(depth, one.key) for depth, one in found] == [(0, "m1"), (1, "m2"), (2, "m3")]
    check = found[1][1]
    assert (check.said, check.sent, check.taken, check.done) == (at(2), at(3), at(5), at(6))
    assert (check.receiver, check.outcome, check.again) == ("agency.police", "accepted", 0)


def test_a_message_that_nobody_is_known_to_have_taken_is_sent_and_no_more() -> None:
    ((_, one),) = messages_of(NOTHING, [], [sent("s2", "gone", "m2", "agency.police", 2)])
    assert (one.outcome, one.taken, one.cause) == ("sent", None, None)


def test_without_spans_the_record_the_outbox_and_the_inbox_tell_what_they_know() -> None:
    kept = Kept("C-1", 1, "{}", outbox=(in_outbox("m4", "m1"),), inbox=frozenset({"m1", "m5", "m6!refused"}))
    record = [
        entry("enquiry.directed", 0, "m1"),
        entry(
            "content.sent", 0, "m1",
            messages=[{"message": "m2", "type": CHECK, "texts": 1, "to": "agency.police"}],
        ),
        entry("refused", 4, "m6", type=ANSWER, reason="late", fields=[], sender="agency.police"),
    ]  # fmt: skip
    found = {one.key: (depth, one) for depth, one in messages_of(kept, record, [])}
    assert found.keys() == {"m1", "m2", "m4", "m5", "m6"}
    assert {key: depth for key, (depth, _) in found.items()} == {"m1": 0, "m2": 1, "m4": 1, "m5": 0, "m6": 0}
    assert found["m1"][1].taken == at(0)
    assert (found["m2"][1].said, found["m2"][1].receiver, found["m2"][1].outcome) == (
        at(0), "agency.police", None,
    )  # fmt: skip
    assert (found["m4"][1].outcome, found["m4"][1].said) == ("unsent", at(9))
    assert (found["m6"][1].outcome, found["m6"][1].sender) == ("refused", "agency.police")
    assert "CANARY" not in repr(found)


def test_a_message_that_came_again_is_one_message() -> None:
    spans = [
        handled("s1", None, "m1", "hub", 0),
        handled("s2", None, "m1", "hub", 60, outcome="duplicate"),
        handled("s3", None, "m1", "hub", 90, outcome="duplicate"),
    ]
    ((_, one),) = messages_of(NOTHING, [entry("threshold.decided", 0, "m1")], spans)
    assert (one.outcome, one.taken, one.again) == ("accepted", at(0), 2)


def test_a_due_time_is_a_line_of_its_own_and_what_came_of_it_stands_below_it() -> None:
    fired = Span("s1", None, "fire", "hub", at(0), at(1), "fired", attributes={"mash.party": "hub"})
    found = messages_of(NOTHING, [], [fired, sent("s2", "s1", "m2", "staff", 1)])
    assert [(depth, one.is_due_time) for depth, one in found] == [(0, True), (1, False)]


def test_messages_that_say_they_came_of_each_other_are_all_shown() -> None:
    kept = Kept("C-1", 1, "{}", outbox=(in_outbox("a", "b"), in_outbox("b", "a"), in_outbox("c", "c")))
    assert {one.key for _, one in messages_of(kept, [], [])} == {"a", "b", "c"}


def test_bars_lie_where_their_times_are_and_can_be_seen_however_short() -> None:
    lines = waterfall(
        [
            (0, CaseMessage("m1", said=at(0), taken=at(50), done=at(50.001), outcome="accepted")),
            (40, CaseMessage("<b>", type="Tilly", said=at(100))),
        ]
    )
    assert (lines.begins, lines.ends) == (at(0), at(100))
    (way, work), (last,) = (line.bars for line in lines.lines)
    assert (way.x, way.width, way.kind) == (0, WIDTH // 2, "way")
    assert (work.x, work.kind) == (WIDTH // 2, "work") and work.width >= WIDTH // 50, (
        "a course of 1 ms is seen"
    )
    assert last.x + last.width <= WIDTH and last.width > 0
    assert (lines.lines[0].waited, lines.lines[0].took) == ("50.0 s", "1.0 ms")
    assert (lines.lines[1].message_id, lines.lines[1].type) == (None, None)
    assert lines.lines[1].depth < 40


def test_nothing_known_is_drawn_as_nothing() -> None:
    assert waterfall([]).lines == ()
    assert waterfall([(0, CaseMessage("m1"))]).lines[0].bars == ()


def test_of_what_is_known_of_one_message_that_counts_which_tells_most() -> None:
    kept = Kept("C-1", 1, "{}", outbox=(in_outbox("m2", "m1"), in_outbox("m3", "m1")))
    record = [
        entry("threshold.decided", 60, "m1"),
        entry("content.sent", 0, "m1", messages=[{"message": "m2", "type": CHECK, "texts": 1, "to": "x"}]),
    ]
    spans = [handled("s1", None, "m1", "hub", 0, outcome="refused"), sent("s3", "s1", "m3", "x", 2)]
    found = {one.key: one.outcome for _, one in messages_of(kept, record, spans)}
    assert found == {"m1": "accepted", "m2": "unsent", "m3": "sent"}
