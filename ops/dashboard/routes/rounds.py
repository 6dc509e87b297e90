"""The daily rounds, and the meeting of one: its agenda as a list, with one item at a time on a shared screen.
[H02-H05, H08, I01, I08]"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from agents.coordinator.daily_rounds import Round
from agents.coordinator.dial_record import Dial, stage, who_checks
from agents.partnership import DailyRound
from ops.dashboard import words
from ops.dashboard.admitting import Door, NoSuchCase, address_of, session_in, told_in, viewer_in, written_in
from ops.dashboard.forms import Field, Kind, Option, Written, read
from ops.dashboard.given import Given
from ops.dashboard.how_it_stands import how_it_stands
from ops.dashboard.kept_forms import KeptForm, KeptForms
from ops.dashboard.matters import Matter, Matters, purposes_of
from ops.dashboard.meeting import Meeting, empty_seats
from ops.dashboard.reading_on_record import content_for
from ops.dashboard.rendering import Pages
from ops.dashboard.tasks import IN_ROUNDS, About, Situation, Task, asking, offered
from ops.rounds import carried_over, rounds, standing

_WAITS_FOR: Mapping[str, str] = {
    "history": "the police history",
    "checks": "the checks of children’s services",
    "meeting": "the meeting",
}
"""The stages of a DIAL."""


def routes(given: Given, pages: Pages, door: Door, kept_forms: KeptForms) -> APIRouter:
    router = APIRouter()
    matters = Matters(given, door)

    def situation(request: Request, matter: Matter) -> Situation:
        viewer = viewer_in(request)
        return Situation(matter.document, viewer, given.partnership, given.now, meeting=matter.meeting)

    def tasks(request: Request, matter: Matter) -> list[tuple[Task, About]]:
        return list(offered(situation(request, matter), IN_ROUNDS))

    def held(matter: Matter) -> tuple[Round, DailyRound]:
        if not isinstance(matter.document, Round):
            raise NoSuchCase
        return matter.document, given.partnership.rounds[matter.document.code]

    @router.get("/rounds", name="rounds")
    async def whole(request: Request) -> Response:
        codes = [code for code in given.partnership.rounds if matters.may_enter(request, code)]
        found = [
            (standing(one), given.partnership.rounds[one.code]) for one in await rounds(given.store, codes)
        ]
        return pages.page("rounds.html", request, rounds=found, today=given.today)

    @router.get("/rounds/{code}", name="round")
    async def one(request: Request) -> Response:
        matter = await matters.round(request)
        state, config = held(matter)
        return pages.page(
            "round.html",
            request,
            matter=matter,
            round=state,
            config=config,
            standing=standing(state),
            carried_over=carried_over,
            tasks=tasks(request, matter),
            empty=empty_seats(config.quorum, matter.meeting),
            states=await _states(state),
            told=told_in(request),
        )

    async def _states(state: Round) -> Mapping[str, str]:
        """What each thing before the round waits for."""
        kept = await given.store.load([one.item for one in state.items])
        return {
            key: _WAITS_FOR.get(str(found.facets.get("stage")), "the review") for key, found in kept.items()
        }

    def opening(
        request: Request,
        matter: Matter,
        written: Written | None = None,
        problems: Mapping[str, str] | None = None,
        kept: KeptForm | None = None,
    ) -> Response:
        return pages.page(
            "meeting.html",
            request,
            400 if problems else 200,
            matter=matter,
            fields=questions(request, matter),
            written=written,
            problems=problems or {},
            kept=kept,
        )

    def questions(request: Request, matter: Matter) -> Sequence[Field]:
        state, _ = held(matter)
        said = matter.meeting
        purpose = Field(
            "purpose",
            "What the meeting reads for",
            Kind.RADIOS,
            hint="Each time something is read here, your name, what is read and this purpose go on record.",
            options=tuple(
                Option(code, words.in_words(code).capitalize())
                for code in purposes_of(state, given.partnership, given.today)
            ),
            needed="Choose what the meeting reads for",
            filled=(said.purpose,) if said else (),
        )
        return (purpose, *asking.meeting(state.code, situation(request, matter)))

    @router.get("/rounds/{code}/meeting", name="meeting")
    async def open_form(request: Request) -> Response:
        matter = await matters.round(request)
        kept = kept_forms.take(session_in(request), address_of(request))
        return opening(request, matter, kept.written if kept else None, kept=kept)

    @router.post("/rounds/{code}/meeting", name="open_meeting")
    async def open_meeting(request: Request) -> Response:
        """It is kept with the session: the hub hears of it with each decision, and when it was held."""
        matter, written = await matters.round(request), written_in(request)
        state, _ = held(matter)
        answers = read(questions(request, matter), written, given.zone)
        if answers.problems:
            return opening(request, matter, written, answers.problems)
        session_in(request).meetings[state.code] = Meeting(
            answers.data["purpose"], answers.data["mode"], tuple(written["participants"])
        )
        first = f"/items/{state.items[0].item}" if state.items else ""
        return RedirectResponse(f"{matter.path}{first}", 303)

    @router.get("/rounds/{code}/items/{item}", name="round_item")
    async def item(request: Request) -> Response:
        """One item in the meeting, read on record."""
        round_, matter = await matters.round(request), await matters.item(request)
        state, config = held(round_)
        listed, key = [one.item for one in state.items], matter.kept.key
        place = listed.index(key) if key in listed else None
        content = None
        if matter.meeting is not None and not isinstance(matter.document, Round):
            content = await content_for(given, door, request, matter.document, matter.meeting.purpose)
        return pages.page(
            "round_item.html",
            request,
            round=round_,
            config=config,
            matter=matter,
            content=content,
            place=place,
            listed=listed,
            stands=await how_it_stands(given, matter.document, viewer_in(request)),
            missing=_still_to_check(matter),
            seats=[
                f"{words.in_words(seat.role)} of {words.agency_in_words(seat.agency, given.partnership)}"
                for seat in empty_seats(config.quorum, matter.meeting)
            ],
            tasks=tasks(request, matter),
            called=situation(request, matter).called,
            told=told_in(request),
        )

    def _still_to_check(matter: Matter) -> list[str]:
        """What a DIAL lacks before the meeting may decide on it. [H03-H05]"""
        dial = matter.document
        if not isinstance(dial, Dial) or stage(dial, given.partnership) not in ("history", "checks"):
            return []
        checked = {check.by.agency for check in dial.checks}
        children = sorted(who_checks(dial, given.partnership) - checked)
        lacking = [words.agency_in_words(agency, given.partnership) for agency in children]
        return (["The police history"] if dial.history is None else []) + lacking

    return router
