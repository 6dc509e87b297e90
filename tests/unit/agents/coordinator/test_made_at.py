"""A referral may come from a source whose clock is a little ahead, and from no other future."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agents.deciding import Refused
from messages.referral import BroughtBy
from tests.support.procedure import MONDAY, Procedure, referral

A_DAY = timedelta(days=1)


@pytest.mark.parametrize("ahead", [timedelta(0), A_DAY, -timedelta(days=400)])
def test_a_referral_made_before_or_within_a_day_is_taken(ahead: timedelta) -> None:
    hub = Procedure()

    hub.refer(made_at=MONDAY + ahead)

    assert hub.opened


def test_a_referral_made_further_ahead_is_refused_with_the_hubs_clock() -> None:
    hub = Procedure()

    with pytest.raises(Refused, match="made_in_the_future") as refused:
        hub.refer(made_at=MONDAY + A_DAY + timedelta(seconds=1))

    assert refused.value.fields == ("data.made_at",)
    assert "the hub's clock, 2012-03-05T09:00+00:00" in refused.value.remedy
    assert not hub.opened


def test_what_the_hub_itself_brings_is_taken_whenever_it_was_made() -> None:
    """Or a report that the hub has taken would be lost on the way to its case."""
    hub = Procedure()
    brought = BroughtBy(document="MP-1", because="reports_qualify")

    hub.say(referral(made_at=MONDAY + 3 * A_DAY, brought_by=brought), "hub")

    assert hub.opened
