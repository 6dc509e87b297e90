"""What became of the viewer's agency's information, for those who account for it. [D02, D15, L05]"""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from ops.dashboard.admitting import Door, NoSuchCase, viewer_in
from ops.dashboard.dates import PARTS, entered
from ops.dashboard.forms import page_in
from ops.dashboard.given import Given
from ops.dashboard.our_data import COLUMNS, Wanted, lines, of_case, page_of
from ops.dashboard.rendering import Pages

CASES = 10
"""How many cases a page has."""

DAYS: Mapping[str, str] = {"since": "Received from", "until": "Received until"}
"""The days between which cases were received, by the name of the field."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for, as it was written, and what is wrong with it by the name of the field."""

    want: Wanted
    written: Mapping[str, str]
    number: int
    problems: Mapping[str, str]

    def query(self, number: int) -> str:
        """The same with another page."""
        return urlencode({**self.written, "page": number})


def routes(given: Given, pages: Pages, door: Door) -> APIRouter:
    router = APIRouter()

    @router.get("/our-data", name="our_data")
    async def whole(request: Request) -> Response:
        asked = asked_for(request.query_params, given.today)
        agency = viewer_in(request).agency
        found = await page_of(given.store, agency, asked.want, given.zone, asked.number, CASES)
        status = 400 if asked.problems else 200
        return pages.page("our_data.html", request, status, found=found, asked=asked, days=DAYS)

    @router.get("/our-data/table", name="our_data_table")
    async def table(request: Request) -> Response:
        asked, agency = asked_for(request.query_params, given.today), viewer_in(request).agency
        if asked.problems:
            raise NoSuchCase  # a file of more than was asked for would be taken for what was
        return StreamingResponse(
            _table(lines(given.store, agency, asked.want, given.zone)),
            media_type="text/csv",
            headers={"content-disposition": 'attachment; filename="our-data.csv"'},
        )

    @router.get("/our-data/cases/{case_id}", name="our_data_case")
    async def one(request: Request, case_id: str) -> Response:
        kept = (await given.store.load([case_id])).get(case_id)
        if kept is None or kept.facets.get("kind") != "case":
            raise NoSuchCase
        agency = viewer_in(request).agency
        owners = kept.facets.get("owners")
        if not isinstance(owners, tuple) or agency not in owners:
            await door.refuse(request, "not_your_agencys_data", kept.key)
        return pages.page("our_data_case.html", request, one=await of_case(given.store, kept, agency))

    return router


def asked_for(said: Mapping[str, str], today: date) -> Asked:
    """What somebody wants to see. A day that is none, or has not come, or an end before its beginning is a
    problem, and narrows nothing."""
    written = {"case": said.get("case", "").strip()}
    days, problems = {}, {}
    for name, label in DAYS.items():
        parts = {f"{name}-{part}": said.get(f"{name}-{part}", "").strip() for part in PARTS}
        day = days[name] = entered(*parts.values())
        if day is None and any(parts.values()):
            problems[name] = f"{label} must be a real date, such as 5 3 2026"
        elif day is not None and day > today:
            problems[name] = f"{label} must be today or in the past"
        written |= parts
    since, until = days["since"], days["until"]
    if since is not None and until is not None and until < since and not problems:
        problems["until"] = f"{DAYS['until']} must be the same day as {DAYS['since']}, or after it"
    return Asked(Wanted(written["case"].upper(), since, until), written, page_in(said), problems)


async def _table(found: AsyncIterator[Mapping[str, str]]) -> AsyncIterator[str]:
    """Comma-separated lines, as spreadsheets read them."""
    line = io.StringIO(newline="")
    write = csv.DictWriter(line, COLUMNS)
    write.writeheader()
    async for one in found:
        write.writerow(one)
        yield line.getvalue()
        line.seek(0)
        line.truncate()
    yield line.getvalue()
