"""Data that is not of its schema is refused with the place of every problem."""

from __future__ import annotations

import pytest

from messages.refusal import MAX_FIELDS
from messages.sealing import seal
from tests.support.examples import KEYS
from tests.support.refusals import POLICE, SECRET, Event, element, event, refused, with_data, without

PAYLOAD: dict[str, tuple[Event, str]] = {
    "an unknown state": (with_data(state=SECRET), "data.state: literal_error"),
    "an unknown risk": (element(risks=[SECRET]), "data.elements.0.risks.0: enum"),
    "a missing field": (without("data.request_id"), "data.request_id: missing"),
    "a missing field within": (without("data.elements.0.owner"), "data.elements.0.owner: missing"),
    "a name for a code": (element(owner=SECRET), "data.elements.0.owner: string_pattern_mismatch"),
    "a list for a text": (with_data(agency=[SECRET]), "data.agency: string_type"),
    "a text for a list": (with_data(elements=SECRET), "data.elements: tuple_type"),
    "an impossible date": (element(recorded_on="2026-02-30"), "data.elements.0.recorded_on: date_parsing"),
    "a text for a number": (
        with_data(matches=[{"person_id": "p", "outcome": "nobody", "score": "12"}]),
        "data.matches.0.score: int_type",
    ),
    "a number out of range": (
        with_data(matches=[{"person_id": "p", "outcome": "nobody", "score": 101}]),
        "data.matches.0.score: less_than_equal",
    ),
    "a number that no store can hold": (
        with_data(matches=[{"person_id": "p", "outcome": "several_fit", "score": 1, "candidates": 10**30}]),
        "data.matches.0.candidates: less_than_equal",
    ),
    "an answer that is none": (with_data(state="outstanding", elements=[]), "data.state: literal_error"),
    "found and nothing there": (with_data(elements=[]), "data: elements_only_when_found"),
    "one element twice": (with_data(elements=event()["data"]["elements"] * 2), "data: element_id_repeated"),
    "withheld without a reason": (
        with_data(state="withheld", elements=[], reason=None),
        "data: reason_needed",
    ),
    "too many at once": (
        with_data(matches=[{"person_id": "p", "outcome": "nobody", "score": 1}] * 31),
        "data.matches: too_long",
    ),
    "an index out of range": (with_data(reason={"sealed": 99}), "data.reason: place_unknown"),
    "an index far out of range": (with_data(reason={"sealed": 10**30}), "data.reason: place_unknown"),
    "a negative index": (with_data(reason={"sealed": -1}), "data.reason: place_unknown"),
    "an index that is true": (with_data(reason={"sealed": True}), "data.reason: place_unknown"),
    "an index that is a text": (with_data(reason={"sealed": SECRET}), "data.reason: place_unknown"),
    "a place without index": (with_data(reason={}), "data.reason: place_unknown"),
    "a place with more in it": (
        with_data(reason={"sealed": 0, "text": SECRET}),
        "data.reason: place_unknown",
    ),
    "a reference to the vault": (with_data(reason={"kept": "msg-7#0"}), "data.reason: place_unknown"),
}


@pytest.mark.parametrize("case", PAYLOAD)
def test_data_that_is_not_of_the_schema_is_refused_with_the_place(case: str) -> None:
    body, problem = PAYLOAD[case]

    refusal = refused(body)

    assert (refusal.reason, refusal.fields) == ("payload_invalid", (problem,))


def test_an_unknown_category_is_refused() -> None:
    body = event("mash.referral.received.v1")
    body["data"]["category"] = SECRET

    refusal = refused(body, user="source.school")

    assert (refusal.reason, refusal.fields) == ("payload_invalid", ("data.category: enum",))


def test_a_referral_with_a_bad_date_of_birth_is_refused() -> None:
    body = event("mash.referral.received.v1")
    body["sealed"] = seal([SECRET] * 40, body["id"], KEYS.of("source.school"), "source.school")

    refusal = refused(body, user="source.school")

    assert refusal.fields == ("data.people.0.date_of_birth: date_expected",)


@pytest.mark.parametrize(
    ("text", "problem"),
    [("  ", "text_empty"), (SECRET * 801, "text_too_long"), (SECRET + "\ud800", "text_not_unicode")],
)
def test_a_sealed_text_that_will_not_do_is_refused(text: str, problem: str) -> None:
    body = event()
    body["sealed"] = seal([text] * 8, body["id"], KEYS.of(POLICE), POLICE)

    assert refused(body).fields[0].endswith(f": {problem}")


def test_many_problems_are_told_up_to_a_limit() -> None:
    body = element()
    body["data"]["elements"] *= 199
    for each in body["data"]["elements"]:
        each["kind"] = SECRET

    assert len(refused(body).fields) == MAX_FIELDS
