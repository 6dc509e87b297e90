"""What may be asked of an address: as HTTP has it (RFC 9110, 9.3.2 and 15.5.6)."""

from __future__ import annotations

import asyncio

import pytest

from store.port import StoreError
from tests.support.dashboard import SERGEANT, Scene, a_dashboard

READ, SENT, BOTH = "GET, HEAD", "POST", "GET, HEAD, POST"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/board", READ),
        ("POST", "/static/page.js", READ),
        ("GET", "/sign-out", SENT),
        ("HEAD", "/sign-out", SENT),
        ("DELETE", "/sign-in", BOTH),
        ("PUT", "/cases/C-1/tasks/rating", BOTH),
        ("DELETE", "/api/v1/cases", READ),
        ("GET", "/api/v1/decisions", SENT),
    ],
)
async def test_what_cannot_be_asked_of_an_address_is_told_with_what_can(
    scene: Scene, method: str, path: str, allowed: str
) -> None:
    async with a_dashboard(scene) as dashboard:
        browser = await dashboard.signed_in(SERGEANT)
        answer = await browser.request(method, path)
        assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
        if method == "GET" and not path.startswith("/api"):
            assert "A form is sent to this address" in answer.text
            assert "Page not found" not in answer.text


async def test_head_is_answered_as_get_but_for_what_would_be_read(scene: Scene) -> None:
    async with a_dashboard(scene) as dashboard:
        browser = await dashboard.signed_in(SERGEANT)
        case = scene.cases["red"]
        for path in (
            "/board",
            f"/cases/{case}",
            "/nothing/here",
            "/sign-in",
            "/static/page.js",
            "/api/v1/cases",
        ):
            whole, head = await browser.get(path), await browser.head(path)
            assert (head.status_code, head.content) == (whole.status_code, b"")
            assert head.headers["content-type"] == whole.headers["content-type"]
            assert head.headers["cache-control"] == whole.headers["cache-control"]
        assert (await dashboard.browser().head("/board")).headers["location"] == "/sign-in"


async def test_head_of_what_fails_is_told_so(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    async with a_dashboard(scene) as dashboard:
        browser = await dashboard.signed_in(SERGEANT)

        async def fails(*what: object, **how: object) -> None:
            raise StoreError("of a test")

        monkeypatch.setattr(dashboard.given.store, "find", fails)
        answer = await browser.head("/board")
        assert (answer.status_code, answer.content) == (500, b"")


async def test_head_of_what_goes_on_and_on_ends_at_once(scene: Scene) -> None:
    async with a_dashboard(scene) as dashboard:
        browser = await dashboard.signed_in(SERGEANT)
        async with asyncio.timeout(20):
            answer = await browser.head("/board/events")
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
