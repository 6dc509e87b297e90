"""One case, drawn for the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from agents.coordinator.checks import UNANSWERED
from messages.child_sexual_exploitation import Origin
from ops.case_views import route_in_words
from ops.cli.output import RAG_STYLE
from ops.cli.rows import Rows
from ops.local_time import local_time
from ops.need_words import STANDINGS, need_in_words

_UNANSWERED = frozenset(state.value for state in UNANSWERED)
_STATE_STYLE = {
    "found": "green", "nothing_found": "green", "nothing_relevant": "green", "outstanding": "yellow",
    "released": "green", "sanitised": "green", "presumed_usable": "green", "withheld": "red",
}  # fmt: skip


def drawn(page: dict[str, Any], zone: ZoneInfo) -> RenderableType:
    """The page of a case, with its times in this zone."""
    rating = page["ratings"][-1] if page["ratings"] else {}
    rag = rating.get("rag") or "not rated"
    head = Text.assemble(
        (page["case_id"], "bold"), f"  {page['category'].replace('_', ' ')}  ", (page["stage"], "bold cyan")
    )
    facts = Table.grid(padding=(0, 2))
    for name, value in (
        (
            "referral",
            f"{page['referral_id']} from {page['source']}, received {local_time(page['received_at'], zone)}",
        ),
        ("due", _due(page, zone)),
        *([("promised by", _promise(page, zone))] if page["promised_by"] else []),
        *(("RED told to", _told(notice, zone)) for notice in page["red_notices"]),
        ("needs", ", ".join(map(need_in_words, page["needs"])) or "nothing"),
        *([("agreed", _agreed(page["agreement"], zone))] if page["agreement"] else []),
        *([("route", route_in_words(page["route"]))] if page["route"] else []),
        ("earlier cases", ", ".join(page["earlier_cases"]) or "none"),
        *([("content", page["content"])] if page.get("content") else []),
        *([("hate crime", ", ".join(page["hate_crime"]["strands"]))] if page["hate_crime"] else []),
        *([("origin", page["origin"])] if page["origin"] != Origin.ORDINARY else []),
        *([("completed", _signed(page["completion"], zone))] if page["completion"] else []),
    ):
        facts.add_row(Text(name, style="dim"), Text(str(value)))
    facts.add_row(Text("rating", style="dim"), Text(str(rag), style=RAG_STYLE.get(str(rag), "")))
    parts: list[RenderableType] = [head, facts]
    if page["adult"]:
        parts += _adult(page["adult"], zone)
    unanswered = [check for check in page["checks"] if check["state"] in _UNANSWERED]
    page = {**page, "unanswered": unanswered}
    for title, key, columns in (
        ("Agencies", "checks", ("agency", "round", "state", "asked_at", "answered_at", "due_at")),
        ("Answers waited for", "unanswered", ("agency", "request_id")),
        ("Elements", "elements", ("element_id", "holder", "owner", "kind", "marking", "standing")),
        ("Permissions", "permissions", ("permission_id", "owner", "element_id", "asked_at", "decided_at")),
        ("Asked for more", "task_backs", ("round", "teams", "at")),
        ("Disputes", "disputes", ("dispute_id", "element_id", "ground", "stage", "settled_by")),
        ("Packages", "packages", ("version", "kind", "issued_at", "on_time", "recipients", "waiting_for")),
        ("Record-back", "records", ("agency", "due_at", "acknowledged_at")),
        ("Responses", "hate_responses", ("level", "at")),
        ("Advice", "advice", ("topic", "at")),
        ("Suggested and taken", "suggestions", ("team", "suggested", "taken", "as_suggested", "at")),
        ("Ran out", "breached", ("timer", "agency", "due_at", "cause", "waiting_for")),
    ):
        if page[key]:
            parts.append(_table(title, page[key], columns, zone))
    return Group(*parts)


def drawn_page_of(page: dict[str, Any], zone: ZoneInfo) -> RenderableType:
    """The page of a DIAL or a missing person (`case_views.other_page`), with its times in this zone."""
    facts = Table.grid(padding=(0, 2))
    rows: dict[str, list[dict[str, Any]]] = {}
    for name, value in page.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            rows[name] = [_with_person(row) for row in value]
        elif name != "key" and value is not None and value != []:
            facts.add_row(Text(name.replace("_", " "), style="dim"), Text(_in_line(name, value, zone)))
    parts: list[RenderableType] = [Text(page["key"], style="bold"), facts]
    parts += [_table(name.capitalize(), found, tuple(found[0]), zone) for name, found in rows.items()]
    return Group(*parts)


def _with_person(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "by": _who(row)} if "by" in row else row


def _in_line(name: str, value: Any, zone: ZoneInfo) -> str:
    """A part of a page on one line: ``by POL-RES-01, at 2026-07-01 12:00:00 BST, known yes``."""
    if isinstance(value, dict):
        said = _with_person(value)
        return ", ".join(
            f"{inner.replace('_', ' ')} {_in_line(inner, one, zone)}"
            for inner, one in said.items()
            if one is not None
        )
    if isinstance(value, list):
        return ", ".join(one["person"] if isinstance(one, dict) else str(one) for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(_as_read(name, value, zone))


def _due(page: dict[str, Any], zone: ZoneInfo) -> str:
    """When what is owed is due; until it is rated, by the clock of RED."""
    if page["due_at"] is None:
        return "nothing"
    due = local_time(page["due_at"], zone)
    if page["owed"] == "rating":
        due = f"{due}, the time of RED until it is rated"
    return f"{due}: LATE" if page["late"] else due


def _promise(page: dict[str, Any], zone: ZoneInfo) -> str:
    promised = local_time(page["promised_by"], zone)
    return f"{promised}: BROKEN" if page["promise_broken"] else promised


def _agreed(agreement: dict[str, Any], zone: ZoneInfo) -> str:
    leaves = "when complete" if agreement["if_incomplete"] == "wait" else "at its due time at the latest"
    return f"{_who(agreement)}, {local_time(agreement['at'], zone)}; the package leaves {leaves}"


def _told(notice: dict[str, Any], zone: ZoneInfo) -> str:
    return f"{', '.join(notice['teams'])} at {local_time(notice['at'], zone)}"


def drawn_as_at(case_id: str, moment: datetime, view: dict[str, Any], zone: ZoneInfo) -> RenderableType:
    """What was known and decided at a moment: the view of `ops.as_at`, with its times in this zone."""
    rating = view["rating"] or {}
    facts = Table.grid(padding=(0, 2))
    for name, value in (
        ("threshold", _decision(view["threshold"], zone, lambda v: "met" if v["met"] else "not met")),
        ("rating", _decision(view["rating"], zone, lambda v: v["rag"]) if rating else "not rated"),
        ("due", local_time(rating["due_at"], zone) if rating else "not rated"),
        *([("promised by", local_time(rating["promise_at"], zone))] if rating.get("promise_at") else []),
        *(
            ("RED told to", _told({**one, "teams": [t.removeprefix("team.") for t in one["teams"]]}, zone))
            for one in view["red_notices"]
        ),
        *_adult_as_at(view, zone),
        ("assessment", _decision(view["assessment"], zone, lambda v: v["course"])),
        ("agreement", _decision(view["agreement"], zone, lambda v: v["if_incomplete"])),
        *([("completed", _decision(view["completion"], zone, _cosigned))] if view["completion"] else []),
        *([("route", _decision(view["route"], zone, lambda v: v["to"]))] if view["route"] else []),
        ("closed", local_time(view["closed_at"], zone) if view["closed_at"] else "no"),
        ("record", f"{view['entries']} entries until then"),
    ):
        style = RAG_STYLE.get(rating.get("rag", ""), "") if name == "rating" else ""
        facts.add_row(Text(name, style="dim"), Text(str(value), style=style))
    elements = [
        {"element_id": id_, **element, **_decided(element["decision"])}
        for id_, element in view["elements"].items()
    ]
    disputes = [{"dispute_id": id_, **one} for id_, d in view["disputes"].items() for one in d["acts"]]
    parts: list[RenderableType] = [
        Text.assemble((case_id, "bold"), f"  as at {local_time(moment, zone)}"),
        facts,
    ]
    for title, rows, columns in (
        ("Agencies", view["checks"], ("agency", "round", "state", "asked_at", "answered_at")),
        ("Discussions", view["discussions"], ("discussion_id", "by", "mode", "at")),
        (
            "Elements",
            elements,
            (
                "element_id",
                "holder",
                "revealed_at",
                "decided_choice",
                "decided_authority",
                "decided_by",
                "decided_at",
            ),
        ),
        ("Disputes", disputes, ("dispute_id", "element_id", "act", "by", "at")),
        ("Adult threshold", view["adult_signatures"], ("side", "by", "met", "at", "standing")),
        ("Responses", view["hate_responses"], ("level", "by", "at")),
        ("Advice", view["advice"], ("topic", "by", "at")),
        ("Packages", view["packages"], ("version", "kind", "at", "on_time", "recipients", "waiting_for")),
        ("Outcomes", view["outcomes"], ("team", "course", "by", "at")),
        ("Warned", view["warned"], ("agency", "percent", "due_at", "at")),
        ("Ran out", view["breached"], ("timer", "agency", "due_at", "cause", "waiting_for")),
    ):
        if rows:
            parts.append(_table(title, rows, columns, zone))
    return Group(*parts)


def _decided(decision: dict[str, Any] | None) -> dict[str, Any]:
    """The decision in force, in the columns of its element."""
    if decision is None:
        return {}
    return {**{f"decided_{name}": value for name, value in decision.items()}, "decided_by": _who(decision)}


def _adult_as_at(view: dict[str, Any], zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    """The steps of the two signatories, for cases that had one. [F03-F06]"""
    for name, step, what in (
        ("strategy discussion", view["adult_strategy"], lambda v: v["mode"].replace("_", " ")),
        ("investigation plan", view["adult_plan"], lambda v: v["mode"].replace("_", " ")),
        ("complex", view["adult_route"], lambda v: "yes" if v["complex"] else "no"),
    ):
        if step is not None:
            yield name, _decision(step, zone, what)


def _cosigned(completion: dict[str, Any]) -> str:
    return f"with {completion['cosigned_by']['person']}"


def _decision(said: dict[str, Any] | None, zone: ZoneInfo, what: Callable[[dict[str, Any]], str]) -> str:
    """What was decided, by whom and when."""
    if said is None:
        return "none"
    who = f" by {_who(said)}" if said["by"] else ""
    return f"{what(said)}{who}, {local_time(said['at'], zone)}"


def _who(said: dict[str, Any]) -> str:
    """The person and the role, or the owner's rule that decided."""
    by = said["by"]
    if isinstance(by, dict):
        return f"{by['person']} ({by['role'].replace('_', ' ')})"
    rule = said.get("rule")
    return f"rule {rule}" if rule else str(by or "")


