"""For field teams: their inbox, a case in which something was sent to them, the RED notice. [E03, G3.6]"""

from __future__ import annotations

from collections.abc import Iterable

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from agents.coordinator import promises, sent_to_teams
from agents.coordinator.case import Case
from ops.dashboard import live
from ops.dashboard.admitting import Door, NoSuchCase, page_number_in, told_in, viewer_in
from ops.dashboard.given import Given
from ops.dashboard.inbox import Inbox, count_new, inbox, owing, sent_to
from ops.dashboard.matters import Matters
from ops.dashboard.package_page import people_grid
from ops.dashboard.places import TEAM
from ops.dashboard.reading_on_record import asking_in, require_kept
from ops.dashboard.rendering import Pages
from ops.dashboard.routes.reading import asks_purpose
from ops.dashboard.tasks import Situation, offered
from ops.dashboard.watching import Watching, digest
from ops.reading import Readings
from ops.who_reads import Denied


def routes(given: Given, pages: Pages, door: Door, watching: Watching) -> APIRouter:
    router = APIRouter()
    matters = Matters(given, door)

    async def new_for(request: Request, team: str) -> dict[str, int]:
        """How much is new for each team of the person, if the one asked for is one of them."""
        own = sorted(viewer_in(request).teams)
        if not own or (team and team not in own):
            await door.refuse(request, "not_your_team")
        return await counted(own)

    async def counted(teams: Iterable[str]) -> dict[str, int]:
        return {code: await count_new(given.store, code) for code in teams}

    async def of(team: str, number: int) -> Inbox:
        return await inbox(given.store, team, number, given.rows, given.partnership)

    async def shown(request: Request, team: str, *, part: bool = False) -> Response:
        new = await new_for(request, team)
        # Without a choice, the team that has something new.
        chosen = team or max(new, key=lambda code: new[code])
        found = await of(chosen, page_number_in(request))
        return pages.page("team.html", request, part=part, inbox=found, new=new, digest=digest(found, new))

    @router.get("/team", name="team")
    async def whole(request: Request, team: str = "") -> Response:
        return await shown(request, team)

    @router.get("/team/part", name="inbox_part")
    async def part(request: Request, team: str = "") -> Response:
        return await shown(request, team, part=True)

    @router.get("/team/events", name="inbox_events")
    async def events(request: Request, team: str = "") -> Response:
        before, number = await new_for(request, team), page_number_in(request)
        chosen = team or next(iter(before))

        async def look() -> str:
            return digest(await of(chosen, number), await counted(before))

        return live.events(request, door, watching, ("inbox", chosen, number, *before), look)

    @router.get("/team/cases/{case_id}", name="team_case")
    async def case(request: Request, case_id: str) -> Response:
        found, _ = await door.teams_case(request, case_id)
        viewer = viewer_in(request)
        told_of_red = viewer.teams & sent_to_teams.told_of_red(found, given.partnership)
        own = [one for one in found.outcomes if one.team in viewer.teams]
        asked = found.round.asked_by if found.round.number > 1 and not found.round_packages else ()
        return pages.page(
            "team_case.html",
            request,
            case=found,
            sent=sent_to(found, viewer.teams, given.partnership),
            outcomes=own,
            owing=owing(found, viewer.teams),
            lowered=sent_to_teams.red_lowered(found) if told_of_red else None,
            promised=found.closed_at is None and promises.open_promise(found) is not None,
            asked=sorted(viewer.teams & {*asked, *(one.team for one in found.task_backs)}),
            tasks=list(offered(Situation(found, viewer, given.partnership, given.now), tasks=TEAM.tasks)),
            told=told_in(request),
        )

    @router.get("/team/cases/{case_id}/notice", name="team_notice")
    async def notice(request: Request) -> Response:
        """What the RED notice says, read on record."""
        matter = await matters.teams_case(request)
        found = matter.document
        if not isinstance(found, Case):
            raise NoSuchCase
        if not viewer_in(request).teams & sent_to_teams.told_of_red(found, given.partnership):
            raise NoSuchCase
        if asks := asks_purpose(given, pages, request, matter, request.url.path):
            return asks
        await require_kept(given, found.case_id)
        readings = Readings(given.vault, given.partnership, given.today)
        try:
            content = await readings.notice(found, asking_in(request, found.case_id))
        except Denied as denied:
            await door.refuse(request, denied.reason, found.case_id)
        people = people_grid(content["people"], given.today)
        return pages.page("team_notice.html", request, case_id=found.case_id, notice=content, people=people)

    return router
