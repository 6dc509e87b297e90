"""Who may see which page, in one table: a page that is not in it cannot be opened by anybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from agents.partnership import Partnership
from ops.dashboard.viewer import Viewer
from ops.who_reads import rights_in_round


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
class HoldingOneOf:
    """For those whose role holds one of these rights at least, and who are cleared today."""

    rights: frozenset[str]


@dataclass(frozen=True, slots=True)
class InDailyRounds:
    """For those who hold a daily round of the partnership or act on what is before one, and who are cleared
    today. Which rights those are a partnership says (`ops.who_reads.rights_in_round`)."""


@dataclass(frozen=True, slots=True)
class Cleared:
    """For those on the register who are cleared today. What they may is looked at where they do it.

    ``sources`` besides for a referral source's own system, which is no person. [D02, L02-L04]
    """

    sources: bool = False


Access = Open | SignedIn | Holding | HoldingOneOf | InDailyRounds | Cleared

_VIEW = Holding("view")
_DAILY = InDailyRounds()
_REGISTERS = HoldingOneOf(frozenset({"oversee", "purge"}))
_CHAMPION = HoldingOneOf(frozenset({"purge", "stay_purge"}))
_OWNER = HoldingOneOf(frozenset({"release"}))
_ANSWERER = HoldingOneOf(frozenset({"answer_check"}))
_OUR_DATA = HoldingOneOf(frozenset({"account_for_data"}))
_IN_A_CASE = HoldingOneOf(
    frozenset(
        {"view", "release", "answer_check", "dispute", "management", "convene", "panel", "final_decision"}
    )
)
_REFERRER = HoldingOneOf(frozenset({"supply_form", "professional_judgement"}))
_TEAM = HoldingOneOf(frozenset({"field_team"}))
_OPERATE = Holding("operate")
_FIGURES = Holding("see_figures")

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
    "work_part": _VIEW,
    "work_events": _VIEW,
    "search": _VIEW,
    "search_for": _VIEW,
    "refer": _REFERRER,
    "do_refer": _REFERRER,
    "referred": _REFERRER,
    "case": _VIEW,
    "case_part": _VIEW,
    "case_events": _VIEW,
    "case_record": _VIEW,
    "read_package": _VIEW,
    "say_purpose": _IN_A_CASE,
    "purpose": _VIEW,
    "package_pdf": _VIEW,
    "package_changes": _VIEW,
    "package_form": _VIEW,
    "read_case": _VIEW,
    "task": _IN_A_CASE,
    "do_task": _IN_A_CASE,
    "rounds": _DAILY,
    "round": _DAILY,
    "meeting": _DAILY,
    "open_meeting": _DAILY,
    "round_item": _DAILY,
    "round_task": _DAILY,
    "do_round_task": _DAILY,
    "item_task": _DAILY,
    "do_item_task": _DAILY,
    "dial": _DAILY,
    "read_dial": _DAILY,
    "say_dial_purpose": _DAILY,
    "dial_task": _DAILY,
    "do_dial_task": _DAILY,
    "missing": _DAILY,
    "read_missing": _DAILY,
    "say_missing_purpose": _DAILY,
    "missing_task": _DAILY,
    "do_missing_task": _DAILY,
    "registers": _REGISTERS,
    "supervision": Holding("consult_supervisor"),
    "breaches": Holding("report_breach"),
    "retention": _CHAMPION,
    "retention_task": _CHAMPION,
    "do_retention_task": _CHAMPION,
    "disclosure_desk": _OWNER,
    "disclosure_desk_part": _OWNER,
    "disclosure_desk_events": _OWNER,
    "answers_desk": _ANSWERER,
    "answers_desk_part": _ANSWERER,
    "answers_desk_events": _ANSWERER,
    "disputes_desk": _IN_A_CASE,
    "disputes_desk_part": _IN_A_CASE,
    "disputes_desk_events": _IN_A_CASE,
    "dispute": _IN_A_CASE,
    "read_dispute": _IN_A_CASE,
    "our_data": _OUR_DATA,
    "our_data_table": _OUR_DATA,
    "our_data_case": _OUR_DATA,
    "read_reasons": _VIEW,
    "team": _TEAM,
    "inbox_part": _TEAM,
    "inbox_events": _TEAM,
    "team_case": _TEAM,
    "team_notice": _TEAM,
    "team_read_package": _TEAM,
    "team_package_pdf": _TEAM,
    "team_package_changes": _TEAM,
    "team_package_form": _TEAM,
    "team_say_purpose": _TEAM,
    "team_task": _TEAM,
    "do_team_task": _TEAM,
    "operations": _OPERATE,
    "operations_now": _OPERATE,
    "operations_events": _OPERATE,
    "operations_installation": _OPERATE,
    "operations_find": _OPERATE,
    "operations_case": _OPERATE,
    "redrive": _OPERATE,
    "figures": _FIGURES,
    "figures_file": _FIGURES,
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
(`ops.dashboard.viewer.Viewer.may_see`), what belongs to a daily round for those who have a part in it
(`ops.who_reads.reader_of_round`, `reader_of_dial`, `reader_of_missing`), and a task for those who hold the
right that it takes (`ops.dashboard.tasks`); a referral is registered by people of an agency that has a source
(`ops.dashboard.referring.sources_of`); under ``/team`` for members of a team that was sent something in
it (`ops.dashboard.viewer.Viewer.of_team`). [C10, D02, D19, H03, I08]"""

