"""Why something was decided, laid out for a page: who, when, in short what, and the texts. [A02, D14, D15]"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_Said = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """Something that was said, under its name. ``kind`` is ``text`` for what people wrote, ``moment`` for a
    time, ``people`` for those who took part, ``id`` for an id, ``code`` for whatever else."""

    name: str
    kind: str
    value: Any


@dataclass(frozen=True, slots=True)
class Reason:
    """``by`` is the person who decided and ``rule`` the owner's rule that did; a package has neither."""

    what: str
    about: str
    at: str
    by: _Said | None
    rule: str | None
    lines: tuple[Line, ...]


_ABOUT = ("element_id", "dispute_id", "discussion_id")
_HEAD = frozenset({"what", "at", "by", "rule"})
_PASSED_OVER = frozenset({"evidence", "calendar", "concern_told", "binding", "round", "author"})
"""What the rules go by and nobody reads as a reason."""

_TEXTS = frozenset(
    {"reason", "reasons", "proportionality", "early_risk", "timeliness", "coordination", "relevance",
     "necessity", "justification", "why", "considered", "text", "conditions", "position", "summary", "plan",
     "complex_because", "urgent_facts", "question", "advice", "view"}
)  # fmt: skip
_NAMES: Mapping[str, str] = {
    "text": "sanitised text",
    "rag": "rating",
    "considered": "harm considered",
    "why": "why it may leave",
    "categories": "risks",
    "transforms": "made safe by",
    "at": "when",
}


def laid_out(said: _Said) -> Reason:
    """One of the entries of `ops.reading.Readings.reasons`."""
    about = next((name for name in _ABOUT if said.get(name)), "")
    rest = {name: value for name, value in said.items() if name not in _HEAD and name != about}
    return Reason(
        what=said["what"],
        about=said[about] if about else "",
        at=said["at"],
        by=said.get("by"),
        rule=(said.get("rule") or {}).get("rule"),
        lines=tuple(lines(rest)),
    )


def lines(said: _Said) -> Iterator[Line]:
    """A line for each thing that is said, those of inner parts in their place."""
    for name, value in said.items():
        if value is None or value in ("", [], {}) or name in _PASSED_OVER:
            continue
        called = _NAMES.get(name, name.replace("_", " "))
        if _is_person(value):
            yield Line(called, "people", [value])
        elif isinstance(value, dict):
            yield from lines(value)
        elif isinstance(value, list) and _is_person(value[0]):
            yield Line(called, "people", value)
        elif isinstance(value, list) and isinstance(value[0], dict):
            for one in value:
                yield from _view(one) if "view" in one else lines(one)
        elif name in _TEXTS:
            yield from (Line(called, "text", one) for one in (value if isinstance(value, list) else [value]))
        elif name == "at" or name.endswith("_at"):
            yield Line(called, "moment", value)
        else:
            yield Line(called, "code", _plain(value))


def _view(said: _Said) -> Iterator[Line]:
    """What somebody held, of a panel or in a discussion, and why. [D22, K07]"""
    yield Line("view of", "people", [said["actor"]])
    if "element_id" in said:
        yield Line("about", "id", said["element_id"])
    yield Line("holds", "code", said["position"])
    yield Line("because", "text", said["view"])


def _is_person(value: object) -> bool:
    return isinstance(value, dict) and value.keys() >= {"person", "role", "agency"}


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
