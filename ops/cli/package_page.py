"""A package, drawn for the terminal: what a field team has to see, in the partnership's format. [C05, L11]"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from agents.partnership import Partnership
from agents.registers import PagePart
from ops.cli.output import RAG_STYLE, rows_of
from ops.cli.people import form_lines, people_lines, reason_lines
from ops.local_time import local_time
from ops.package_view import Shown
from ops.registers import NOT_SUPPLIED


def drawn_package(shown: Shown, partnership: Partnership) -> RenderableType:
    """Everything that the package says, and what its reader would not know of the others of the case."""
    said, zone = shown.package, partnership.clocks.zone
    issued, due = local_time(said["issued_at"], zone), local_time(said["due_at"], zone)
    rag = said["rag"]
    head = Text.assemble(
        f"{said['package_id']}  {said['kind']}  {said['marking'].upper()}  ",
        (rag.upper(), RAG_STYLE.get(rag, "")),
        f"  {said['category'].replace('_', ' ')}",
    )
    punctual = "on time" if said["on_time"] else "late"
    parts: list[RenderableType] = [
        head,
        Text(f"received {local_time(said['received_at'], zone)}, due {due}, issued {issued}, {punctual}"),
        Text(f"to {', '.join(shown.recipients)}"),
        *(Text(line) for line in shown.elsewhere()),
    ]
    urgent = (said["suggestion"] or {}).get("urgent_facts")
    if urgent:
        parts.append(Text(f"first: {urgent}", style="bold"))
    for section in partnership.package_page:
        parts += [Text(section.title, style="bold"), *_PARTS[section.part](said, partnership)]
    parts += [*form_lines(said["form"]), Text(_agreed(said))]
    return Group(*parts)


def _agreed(said: Mapping[str, Any]) -> str:
    by, purpose = said["agreed_by"], said["purpose"].replace("_", " ")
    return f"agreed by {by['person']} ({by['role']}), for {purpose}"


def _concern(said: Mapping[str, Any], partnership: Partnership) -> Iterator[RenderableType]:
    yield Text(said["concern"])


def _people(said: Mapping[str, Any], partnership: Partnership) -> Iterator[RenderableType]:
    yield from people_lines(said["people"])


def _released(said: Mapping[str, Any], partnership: Partnership) -> Iterator[RenderableType]:
    if not said["elements"]:
        yield Text("nothing was released")
        return
    yield rows_of(
        ("from", "about", "kind", "marking", "text", "conditions"),
        (
            [_holder(e), e["about"], e["kind"], e["marking"], _as_released(e), e["conditions"]]
            for e in said["elements"]
        ),
    )


def _holder(element: Mapping[str, Any]) -> str:
    if element["owner"] == element["agency"]:
        return str(element["agency"])
    return f"{element['agency']} (of {element['owner']})"


def _as_released(element: Mapping[str, Any]) -> str:
    notes = [
        note
        for note, holds in (
            ("sanitised", element["sanitised"]),
            ("its owner could not tell whether it is relevant", element["presumed_usable"]),
        )
        if holds
    ]
    return f"{element['text']} [{'; '.join(notes)}]" if notes else str(element["text"])


def _agencies(said: Mapping[str, Any], partnership: Partnership) -> Iterator[RenderableType]:
    columns = ("agency", "answer", "released", "sanitised", "withheld", "waiting")
    yield rows_of(
        columns, ([a["agency"], a["state"], *(a[c] for c in columns[2:])] for a in said["agencies"])
    )
    if said["waiting_for"]:
        waiting = ", ".join(said["waiting_for"])
        yield Text(f"still waiting for {waiting}: silence does not mean that nothing is known")


def _assessment(said: Mapping[str, Any], partnership: Partnership) -> Iterator[RenderableType]:
    made, response = said["suggestion"], said["response"]
    if made is None:
        yield Text("none was made")
    else:
        course = made["course"].replace("_", " ")
        yield Text(f"suggested course: {course}, which binds nobody; by {made['by']['person']}")
        yield from reason_lines(made["rationale"])
    if response is not None:
        level = response["level"].replace("_", " ")
        yield Text(f"level of response to the hate crime: {level}")


def _procedures(said: Mapping[str, Any], partnership: Partnership) -> Iterator[RenderableType]:
    for slot in partnership.references.values():
        if said["category"] in slot.categories:
            yield Text(f"{slot.title}: {slot.link or NOT_SUPPLIED}")


_Part = Callable[[Mapping[str, Any], Partnership], Iterator[RenderableType]]

_PARTS: Mapping[PagePart, _Part] = {
    "concern": _concern,
    "people": _people,
    "released": _released,
    "agencies": _agencies,
    "assessment": _assessment,
    "procedures": _procedures,
}
