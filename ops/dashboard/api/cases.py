"""Cases out: the list, a case, what is known in it, its packages, that something changed. [C10, D02, D14]"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import StreamingResponse

from agents.coordinator.case import Case
from ops import case_views, retention
from ops.dashboard import live
from ops.dashboard.admitting import Door, viewer_in
from ops.dashboard.api import shown
from ops.dashboard.api.asking import Purpose
from ops.dashboard.api.problems import NotDone, documented
from ops.dashboard.board import Asked, asked, board, choices, watched
from ops.dashboard.given import Given
from ops.dashboard.reading_on_record import asking_by, content_read
from ops.dashboard.watching import Watching
from ops.package_view import Shown, package_seat, read_package
from ops.problem import Problem
from ops.who_reads import Asking, Denied, on_record, seat_in

_Read = TypeVar("_Read")
_Filter = Annotated[str | None, Query(max_length=200)]
_Page = Annotated[int, Query(ge=1, le=999_999)]


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class Clock(_Out):
    """A clock of a case that runs."""

    name: str = Field(
        description="`due`, for RED `promised` besides, and before the rating `due_if_red`: the time of RED."
    )
    due: datetime = Field(description="When it runs out.")
    late: bool


class Row(_Out):
    """An open case: codes, ids and times, never content."""

    case: str
    category: str
    authority: str
    rag: str | None
    stage: str
    unanswered: tuple[str, ...] = Field(description="Agencies that have still to answer.")
    undecided: tuple[str, ...] = Field(description="Owners that have still to decide on what they own.")
    leaves_at: datetime | None = Field(
        description="When a package that was agreed with its gaps goes out, if it is not complete before."
    )
    needs: tuple[str, ...] = Field(description="What has to be done now, but for those answers.")
    clocks: tuple[Clock, ...]
    late: bool


class Cases(_Out):
    """A page of the open cases, the most urgent first."""

    rows: tuple[Row, ...]
    total: int = Field(description="How many cases fit.")
    number: int = Field(description="The page, from 1; the last one when there are not so many.")
    pages: int
    digest: str = Field(description="Another one whenever anything here is another; for the events.")


def routes(given: Given, door: Door, watching: Watching) -> APIRouter:
    router = APIRouter()

    takes = {
        name: f"one of {', '.join(one.value for one in known)}"
        for name, known in choices(given.partnership).items()
    }

    def wanted(request: Request) -> Asked:
        want = asked(request.query_params, given.partnership)
        if want.problems:
            raise NotDone("input_wrong", places=[f"{name}: {takes[name]}" for name in want.problems])
        return want

    async def kept_case(case_id: str) -> Case:
        case, _ = await door.find(case_id)
        if await retention.destroyed(case.case_id, given.store):
            raise NotDone("content_destroyed")
        return case

    def who(request: Request, purpose: str) -> Asking:
        require_purpose(purpose, given.partnership.purposes)
        return asking_by(viewer_in(request), purpose)

    async def read(
        request: Request, found: Case, reader: Asking, work: Callable[[], Awaitable[_Read]]
    ) -> _Read:
        try:
            return await on_record(given.vault, found.case_id, reader, work)
        except Denied as denied:
            await door.refuse(request, denied.reason, found.case_id)

    @router.get(
        "/cases",
        name="api_cases",
        response_model=Cases,
        responses=documented("sign_in_first", "not_allowed", "input_wrong"),
    )
    async def cases(
        request: Request,
        category: _Filter = None,
        rating: _Filter = None,
        authority: _Filter = None,
        needs: _Filter = None,
        agency: _Filter = None,
        page: _Page = 1,
    ) -> Any:
        """Open cases that the caller may see, the most urgent first, as on the board."""
        found = await board(given.store, wanted(request), viewer_in(request), given.now, given.rows)
        return Cases(
            rows=tuple(Row.model_validate(row) for row in found.rows),
            total=found.total,
            number=found.number,
            pages=found.pages,
            digest=found.digest(),
        )

    @router.get(
        "/events",
        name="api_events",
        response_class=StreamingResponse,
        responses={
            200: {"description": "Server-sent events.", "content": {"text/event-stream": {}}},
            **documented("sign_in_first", "not_allowed", "input_wrong"),
        },
    )
    async def events(
        request: Request,
        category: _Filter = None,
        rating: _Filter = None,
        authority: _Filter = None,
        needs: _Filter = None,
        agency: _Filter = None,
        page: _Page = 1,
        seen: Annotated[str, Query(max_length=64, description="The digest that is known.")] = "",
    ) -> Any:
        """That something changed on this page of the list, never what: `changed`, with the new digest.
        `ended` when the caller may not see it any more."""
        want, viewer = wanted(request), viewer_in(request)

        async def look() -> str:
            return (await board(given.store, want, viewer, given.now, given.rows)).digest()

        return live.events(request, door, watching, watched(want, viewer), look)

    @router.get(
        "/cases/{case_id}",
        name="api_case",
        response_model=None,
        responses={
            **shown.gives("Case"),
            **documented("sign_in_first", "not_allowed", "no_such_case", "input_wrong"),
        },
    )
    async def case(request: Request, case_id: str) -> Mapping[str, Any]:
        """Everything about a case that is no content: ids, codes, states, times."""
        found, kept = await door.case(request, case_id)
        return {
            **case_views.page(found, kept),
            **case_views.timing(found, given.partnership.clocks, given.now),
        }

    @router.get(
        "/cases/{case_id}/content",
        name="api_content",
        response_model=None,
        responses={
            **shown.gives("Content"),
            **documented("sign_in_first", "not_allowed", "no_such_case", "content_destroyed", "input_wrong"),
        },
    )
    async def content(request: Request, case_id: str, purpose: Purpose) -> Mapping[str, Any]:
        """What is known in a case, as far as the caller may see it: all of it for staff of the hub who have
        to do with the case, a dispute for its panel, the RED notice for a field team. On record first."""
        reader, found = who(request, purpose), await kept_case(case_id)

        async def work() -> Mapping[str, Any]:
            seat_in(found, reader, given.partnership, given.today)
            require_purpose(purpose, given.partnership.purposes_for(found.category))
            return await content_read(given, door, request, found, reader)

        return await read(request, found, reader, work)

    @router.get(
        "/cases/{case_id}/packages/{version}",
        name="api_package",
        response_model=None,
        responses={
            **shown.gives("Package"),
            **documented(
                "sign_in_first",
                "not_allowed",
                "no_such_case",
                "no_such_package",
                "content_destroyed",
                "input_wrong",
            ),
        },
    )
    async def package(request: Request, case_id: str, version: int, purpose: Purpose) -> Mapping[str, Any]:
        """A package with its texts, for staff of the hub who have to do with the case and for members of a
        team that received it. On record first."""
        reader, found = who(request, purpose), await kept_case(case_id)

        async def work() -> Shown:
            seat = package_seat(found, reader, given.partnership, given.today)
            require_purpose(purpose, given.partnership.purposes_for(found.category))
            if version not in {one.version for one in found.packages}:
                raise NotDone("no_such_package")
            return await read_package(
                found,
                version,
                given.vault,
                reader=seat.reader,
                purpose=purpose,
                partnership=given.partnership,
                today=given.today,
                teams=seat.teams,
            )

        try:
            package = await read(request, found, reader, work)
        except Problem:  # a version that went to other teams
            await door.refuse(request, "package_not_read", found.case_id)
        more = {"recipients": package.recipients, "as_sent": package.as_sent, "versions": package.versions}
        return {**package.package, **more}

    return router


def require_purpose(purpose: str, known: Iterable[str]) -> None:
    """It is one of these; those of a case are told only to who may read it, since they tell its category.
    Raises `NotDone`. [D16]"""
    if purpose not in known:
        raise NotDone("input_wrong", places=["Purpose: " + ", ".join(known)])
