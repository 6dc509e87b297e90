"""Who opens which page, written out: nothing of it is taken from the table of access or from the rights."""

from __future__ import annotations

from collections.abc import Mapping

from agents.partnership.model import StaffMember
from tests.support.whole_hub import PARTNERSHIP


def _named(*names: str) -> frozenset[str]:
    return frozenset(" ".join(names).split())


def off_hub(one: StaffMember) -> bool:
    return PARTNERSHIP.agencies[one.agency].off_hub


PEOPLE = tuple(
    dict.fromkeys(
        {
            (role, off_hub(one)): one
            # Of those alike the first one on the register.
            for one in reversed(PARTNERSHIP.staff)
            for role in one.roles
        }.values()
    )
)
"""One of each role in the hub, and one off it; somebody with two roles may stand for both."""

MANAGERS = frozenset({"senior_practitioner", "police_sergeant", "mash_manager"})
PANEL = frozenset(
    {
        "detective_superintendent_pvp",
        "assistant_director_children",
        "assistant_director_adults",
        "health_representative",
        "probation_assistant_chief",
        "housing_director",
    }
)
ANSWER = MANAGERS | {
    "practitioner",
    "advanced_practitioner",
    "duty_worker",
    "police_researcher",
    "decision_maker",
}
"""Who answers for their agency what it was asked."""

VIEW = ANSWER | {
    "line_manager",
    "data_controller",
    "public_protection_coordinator",
    "exploitation_officer",
}
_OWNER = frozenset({"decision_maker"})
_CHAMPION = frozenset({"data_protection_champion"})
_ACCOUNTS = frozenset({"decision_maker", "data_controller", "data_protection_champion"})
FIELD = frozenset({"social_worker", "team_manager", "detective_sergeant", "detective_constable"})
_REFERS = frozenset(
    {
        "practitioner",
        "senior_practitioner",
        "advanced_practitioner",
        "duty_worker",
        "police_sergeant",
        "social_worker",
        "detective_sergeant",
        "detective_constable",
    }
)
"""Who registers what a source of their agency refers, or brings a case. [B09]"""
_SOURCES = frozenset({"police", "csc_staffordshire", "csc_stoke", "asc_staffordshire", "asc_stoke"})
_MEETING = frozenset(
    {
        "police_researcher",
        "first_response_researcher",
        "practitioner",
        "senior_practitioner",
        "police_sergeant",
    }
)
"""Who has a part in the daily meeting on DIALs. [H03-H07]"""
_DAILY = _MEETING | {"public_protection_coordinator", "misper_coordinator"}
_MANAGER = frozenset({"mash_manager"})

_PAGES: tuple[tuple[frozenset[str], str], ...] = (
    (_REFERS, "refer do_refer referred"),
    (VIEW, "board board_rows board_events work work_part work_events search search_for"),
    (VIEW, "case case_part case_events case_record read_case read_reasons purpose say_purpose"),
    (VIEW, "read_package package_pdf package_changes package_form dispute read_dispute"),
    (MANAGERS, "task do_task"),
    (_DAILY, "rounds dial read_dial say_dial_purpose dial_task do_dial_task"),
    (_DAILY, "missing read_missing say_missing_purpose missing_task do_missing_task"),
    (_MEETING, "round meeting open_meeting round_item round_task do_round_task item_task do_item_task"),
    (MANAGERS | _CHAMPION, "registers"),
    (ANSWER, "supervision"),
    (ANSWER | _CHAMPION | {"line_manager", "data_controller"}, "breaches"),
    (_CHAMPION, "retention retention_task do_retention_task"),
    (_OWNER, "disclosure_desk disclosure_desk_part disclosure_desk_events"),
    (ANSWER, "answers_desk answers_desk_part answers_desk_events"),
    (VIEW | PANEL, "disputes_desk disputes_desk_part disputes_desk_events"),
    (_ACCOUNTS, "our_data our_data_table our_data_case"),
    (FIELD, "team inbox_part inbox_events"),
    (FIELD, "team_case team_notice team_say_purpose team_task do_team_task"),
    (FIELD, "team_read_package team_package_pdf team_package_changes team_package_form"),
    (_MANAGER, "operations operations_now operations_events operations_installation operations_find"),
    (_MANAGER, "operations_case redrive figures figures_file"),
)
WHO_OPENS: Mapping[str, frozenset[str]] = {page: roles for roles, pages in _PAGES for page in pages.split()}
"""The roles that open a page, by the name of its route, where a case is the one whose package went out, a
round the daily meeting on DIALs and a task the rating."""

