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
class HoldingAny:
    """For those whose role holds one of these rights, and who are cleared today, of an agency off the hub
    too. The page itself asks what they have to do with what it is about: somebody who sits on a panel sees
    the dispute and nothing else, an owner off the hub decides on its own elements and reads nothing.
    [D09, K03]
    """

    rights: frozenset[str]


Access = Open | SignedIn | Holding | HoldingAny

_VIEW = Holding("view")
_OUR_DATA = HoldingAny(frozenset({"account_for_data"}))
_IN_A_CASE = HoldingAny(
    frozenset(
        {"view", "release", "answer_check", "dispute", "management", "convene", "panel", "final_decision"}
    )
)

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
    "work": _VIEW,
    "search": _VIEW,
    "search_for": _VIEW,
    "case": _VIEW,
    "read_package": _VIEW,
    "say_purpose": _IN_A_CASE,
    "read_case": _VIEW,
    "task": _IN_A_CASE,
    "do_task": _IN_A_CASE,
    "disclosure_desk": HoldingAny(frozenset({"release"})),
    "answers_desk": HoldingAny(frozenset({"answer_check"})),
    "disputes_desk": _IN_A_CASE,
    "dispute": _IN_A_CASE,
    "read_dispute": _IN_A_CASE,
    "our_data": _OUR_DATA,
    "our_data_table": _OUR_DATA,
    "our_data_case": _OUR_DATA,
}
"""By the name of a route. What belongs to one case is besides for those alone who may see that case
(`ops.dashboard.viewer.Viewer.may_see`), and a task for those who hold the right that it takes
(`ops.dashboard.tasks`). [C10, D02]"""

ASKS_BY_ITSELF = frozenset({"static", "board_rows", "board_events"})
"""What a page asks for without anybody doing anything, so that it does not keep a session from ending."""

SIGNING_IN = frozenset({"sign_in", "sign_in_leave", "sign_in_finish", "sign_in_back"})
"""Where somebody has yet to say who they are, even while another person is signed in in that browser."""
