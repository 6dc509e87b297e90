"""Who may see which page, in one table: a page that is not in it cannot be opened by anybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Open:
    """For everybody, signed in or not: what is needed to sign in."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """For everybody who is signed in, also while their clearance has run out: it shows nothing of a case."""


@dataclass(frozen=True, slots=True)
class Holding:
    """For those whose role holds this right of the partnership, and who are cleared today."""

    right: str


@dataclass(frozen=True, slots=True)
class Cleared:
    """For those on the register who are cleared today. What they may is looked at where they do it.

    ``sources`` besides for a referral source's own system, which is no person. [D02, L02-L04]
    """

    sources: bool = False


Access = Open | SignedIn | Holding | Cleared

_VIEW = Holding("view")

ACCESS: Mapping[str, Access] = {
    "static": Open(),
    "sign_in": Open(),
    "sign_in_leave": Open(),
    "sign_in_finish": Open(),
    "sign_in_back": Open(),
    "sign_out": SignedIn(),
    "start": SignedIn(),
    "you": SignedIn(),
    "board": _VIEW,
    "board_rows": _VIEW,
    "board_events": _VIEW,
    "search": _VIEW,
    "search_for": _VIEW,
    "case": _VIEW,
    "read_package": _VIEW,
    "say_purpose": _VIEW,
    "read_case": _VIEW,
    "task": _VIEW,
    "do_task": _VIEW,
    "session_left": SignedIn(),
    "stay_signed_in": SignedIn(),
    "signed_out": Open(),
    "api_document": Open(),
    "api_cases": _VIEW,
    "api_case": _VIEW,
    "api_events": _VIEW,
    "api_content": Cleared(),
    "api_package": Cleared(),
    "api_decide": Cleared(),
    "api_refer": Cleared(sources=True),
}
"""By the name of a route. What belongs to one case is besides for those alone who may see that case
(`ops.dashboard.viewer.Viewer.may_see`), and a task for those who hold the right that it takes
(`ops.dashboard.tasks`). [C10, D02]"""

ASKS_BY_ITSELF = frozenset({"static", "board_rows", "board_events", "session_left", "api_events"})
"""What a page asks for without anybody doing anything, so that it does not keep a session from ending."""

KEEPS_FORM = frozenset({"do_task", "search_for"})
"""Forms that stand at the address that they are sent to: what was sent after the session had ended is shown
there again, filled in, to the same person."""

SIGNING_IN = frozenset({"sign_in", "sign_in_leave", "sign_in_finish", "sign_in_back"})
"""Where somebody has yet to say who they are, even while another person is signed in in that browser."""


def is_program(page: str) -> bool:
    """Whether a route is for programs: an operation of the HTTP API, which answers in JSON."""
    return page.startswith("api_")
