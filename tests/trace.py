"""Requirements traced to the acceptance tests that carry them out. The last words of a test's name are the
ids of what it shows: ``test_red_is_due_two_hours_after_receipt_e02_e11``.

python -m tests.trace RESULTS     how each requirement stands by a JUnit file of the acceptance tests
python -m tests.trace --write     write the reference page
python -m tests.trace --check     exit code 1 when the page is stale
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

FOLDER = Path("tests/acceptance")
PAGE = Path("docs/reference/requirements.md")
_IDS = re.compile(r"(?:_[a-l]\d\d)+$")


@dataclass(frozen=True, slots=True)
class Requirement:
    """One rule: where it comes from, what it says, and what shows that it is kept."""

    id: str
    source: str
    rule: str
    proof: str

    @property
    def is_reading(self) -> bool:
        """Whether it holds a reading of text that can be read otherwise."""
        return "READ" in self.source or "READ" in self.rule


def requirements(file: Path = FOLDER / "requirements.toml") -> tuple[Mapping[str, str], list[Requirement]]:
    """The titles of the sections by letter, and all rules in order."""
    data = tomllib.loads(file.read_text("utf-8"))
    return data["sections"], [Requirement(**row) for row in data["requirement"]]


def ids_of(name: str) -> list[str]:
    """The requirements that a test of this name shows."""
    found = _IDS.search(name)
    return [one.upper() for one in found[0].split("_")[1:]] if found else []


def tests_in(folder: Path = FOLDER) -> Iterator[str]:
    """The names of all acceptance tests, as ``file::test``."""
    for file in sorted(folder.glob("test_*.py")):
        for node in ast.parse(file.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                yield f"{file.name}::{node.name}"


def by_requirement(tests: Iterable[str]) -> dict[str, list[str]]:
    """The tests of each requirement that has any."""
    found: dict[str, list[str]] = {}
    for test in tests:
        for one in ids_of(test):
            found.setdefault(one, []).append(test)
    return found


def results(junit: Path) -> dict[str, str]:
    """How each test went: ``passed``, ``skipped`` or ``failed``, the worst of its parameters."""
    order = ("passed", "skipped", "failed")
    found: dict[str, str] = {}
    for case in ElementTree.parse(junit).iter("testcase"):
        name = f"{case.attrib['classname'].rpartition('.')[2]}.py::{case.attrib['name'].partition('[')[0]}"
        kinds = {child.tag for child in case}
        went = "failed" if kinds & {"failure", "error"} else "skipped" if "skipped" in kinds else "passed"
        found[name] = max(found.get(name, "passed"), went, key=order.index)
    return found


def problems(known: Iterable[Requirement], tests: Iterable[str], went: Mapping[str, str]) -> list[str]:
    """Every requirement without a test that passed, and every id in a name that is no requirement's."""
    traced, ids = by_requirement(tests), [one.id for one in known]
    said = []
    for one in ids:
        how = {went.get(test, "not run") for test in traced.get(one, ())}
        if how != {"passed"}:
            said.append(f"{one}: {', '.join(sorted(how)) or 'no test'}")
    return said + [f"{one}: is no requirement" for one in sorted(traced.keys() - set(ids))]


def page() -> str:
    """The reference page."""
    sections, known = requirements()
    traced = by_requirement(tests_in())
    without = [one.id for one in known if one.id not in traced]
    lines = [
        "# Requirements",
        "",
        "Every rule that the operational guidance and its Memorandum of Understanding put on the hub, "
        "where it comes from, and the acceptance tests that show it (`tests/acceptance`). G n.n is a "
        "paragraph of the guidance, M n.n one of the Memorandum, App1 the cohort appendix. READ marks a "
        "reading chosen where the text is ambiguous, D a rule that is derived. `make trace` runs the tests "
        "and fails when a rule has none, or one that does not pass.",
        "",
        f"{len(known) - len(without)} of {len(known)} have a test in this version. Without one: "
        f"{', '.join(without) or 'none'}.",
    ]
    for letter, title in sections.items():
        lines += ["", f"## {letter}. {title}", "", "| id | source | rule | shown by |", "|---|---|---|---|"]
        lines += [_row(one, traced.get(one.id, ())) for one in known if one.id.startswith(letter)]
    return "\n".join(lines) + "\n"


def _row(one: Requirement, tests: Iterable[str]) -> str:
    shown = "<br>".join(_sentence(test) for test in tests) or "no test yet"
    cells = (one.id, one.source, f"{one.rule} *To be shown: {one.proof}*", shown)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _sentence(test: str) -> str:
    name = test.partition("::")[2]
    return _IDS.sub("", name).removeprefix("test_").replace("_", " ")


def main(words: list[str]) -> int:
    """0; 1 when a requirement is not shown or the page is stale; 2 for wrong usage."""
    match words:
        case ["--write"]:
            PAGE.write_text(page(), encoding="utf-8")
            return 0
        case ["--check"]:
            if PAGE.is_file() and PAGE.read_text("utf-8") == page():
                return 0
            sys.stderr.write(f"{PAGE} is stale: run `make contract` and commit it\n")
            return 1
        case [junit] if not junit.startswith("-"):
            _, known = requirements()
            left = problems(known, list(tests_in()), results(Path(junit)))
            for line in left:
                sys.stdout.write(line + "\n")
            shown = len(known) - sum(not line.endswith("no requirement") for line in left)
            sys.stdout.write(f"{shown} of {len(known)} requirements are shown\n")
            return 1 if left else 0
    sys.stderr.write(__doc__ or "")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
