"""Programs that call the HTTP API with an access token of the provider: who is believed. [A09, D02]"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from httpx2 import ASGITransport, AsyncClient
from joserfc.jwk import RSAKey

from ops.dashboard.openid import OpenIdSignIn
from tests.support.api_calls import Hearing, actor, rating, referral, refusals
from tests.support.dashboard import MORNING, SERGEANT, Dashboard, Scene, a_dashboard
from tests.support.hub_on_engines import StandingClock
from tests.support.openid_provider import ISSUER, OpenIdProvider
from tests.support.whole_hub import PARTNERSHIP
from tests.unit.dashboard.test_openid import provider_at

AT = int(MORNING.timestamp())


def by(provider: OpenIdProvider, wall: StandingClock) -> dict[str, Any]:
    sign_in = OpenIdSignIn(
        provider_at("http://localhost"), PARTNERSHIP, wall, lambda: "secret", ASGITransport(provider.app())
    )
    return {"sign_in": sign_in, "wall": wall, "speaker": Hearing()}


def with_token(dashboard: Dashboard, token: str) -> AsyncClient:
    program = dashboard.browser()
    program.headers["Authorization"] = f"Bearer {token}"
    return program


async def test_a_person_of_the_register_is_served_by_their_token_with_the_rights_of_the_register(
    scene: Scene,
) -> None:
    for said in ("POL-SGT-01", SERGEANT):
        provider = OpenIdProvider(said, MORNING)
        async with a_dashboard(scene, **by(provider, StandingClock(MORNING))) as dashboard:
            program = with_token(dashboard, provider.access_token())
            assert (await program.get("/api/v1/cases")).status_code == 200
            decision = rating(scene.cases["red"], {**actor(SERGEANT), "role": "police_sergeant"})
            assert (await program.post("/api/v1/decisions", json=decision)).status_code == 200
            assert (await program.get("/board")).status_code == 303, "a token opens no pages"


@pytest.mark.parametrize(
    ("instead", "header"),
    [
        ({"iss": "https://other.example"}, {}),
        ({"aud": "mash-dashboard"}, {}),
        ({"aud": ["https://other.example/api"]}, {}),
        ({"exp": AT - 61}, {}),
        ({"nbf": AT + 3600}, {}),
        ({"iat": AT + 3600}, {}),
        ({"exp": None}, {}),
        ({"jti": None}, {}),
        ({"client_id": None}, {}),
        ({"mash_person": None}, {}),
        ({"mash_person": ["POL-SGT-01"]}, {}),
        ({"mash_person": "NOBODY-01"}, {}),
        ({"mash_person": "POL-SGT-01@education"}, {}),
        ({"mash_person": "source.nobody"}, {}),
        ({}, {"typ": "JWT"}),
        ({}, {"typ": "dpop+jwt"}),
        ({}, {"kid": "k2"}),
    ],
    ids=str,
)
async def test_a_token_that_is_not_right_opens_nothing(
    scene: Scene, instead: dict[str, Any], header: Mapping[str, str]
) -> None:
    provider = OpenIdProvider("POL-SGT-01", MORNING)
    async with a_dashboard(scene, **by(provider, StandingClock(MORNING))) as dashboard:
        program = with_token(dashboard, provider.access_token(header, **instead))
        answer = await program.get("/api/v1/cases")
        assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_first")


async def test_a_token_that_others_could_have_made_opens_nothing(scene: Scene) -> None:
    provider = OpenIdProvider("POL-SGT-01", MORNING)
    async with a_dashboard(scene, **by(provider, StandingClock(MORNING))) as dashboard:
        right, provider.by = provider.access_token(), "HS256"
        head, claims, _ = right.split(".")
        for token in (provider.access_token(), f"{head}.{claims}.", f"{right}x", "x" * 9_000, ""):
            assert (await with_token(dashboard, token).get("/api/v1/cases")).status_code == 401


async def test_an_identity_token_of_the_sign_in_is_no_access_token(scene: Scene) -> None:
    provider = OpenIdProvider("POL-SGT-01", MORNING)
    async with a_dashboard(scene, **by(provider, StandingClock(MORNING))) as dashboard:
        program = with_token(dashboard, provider._signed("nonce"))
        assert (await program.get("/api/v1/cases")).status_code == 401


async def test_the_providers_keys_are_asked_for_once_and_again_when_it_has_changed_them(scene: Scene) -> None:
    provider, wall = OpenIdProvider("POL-SGT-01", MORNING), StandingClock(MORNING)
    async with a_dashboard(scene, **by(provider, wall)) as dashboard:
        for _ in range(3):
            program = with_token(dashboard, provider.access_token())
            assert (await program.get("/api/v1/cases")).status_code == 200
        assert provider.keys_asked == 1
        provider.key = RSAKey.generate_key(2048, {"kid": "k2", "use": "sig"})
        made_up = with_token(dashboard, provider.access_token())
        for _ in range(3):
            assert (await made_up.get("/api/v1/cases")).status_code == 401
        assert provider.keys_asked == 1, "nobody makes it ask more often than once a minute"
        wall.show(MORNING + timedelta(minutes=1))
        assert (await made_up.get("/api/v1/cases")).status_code == 200
        provider.away = True
        wall.show(MORNING + timedelta(minutes=30))
        provider.now = wall.now()
        late = with_token(dashboard, provider.access_token())
        assert (await late.get("/api/v1/cases")).status_code == 200, "by the keys that it gave last"
        wall.show(MORNING + timedelta(minutes=61))
        provider.now = wall.now()
        later = with_token(dashboard, provider.access_token())
        assert (await later.get("/api/v1/cases")).status_code == 401, "but not for more than an hour"


async def test_a_provider_that_is_away_is_asked_once_a_minute_whatever_tokens_come(scene: Scene) -> None:
    provider, wall = OpenIdProvider("POL-SGT-01", MORNING, away=True), StandingClock(MORNING)
    async with a_dashboard(scene, **by(provider, wall)) as dashboard:
        for asked in (1, 2):
            for number in range(3):
                program = with_token(dashboard, f"made.up.{number}")
                assert (await program.get("/api/v1/cases")).status_code == 401
            assert provider.asked == asked
            wall.show(wall.now() + timedelta(minutes=1))


async def test_a_right_token_waits_for_no_made_up_one_while_the_provider_is_slow(scene: Scene) -> None:
    provider, wall = OpenIdProvider("POL-SGT-01", MORNING), StandingClock(MORNING)
    async with a_dashboard(scene, **by(provider, wall)) as dashboard:
        program = with_token(dashboard, provider.access_token())
        assert (await program.get("/api/v1/cases")).status_code == 200
        wall.show(MORNING + timedelta(minutes=2))
        provider.slow = asyncio.Event()
        made_up = asyncio.create_task(with_token(dashboard, "made.up.token").get("/api/v1/cases"))
        async with asyncio.timeout(20):
            await provider.waiting.wait()
            assert (await program.get("/api/v1/cases")).status_code == 200
        provider.slow.set()
        assert (await made_up).status_code == 401


async def test_the_system_of_a_source_hands_in_its_referrals_and_gets_nothing_else_b03(scene: Scene) -> None:
    provider = OpenIdProvider("source.first_response", MORNING)
    async with a_dashboard(scene, **by(provider, StandingClock(MORNING))) as dashboard:
        program = with_token(dashboard, provider.access_token())
        assert (await program.post("/api/v1/referrals", json=referral())).status_code == 200
        of_another = {**referral(), "source": "police_cru"}
        case, purpose = scene.cases["issued"], {"Purpose": "safeguarding_children"}
        answers = [
            await program.post("/api/v1/referrals", json=of_another),
            await program.post("/api/v1/decisions", json=rating(case, actor(SERGEANT))),
            await program.get("/api/v1/cases"),
            await program.get("/api/v1/events"),
            await program.get(f"/api/v1/cases/{case}"),
            await program.get(f"/api/v1/cases/{case}/content", headers=purpose),
            await program.get(f"/api/v1/cases/{case}/packages/1", headers=purpose),
        ]
        assert [answer.status_code for answer in answers] == [403] * 7
        recorded = (await refusals(dashboard))[-7:]
        assert {entry["by"]["person"] for entry in recorded} == {"source.first_response"}
        assert len(dashboard.given.speaker.heard) == 1  # type: ignore[attr-defined]


async def test_the_development_sign_in_takes_no_tokens(scene: Scene) -> None:
    token = OpenIdProvider("POL-SGT-01", MORNING).access_token()
    async with a_dashboard(scene) as dashboard:
        assert (await with_token(dashboard, token).get("/api/v1/cases")).status_code == 401


async def test_signing_out_leads_on_to_the_provider_without_naming_anybody_in_the_address(
    scene: Scene,
) -> None:
    provider = OpenIdProvider("POL-SGT-01", MORNING, signs_out=True)
    async with a_dashboard(scene, **by(provider, StandingClock(MORNING))) as dashboard:
        page = await dashboard.browser().get("/signed-out")
        assert f'href="{ISSUER}/end?client_id=mash-dashboard&amp;post_logout_redirect_uri=' in page.text
        assert "id_token" not in page.text
        provider.says = {"end_session_endpoint": f"{ISSUER}/end".replace("https", "http")}
        assert "/end?" not in (await dashboard.browser().get("/signed-out")).text
        provider.says, provider.away = {}, True
        assert "/end?" not in (await dashboard.browser().get("/signed-out")).text
