"""Signing in to the dashboard: who one is, for how long, and what ends it. [A09, D02, L02-L04]"""

from __future__ import annotations

from datetime import timedelta

import pytest

from ops.dashboard.sign_in import DevelopmentSignIn
from ops.problem import WrongInput
from tests.support.dashboard import FIELD, SERGEANT, Scene, a_dashboard, form_token, send, with_clearance
from tests.support.whole_hub import PARTNERSHIP


async def test_a_person_of_the_register_signs_in_and_every_page_says_that_it_is_for_development(
    scene: Scene,
) -> None:
    async with a_dashboard(scene) as dashboard:
        browser = await dashboard.signed_in(SERGEANT)
        page = await browser.get("/you")
        assert "Development sign-in" in page.text
        assert "POL-SGT-01" in page.text
        assert "police sergeant" in page.text


async def test_who_is_not_on_the_register_is_told_so_beside_the_field(scene: Scene) -> None:
    async with a_dashboard(scene) as dashboard:
        for said, told in (("", "Choose who you are"), ("X-1@police", "Choose somebody on the register")):
            browser = dashboard.browser()
            answer = await send(browser, "/sign-in", {"person": said}, at="/sign-in")
            assert answer.status_code == 400
            assert answer.text.count(told) == 2
            assert "<title>Error: " in answer.text


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "hub.example"])
def test_the_development_sign_in_does_not_start_where_others_can_reach_it(host: str) -> None:
    with pytest.raises(WrongInput, match="for this machine alone"):
        DevelopmentSignIn(PARTNERSHIP, host, embedded=True)


def test_the_development_sign_in_does_not_start_for_a_hub_on_servers() -> None:
    with pytest.raises(WrongInput, match="embedded engine"):
        DevelopmentSignIn(PARTNERSHIP, "127.0.0.1", embedded=False)


async def test_a_link_signs_nobody_in_who_would_have_to_choose_it_by_the_form(scene: Scene) -> None:
    async with a_dashboard(scene) as dashboard:
        browser = dashboard.browser()
        await browser.get("/sign-in")
        answer = await browser.get(f"/sign-in/back?person={SERGEANT}")
        assert (answer.status_code, "mash" in browser.cookies) == (400, False)
        assert (await browser.get("/you")).status_code == 303


LOOPBACK = ("localhost", "LOCALHOST:8765", "127.0.0.1:8765", "127.8.9.1", "[::1]:8765")
ELSEWHERE = (
    "",
    "evil.example",
    "evil.example:8765",
    "127.0.0.1.evil.example",
    "localhost@evil.example",
    "192.0.2.7",
    "0.0.0.0:8765",
    "[",
)


@pytest.mark.parametrize(
    ("host", "is_here"), [*((one, True) for one in LOOPBACK), *((one, False) for one in ELSEWHERE)]
)
async def test_the_development_sign_in_answers_to_addresses_of_this_machine_alone(
    scene: Scene, host: str, is_here: bool
) -> None:
    async with a_dashboard(scene) as dashboard:
        token = form_token(await (browser := dashboard.browser()).get("/sign-in"))
        body = {"person": SERGEANT, "form_token": token}
        answer = await browser.post("/sign-in", data=body, headers={"Host": host})
        assert answer.status_code == (303 if is_here else 421)
        assert ("mash" in answer.cookies) == is_here
        other = [await browser.get(page, headers={"Host": host}) for page in ("/sign-in", "/static/page.js")]
        assert {one.status_code for one in other} == {200 if is_here else 421}
        assert "POL-SGT-01" in other[0].text if is_here else "not at this address" in other[0].text


@pytest.mark.parametrize("header", ["Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP"])
async def test_the_development_sign_in_takes_nothing_that_a_proxy_hands_on(scene: Scene, header: str) -> None:
    async with a_dashboard(scene) as dashboard:
        answer = await dashboard.browser().get("/sign-in", headers={header: "192.0.2.7"})
        assert answer.status_code == 421
        assert answer.headers["X-Content-Type-Options"] == "nosniff", "an answer like any other"


async def test_a_session_ends_when_nothing_was_asked_of_it_for_a_while(scene: Scene) -> None:
    async with a_dashboard(scene, idle=timedelta(minutes=30)) as dashboard:
        browser = await dashboard.signed_in(SERGEANT)
        for minutes, status in ((29, 200), (29, 200), (30, 303)):
            dashboard.wall.show(dashboard.wall.now() + timedelta(minutes=minutes))
            assert (await browser.get("/you")).status_code == status


