"""Pages from templates, which get what every page shows and say every time by the partnership's clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse

from ops.dashboard import words
from ops.dashboard.given import Given
from ops.dashboard.sessions import Session
from ops.dashboard.viewer import Viewer
from ops.local_time import local_time

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
            moment=self._moment,
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

    def _moment(self, moment: datetime | str) -> str:
        return local_time(moment, self._given.zone)