_STAFF = ANSWER
_SIGNS = frozenset({"practitioner", "senior_practitioner", "advanced_practitioner", "duty_worker"})
_LINE_MANAGER = frozenset({"line_manager"})
_TASKS: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({"senior_practitioner", "police_sergeant"}), "threshold direction"),
    (MANAGERS, "rating enquiry_outside agreement end concern"),
    (frozenset({"senior_practitioner", "mash_manager"}), "assessment"),
    (_SIGNS | {"police_sergeant", "mash_manager"}, "handed_over"),
    (_STAFF, "answer dispute supervision"),
    (MANAGERS | {"practitioner"}, "discussion"),
    (_OWNER, "disclose permit"),
    (_LINE_MANAGER, "management confirm_settlement"),
    (_LINE_MANAGER | {"mash_manager"}, "convene"),
    (PANEL, "panel confirm_panel"),
    (frozenset({"data_controller"}), "controller"),
    (frozenset({"advanced_practitioner"}), "adult_threshold_social_care adult_strategy_social_care"),
    (frozenset({"advanced_practitioner"}), "adult_plan_social_care adult_route_social_care"),
    (frozenset({"police_sergeant"}), "adult_threshold_police adult_strategy_police"),
    (frozenset({"police_sergeant"}), "adult_plan_police adult_route_police"),
    (_SIGNS, "adult_form"),
    (frozenset({"practitioner", "duty_worker"}), "completion"),
    (frozenset({"exploitation_officer"}), "advice"),
    (frozenset({"public_protection_coordinator"}), "response flag_hate_crime"),
    (_STAFF | _CHAMPION | {"line_manager", "data_controller"}, "breach"),
    (_CHAMPION, "purge stay lift_stay"),
)
WHO_DOES: Mapping[str, frozenset[str]] = {task: roles for roles, tasks in _TASKS for task in tasks.split()}
"""The roles that do a task about a case, by its name, as the table of decision rights has them."""


def may_do(task: str, one: StaffMember) -> bool:
    """Whether a person opens a task at the case whose package went out: they hold the right, and see the
    case. Champions see none, and members of a panel only those in whose dispute they sit: it has none. The
    owners of what was revealed in it work in the hub."""
    roles = set(one.roles)
    sees = not off_hub(one) and bool(roles & VIEW) and (one.agency in ASKED or bool(roles & MANAGERS))
    return sees and bool(WHO_DOES[task] & roles)


OPEN_TO_ALL = _named(
    "static sign_in sign_in_leave sign_in_finish sign_in_back signed_out",
    "sign_out start you session_left stay_signed_in",
)

OFF_HUB_TOO = _named(
    "retention retention_task do_retention_task our_data our_data_table team inbox_part inbox_events",
    "disclosure_desk disclosure_desk_part disclosure_desk_events",
    "answers_desk answers_desk_part answers_desk_events",
    "disputes_desk disputes_desk_part disputes_desk_events",
)
"""What is open also to agencies that do not work in the hub; the others see nothing of that case."""

ASKED = frozenset({"police", "education", "primary_care", "csc_staffordshire"})
"""Whose information was asked for in that case. Managers see it besides."""
_OF_THE_CASE = _named(
    "case case_part case_events case_record read_case read_reasons purpose say_purpose read_package",
    "package_pdf package_changes package_form dispute read_dispute task do_task",
)
_OF_THE_TEAMS = frozenset(page for page in WHO_OPENS if page.startswith("team_") or page == "do_team_task")


def may_open(page: str, one: StaffMember) -> bool:
    """Whether a person opens a page."""
    if page in OPEN_TO_ALL:
        return True
    if not WHO_OPENS[page] & set(one.roles) or (off_hub(one) and page not in OFF_HUB_TOO):
        return False
    if page in ("refer", "do_refer", "referred"):
        return one.agency in _SOURCES
    if page in _OF_THE_CASE:
        return one.agency in ASKED or bool(MANAGERS & set(one.roles))
    if page in _OF_THE_TEAMS:
        return one.agency in ("police", "csc_staffordshire")
    if page == "our_data_case":
        return one.agency in ("police", "education")
    return True
