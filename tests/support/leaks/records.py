"""What the agencies hold on the child: one element for each thing that can become of an element."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from messages.confidential import Confidential
from messages.referral import Identifier, PersonConcerned
from messages.words import Part
from tests.support.canaries import Canaries
from tests.support.procedure import decision_maker

NHS_NUMBER, BORN = "9434765919", "2005-04-13"

PEOPLE = ("person", "given_name", "family_name", "also_known_as", "date_of_birth", "address", "nhs_number")
RECORDS = (
    "person", "record", "text", "kind", "owner", "marking", "risks", "source_words", "recorded_on",
    "sanitised_text",
)  # fmt: skip


@dataclass(frozen=True)
class Held:
    """An element by its kind, which says what becomes of it."""

    kind: str
    owner: str = ""
    risks: str = ""
    has_source: bool = False
    has_suggestion: bool = False


HELD = {
    "police": (
        Held("released_by_rule"),
        Held("sanitised_by_rule", has_source=True, has_suggestion=True),
        Held("withheld_by_rule"),
        Held("owned_by_probation", owner="probation"),
        Held("owned_by_housing", owner="housing"),
        Held("escalated", risks="ongoing_operation"),
    ),
    "education": (
        Held("presumed_usable"),
        Held("withheld_by_person", has_suggestion=True),
        Held("sanitised_by_person", risks="third_party_harm"),
        Held("disputed"),
    ),
    "primary_care": (
        Held("undecided", has_suggestion=True),
        Held("undiscussed"),
        Held("considered", risks="harm_to_agency"),
        Held("withdrawn"),
    ),
    "csc_staffordshire": (Held("late"), Held("late_undiscussed")),
    "housing": (Held("of_a_worker_that_fails"),),
    "probation": (),
}
"""Each agency's elements on the child."""

RULES = {
    "police": (
        ("released_by_rule", "release", ""),
        ("sanitised_by_rule", "release_sanitised", "source_at_risk"),
        ("withheld_by_rule", "withhold", ""),
    ),
    "csc_staffordshire": (("late", "release", ""),),
}
"""Kind, choice and risk that each rule speaks of."""


class Family:
    """The people of the case, as the referral names them."""

    def __init__(self, words: Canaries) -> None:
        words.value("NHS number of the child", NHS_NUMBER)
        words.value("birth of the child", BORN)
        self.given, self.surname = words.word("given name of the child"), words.word("surname of the child")
        self.home = words.text("home of the child")
        self.child = PersonConcerned(
            person_id="p1",
            part=Part.CHILD,
            given_name=Confidential(self.given),
            family_name=Confidential(self.surname),
            also_known_as=(Confidential(words.word("nickname of the child")),),
            date_of_birth=Confidential(BORN),
            address=Confidential(self.home),
            earlier_addresses=(Confidential(words.text("earlier home of the child")),),
            identifiers=(
                Identifier(scheme="nhs", value=Confidential(NHS_NUMBER)),
                Identifier(scheme="library_card", value=Confidential(words.word("card of the child"))),
            ),
        )
        self.suspect = PersonConcerned(
            person_id="p2",
            part=Part.ALLEGED_PERPETRATOR,
            given_name=Confidential(words.word("given name of the suspect")),
            family_name=Confidential(words.word("surname of the suspect")),
        )
        self.referrer = PersonConcerned(
            person_id="p3",
            part=Part.REFERRER,
            given_name=Confidential(words.word("given name of the referrer")),
            family_name=Confidential(words.word("surname of the referrer")),
            address=Confidential(words.text("home of the referrer")),
            may_be_named=False,
        )


def write_folders(root: Path, family: Family, words: Canaries) -> None:
    """A folder for each agency."""
    for agency, held in HELD.items():
        folder = root / agency
        folder.mkdir(parents=True)
        (folder / "agency.toml").write_text(f'agency = "{agency}"\n', encoding="utf-8")
        alias = f"{words.word(f'alias at {agency}')} {family.surname}"
        child = ("P-1", family.given, family.surname, alias, BORN, family.home, NHS_NUMBER)
        _write(folder / "people.csv", PEOPLE, [child])
        _write(folder / "records.csv", RECORDS, [_row(n, each, words) for n, each in enumerate(held)])
        (folder / "rules.toml").write_text(_rules(agency, words), encoding="utf-8")


def _row(number: int, held: Held, words: Canaries) -> tuple[str, ...]:
    text, source = words.text(f"{held.kind}: text"), ""
    if held.has_source:
        source = words.word(f"{held.kind}: source")
        text = f"{text} {source} said so."
    suggestion = words.text(f"{held.kind}: suggestion") if held.has_suggestion else ""
    return (
        "P-1", f"R-{number}", text, held.kind, held.owner, "restricted", held.risks, source, "2011-11-05",
        suggestion,
    )  # fmt: skip


def _write(file: Path, columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(columns)
        writer.writerows(rows)


def _rules(agency: str, words: Canaries) -> str:
    parts = [f'agency = "{agency}"']
    for kind, choice, risk in RULES.get(agency, ()):

        def said(what: str, kind: str = kind) -> str:
            return f'{what} = "{words.text(f"{kind}: {what} by rule")}"'

        grounds = [said("reason")] if choice == "withhold" else ['legal_basis = "children_act_2004"']
        parts += [
            "[[rule]]",
            f'id = "{agency}-{kind}"',
            "in_force_from = 2012-01-01T00:00:00Z",
            f'approved_by = "{decision_maker(agency).person}"',
            f'choice = "{choice}"',
            *grounds,
            "[rule.when]",
            f'kinds = ["{kind}"]',
            f"risks_present = {[risk] if risk else []}",
        ]
        if choice != "withhold":
            tests = ("relevance", "necessity", "justification", "proportionality", "why")
            parts += ["[rule.tests]", *(said(test) for test in tests), "[rule.harm]", said("considered")]
    return "\n".join(parts) + "\n"
