"""Two versions of a package side by side: what is new, what may no longer be used, what is otherwise. [C07]

A supplement has only what is new, so an element that it does not repeat still stands as it went out before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from agents.partnership import Partnership
from ops.dashboard import words
from ops.dashboard.package_page import agency_line

Package = Mapping[str, Any]
"""A package with its texts, as `ops.package_view.read_package` gives it."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One thing in both versions. ``change`` is ``added``, ``withdrawn``, ``changed`` or ``same``."""

    what: str
    before: str
    after: str
    change: str


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that both have, under the titles of the three tables of the page."""

    before: int
    after: int
    said: tuple[Compared, ...]
    elements: tuple[Compared, ...]
    agencies: tuple[Compared, ...]

    @property
    def summary(self) -> str:
        """How much of what changed: ``Elements: 1 added, 1 withdrawn. Agencies: 2 changed``."""
        parts = []
        for name, rows in (
            ("Elements", self.elements),
            ("Agencies", self.agencies),
            ("Rating, concern and course", self.said),
        ):
            counts = Counter(row.change for row in rows if row.change != "same")
            if counts:
                parts.append(f"{name}: {', '.join(f'{count} {change}' for change, count in counts.items())}")
        return ". ".join(parts) or "Nothing changed"


def changes(before: Package, after: Package, partnership: Partnership) -> Changes:
    """What is otherwise in a later version."""
    return Changes(
        before["version"],
        after["version"],
        tuple(_said(before, after, partnership)),
        tuple(_elements(before, after, partnership)),
        tuple(_agencies(before, after, partnership)),
    )


def _said(before: Package, after: Package, partnership: Partnership) -> Iterator[Compared]:
    lines: Mapping[str, Callable[[Package], str]] = {
        "Rating": lambda p: words.in_words(p["rag"]),
        "Marking": lambda p: words.in_words(p["marking"]).upper(),
        "Concern": lambda p: p["concern"],
        "Suggested course": lambda p: (
            words.in_words(p["suggestion"]["course"]) if p["suggestion"] else "none"
        ),
        "Urgent facts": lambda p: (p["suggestion"] or {}).get("urgent_facts") or "none",
        "Still waiting for": lambda p: (
            ", ".join(words.agency_in_words(code, partnership) for code in p["waiting_for"]) or "nobody"
        ),
        "Level of response": lambda p: words.in_words(p["response"]["level"]) if p["response"] else "none",
    }
    for what, line in lines.items():
        was, now = line(before), line(after)
        yield Compared(what, was, now, "same" if was == now else "changed")


def _elements(before: Package, after: Package, partnership: Partnership) -> Iterator[Compared]:
    was = {element["element_id"]: element for element in before["elements"]}
    now = {element["element_id"]: element for element in after["elements"]}
    withdrawn = set(after["withdrawn"])
    repeats = after["kind"] != "supplement"
    for element_id in dict.fromkeys((*was, *now, *after["withdrawn"])):
        old, new = was.get(element_id), now.get(element_id)
        element = new or old
        about = (
            f"{element_id}: {words.agency_in_words(element['agency'], partnership)}"
            if element
            else element_id
        )
        there = _text(old) if old else "not in this version"
        if new is not None:
            change = "added" if old is None else "same" if _text(old) == _text(new) else "changed"
            yield Compared(about, there, _text(new), change)
        elif element_id in withdrawn or repeats:
            yield Compared(about, there, "withdrawn, no longer to be used", "withdrawn")
        else:
            yield Compared(about, there, "stands as before", "same")


def _text(element: Mapping[str, Any] | None) -> str:
    """What may be used of an element: its text with its conditions."""
    if element is None:
        return ""
    conditions = "".join(f"\nCondition: {condition}" for condition in element["conditions"])
    return f"{element['text']}{conditions}"


def _agencies(before: Package, after: Package, partnership: Partnership) -> Iterator[Compared]:
    was = {line["agency"]: line for line in before["agencies"]}
    now = {line["agency"]: line for line in after["agencies"]}
    for agency in dict.fromkeys((*was, *now)):
        old, new = (
            ": ".join(agency_line(line)).removesuffix(": –") if line else "not asked"
            for line in (was.get(agency), now.get(agency))
        )
        title = words.agency_in_words(agency, partnership)
        change = "same" if old == new else "changed" if agency in was and agency in now else "added"
        yield Compared(title, old, new, change)
