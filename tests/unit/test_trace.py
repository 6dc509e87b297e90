"""Requirements are traced to tests by the last words of their names, and to how these went."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trace import Requirement, ids_of, page, problems, requirements, results

KNOWN = [Requirement(one, "G1", "A rule.", "a proof") for one in ("A01", "A02", "B01")]
JUNIT = """<testsuites><testsuite>
<testcase classname="tests.acceptance.test_one" name="test_this_a01"/>
<testcase classname="tests.acceptance.test_one" name="test_that_a02_b01[x]"/>
<testcase classname="tests.acceptance.test_one" name="test_that_a02_b01[y]"><failure/></testcase>
<testcase classname="tests.acceptance.test_one" name="test_other_b01"><skipped/></testcase>
</testsuite></testsuites>"""


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("test_red_is_due_e02_e11", ["E02", "E11"]),
        ("test_after_2h_all_is_well", []),
        ("test_a01_comes_first_in_the_name", []),
        ("test_x_b12", ["B12"]),
    ],
)
def test_a_test_shows_what_its_name_ends_with(name: str, ids: list[str]) -> None:
    assert ids_of(name) == ids


def test_a_requirement_is_shown_when_all_its_tests_passed(tmp_path: Path) -> None:
    file = tmp_path / "junit.xml"
    file.write_text(JUNIT)
    went = results(file)
    tests = list(went)
    assert problems(KNOWN, tests, went) == ["A02: failed", "B01: failed, skipped"]
    assert problems(KNOWN[:2], tests, went)[-1] == "B01: is no requirement"
    assert problems([Requirement("C01", "G1", "A rule.", "a proof")], [], {}) == ["C01: no test"]


def test_every_requirement_is_known_once_in_order() -> None:
    _, known = requirements()
    ids = [one.id for one in known]
    assert len(ids) == 138
    assert ids == sorted(set(ids))
    assert all(one.rule and one.proof and one.source for one in known)


def test_the_reference_page_names_every_requirement() -> None:
    shown = page()
    assert all(f"\n| {one.id} | " in shown for one in requirements()[1])
