"""A package laid out: as one page, as the same in a PDF, and two versions side by side."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from agents.partnership import Partnership
from messages.confidential import Confidential
from messages.words import Rag
from ops.dashboard.package_changes import changes
from ops.dashboard.package_page import Grid, PackagePage, package_page
from ops.dashboard.package_pdf import package_pdf
from ops.package_view import Shown
from tests.support.dashboard import MORNING, TEXT, WITHHELD
from tests.support.grounds import standing_on
from tests.support.hub_by_rules import HubByRules
from tests.support.pdf_text import pages_of
from tests.support.procedure import Procedure, element, release, sanitised, withhold
from tests.support.whole_hub import PARTNERSHIP

NAME = "Thornquist"


@pytest.fixture(autouse=True)
def by_rules() -> Iterator[None]:
    with standing_on(HubByRules):
        yield


class _WithTexts:
    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def write(self, value: Confidential) -> Any:
        return self._texts[value.ref or ""]


def shown_of(at: Procedure, version: int = 1) -> Shown:
    """A package as `ops.package_view.read_package` gives it."""
    assert isinstance(at.whole, HubByRules)
    issued, context = at.case.packages[version - 1].issued, _WithTexts(at.whole.texts)
    package = json.loads(issued.model_dump_json(context=context, exclude={"recipient"}))
    versions = tuple({"version": p.version, "elements": list(p.elements)} for p in at.case.packages)
    return Shown(package, at.case.packages[version - 1].recipients, True, versions)


def with_gaps() -> Procedure:
    """A package that left two agencies out of it, at its due time."""
    at = Procedure(start=MORNING)
    at.until_directed(Rag.AMBER)
    at.answer("police", element("p/1", "police", TEXT))
    at.answer("education", element("e/1", "education", WITHHELD))
    at.discuss("p/1", "e/1")
    at.decide("p/1", release())
    at.decide("e/1", withhold())
    at.assess()
    at.agree("partial_at_due")
    at.wait(at.partnership.clocks.amber)
    return at


def page_of(at: Procedure, version: int = 1, partnership: Partnership = PARTNERSHIP) -> PackagePage:
    return package_page(shown_of(at, version), partnership, MORNING.date())


def test_what_is_urgent_comes_first_and_the_course_binds_nobody_g02() -> None:
    shown = shown_of(with_gaps())
    shown.package["elements"][0]["conditions"] = ["Ask the officer first"]
    page = package_page(shown, PARTNERSHIP, MORNING.date())
    facts = dict(page.facts)
    assert next(iter(facts)) == "Rating"
    assert NAME in facts["Child"]
    assert ", 6 years old" in facts["Child"]
    assert "It binds nobody" in facts["Suggested course"]
    assert "Silence does not mean that nothing is known" in facts["Not known yet"]
    assert "1 of what was released may be used on conditions only" in facts["Conditions"]


def test_every_agency_asked_has_a_line_and_silence_is_no_answer_c05_c06() -> None:
    at = with_gaps()
    (section,) = [one for one in page_of(at).sections if one.title == "What each agency answered"]
    (table,) = [block for block in section.blocks if isinstance(block, Grid)]
    lines = {row[0]: row[1:] for row in table.rows}
    assert set(lines) == {PARTNERSHIP.agencies[check.agency].title for check in at.case.checks}
    assert lines["Staffordshire Police"] == ("holds information", "1 released")
    assert lines["Education (EMS)"] == ("holds information", "1 withheld")
    assert lines["Primary Health Care"] == ("has not answered", "–")


def test_the_parts_come_in_the_partnerships_own_order_under_its_titles_l11() -> None:
    turned = PARTNERSHIP.model_copy(update={"package_page": PARTNERSHIP.package_page[::-1]})
    titles = [section.title for section in page_of(with_gaps(), partnership=turned).sections]
    assert titles == [*(part.title for part in turned.package_page), "About this package"]


def test_the_pdf_says_what_the_page_says_with_the_marking_on_every_page_d21() -> None:
    page = page_of(with_gaps())
    made = package_pdf(page, MORNING)
    pages = pages_of(made)
    text = re.sub(r"\s+", " ", " ".join(pages))
    blocks = [block for section in page.sections for block in section.blocks]
    said = [value for _, value in page.facts] + [section.title for section in page.sections]
    said += [cell for block in blocks if isinstance(block, Grid) for row in block.rows for cell in row]
    said += [block.text for block in blocks if not isinstance(block, Grid)]
    # A word may be broken over two lines, so that what is compared is without spaces.
    assert [one for one in said if re.sub(r"\s+", "", one) not in text.replace(" ", "")] == []
    assert len(pages) > 1
    for number, one in enumerate(pages, 1):
        assert one.count("RESTRICTED") >= 2
        assert f"page {number} of {len(pages)}" in one.replace("\n", "")
    assert NAME.encode() not in made


def test_a_name_in_any_european_script_stands_in_the_pdf() -> None:
    at = with_gaps()
    shown = shown_of(at)
    shown.package["people"][0]["family_name"] = "Ślązak Ђурић Αθανασίου"
    made = pages_of(package_pdf(package_page(shown, PARTNERSHIP, MORNING.date()), MORNING))
    assert "Ślązak Ђурић Αθανασίου" in " ".join(made).replace("\n", " ")


def with_a_supplement() -> Procedure:
    """After the package: one element decided anew, one withdrawn, one that came late."""
    at = with_gaps()
    at.answer("primary_care", element("h/1", "primary_care", "a late find"))
    at.nothing_from("csc_staffordshire")
    at.discuss("h/1", discussion_id="D-2")
    at.decide("h/1", sanitised("a late find, made safe"))
    at.decide("p/1", withhold())
    at.assess()
    at.agree()
    return at


def test_two_versions_side_by_side_show_what_came_and_what_may_no_longer_be_used_c07_d15() -> None:
    at = with_a_supplement()
    first, second = (shown_of(at, version).package for version in (1, 2))
    found = changes(first, second, PARTNERSHIP)
    elements = {row.what.partition(":")[0]: row for row in found.elements}
    assert (elements["p/1"].change, elements["p/1"].after) == ("withdrawn", "withdrawn, no longer to be used")
    assert (elements["h/1"].change, elements["h/1"].before) == ("added", "not in this version")
    assert elements["h/1"].after == "a late find, made safe"
    agencies = {row.what: row for row in found.agencies}
    assert agencies["Primary Health Care"].before == "has not answered"
    assert agencies["Primary Health Care"].after.startswith("holds information: 1 released in")
    assert agencies["Education (EMS)"].change == "same"
    said = {row.what: row.change for row in found.said}
    assert (said["Still waiting for"], said["Concern"]) == ("changed", "same")
    assert found.summary.startswith("Elements: 1 withdrawn, 1 added. Agencies: ")


def test_what_a_supplement_does_not_repeat_stands_as_before_c07() -> None:
    at = with_gaps()
    at.answer("primary_care", element("h/1", "primary_care", "a late find"))
    at.nothing_from("csc_staffordshire")
    at.discuss("h/1", discussion_id="D-2")
    at.decide("h/1", release())
    at.assess()
    at.agree()
    first, second = (shown_of(at, version).package for version in (1, 2))
    elements = {row.what.partition(":")[0]: row for row in changes(first, second, PARTNERSHIP).elements}
    assert (elements["p/1"].change, elements["p/1"].after) == ("same", "stands as before")
