"""Pages from templates, which get what every page shows and say every time by the partnership's clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse

from ops import need_words
from ops.dashboard import dates, forecast_words, moments, words
from ops.dashboard.given import Given
from ops.dashboard.navigation import navigation
from ops.dashboard.sessions import Session
from ops.dashboard.viewer import Viewer

HERE = Path(__file__).parent


class Pages:
    """The templates of one dashboard."""

    def __init__(self, given: Given) -> None:
        self._given = given
        self._templates = Environment(
            loader=ChoiceLoader(
                [
                    FileSystemLoader(HERE / "templates"),
                    PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
                ]
            ),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters.update(
            words=words.in_words,
            need=self._need,
            next=self._next,
            agency=self._agency,
            team=self._team,
            destination=self._destination,
            moment=self._minute,
            date=dates.in_words,
            dates=dates.span_in_words,
            day=words.day_in_words,
            minute=self._minute,
            far=self._far,
            born=self._born,
            standing=need_words.STANDINGS.__getitem__,
            way=forecast_words.WAYS.__getitem__,
            obstacle=forecast_words.obstacle_in_words,
            rests_on=forecast_words.rests_on,
            party=self._party,
            message_type=words.message_type_in_words,
            length_of_time=words.length,
        )

    def text(self, template: str, request: Request, **shown: Any) -> str:
        """A page, or a part of one, as text."""
        session: Session | None = getattr(request.state, "session", None)
        viewer: Viewer | None = getattr(request.state, "viewer", None)
        return self._templates.get_template(template).render(
            service=self._given.partnership.title,
            development=self._given.sign_in.development,
            viewer=viewer,
            form_token=session.form_token if session else "",
            left=getattr(request.state, "left", None),
            path=request.url.path,
            now=self._given.now,
            navigation=navigation(viewer, request.url.path, self._given.partnership) if viewer else (),
            **shown,
        )

    def page(self, template: str, request: Request, status: int = 200, **shown: Any) -> HTMLResponse:
        """A whole page as an answer."""
        return HTMLResponse(self.text(template, request, **shown), status)

    def _need(self, code: str) -> str:
        return words.need_in_words(code, self._given.partnership)

    def _next(self, element: Mapping[str, str]) -> str:
        return words.next_for_element(element["standing"], element["owner"], self._given.partnership)

    def _agency(self, code: str) -> str:
        return words.agency_in_words(code, self._given.partnership)

    def _team(self, code: str) -> str:
        return words.team_in_words(code, self._given.partnership)

    def _destination(self, code: str) -> str:
        return words.destination_in_words(code, self._given.partnership)

    def _minute(self, moment: datetime | str) -> str:
        return moments.to_the_minute(moment, self._given.zone)

    def _far(self, moment: datetime | str) -> str:
        return moments.how_far(moment, self._given.now)

    def _born(self, said: str) -> str:
        return moments.born(said, self._given.today)

    def _party(self, party: str) -> str:
        return words.party_in_words(party, self._given.partnership)