async def test_what_a_page_asks_for_by_itself_does_not_keep_a_session_from_ending(scene: Scene) -> None:
    async with a_dashboard(scene, idle=timedelta(minutes=30)) as dashboard:
        browser = await dashboard.signed_in(SERGEANT)
        for minutes, status in ((20, 200), (10, 401)):
            dashboard.wall.show(dashboard.wall.now() + timedelta(minutes=minutes))
            assert (await browser.get("/board/rows")).status_code == status


async def test_signing_out_ends_the_session_for_whoever_kept_the_cookie(scene: Scene) -> None:
    async with a_dashboard(scene) as dashboard:
        browser, thief = await dashboard.signed_in(SERGEANT), dashboard.browser()
        thief.cookies.set("mash", browser.cookies["mash"])
        assert (await thief.get("/you")).status_code == 200
        await send(browser, "/sign-out", {})
        assert (await thief.get("/you")).headers["location"] == "/sign-in"


async def test_an_id_of_a_session_that_somebody_planted_is_not_the_one_after_signing_in(scene: Scene) -> None:
    async with a_dashboard(scene) as dashboard:
        browser = dashboard.browser()
        await browser.get("/sign-in")
        planted = browser.cookies["mash-sign-in"]
        page = await send(browser, "/sign-in", {"person": SERGEANT}, at="/sign-in")
        assert page.cookies["mash"] != planted
        for name in ("mash", "mash-sign-in"):
            attacker = dashboard.browser()
            attacker.cookies.set(name, planted)
            assert (await attacker.get("/you")).status_code == 303


async def test_a_link_from_elsewhere_signs_nobody_out_and_a_second_person_ends_the_firsts_session(
    scene: Scene,
) -> None:
    async with a_dashboard(scene) as dashboard:
        browser = await dashboard.signed_in(SERGEANT)
        cookie, without = browser.cookies["mash"], dashboard.browser()
        from_elsewhere = await without.get("/board")  # which comes without a cookie that keeps to this site
        page = await without.get(from_elsewhere.headers["location"])
        assert list(page.cookies) == ["mash-sign-in"]
        assert (await browser.get("/you")).status_code == 200
        await send(browser, "/sign-in", {"person": FIELD}, at="/sign-in")
        assert "CSS-SW-01" in (await browser.get("/you")).text
        first = dashboard.browser()
        first.cookies.set("mash", cookie)
        assert (await first.get("/you")).status_code == 303


async def test_a_form_that_was_made_for_another_session_or_for_none_is_not_taken(scene: Scene) -> None:
    async with a_dashboard(scene) as dashboard:
        browser, other = await dashboard.signed_in(SERGEANT), await dashboard.signed_in(FIELD)
        for body in ({}, {"form_token": ""}, {"form_token": form_token(await other.get("/you"))}):
            assert (await browser.post("/sign-out", data=body)).status_code == 400
        mine = form_token(await browser.get("/you"))
        in_json = await browser.post("/sign-out", json={"form_token": mine})
        too_long = await browser.post("/sign-out", data={"form_token": mine, "more": "x" * 1_000_000})
        assert (in_json.status_code, too_long.status_code) == (400, 400)
        assert (await browser.get("/you")).status_code == 200


async def test_cookies_keep_to_this_site_and_away_from_scripts(scene: Scene) -> None:
    async with a_dashboard(scene) as dashboard:
        cookie = (await dashboard.browser().get("/sign-in")).headers["set-cookie"]
        assert cookie.lower().endswith("; httponly; path=/; samesite=strict")
    async with a_dashboard(scene, secure=True) as dashboard:
        cookie = (await dashboard.browser().get("/sign-in")).headers["set-cookie"]
        assert cookie.startswith("__Host-mash-sign-in=")
        assert cookie.lower().endswith("; httponly; path=/; samesite=strict; secure")


@pytest.mark.parametrize(
    ("date", "told"),
    [("vetted_until", "Your vetting has run out"), ("trained_until", "Your training has run out")],
)
async def test_who_is_no_longer_cleared_is_blocked_at_once_and_told_why_d02_l03_l04(
    scene: Scene, date: str, told: str
) -> None:
    partnership = with_clearance(**{date: scene.now.date()})
    async with a_dashboard(scene, partnership) as dashboard:
        browser = await dashboard.signed_in(SERGEANT)
        assert (await browser.get("/you")).text.count(told) == 0
        dashboard.clock.show(scene.now + timedelta(days=1))
        assert told in (await browser.get("/you")).text
        assert (await browser.get("/")).headers["location"] == "/you"
