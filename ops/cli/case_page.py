"""One case, drawn for the terminal."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from messages.child_sexual_exploitation import Origin
from ops.case_views import route_in_words
from ops.cli.output import RAG_STYLE
from ops.cli.rows import Rows
from ops.local_time import local_time

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
        ("due", local_time(rating["due_at"], zone) if rating else "not rated yet"),
        ("needs", ", ".join(page["needs"]) or "nothing"),
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
    for title, key, columns in (
        ("Agencies", "checks", ("agency", "round", "state", "asked_at", "answered_at", "due_at")),
        ("Elements", "elements", ("element_id", "holder", "owner", "kind", "marking", "standing")),
        ("Disputes", "disputes", ("dispute_id", "element_id", "ground", "stage", "settled_by")),
        ("Packages", "packages", ("version", "kind", "issued_at", "on_time", "recipients", "waiting_for")),
        ("Record-back", "records", ("agency", "due_at", "acknowledged_at")),
        ("Responses", "hate_responses", ("level", "at")),
        ("Advice", "advice", ("topic", "at")),
        ("Suggested and taken", "suggestions", ("team", "suggested", "taken", "as_suggested", "at")),
    ):
        if page[key]:
            parts.append(_table(title, page[key], columns, zone))
    return Group(*parts)


def drawn_as_at(case_id: str, moment: datetime, view: dict[str, Any], zone: ZoneInfo) -> RenderableType:
    """What was known and decided at a moment: the view of `ops.as_at`, with its times in this zone."""
    rating = view["rating"] or {}
    facts = Table.grid(padding=(0, 2))
    for name, value in (
        ("threshold", _verdict(view["threshold"], zone)),
        ("rating", rating.get("rag", "not rated")),
        ("due", local_time(rating["due_at"], zone) if rating else "not rated"),
        ("assessment", (view["assessment"] or {}).get("course", "none")),
        ("agreement", (view["agreement"] or {}).get("if_incomplete", "none")),
        ("closed", local_time(view["closed_at"], zone) if view["closed_at"] else "no"),
        ("record", f"{view['entries']} entries until then"),
    ):
        facts.add_row(Text(name, style="dim"), Text(str(value), style=RAG_STYLE.get(str(value), "")))
    elements = [
        {"element_id": id_, **element, **{f"decided_{k}": v for k, v in (element["decision"] or {}).items()}}
        for id_, element in view["elements"].items()
    ]
    disputes = [{"dispute_id": id_, **d, **d["acts"][-1]} for id_, d in view["disputes"].items()]
    parts: list[RenderableType] = [
        Text.assemble((case_id, "bold"), f"  as at {local_time(moment, zone)}"),
        facts,
    ]
    for title, rows, columns in (
        ("Agencies", view["checks"], ("agency", "round", "state", "asked_at", "answered_at")),
        (
            "Elements",
            elements,
            ("element_id", "holder", "revealed_at", "decided_choice", "decided_authority", "decided_at"),
        ),
        ("Disputes", disputes, ("dispute_id", "element_id", "act", "at")),
        ("Adult threshold", view["adult_signatures"], ("side", "met", "at", "standing")),
        ("Packages", view["packages"], ("version", "kind", "at", "on_time", "recipients", "waiting_for")),
        ("Outcomes", view["outcomes"], ("team", "course", "at")),
    ):
        if rows:
            parts.append(_table(title, rows, columns, zone))
    return Group(*parts)


def _adult(adult: dict[str, Any], zone: ZoneInfo) -> list[RenderableType]:
    """The joint decision about an adult: where it stands, and every signature. [F01-F07]"""
    strategy, plan, route = (adult[step] for step in ("strategy", "plan", "route"))
    facts = Table.grid(padding=(0, 2))
    for name, value in (
        ("adult threshold", adult["standing"].replace("_", " ")),
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


def _verdict(threshold: dict[str, Any] | None, zone: ZoneInfo) -> str:
    if threshold is None:
        return "not decided"
    return f"{'met' if threshold['met'] else 'not met'}, {local_time(threshold['at'], zone)}"


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
    return Text("" if value is None else str(value), style=_STATE_STYLE.get(str(value), ""))
