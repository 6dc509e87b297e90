"""What a person reads of a case, a DIAL or a missing person, drawn for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Group, RenderableType
from rich.text import Text

from ops.cli.output import rows_of
from ops.cli.people import form_lines, people_lines
from ops.local_time import local_time

_Said = Mapping[str, Any]

_DRAWN_APART = frozenset(
    {"people", "person", "concern", "account", "circumstances", "form", "questions", "elements",
     "discussions", "disputes", "reports", "somebody_unnamed", "leaving"}
)  # fmt: skip
"""What has its own place on the page, or stands there already: what leaves is made of what is drawn."""
_CODES = frozenset({"what", "at", "by"})


def drawn_content(content: _Said, zone: ZoneInfo) -> RenderableType:
    """Everything that this person may see: heads, people and texts, then what was revealed and said of it."""
    parts: list[RenderableType] = list(_heads(content, zone))
    people = content.get("people") or ([content["person"]] if "person" in content else [])
    if people:
        parts += [Text("people", style="bold"), *people_lines(people)]
    if content.get("somebody_unnamed"):
        parts.append(Text("  and a referrer who must stay unnamed"))
    for name in ("concern", "account", "circumstances"):
        if name in content:
            parts += [Text(name, style="bold"), Text(content[name])]
    parts += form_lines(content.get("form"))
    parts += _questions(content.get("questions", ()))
    if content.get("reports"):
        times = ", ".join(local_time(one["at"], zone) for one in content["reports"])
        parts.append(Text(f"reported missing {times}"))
    parts += _elements(content.get("elements", ()))
    for one in content.get("discussions", ()):
        parts += [Text(f"discussion {one['discussion_id']}", style="bold"), Text(one["summary"])]
        parts += [_view(view) for view in one["positions"]]
    for one in content.get("disputes", ()):
        parts += _dispute(one)
    return Group(*parts)


def drawn_reasons(reasons: Iterable[_Said], zone: ZoneInfo) -> RenderableType:
    """Every decision with who took it, when and why. [D14, D15]"""
    parts: list[RenderableType] = []
    for one in reasons:
        by = (one.get("by") or {}).get("person") or (one.get("rule") or {}).get("rule", "")
        head = f"{local_time(one['at'], zone)}  {one['what'].replace('_', ' ')}  {by}"
        parts.append(Text(head, style="bold"))
        parts += [Text(f"  {line}") for line in _flat({k: v for k, v in one.items() if k not in _CODES})]
    return Group(*parts) if parts else Text("nothing has been decided")


def _heads(content: _Said, zone: ZoneInfo) -> Iterator[Text]:
    """What is no text of its own: codes, times, and the parts of a DIAL's tiers."""
    for name, value in content.items():
        if name in _DRAWN_APART or value is None or value in ([], (), {}):
            continue
        if name.endswith("_at") or name == "promised_by":
            yield Text(f"{_words(name)}: {local_time(value, zone)}")
        elif isinstance(value, list) and all(isinstance(one, str) for one in value):
            yield Text(f"{_words(name)}: {', '.join(value)}")
        elif isinstance(value, dict | list):
            yield Text(_words(name), style="bold")
            yield from (Text(f"  {line}") for line in _flat(value))
        else:
            yield Text(f"{_words(name)}: {_plain(value)}")


def _flat(value: Any, name: str = "") -> Iterator[str]:
    """A line for each thing that is said, under its name."""
    if isinstance(value, dict):
        if value.keys() >= {"person", "role", "agency"}:
            yield f"{_words(name)}: {value['person']} ({value['role']} of {value['agency']})"
            return
        for inner_name, inner in value.items():
            yield from _flat(inner, f"{name} {inner_name}".strip())
    elif isinstance(value, list):
        if all(isinstance(one, str) for one in value):
            if value:
                yield f"{_words(name)}: {'; '.join(value)}"
            return
        for one in value:
            yield from _flat(one, name)
    elif value is not None:
        yield f"{_words(name)}: {_plain(value)}"


def _questions(questions: Iterable[_Said]) -> Iterator[Text]:
    for one in questions:
        when = f"round {one['round']}" if one["round"] else "waiting for its round"
        yield Text(f"question of {', '.join(one['asked_by'])}, {when}: {one['question']}")


def _elements(elements: Iterable[_Said]) -> Iterator[RenderableType]:
    rows = [
        [e["element_id"], e["holder"], e["owner"], e["kind"], e["marking"], e["standing"], e["text"]]
        for e in elements
    ]
    if rows:
        yield Text("revealed", style="bold")
        yield rows_of(("element_id", "holder", "owner", "kind", "marking", "standing", "text"), rows)


def _dispute(dispute: _Said) -> Iterator[Text]:
    head = f"dispute {dispute['dispute_id']} about {dispute['element_id']}, {_words(dispute['stage'])}"
    yield Text(head, style="bold")
    yield Text(f"position of {dispute['by']['person']}: {dispute['position']}")
    for tried in dispute["reasons"]:
        yield Text(f"reason given by {tried['by']['person']}: {tried['reason']}")
        yield from (_view(view) for view in tried["views"])


def _view(said: _Said) -> Text:
    """What somebody held, with the reason: of a panel, or in a discussion, where it is about an element."""
    about = f" of {said['element_id']}" if "element_id" in said else ""
    return Text(f"view of {said['actor']['person']}{about}, {_words(said['position'])}: {said['view']}")


def _plain(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _words(name: str) -> str:
    return name.replace("_", " ")
