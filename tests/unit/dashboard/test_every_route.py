"""Every page and operation of the dashboard: who may, who may not, and what stands around its answer."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from httpx2 import AsyncClient, Response

from agents.coordinator.case import Case
from agents.partnership.model import StaffMember
from ops.dashboard.access import ACCESS, ASKS_BY_ITSELF, Open, SignedIn, is_program
from ops.dashboard.guard import HEADERS
from ops.dashboard.refusals import CHAIN
from ops.dashboard.tasks import TASKS
from ops.logs import KEYS, configure_logs
from store.audit_check import verify_chain
from store.port import StoreError
from tests.support.dashboard import (
    ADULT_CARE,
    AUDIT_SECRET,
    SERGEANT,
    TEXT,
    WITHHELD,
    Dashboard,
    Scene,
    a_dashboard,
    form_token,
    with_clearance,
)
from tests.support.live_events import opening_of
from tests.support.who_opens import OPEN_TO_ALL, PEOPLE, WHO_DOES, WHO_OPENS, may_do, may_open

ROUND = "dial_meeting"


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


async def token_in(browser: AsyncClient, path: str = "/you") -> str:
    """What comes with the forms of whoever is signed in there."""
    page = await browser.get(path)
    return form_token(page) if page.status_code == 200 else ""


async def ask(
    dashboard: Dashboard, browser: AsyncClient, method: str, path: str, token: str | None = None
) -> Response:
    """As a person does it who comes from a page of their own, and says no purpose; of live events what is
    said at once."""
    if path.endswith("/events"):
        return await opening_of(dashboard, browser, path)
    if method != "POST":
        return await browser.get(path)
    if path == "/sign-in" or token is None:
        token = await token_in(browser, "/sign-in" if path == "/sign-in" else "/you")
    return await browser.post(path, data={"form_token": token, "id": "C-NONE"})


async def refusals(dashboard: Dashboard) -> list[dict[str, object]]:
    return [json.loads(entry.body) for entry in await dashboard.given.store.audit(CHAIN)]


async def test_every_route_is_in_the_table_of_access_and_tried_here_and_nothing_else_is(scene: Scene) -> None:
    async with a_dashboard(scene) as dashboard:
        assert {str(route.name) for route in iter_route_contexts(dashboard.app.routes)} == ACCESS.keys()
        pages = {name for name, _, _ in named_routes(dashboard.app)}
    assert pages == WHO_OPENS.keys() | OPEN_TO_ALL
    assert {name for name, task in TASKS.items() if Case in task.of} == WHO_DOES.keys()


@pytest.mark.parametrize("one", PEOPLE, ids=lambda one: f"{one.person}@{one.agency}")
async def test_a_role_gets_the_pages_of_its_rights_alone_and_a_refusal_is_on_record_d02_l14(
    scene: Scene, one: StaffMember
) -> None:
    by = {"person": one.person, "agency": one.agency, "roles": sorted(one.roles)}
    async with a_dashboard(scene) as dashboard:
        browser = await dashboard.signed_in(f"{one.person}@{one.agency}")
        token = await token_in(browser)
        # To sign out comes last, since nobody gets anything afterwards.
        for name, method, path in sorted(named_routes(dashboard.app), key=lambda of: of[0] == "sign_out"):
            before = len(await refusals(dashboard))
            answer = await ask(dashboard, browser, method, address(path, scene.cases["issued"]), token)
            may = may_open(name, one)
            recorded = (await refusals(dashboard))[before:]
            assert (answer.status_code != 403) is may, (name, answer.status_code)
            assert answer.status_code < 500, name
            assert [(entry["page"], entry["by"]) for entry in recorded] == ([] if may else [(name, by)])
            if not may:
                assert "This refusal is on record" in answer.text
            if name.endswith("_events") and may:
                assert answer.headers["content-type"].startswith("text/event-stream")
            # Nor does anybody get a text who may see the page and has not said what they read it for.
            assert not [text for text in (TEXT, WITHHELD) if text in answer.text], name
        assert await verify_chain(dashboard.given.store, CHAIN, AUDIT_SECRET) is None


@pytest.mark.parametrize("one", PEOPLE, ids=lambda one: f"{one.person}@{one.agency}")
async def test_a_role_gets_the_tasks_of_its_rights_alone_and_a_refusal_is_on_record_d02_l14(
    scene: Scene, one: StaffMember
) -> None:
    case = scene.cases["issued"]
    may = {name for name in WHO_DOES if may_do(name, one)}
    async with a_dashboard(scene) as dashboard:
        browser = await dashboard.signed_in(f"{one.person}@{one.agency}")
        token, before = await token_in(browser), len(await refusals(dashboard))
        opened: dict[str, set[str]] = {"task": set(), "do_task": set()}
        for name in WHO_DOES:
            path = f"/cases/{case}/tasks/{name}"
            for page, answer in (
                ("task", await browser.get(path)),
                ("do_task", await browser.post(path, data={"form_token": token})),
            ):
                if answer.status_code != 403:
                    opened[page].add(name)
                assert not [text for text in (TEXT, WITHHELD) if text in answer.text], name
        recorded = [entry["page"] for entry in (await refusals(dashboard))[before:]]
    assert opened == {"task": may, "do_task": may}
    assert recorded == ["task", "do_task"] * (len(WHO_DOES) - len(may))


async def test_nobody_gets_anything_who_is_not_signed_in(scene: Scene) -> None:
    async with a_dashboard(scene) as dashboard:
        for name, method, path in named_routes(dashboard.app):
            answer = await ask(dashboard, dashboard.browser(), method, address(path, scene.cases["issued"]))
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
                answer = await ask(dashboard, browser, method, address(path, scene.cases["issued"]))
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
            await ask(dashboard, browser, method, address(path, scene.cases["issued"]))
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
            if name != "sign_out":
                await ask(dashboard, browser, method, address(path, case))
        await browser.get("/Tilly/Thornquist?name=Tilly")
    said = log.getvalue()
    assert not [word for word in (case, "POL-SGT", "Tilly", TEXT) if word in said]
    assert {key for line in said.splitlines() for key in json.loads(line)} <= KEYS
    routes = {json.loads(line)["route"] for line in said.splitlines()}
    pages = {name for name in ACCESS if not is_program(name)}
    assert routes >= pages - {"sign_out"}