def _adult(adult: dict[str, Any], zone: ZoneInfo) -> list[RenderableType]:
    """The joint decision about an adult: where it stands, and every signature. [F01-F07]"""
    strategy, plan, route = (adult[step] for step in ("strategy", "plan", "route"))
    facts = Table.grid(padding=(0, 2))
    for name, value in (
        ("adult threshold", STANDINGS[adult["standing"]]),
        ("strategy discussion", local_time(strategy["at"], zone) if strategy else "none"),
        ("investigation plan", local_time(plan["at"], zone) if plan else "none"),
        ("complex", ("yes" if route["complex"] else "no") if route else "not decided"),
        ("form", adult["form"] or "none"),
    ):
        facts.add_row(Text(name, style="dim"), Text(str(value)))
    if not adult["signatures"]:
        return [facts]
    rows = [{**signed, "person": signed["by"]["person"]} for signed in adult["signatures"]]
    return [facts, _table("Adult threshold", rows, ("side", "person", "met", "at", "evidence"), zone)]


def _signed(completion: dict[str, Any], zone: ZoneInfo) -> str:
    both = f"{completion['by']['person']} and {completion['cosigned_by']['person']}"
    return f"{both}, {local_time(completion['at'], zone)}"


def _table(title: str, rows: list[dict[str, Any]], columns: tuple[str, ...], zone: ZoneInfo) -> Rows:
    cells = [[_cell(_as_read(name, row.get(name), zone)) for name in columns] for row in rows]
    return Rows(columns, cells, title=title, header_style="dim")


def _as_read(name: str, value: Any, zone: ZoneInfo) -> Any:
    is_time = name == "at" or name.endswith("_at")
    return local_time(value, zone) if is_time and value else value


def _cell(value: object) -> Text:
    if isinstance(value, bool):
        return Text("yes" if value else "no")
    if isinstance(value, list):
        return Text(", ".join(str(one) for one in value))
    if isinstance(value, dict):
        return Text(_who({"by": value}))
    return Text("" if value is None else str(value), style=_STATE_STYLE.get(str(value), ""))
