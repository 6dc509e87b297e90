"""The owner's dated rules of disclosure."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.agency.ports import Circumstances
from agents.agency.problems import FolderUnsound
from agents.agency.rules import OwnersRules, read_rules
from messages.confidential import Confidential
from messages.words import Choice, RiskFlag, Sanitised
from tests.support.agencies import NOW, RULES

SAFE = Sanitised(text=Confidential("Safe."), transforms=("summarised",), author="a1")


def read(folder: Path, text: str = RULES) -> OwnersRules:
    (folder / "rules.toml").write_text(text, encoding="utf-8")
    return read_rules(folder / "rules.toml", "police")


def element(
    kind: str = "attendance",
    marking: str = "protect",
    purpose: str = "safeguarding_children",
    risks: set[RiskFlag] | None = None,
    suggestion: Sanitised | None = None,
) -> Circumstances:
    return Circumstances(kind, marking, frozenset(risks or ()), purpose, suggestion)


def chosen(rules: OwnersRules, asked: Circumstances, now: datetime = NOW) -> tuple[str, Choice] | None:
    found = rules.choose(asked, now)
    return (found.rule.rule, found.choice.choice) if found else None


def test_the_first_rule_that_fits_decides_with_its_date_and_approval(tmp_path: Path) -> None:
    found = read(tmp_path).choose(element(), NOW)
    assert found is not None
    assert found.rule.model_dump(mode="json") == {
        "rule": "pol-attendance",
        "agency": "police",
        "in_force_from": "2026-01-01T00:00:00Z",
        "approved_by": "pol-014",
    }
    assert found.choice.choice is Choice.RELEASE


def test_what_a_rule_says_is_in_plain_words_and_its_id_as_it_is(tmp_path: Path) -> None:
    text = RULES.replace("Released for $purpose.", "Released for $purpose ($rule).")
    found = read(tmp_path, text).choose(element(), NOW)
    assert found is not None and found.choice.tests is not None
    said = found.choice.tests.justification.reveal()
    assert said == "Released for safeguarding children (pol-attendance)."
    assert found.choice.purpose == "safeguarding_children"


@pytest.mark.parametrize(
    "asked",
    [
        element(kind="conviction"),
        element(marking="restricted"),
        element(purpose="prevention_and_detection_of_crime"),
    ],
)
def test_what_no_rule_speaks_of_is_left_to_a_person(tmp_path: Path, asked: Circumstances) -> None:
    assert chosen(read(tmp_path), asked) is None


def test_without_a_file_a_person_decides_everything(tmp_path: Path) -> None:
    assert chosen(read_rules(tmp_path / "rules.toml", "police"), element()) is None


@pytest.mark.parametrize(
    ("now", "holds"),
    [
        (datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 1, 1, tzinfo=UTC), True),
        (datetime(2026, 5, 31, 23, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 6, 1, tzinfo=UTC), False),
    ],
)
def test_a_rule_holds_from_its_first_moment_and_no_longer_at_its_last(
    tmp_path: Path, now: datetime, holds: bool
) -> None:
    assert (chosen(read(tmp_path), element(), now) is not None) is holds


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> OwnersRules:
    return read(tmp_path_factory.mktemp("rules"))


@given(
    st.sets(st.sampled_from(RiskFlag), min_size=1), st.sampled_from(["attendance", "intelligence", "other"])
)
def test_an_element_with_a_risk_is_released_only_by_a_rule_that_names_every_risk(
    rules: OwnersRules, risks: set[RiskFlag], kind: str
) -> None:
    found = rules.choose(element(kind=kind, risks=risks, suggestion=SAFE), NOW)
    if found is not None and found.choice.choice is not Choice.WITHHOLD:
        assert risks == {RiskFlag.SOURCE_AT_RISK}
        assert kind == "intelligence"
        assert found.choice.harm is not None
        assert found.choice.harm.categories == (RiskFlag.SOURCE_AT_RISK,)


def test_a_withholding_rule_needs_to_name_only_one_of_the_risks(tmp_path: Path) -> None:
    asked = element(risks={RiskFlag.ONGOING_OPERATION, RiskFlag.DUTY_OF_CARE})
    found = read(tmp_path).choose(asked, NOW)
    assert found is not None
    assert found.choice.choice is Choice.WITHHOLD
    assert found.choice.reason is not None
    assert found.choice.reason.reveal() == "An operation would be harmed."


def test_a_sanitised_release_without_a_safe_text_is_left_to_a_person_whatever_comes_after(
    tmp_path: Path,
) -> None:
    broad = RULES.split("[[rule]]")[1].replace("pol-attendance", "pol-all").split("[rule.when]")
    release_all = (
        f'[[rule]]{broad[0]}[rule.when]\nrisks_present = ["source_at_risk"]\n'
        + broad[1][broad[1].index("[rule.tests]") :]
    )
    rules = read(tmp_path, RULES + release_all)
    asked = element(kind="intelligence", risks={RiskFlag.SOURCE_AT_RISK})
    assert chosen(rules, asked) is None
    assert chosen(rules, element(kind="other", risks={RiskFlag.SOURCE_AT_RISK})) == (
        "pol-all",
        Choice.RELEASE,
    )


def test_risks_absent_keeps_a_rule_from_elements_that_carry_one(tmp_path: Path) -> None:
    text = RULES.replace(
        'risks_present = ["ongoing_operation"]',
        'risks_present = ["ongoing_operation"]\nrisks_absent = ["duty_of_care"]',
    )
    asked = element(risks={RiskFlag.ONGOING_OPERATION, RiskFlag.DUTY_OF_CARE})
    assert chosen(read(tmp_path, text), asked) is None


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('agency = "police"', 'agency = "education"', "agency: must be the agency of agency.toml"),
        ("[[rule]]", "[[rule", "not TOML"),
        ('choice = "release"', 'choice = "cannot_decide"', "rule.0.choice: literal_error"),
        ('choice = "release"', "", "rule.0.choice: missing"),
        ("in_force_from = 2026-01-01T00:00:00Z", "", "rule.0.in_force_from: missing"),
        ("in_force_from = 2026-01-01T00:00:00Z", "in_force_from = 2026-01-01", "rule.0.in_force_from: "),
        (
            "in_force_until = 2026-06-01T00:00:00Z",
            "in_force_until = 2025-06-01T00:00:00Z",
            "rule.0: in_force_until",
        ),
        ('approved_by = "pol-014"', "", "rule.0.approved_by: missing"),
        ('legal_basis = "children_act_2004"', "", "rule.0: tests, harm and legal_basis are needed"),
        ('[rule.harm]\nconsidered = "Nobody is exposed."', "", "rule.0: tests, harm and legal_basis"),
        ('necessity = "A visit cannot be planned without it."', "", "rule.0.tests.necessity: missing"),
        ('reason = "An operation would be harmed."', "", "rule.2: reason is needed to withhold"),
        ("Released for $purpose.", "Released for $name.", "rule.0: texts may use"),
        ('kinds = ["attendance"]', 'knids = ["attendance"]', "rule.0.when.knids: no such key"),
        ('risks_present = ["source_at_risk"]', 'risks_present = ["spy"]', "risks_present.0: enum"),
        ('id = "pol-intelligence"', 'id = "pol-attendance"', "id must differ from rule to rule"),
    ],
)
def test_a_problem_in_the_rules_is_named_by_its_key(tmp_path: Path, old: str, new: str, place: str) -> None:
    assert old in RULES
    with pytest.raises(FolderUnsound) as unsound:
        read(tmp_path, RULES.replace(old, new, 1))
    assert str(unsound.value).startswith("rules.toml: ")
    assert place in str(unsound.value)
    assert "Nobody is exposed" not in str(unsound.value)
