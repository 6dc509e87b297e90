"""Every page and operation of the dashboard: who may, who may not, and what stands around its answer."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from httpx2 import AsyncClient, Response

from ops.dashboard.access import (
    ACCESS,
    ASKS_BY_ITSELF,
    OFF_HUB_TOO,
    Open,
    SignedIn,
    is_program,
    rights_for,
)
from ops.dashboard.guard import HEADERS
from ops.dashboard.refusals import CHAIN
from ops.logs import KEYS, configure_logs
from ops.who_reads import rights_in_round
from store.audit_check import verify_chain
from store.port import StoreError
from tests.support.dashboard import (
    ADULT_CARE,
    AUDIT_SECRET,
    PURPOSE,
    SERGEANT,
    TEXT,
    WITHHELD,
    Dashboard,
    Scene,
    a_dashboard,
    form_token,
    with_clearance,
)
from tests.support.whole_hub import PARTNERSHIP

ROUND = "dial_meeting"
_ENDLESS = frozenset({"board_events", "case_events", "operations_events"})
"""Answers that go on as long as somebody listens; `test_watching` has what they say."""


def named_routes(app: FastAPI) -> Iterator[tuple[str, str, str]]:
    """Name, method and path of every page; `test_every_operation` has those for programs."""
    for route in iter_route_contexts(app.routes):
        methods = sorted(getattr(route, "methods", None) or {"GET"})
        if not is_program(str(route.name)):
            yield str(route.name), methods[0], str(route.path)


def address(path: str, case: str) -> str:
    """The path with a case in it, and a package of it; with a daily round, and what there is none of."""
    return (f"{path}/icon.svg" if path == "/static" else path).format(
        case_id=case,
        version=1,
        name="acknowledge" if path.startswith("/team") else "rating",
        code=ROUND,
        item="D-NONE",
        dial="D-NONE",
        missing="M-NONE",
        document=case,
    )


async def ask(browser: AsyncClient, method: str, path: str) -> Response:
    """As a person does it who comes from a page of their own."""
    if method != "POST":
        return await browser.get(path)
    page = await browser.get("/sign-in" if path == "/sign-in" else "/you")
    token = form_token(page) if page.status_code == 200 else ""
    return await browser.post(path, data={"form_token": token, "purpose": PURPOSE, "id": "C-NONE"})


async def refusals(dashboard: Dashboard) -> list[dict[str, object]]:
    return [json.loads(entry.body) for entry in await dashboard.given.store.audit(CHAIN)]


def off_hub(agency: str) -> bool:
    return PARTNERSHIP.agencies[agency].off_hub


ROLES = sorted({role for one in PARTNERSHIP.staff for role in one.roles})


async def test_every_route_is_in_the_table_of_access_and_nothing_else_is(scene: Scene) -> None:
    async with a_dashboard(scene) as dashboard:
        assert {str(route.name) for route in iter_route_contexts(dashboard.app.routes)} == ACCESS.keys()


@pytest.mark.parametrize("role", ROLES)
async def test_a_role_gets_the_pages_of_its_rights_alone_and_a_refusal_is_on_record_d02_l14(
    scene: Scene, role: str
) -> None:
    one = min((one for one in PARTNERSHIP.staff if role in one.roles), key=lambda one: off_hub(one.agency))
    rights = {right for right, roles in PARTNERSHIP.rights.items() if set(roles) & set(one.roles)}
    case = scene.cases["issued"]
    at_home = one.agency in ("police", "education", "primary_care", "csc_staffordshire")
    async with a_dashboard(scene) as dashboard:
        for name, method, path in named_routes(dashboard.app):
            if name in _ENDLESS | {"sign_out"}:
                continue
            browser = await dashboard.signed_in(f"{one.person}@{one.agency}")
            before = len(await refusals(dashboard))
            answer = await ask(browser, method, address(path, case))
            access = ACCESS[name]
            needed = rights_for(access, PARTNERSHIP)
            open_to_all = isinstance(access, Open | SignedIn)
            at_home_or_not = not off_hub(one.agency) or access in OFF_HUB_TOO
            may = open_to_all or (bool(needed & rights) and at_home_or_not)
            if "{code}" in path:
                may = may and bool(set(rights_in_round(ROUND, PARTNERSHIP)) & rights)
            if name == "our_data_case":
                may = may and one.agency in ("police", "education")
            elif path.startswith("/team/cases"):
                may = may and one.agency in ("police", "csc_staffordshire")
            elif "{case_id}" in path and access in OFF_HUB_TOO:
                # Nothing in this case is for a panel, or for an owner off the hub.
                may = "view" in rights and not off_hub(one.agency) and (at_home or "oversee" in rights)
            elif "{case_id}" in path and not path.startswith("/operations"):
                may = may and (at_home or "oversee" in rights)
            if name in ("task", "do_task"):
                may = may and "rate" in rights
            recorded = (await refusals(dashboard))[before:]
            assert (answer.status_code != 403) is may, (name, answer.status_code)
            assert [(entry["page"], entry["by"]) for entry in recorded] == (
                []
                if may
                else [(name, {"person": one.person, "agency": one.agency, "roles": sorted(one.roles)})]
            )
            if not may:
                assert TEXT not in answer.text
                assert "This refusal is on record" in answer.text
            assert WITHHELD not in answer.text
        assert await verify_chain(dashboard.given.store, CHAIN, AUDIT_SECRET) is None


async def test_nobody_gets_anything_who_is_not_signed_in(scene: Scene) -> None:
    async with a_dashboard(scene) as dashboard:
        for name, method, path in named_routes(dashboard.app):
            answer = await ask(dashboard.browser(), method, address(path, scene.cases["issued"]))
            if isinstance(ACCESS[name], Open):
                assert answer.status_code in (200, 303, 400)
            elif name in ASKS_BY_ITSELF:
                assert (answer.status_code, answer.text) == (401, "")
            else:
                assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
            assert not any(case in answer.text for case in scene.cases.values())


async def test_who_is_no_longer_cleared_gets_nothing_of_any_case_d02_l03_l04(scene: Scene) -> None:
    async with a_dashboard(scene, with_clearance(vetted_until="2012-03-04")) as dashboard:
        browser = await dashboard.signed_in(SERGEANT)
        for name, method, path in named_routes(dashboard.app):
            if not isinstance(ACCESS[name], Open | SignedIn):
                answer = await ask(browser, method, address(path, scene.cases["issued"]))
                assert answer.status_code == 403
                assert "Your vetting has run out" in answer.text
        assert {entry["why"] for entry in await refusals(dashboard)} >= {"vetting_expired"}


async def test_staff_of_an_agency_that_was_not_asked_neither_see_nor_list_the_case_c10(
    scene: Scene,
) -> None:
    async with a_dashboard(scene) as dashboard:
        browser = await dashboard.signed_in(ADULT_CARE)
        board = await browser.get("/board")
        assert [case for case in scene.cases.values() if case in board.text] == [scene.cases["adult_care"]]
        for name, case in scene.cases.items():
            assert (await browser.get(f"/cases/{case}")).status_code == (200 if name == "adult_care" else 403)
        assert (await refusals(dashboard))[-1]["why"] == "not_your_agencys_case"


async def test_every_answer_keeps_to_itself(scene: Scene) -> None:
    async with a_dashboard(scene, secure=True) as dashboard:
        answers = [
            await ask(browser, method, address(path, scene.cases["issued"]))
            for name, method, path in named_routes(dashboard.app)
            for browser in (dashboard.browser(),)
        ]
        answers += [await dashboard.browser().get("/nothing/here"), await dashboard.browser().put("/board")]
        for answer in answers:
            assert {name: answer.headers[name] for name in HEADERS} == HEADERS
            kept = "no-cache" if answer.request.url.path.startswith("/static") else "no-store"
            assert answer.headers["cache-control"] == kept
            assert answer.headers["strict-transport-security"]
            assert "<script>" not in answer.text
            assert " style=" not in answer.text
            assert " onclick=" not in answer.text


async def test_a_failure_shows_a_number_and_nothing_else(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = io.StringIO()
    configure_logs("info", "json", log)
    async with a_dashboard(scene) as dashboard:
        browser = await dashboard.signed_in(SERGEANT)

        async def fails(*what: object, **how: object) -> None:
            raise StoreError("SECRET of the store")

        monkeypatch.setattr(dashboard.given.store, "find", fails)
        answer = await browser.get("/board?category=SECRET")
    assert answer.status_code == 500
    assert "SECRET" not in answer.text + log.getvalue()
    entries = [json.loads(line) for line in log.getvalue().splitlines()]
    (failed,) = [entry for entry in entries if entry["event"] == "request_failed"]
    assert failed["request"] in answer.text
    assert (failed["route"], failed["error"]) == ("board", "StoreError")


async def test_the_log_has_the_names_of_routes_and_no_path_person_or_case(scene: Scene) -> None:
    log = io.StringIO()
    configure_logs("info", "json", log)
    case = scene.cases["issued"]
    async with a_dashboard(scene) as dashboard:
        browser = await dashboard.signed_in(SERGEANT)
        for name, method, path in named_routes(dashboard.app):
            if name not in _ENDLESS | {"sign_out"}:
                await ask(browser, method, address(path, case))
        await browser.get("/Tilly/Thornquist?name=Tilly")
    said = log.getvalue()
    assert not [word for word in (case, "POL-SGT", "Tilly", TEXT) if word in said]
    assert {key for line in said.splitlines() for key in json.loads(line)} <= KEYS
    routes = {json.loads(line)["route"] for line in said.splitlines()}
    pages = {name for name in ACCESS if not is_program(name)}
    assert routes >= pages - _ENDLESS - {"sign_out"}
