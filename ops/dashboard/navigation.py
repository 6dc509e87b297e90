"""The way around the dashboard: sections by kind of work, each with the pages that the viewer may open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from agents.partnership import Partnership
from ops.dashboard.access import hindrance
from ops.dashboard.referring import sources_of
from ops.dashboard.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Page:
    """A page that people are led to. ``route`` is its name in `ops.dashboard.access.ACCESS`, ``beneath`` are
    further addresses under which its own pages stand. ``of_use`` to the holders of one of these rights alone,
    where more people may open it than have anything to do there."""

    title: str
    route: str
    address: str
    beneath: tuple[str, ...] = ()
    of_use: frozenset[str] = frozenset()


SECTIONS: Mapping[str, tuple[Page, ...]] = {
    "Your work": (
        Page("Your work", "work", "/work"),
        Page("Disclosure", "disclosure_desk", "/desk/disclosure"),
        Page("Checks to answer", "answers_desk", "/desk/answers"),
        Page(
            "Disputes",
            "disputes_desk",
            "/desk/disputes",
            of_use=frozenset({"dispute", "management", "panel", "final_decision"}),
        ),
        Page("Your team", "team", "/team"),
    ),
    "Cases": (
        Page("Board", "board", "/board", beneath=("/cases",)),
        Page("Find a case", "search", "/search"),
        Page("Register a referral", "refer", "/referrals/new", beneath=("/referrals",)),
    ),
    "Daily rounds": (Page("Daily rounds", "rounds", "/rounds", beneath=("/dials", "/missing")),),
    "Governance": (
        Page("Registers", "registers", "/registers"),
        Page("Supervision", "supervision", "/registers/supervision"),
        Page("Breaches", "breaches", "/registers/breaches"),
        Page("Retention", "retention", "/retention"),
        Page("Our data", "our_data", "/our-data"),
    ),
    "Figures": (Page("Figures", "figures", "/figures"),),
    "Operations": (Page("Operations", "operations", "/operations"),),
    "You": (Page("You", "you", "/you"),),
}
"""Every section by its title, in the order in which they stand side by side on one line."""


@dataclass(frozen=True, slots=True)
class Link:
    """A way to a page; ``current`` if it is the one that is looked at."""

    title: str
    address: str
    current: bool


@dataclass(frozen=True, slots=True)
class Section:
    """A section as a viewer sees it, with a way to each of its pages. ``active`` if one of them, or a page
    beneath it, is looked at."""

    title: str
    active: bool
    pages: tuple[Link, ...]

    @property
    def address(self) -> str:
        """That of its first page."""
        return self.pages[0].address

    @property
    def current(self) -> bool:
        """Whether one of its pages itself is looked at."""
        return any(page.current for page in self.pages)


def navigation(viewer: Viewer, path: str, partnership: Partnership) -> tuple[Section, ...]:
    """The sections of whoever looks at the page at ``path``; one with a single page has that page's title."""
    found = []
    for title, pages in SECTIONS.items():
        led_to = [page for page in pages if _leads_to(page, viewer, partnership)]
        if led_to:
            links = tuple(Link(page.title, page.address, page.address == path) for page in led_to)
            active = any(_has(page, path) for page in led_to)
            found.append(Section(title if len(links) > 1 else links[0].title, active, links))
    return tuple(found)


def _leads_to(page: Page, viewer: Viewer, partnership: Partnership) -> bool:
    if page.of_use and not page.of_use & viewer.rights:
        return False
    has: Mapping[str, object] = {"team": viewer.teams, "refer": sources_of(viewer, partnership)}
    return hindrance(page.route, viewer, partnership) is None and bool(has.get(page.route, True))


def _has(page: Page, path: str) -> bool:
    """Whether a path is that of the page, or stands beneath it."""
    return any(path == address or path.startswith(f"{address}/") for address in (page.address, *page.beneath))
