"""Sign-in by OpenID Connect: who is believed, and what is not. [A09]"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from httpx2 import ASGITransport, AsyncClient, Response

from ops.dashboard.openid import OpenIdSignIn
from ops.dashboard.provider import Provider
from ops.problem import WrongInput
from tests.support.dashboard import MORNING, Dashboard, Scene, a_dashboard
from tests.support.hub_on_engines import StandingClock
from tests.support.openid_provider import CLIENT, ISSUER, SECRET, OpenIdProvider
from tests.support.whole_hub import PARTNERSHIP


def provider_at(address: str = "https://hub.example", issuer: str = ISSUER) -> Provider:
    return Provider(issuer, CLIENT, SECRET, "mash_person", address)


def by(provider: OpenIdProvider) -> dict[str, Any]:
    """What a dashboard is given that trusts this provider."""
    number = iter(range(1000))
    sign_in = OpenIdSignIn(
        provider_at("http://localhost"),
        PARTNERSHIP,
        StandingClock(MORNING),
        lambda: f"{'secret-' * 4}{next(number)}",
        ASGITransport(provider.app()),
    )
    return {"sign_in": sign_in}


async def way_back(dashboard: Dashboard, provider: OpenIdProvider) -> tuple[AsyncClient, str]:
    """A browser that went to the provider, and the address with which it comes back."""
    browser = dashboard.browser()
    await browser.get("/sign-in")
    there = await browser.get("/sign-in/leave")
    assert there.status_code == 303
    back = urlsplit(provider.visited(there.headers["location"]))
    return browser, f"{back.path}?{back.query}"


def not_signed_in(answer: Response) -> bool:
    return answer.status_code == 400 and "There is a problem" in answer.text


async def test_a_person_comes_back_from_the_provider_signed_in_with_the_roles_of_the_register(
    scene: Scene,
) -> None:
    for said in ("POL-SGT-01", "POL-SGT-01@police"):
        provider = OpenIdProvider(said, MORNING)
        async with a_dashboard(scene, **by(provider)) as dashboard:
            browser, back = await way_back(dashboard, provider)
            assert "samesite=lax" in (await browser.get("/sign-in")).headers["set-cookie"].lower()
            browser, back = await way_back(dashboard, provider)
            assert (await browser.get(back)).headers["location"] == "/"
            page = await browser.get("/you")
            assert "POL-SGT-01" in page.text
            assert "Development sign-in" not in page.text
            assert (await browser.get("/board")).status_code == 200


@pytest.mark.parametrize(
    "instead",
    [
        {"iss": "https://other.example"},
        {"aud": "another-client"},
        {"nonce": "of-another-sign-in"},
        {"exp": int(MORNING.timestamp()) - 61},
        {"iat": int(MORNING.timestamp()) + 3600},
        {"mash_person": "NOBODY-01"},
        {"mash_person": "POL-SGT-01@education"},
        {"mash_person": ""},
        {"mash_person": None},
        {"mash_person": ["POL-SGT-01"]},
    ],
    ids=str,
)
async def test_what_the_provider_says_wrongly_signs_nobody_in(scene: Scene, instead: dict[str, Any]) -> None:
    provider = OpenIdProvider("POL-SGT-01", MORNING, instead)
    async with a_dashboard(scene, **by(provider)) as dashboard:
        browser, back = await way_back(dashboard, provider)
        assert not_signed_in(await browser.get(back))
        assert (await browser.get("/you")).status_code == 303


async def test_who_is_not_on_the_register_is_told_what_to_do_and_not_to_choose_somebody(scene: Scene) -> None:
    provider = OpenIdProvider("NOBODY-01", MORNING)
    async with a_dashboard(scene, **by(provider)) as dashboard:
        browser, back = await way_back(dashboard, provider)
        page = (await browser.get(back)).text
        assert "You are not on the hub’s register of staff. Ask your manager" in page
        assert "Choose" not in page


@pytest.mark.parametrize("how", ["none", "HS256"])
async def test_a_token_that_others_could_have_made_signs_nobody_in(scene: Scene, how: str) -> None:
    provider = OpenIdProvider("POL-SGT-01", MORNING, by=how)
    async with a_dashboard(scene, **by(provider)) as dashboard:
        browser, back = await way_back(dashboard, provider)
        assert not_signed_in(await browser.get(back))


async def test_a_way_back_is_for_the_browser_that_left_and_for_one_time(scene: Scene) -> None:
    provider = OpenIdProvider("POL-SGT-01", MORNING)
    async with a_dashboard(scene, **by(provider)) as dashboard:
        _, of_another = await way_back(dashboard, provider)
        browser, back = await way_back(dashboard, provider)
        assert not_signed_in(await dashboard.browser().get(back))
        assert not_signed_in(await browser.get(of_another))
        assert not_signed_in(await browser.get(back)), "the first attempt used it up"
        browser, back = await way_back(dashboard, provider)
        assert not_signed_in(await browser.get(back.replace("state=", "state=x")))


async def test_nothing_is_shown_at_another_address_than_browsers_reach_the_dashboard_by(scene: Scene) -> None:
    async with a_dashboard(scene, **by(OpenIdProvider("POL-SGT-01", MORNING))) as dashboard:
        browser = dashboard.browser()
        for host, status in (
            ("localhost", 200),
            ("LOCALHOST:443", 200),
            ("127.0.0.1", 421),
            ("x.example", 421),
        ):
            assert (await browser.get("/sign-in", headers={"Host": host})).status_code == status
        by_proxy = {"Host": "localhost", "X-Forwarded-For": "192.0.2.7"}
        assert (await browser.get("/sign-in", headers=by_proxy)).status_code == 200


async def test_a_provider_that_refuses_or_is_away_signs_nobody_in(scene: Scene) -> None:
    provider = OpenIdProvider("POL-SGT-01", MORNING)
    async with a_dashboard(scene, **by(provider)) as dashboard:
        browser, back = await way_back(dashboard, provider)
        state = back.rpartition("state=")[2]
        assert not_signed_in(await browser.get(f"/sign-in/back?error=access_denied&state={state}"))
        provider.away = True
        assert not_signed_in(await browser.get("/sign-in/leave"))


ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@pytest.mark.parametrize("endpoint", ENDPOINTS)
@pytest.mark.parametrize("where", ["http://login.example/x", "ftp://login.example/x", "", 7])
async def test_a_provider_whose_addresses_somebody_could_listen_to_signs_nobody_in(
    scene: Scene, endpoint: str, where: Any
) -> None:
    provider = OpenIdProvider("POL-SGT-01", MORNING)
    async with a_dashboard(scene, **by(provider)) as dashboard:
        browser, back = await way_back(dashboard, provider)
        provider.says = {endpoint: where}
        assert not_signed_in(await browser.get(back))
        assert list(provider.codes), "the secret of the dashboard and the code went nowhere"
        assert not_signed_in(await browser.get("/sign-in/leave"))
        program = dashboard.browser()
        program.headers["Authorization"] = f"Bearer {provider.access_token()}"
        assert (await program.get("/api/v1/cases")).status_code == 401
        assert provider.keys_asked == 0


@pytest.mark.parametrize(
    ("address", "issuer"), [("http://hub.example", ISSUER), ("https://hub.example", "http://login.example")]
)
def test_nothing_goes_where_somebody_on_the_way_could_listen(address: str, issuer: str) -> None:
    with pytest.raises(WrongInput, match="https"):
        provider_at(address, issuer)