OFF_HUB_TOO = frozenset({_CHAMPION, _OWNER, _ANSWERER, _OUR_DATA, _IN_A_CASE, _TEAM})
"""What is open also to agencies that do not work in the hub: champions and owners decide on what is theirs,
and view nothing else of it; who sits on a panel sees the dispute; what was sent to a field team has left the
hub. Each page asks what they have to do with what it is about. [D09, G3.6, K03, L09]"""

ASKS_BY_ITSELF = frozenset(
    {
        "static",
        "board_rows",
        "board_events",
        "work_part",
        "work_events",
        "disclosure_desk_part",
        "disclosure_desk_events",
        "answers_desk_part",
        "answers_desk_events",
        "disputes_desk_part",
        "disputes_desk_events",
        "inbox_part",
        "inbox_events",
        "case_part",
        "case_events",
        "operations_now",
        "operations_events",
        "session_left",
        "api_events",
    }
)
"""What a page asks for without anybody doing anything, so that it does not keep a session from ending."""

KEEPS_FORM = frozenset(
    {
        "do_task",
        "do_team_task",
        "do_dial_task",
        "do_missing_task",
        "do_round_task",
        "do_item_task",
        "do_retention_task",
        "open_meeting",
        "search_for",
        "do_refer",
    }
)
"""Forms that stand at the address that they are sent to: what was sent after the session had ended is shown
there again, filled in, to the same person."""

SIGNING_IN = frozenset({"sign_in", "sign_in_leave", "sign_in_finish", "sign_in_back"})
"""Where somebody has yet to say who they are, even while another person is signed in in that browser."""


def rights_for(access: Access, partnership: Partnership) -> frozenset[str]:
    """The rights of which one at least is needed; none where no right is."""
    match access:
        case Holding():
            return frozenset({access.right})
        case HoldingOneOf():
            return access.rights
        case InDailyRounds():
            return frozenset(
                right for code in partnership.rounds for right in rights_in_round(code, partnership)
            )
        case _:
            return frozenset()


def hindrance(page: str, viewer: Viewer, partnership: Partnership) -> str | None:
    """Why somebody who is signed in may not see a page, by the name of its route, as a code; None when they
    may."""
    access = ACCESS.get(page)
    match access:
        case None:
            return "page_unknown"
        case Open() | SignedIn():
            return None
        case Cleared():
            if viewer.source:
                return None if access.sources else "role_may_not"
            return viewer.uncleared
    off_hub = viewer.hindered == "agency_off_hub" and access in OFF_HUB_TOO
    hindered = viewer.uncleared if off_hub else viewer.hindered
    return hindered or (None if rights_for(access, partnership) & viewer.rights else "role_may_not")


def is_program(page: str) -> bool:
    """Whether a route is for programs: an operation of the HTTP API, which answers in JSON."""
    return page.startswith("api_")
