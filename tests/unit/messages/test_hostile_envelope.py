"""An envelope that is not of the contract is refused, and so is a sender who may not send it."""

from __future__ import annotations

import json

import pytest

from messages.codec import MAX_BYTES, from_wire
from messages.refusal import REMEDIES, Unacceptable
from tests.support.examples import KEYS
from tests.support.refusals import POLICE, SECRET, event, refused, without

INVALID: dict[str, tuple[dict[str, object], str]] = {
    "data that is a text": ({"data": SECRET}, "data: dict_type"),
    "an id with spaces": ({"id": f"{SECRET} 1"}, "id: string_pattern_mismatch"),
    "an id that is a number": ({"id": 7}, "id: string_type"),
    "another specversion": ({"specversion": "0.3"}, "specversion: literal_error"),
    "another content type": ({"datacontenttype": "text/xml"}, "datacontenttype: literal_error"),
    "an unknown lane": ({"lane": SECRET}, "lane: enum"),
    "a source that is no party": ({"source": SECRET}, "source: string_pattern_mismatch"),
    "a time without offset": ({"time": "2026-03-02T09:30:00"}, "time: offset_missing"),
    "a day without time": ({"time": "2026-03-02"}, "time: moment_expected"),
    "a time as a number": ({"time": 1772443800}, "time: moment_expected"),
    "a time as a number in a text": ({"time": "1772443800"}, "time: moment_expected"),
    "a time before the calendar": ({"time": "0001-01-01T00:00:00+23:00"}, "time: moment_out_of_range"),
    "a day that does not exist": ({"time": "2026-02-30T09:30:00Z"}, "time: moment_expected"),
    "a broken trace": ({"traceparent": SECRET}, "traceparent: string_pattern_mismatch"),
}


@pytest.mark.parametrize("case", INVALID)
def test_an_attribute_that_is_not_of_the_contract_is_named(case: str) -> None:
    changes, problem = INVALID[case]

    refusal = refused(event() | changes)

    assert (refusal.reason, refusal.fields) == ("envelope_invalid", (problem,))
    assert refusal.remedy == REMEDIES["envelope_invalid"]


REQUIRED = ["specversion", "id", "source", "type", "subject", "time", "recipient", "lane", "data"]


@pytest.mark.parametrize("name", REQUIRED)
def test_a_missing_attribute_is_named(name: str) -> None:
    refusal = refused(without(name))

    assert (refusal.reason, refusal.fields) == ("envelope_invalid", (f"{name}: missing",))


REFUSED: dict[str, tuple[dict[str, str], str, str]] = {
    "another sender": ({"source": "agency.health"}, "sender_mismatch", "source"),
    "another receiver": ({"recipient": "agency.health"}, "wrong_recipient", "recipient"),
    "an unknown type": ({"type": "mash.check.guessed.v1"}, "unsupported_version", "type"),
    "an older version": ({"type": "mash.check.answered.v0"}, "unsupported_version", "type"),
    "a newer version": ({"type": "mash.check.answered.v2"}, "unsupported_version", "type"),
    "a type of the hub": ({"type": "mash.package.issued.v1"}, "not_for_you", "type"),
    "a type of the desk": ({"type": "mash.risk.rated.v1"}, "not_for_you", "type"),
    "a type of a referral source": ({"type": "mash.referral.received.v1"}, "not_for_you", "type"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_who_may_not_say_this_here_is_refused(case: str) -> None:
    changes, reason, field = REFUSED[case]

    refusal = refused(event() | changes)

    assert (refusal.reason, refusal.fields) == (reason, (field,))
    assert refusal.remedy == REMEDIES[reason]


def test_a_sender_whom_the_broker_does_not_vouch_for_is_refused() -> None:
    assert refused(event(), user=None).reason == "sender_unknown"


def test_size_comes_before_sender_and_sender_before_shape() -> None:
    assert refused(b"x" * (MAX_BYTES + 1), user=None).reason == "too_large"
    assert refused(b"x", user=None).reason == "sender_unknown"


def test_the_sender_comes_before_type_and_content() -> None:
    unsound = event() | {"source": "agency.health", "type": "mash.check.guessed.v1", "data": {}}

    assert refused(unsound).reason == "sender_mismatch"


def test_one_agency_does_not_write_to_another() -> None:
    body = event("mash.message.rejected.v1") | {"source": POLICE, "recipient": "agency.health"}
    with pytest.raises(Unacceptable) as caught:
        from_wire(json.dumps(body).encode(), user=POLICE, me="agency.health", keys=KEYS)

    assert caught.value.reason == "wrong_recipient"


def test_a_type_meant_for_others_is_refused_though_the_hub_sends_it() -> None:
    body = event("mash.package.issued.v1") | {"recipient": POLICE}
    with pytest.raises(Unacceptable) as caught:
        from_wire(json.dumps(body).encode(), user="hub", me=POLICE, keys=KEYS)

    assert caught.value.reason == "not_for_you"
