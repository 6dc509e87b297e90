"""What of a person stands in a reference, which nothing seals. [D18]"""

from __future__ import annotations

import pytest

from ops.dashboard.in_the_clear import tells

PERSON = {
    "given_name": "Zoë Li",
    "family_name": "O’Quillfeather",
    "also_known_as": "Baby",
    "date_of_birth": "2005-04-01",
}
NAME, BIRTH = "a name", "a date of birth"


@pytest.mark.parametrize(
    ("reference", "told"),
    [
        ("OQUILLFEATHER12", NAME),
        ("ref/o-quillfeather", NAME),
        ("12-Zoe", NAME),
        ("li:12", NAME),
        ("ZoeLi", NAME),
        ("20050401", BIRTH),
        ("12-01.04.2005", BIRTH),
        ("12/1-4-05", BIRTH),
        ("010405", BIRTH),
        ("2005-4-1", BIRTH),
        ("04/01/2005", BIRTH),
        ("1Apr2005", BIRTH),
        ("call_01-april-2005", BIRTH),
        # What only looks like it.
        ("Call-12", None),
        ("Lines-12", None),
        ("baby-12", None),
        ("2005-0402", None),
        ("1405", None),
        ("99010405", None),
        ("", None),
    ],
)
def test_a_reference_tells_a_name_or_a_day_of_birth(reference: str, told: str | None) -> None:
    assert tells(reference, PERSON) == told


def test_of_a_person_of_whom_nothing_is_known_a_reference_tells_nothing() -> None:
    assert tells("Call-12", {"part": "child"}) is None
