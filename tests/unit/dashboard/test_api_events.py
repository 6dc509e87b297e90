"""Live events of the HTTP API: that something changed, never what, and only while the listener may see it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import httpx2
import pytest

from tests.support.api_calls import headers_of
from tests.support.dashboard import CHAMPION, SERGEANT, Scene
from tests.support.dashboard_site import Site, a_site


@pytest.fixture
def site(living: Scene) -> Iterator[Site]:
    with a_site(living) as served:
        yield served


def test_a_change_is_told_by_another_digest_and_the_end_of_the_session_ends_it(site: Site) -> None:
    cookie = {"Cookie": headers_of(site, SERGEANT)["Cookie"]}
    with httpx2.Client(base_url=f"{site.url}/api/v1", headers=cookie, trust_env=False, timeout=30) as program:
        known = program.get("/cases").json()["digest"]
        with program.stream("GET", f"/events?seen={known}") as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            lines = (line for line in answer.iter_lines() if line.startswith(("event:", "data:")))
            site.pass_time(timedelta(hours=2))
            assert next(lines) == "event: changed"
            said = next(lines)
            assert said == f"data: {program.get('/cases').json()['digest']}"
            site.pass_time(timedelta(hours=1), outside=timedelta(minutes=31))
            assert next(lines) == "event: ended"
        assert program.get("/events").status_code == 401


def test_who_may_not_see_cases_hears_nothing_of_them(site: Site) -> None:
    cookie = {"Cookie": headers_of(site, CHAMPION)["Cookie"]}
    with httpx2.Client(base_url=f"{site.url}/api/v1", headers=cookie, trust_env=False) as program:
        answer = program.get("/events")
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
        assert program.get("/events?category=tilly").status_code == 403
