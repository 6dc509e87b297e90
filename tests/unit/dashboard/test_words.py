"""Codes as people read them on the dashboard."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agents.coordinator.elements import SETTLED, Standing
from agents.coordinator.needs import NEEDS
from ops.dashboard.words import in_words, need_in_words, next_for_element, time_left
from tests.support.dashboard import MORNING
from tests.support.whole_hub import PARTNERSHIP


@pytest.mark.parametrize("said", ["C-AB/primary_care/fb45_1", "H/1", "DIAL_2/x"])
def test_an_id_stays_as_it_is(said: str) -> None:
    assert in_words(said) == said


@pytest.mark.parametrize("kind", NEEDS)
def test_every_need_has_words_of_its_own(kind: str) -> None:
    assert need_in_words(f"{kind}:police", PARTNERSHIP)[0].isupper()


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        (Standing.REVEALED, "Discussion of what was revealed"),
        (Standing.AWAITING_OWNER, "Decision of Staffordshire Police on its elements"),
        (Standing.CONSIDER, "Fuller consideration of an element"),
        (Standing.THIRD_PARTY_PENDING, "Permission of Staffordshire Police"),
        (Standing.DISPUTED, "The dispute is settled"),
        *[(standing, "nothing") for standing in sorted(SETTLED)],
    ],
)
def test_every_standing_of_an_element_says_what_it_waits_for(standing: Standing, said: str) -> None:
    assert next_for_element(standing.value, "police", PARTNERSHIP) == said


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(minutes=59, seconds=59), "59 min left"),
        (timedelta(hours=2), "2 h 00 min left"),
        (timedelta(hours=47, minutes=59), "47 h 59 min left"),
        (timedelta(days=3), "3 days left"),
        (timedelta(0), "0 min left"),
        (timedelta(minutes=-12), "late by 12 min"),
        (timedelta(hours=-3, minutes=-5), "late by 3 h 05 min"),
    ],
)
def test_the_time_that_is_left_is_told_in_the_units_that_matter(length: timedelta, said: str) -> None:
    assert time_left(MORNING + length, MORNING) == said
