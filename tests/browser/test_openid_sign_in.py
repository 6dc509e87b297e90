"""Sign-in with a certified OpenID provider of others' making, in a real browser, and what it is safe against.

[A09, D02]
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import httpx2
import pytest
from playwright.sync_api import Page, expect

from ops.clocks import SystemClock
from ops.dashboard.openid import OpenIdSignIn
from ops.dashboard.provider import Provider
from tests.browser.conftest import Opened
from tests.browser.test_session_end import tab_to
from tests.support.api_calls import Hearing, referral
from tests.support.certified_provider import CLIENT, SECRET, SYSTEM, CertifiedProvider, certified_provider
from tests.support.dashboard import Scene
from tests.support.dashboard_site import Site, a_site
from tests.support.whole_hub import PARTNERSHIP

expect.set_options(timeout=20_000)
BACK = re.compile(r"/sign-in/back\?")


@pytest.fixture(scope="module")
def provider() -> Iterator[CertifiedProvider]:
    with certified_provider() as running:
        yield running


@pytest.fixture
def hub(provider: CertifiedProvider, scene: Scene) -> Iterator[Site]:
    trusted = Provider(provider.issuer, CLIENT, SECRET, "mash_person", provider.dashboard)
    sign_in = OpenIdSignIn(trusted, PARTNERSHIP, SystemClock(), secrets.token_urlsafe)
    with a_site(scene, provider.dashboard_port, sign_in=sign_in, speaker=Hearing()) as site:
        yield site


def leave(page: Page, hub: Site) -> None:
    """Go to the provider, by keyboard."""
    page.goto(f"{hub.url}/sign-in")
    tab_to(page, "#leave")
    page.keyboard.press("Enter")


def say_who(page: Page, person: str) -> None:
    """Sign in there, and agree that it tells the dashboard."""
    page.locator("input[name=login]").wait_for()
    page.locator("input[name=login]").focus()
    page.keyboard.type(person)
    page.keyboard.press("Tab")
    page.keyboard.type("any password")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Continue").press("Enter")


def changed(url: str, **changes: str) -> str:
    """An address with other values in its query."""
    parts = urlsplit(url)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    return urlunsplit(parts._replace(query=urlencode({**query, **changes})))


def not_signed_in(page: Page, hub: Site) -> None:
    expect(page.get_by_role("alert")).to_contain_text("You could not be signed in")
    page.goto(f"{hub.url}/you")
    expect(page).to_have_title(re.compile("^Sign in"))


def test_a_person_signs_in_with_their_organisations_account_and_signs_out_of_both_by_keyboard(
    hub: Site, opened: Opened, accessible: Callable[[Page], None]
) -> None:
    page = opened()
    left: list[str] = []
    page.on("request", lambda request: left.append(request.url))
    leave(page, hub)
    say_who(page, "POL-SGT-01")
    expect(page).to_have_url(f"{hub.url}/board")
    asked = parse_qs(urlsplit(next(url for url in left if "/auth?" in url)).query)
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert {"state", "nonce", "code_challenge"} <= asked.keys()
    expect(page.get_by_role("banner")).to_contain_text("Signed in as POL-SGT-01")
    expect(page.get_by_text("Development sign-in")).to_have_count(0)
    tab_to(page, "form[action='/sign-out'] button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out of the hub")
    accessible(page)
    tab_to(page, "main a[href*='client_id']")
    assert "POL-SGT" not in str(page.evaluate("document.activeElement.href"))
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Yes, sign me out").press("Enter")
    expect(page).to_have_url(re.compile(rf"^{re.escape(hub.url)}/sign-in"))
    leave(page, hub)
    expect(page.locator("input[name=login]")).to_be_visible()


def test_a_person_who_is_not_on_the_register_is_not_signed_in(hub: Site, opened: Opened) -> None:
    page = opened()
    leave(page, hub)
    say_who(page, "NOBODY-01")
    expect(page.get_by_role("alert")).to_contain_text("not on the hub’s register of staff")


def way_there(page: Page, hub: Site) -> str:
    """The address at the provider to which this browser would go to sign in."""
    page.goto(f"{hub.url}/sign-in")
    answer = page.context.request.get(f"{hub.url}/sign-in/leave", max_redirects=0)
    return answer.headers["location"]


def ways_back(page: Page) -> list[str]:
    """Where the provider sends the browser, as it does."""
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url) if BACK.search(request.url) else None)
    return seen


@pytest.mark.parametrize("what", ["state", "nonce", "code_challenge"])
def test_a_sign_in_that_somebody_changed_on_its_way_to_the_provider_comes_to_nothing(
    hub: Site, opened: Opened, what: str
) -> None:
    page = opened()
    there, backs = way_there(page, hub), ways_back(page)
    page.goto(changed(there, **{what: "another" * 6 + "x"}))
    say_who(page, "POL-SGT-01")
    not_signed_in(page, hub)
    page.goto(changed(backs[0], state=parse_qs(urlsplit(there).query)["state"][0]))
    not_signed_in(page, hub)


def test_what_one_browser_began_another_does_not_end(hub: Site, opened: Opened) -> None:
    page, other = opened(), opened()
    there = way_there(page, hub)
    other.goto(f"{hub.url}/sign-in")
    other.goto(there)
    say_who(other, "POL-SGT-01")
    not_signed_in(other, hub)


def test_a_way_back_is_good_for_one_time(hub: Site, opened: Opened) -> None:
    page, other = opened(), opened()
    backs = ways_back(page)
    leave(page, hub)
    say_who(page, "POL-SGT-01")
    expect(page).to_have_url(f"{hub.url}/board")
    other.goto(f"{hub.url}/sign-in")
    other.goto(backs[0])
    not_signed_in(other, hub)
    page.goto(backs[0])
    expect(page.get_by_role("alert")).to_contain_text("You could not be signed in")


def test_the_system_of_a_source_hands_in_a_referral_with_a_token_of_the_provider(
    hub: Site, provider: CertifiedProvider
) -> None:
    def token(**more: str) -> str:
        said = {"grant_type": "client_credentials", **more}
        answer = httpx2.post(f"{provider.issuer}/token", data=said, auth=(SYSTEM, SECRET), trust_env=False)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    def refer(with_token: str) -> Any:
        body = referral("R-91")
        header = {"Authorization": f"Bearer {with_token}"}
        return httpx2.post(f"{hub.url}/api/v1/referrals", json=body, headers=header, trust_env=False)

    answer = refer(token(resource=f"{hub.url}/api/v1"))
    assert (answer.status_code, answer.json()["outcome"]) == (200, "accepted")
