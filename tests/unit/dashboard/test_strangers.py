"""What a dashboard knows of a browser before anybody has signed in there. [A09]"""

from __future__ import annotations

import itertools
from datetime import timedelta

from ops.dashboard.sessions import Session
from ops.dashboard.strangers import Strangers
from tests.support.dashboard import MORNING
from tests.support.hub_on_engines import StandingClock

IDLE = timedelta(minutes=30)
UNDERWAY = {"state": "STATE-1", "nonce": "NONCE-1", "verifier": "VERIFIER-1"}


def strangers(wall: StandingClock) -> Strangers:
    number = itertools.count(1)
    return Strangers(wall, IDLE, lambda: f"secret-{next(number)}")


def one_on_their_way(at: Strangers) -> Session:
    session = at.begin()
    session.underway = dict(UNDERWAY)
    return session


def test_thousands_who_ask_for_the_page_put_nobody_out_who_is_signing_in() -> None:
    at = strangers(StandingClock(MORNING))
    first = one_on_their_way(at)
    cookie = at.sealed(first)
    others = {at.sealed(at.begin()) for _ in range(5_000)}
    found = at.find(cookie)
    assert found is not None
    assert (found.form_token, found.underway) == (first.form_token, UNDERWAY)
    assert not found.signed_in
    assert len(others) == 5_000


def test_a_cookie_tells_nothing_and_is_of_this_dashboard_and_of_half_an_hour() -> None:
    wall = StandingClock(MORNING)
    at = strangers(wall)
    cookie = at.sealed(one_on_their_way(at))
    assert not any(secret in cookie for secret in UNDERWAY.values())
    assert len(cookie) < 3_000, "browsers keep cookies of 4,096 bytes"
    assert strangers(wall).find(cookie) is None
    for wrong in ("", "x", cookie[:-2], f"{cookie[:40]}{'A' if cookie[40] != 'A' else 'B'}{cookie[41:]}"):
        assert at.find(wrong) is None
    wall.show(MORNING + IDLE - timedelta(seconds=1))
    assert at.find(cookie) is not None
    wall.show(MORNING + IDLE + timedelta(seconds=1))
    assert at.find(cookie) is None
