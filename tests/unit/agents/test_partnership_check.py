"""Whatever would break a hub is refused before it starts, with the file, the key and what to do."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from agents.decision_rights import RIGHTS
from agents.partnership import (
    Partnership,
    PartnershipInvalid,
    bundled,
    bundled_names,
    checks,
    read_partnership,
)
from ops.engines import partnership_of
from ops.partnership_check import problems_in
from ops.settings import read_settings
from tests.support.partnership_folder import PartnershipFolder

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)


class Slip(NamedTuple):
    """In ``file`` ``sound`` is replaced by ``wrong``; ``told`` is the file and key that it is told of, and
    ``what`` is said there, with the remedy."""

    file: str
    sound: str
    wrong: str
    told: str
    what: str


ALL = r"(?s)\A.*\Z"
"""The whole file, as a pattern."""

SLIPS = [
    # Decision rights.
    Slip("rights", r"threshold = \[.*", "threshold = []", "rights.toml: rights.threshold", "name the roles"),
    Slip("rights", r"^release = \[.*", "release = []", "rights.toml: rights.release", "name the roles"),
    Slip(
        "rights", "^release = .*", 'release = ["decision_makr"]', "rights.toml: rights.release", "correct the"
    ),
    Slip("rights", r"^assess = .*", "", "rights.toml: rights.assess", "add it with the roles that may"),
    Slip("rights", "^assess = ", "asses = ", "rights.toml: rights.asses", "correct the spelling"),
    Slip("rights", '"police_researcher"]', '"nobody_yet"]', "rights.toml: rights.dial_history", "give it to"),
    Slip(
        "rights", r"^dial_alert = .*", "dial_alert = []", "rights.toml: rights.dial_alert", "name the roles"
    ),
    Slip(
        "partnership", '= ["senior_practitioner"]', '= ["senior"]', "partnership.toml: service_roles", "name"
    ),
    Slip(
        "rights",
        "^see_figures = .*",
        'see_figures = ["mash_manager", "line_manager"]',
        "rights.toml: rights.see_figures",
        "line_manager may not see every case",
    ),
    Slip(
        "rights",
        r"^rate = .*",
        'rate = ["senior_practitioner"]\nlater = []',
        "rights.toml: rights.later",
        "is no decision right",
    ),
    Slip(
        "agencies",
        r'^serves = \["child"\]',
        'serves = ["adult"]',
        "agencies.toml: core_checks",
        'serves = ["child"]',
    ),
    Slip(
        "rights",
        r"^adult_threshold_police = .*",
        'adult_threshold_police = ["advanced_practitioner"]',
        "rights.toml: rights.adult_threshold_police",
        "take it out of one of the two",
    ),
    # People.
    Slip(
        "staff",
        r'"POL-SGT-02"\nagency = "police"',
        '"POL-SGT-01"\nagency = "education"',
        "staff.toml: staff[POL-SGT-01].agency",
        "keep the entry of the one employer",
    ),
    Slip("staff", "POL-SGT-02", "POL-SGT-01", "staff.toml: staff[POL-SGT-01].agency", "put all roles in one"),
    Slip(
        "staff",
        r'"EDU-PR-01"\nagency = "education"\nroles = \["practitioner"\]',
        '"EDU-PR-01"\nagency = "education"\nroles = ["practicioner"]',
        "staff.toml: staff[EDU-PR-01].roles",
        "correct the spelling",
    ),
    Slip(
        "staff",
        r'"EDU-PR-01"\nagency = "education"\nroles = \[.*',
        '"EDU-PR-01"\nagency = "education"\nroles = []',
        "staff.toml: staff[EDU-PR-01].roles",
        "give the person a role",
    ),
    Slip(
        "staff",
        r'"EDU-PR-01"\nagency = "education"',
        '"EDU-PR-01"\nagency = "edukation"',
        "staff.toml: staff[EDU-PR-01].agency",
        "add it under [agencies]",
    ),
    Slip("staff", '"data_controller"', '"line_manager"', "rights.toml: rights.final_decision", "give it to"),
    Slip("staff", '"advanced_prac', '"prac', "rights.toml: rights.adult_threshold_social_care", "give it to"),
    Slip(
        "staff",
        '"misper_coordinator"',
        '"practitioner"',
        "rights.toml: rights.missing_children_review",
        "give it to somebody",
    ),
    Slip(
        "staff",
        r'"POL-DPO-01"\nagency = "police"\nroles = .*',
        '"POL-DPO-01"\nagency = "police"\nroles = ["practitioner"]',
        "governance.toml: liaison.0.person (entry 1)",
        "add one to the person's roles",
    ),
    Slip(
        "staff",
        "POL-DPO-01",
        "POL-DPO-02",
        "governance.toml: liaison.0.person (entry 1)",
        "add the person to [[staff]]",
    ),
    Slip(
        "governance",
        "POL-SUP-01",
        "POL-SGT-01",
        "governance.toml: supervisors.0.person (entry 1)",
        "take one out",
    ),
    # Agencies.
    Slip(
        "staff",
        r'"EDU-DM-01"\nagency = "education"',
        '"EDU-DM-01"\nagency = "police"',
        "agencies.toml: agencies.education",
        "a role of the right release: decision_maker",
    ),
    Slip(
        "staff",
        r'"EDU-DC-01"\nagency = "education"',
        '"EDU-DC-01"\nagency = "police"',
        "agencies.toml: agencies.education",
        "a role of the right final_decision: data_controller",
    ),
    Slip(
        "agencies",
        r'panel_roles = \["housing_director"\]',
        "",
        "agencies.toml: agencies.housing.panel_roles",
        "name roles of the right panel",
    ),
    Slip(
        "agencies",
        '"housing_director"',
        '"probation_assistant_chief"',
        "agencies.toml: agencies.housing.panel_roles",
        "give somebody the role",
    ),
    Slip("agencies", '"housing_director"', '"housing_chief"', "rights.toml: rights.panel", "add it"),
    Slip(
        "agencies",
        r"(?s)signed_on = 2012-01-01(.*?)\n\n",
        r"signed_on = 2030-01-01\1\n\n",
        "agencies.toml: core_checks.0.agency (entry 1)",
        "correct its signed_on",
    ),
    # Cases that nobody would take, be asked or told about.
    Slip(
        "partnership", r"^authorities = .*", "authorities = []", "partnership.toml: authorities", "name the"
    ),
    Slip("teams", r"(?s)\[sources\..*", "[sources]", "teams.toml: sources", "add one under [sources]"),
    Slip("cohorts", "on = true", "on = false", "cohorts.toml: cohorts", "switch one on"),
    Slip(
        "teams", 'receives = ["adult_complex"]', "", "teams.toml: teams", "no team of stoke receives adult_c"
    ),
    Slip(
        "teams",
        'receives = ["adult_complex"]',
        'receives = ["adult_complex", "adult_police"]',
        "teams.toml: teams.adult_special_investigation.receives",
        "take it out of all but one",
    ),
    Slip(
        "agencies",
        r'\[\[core_checks\]\]\nagency = "csc_stoke"\nauthorities = \["stoke"\]',
        "",
        "agencies.toml: core_checks",
        "about child protection in stoke; add one",
    ),
    Slip(
        "agencies",
        r'^serves = \["adult"\]',
        "",
        "agencies.toml: core_checks",
        "about adult protection in stoke; add one",
    ),
    Slip("hate_crime", ALL, "", "response_levels.toml: response_levels", "name the levels of response"),
    Slip("partnership", "^adult_form = .*", "", "partnership.toml: adult_form", "name the kind of form"),
    # Daily rounds.
    Slip(
        "rounds",
        'right = "dial_meeting"',
        'right = "dial_meting"',
        "rounds.toml: rounds.dial_meeting.right",
        "correct the spelling",
    ),
    Slip(
        "rounds",
        'role = "police_sergeant"',
        'role = "police_seargent"',
        "rounds.toml: rounds.dial_meeting.quorum.0.role (entry 1)",
        "give somebody the role",
    ),
    Slip(
        "rounds",
        'agency = "police"',
        'agency = "polise"',
        "rounds.toml: rounds.dial_meeting.quorum.0.agency (entry 1)",
        "add it under [agencies] or correct it",
    ),
    Slip(
        "rounds",
        r"(?s)quorum = \[.*?\n\]",
        "",
        "rounds.toml: rounds.dial_meeting.quorum",
        "no seat of the children's services of staffordshire; add one",
    ),
    Slip(
        "rounds",
        r'.*agency = "csc_stoke".*',
        "",
        "rounds.toml: rounds.dial_meeting.quorum",
        "no seat of the children's services of stoke; add one",
    ),
    Slip(
        "rounds",
        r'.*agency = "police".*',
        "",
        "rounds.toml: rounds.dial_meeting.quorum",
        "no seat of police beside the children's services; add one",
    ),
    Slip(
        "rights",
        r"^dial_meeting = .*",
        'dial_meeting = ["mash_manager"]',
        "rounds.toml: rounds.dial_meeting.quorum",
        "seat one of mash_manager",
    ),
    Slip(
        "rounds",
        'of = "hate_crimes"',
        'of = "dials"',
        "rounds.toml: rounds.hate_crime_review.of",
        "take one of them out",
    ),
    Slip("rounds", ALL, "", "rounds.toml: rounds", "none is of dials, but roles have dial_history"),
    Slip("rounds", ALL, "", "rounds.toml: rounds", 'add a round with of = "hate_crimes"'),
    Slip(
        "rounds",
        r"(?s)\[missing_children\].*",
        "",
        "rounds.toml: missing_children",
        "add it with reports and days",
    ),
    Slip(
        "rounds",
        r"(?s)\[rounds.missing_children_review\].*?\n\n",
        "",
        "rounds.toml: rounds",
        'add a round with of = "missing_children"',
    ),
    # Clocks.
    Slip(
        "clocks", "^red_minutes = 120", "red_minutes = 3000", "clocks.toml: clocks.red_minutes", "less than"
    ),
    Slip(
        "clocks", "^amber_hours = 24", "amber_hours = 240", "clocks.toml: clocks.amber_hours", "less than bl"
    ),
    Slip(
        "clocks",
        "promise_minutes = 240",
        "promise_minutes = 2400",
        "clocks.toml: clocks.red_promise_minutes",
        "must be less than amber_hours",
    ),
    Slip(
        "clocks",
        r"^escalation_red_minutes = \d+",
        "escalation_red_minutes = 99999",
        "clocks.toml: clocks.escalation_red_minutes",
        "must not be more than escalation_hours",
    ),
    Slip(
        "clocks", '"Europe/London"', '"Europe"', "clocks.toml: clocks.timezone", "give one such as Europe/L"
    ),
    # What is agreed.
    Slip("law", r"(?s)\[purposes\..*", "[purposes]", "law.toml: purposes", "none is for child protection"),
    Slip("law", r"(?s)\A.*?\[purp", "[legal_bases]\n[purp", "law.toml: legal_bases", "add one, or correct s"),
    Slip(
        "governance", r"(?s)\[\[memorandum\]\].*?\n\n", "", "governance.toml: memorandum", "add its version"
    ),
    Slip("governance", "^since = 2012", "since = 2112", "governance.toml: memorandum", "correct its since"),
    Slip(
        "governance",
        "^attested_until = 2099",
        "attested_until = 2009",
        "governance.toml: liaison.0.attested_until (entry 1)",
        "must not be before",
    ),
    Slip("staff", ALL, "", "staff.toml: staff", "is missing; add it"),
    # Files that are no TOML.
    Slip("law", "since = 1900-01-01", "since = 01/01/1900", "law.toml", "write a date as 2012-01-31"),
    Slip("law", "since = 1900-01-01", "since = 1900.1.1", "law.toml", "write a date as 2012-01-31"),
    Slip("partnership", '^title = "', "title = ", "partnership.toml", "look at that line"),
]


@pytest.fixture
def folder(tmp_path: Path) -> PartnershipFolder:
    return PartnershipFolder(tmp_path)


def make(folder: PartnershipFolder, slip: Slip) -> None:
    path = folder.path / f"{slip.file}.toml"
    pattern = slip.sound if set(slip.sound) & set("^*\\(?") else re.escape(slip.sound)
    wrong = slip.wrong if r"\1" in slip.wrong else slip.wrong.replace("\\", "\\\\")
    # Most slips are one slip, the first; those of a whole file are everywhere in it.
    everywhere = {
        '"data_controller"',
        '"advanced_prac',
        '"misper_coordinator"',
        "on = true",
        r'^serves = \["adult"\]',
    }
    times = 0 if slip.sound in everywhere else 1
    text, count = re.subn(pattern, wrong, path.read_text("utf-8"), count=times, flags=re.MULTILINE)
    assert count
    path.write_text(text, "utf-8")


@pytest.mark.parametrize("slip", SLIPS, ids=lambda s: f"{s.told}: {s.what[:20]}")
def test_a_mistake_is_refused_with_its_file_its_key_and_what_to_do(
    folder: PartnershipFolder, slip: Slip
) -> None:
    make(folder, slip)
    with pytest.raises(PartnershipInvalid) as invalid:
        read_partnership(folder.path, NOW)
    told = [f"{p.file}: {p.key}" if p.key else p.file for p in invalid.value.problems]
    said = [p.what for p in invalid.value.problems]
    assert any(where == slip.told and slip.what in what for where, what in zip(told, said, strict=True)), str(
        invalid.value
    )


def test_every_check_finds_one_of_these_mistakes_or_one_of_another_test(tmp_path: Path) -> None:
    found = set()
    for n, slip in enumerate(SLIPS):
        folder = PartnershipFolder(tmp_path / str(n))
        make(folder, slip)
        for check, partnership in _checked(folder):
            if any(check(partnership)):
                found.add(check)
    of_other_tests = {
        checks.references.local_routes,
        checks.rights.relevant_managers,
        checks.cases.teams_told,
        checks.law.markings,
        checks.law.bases,
        checks.governance.checklists,
        checks.governance.retention,
        checks.governance.package_page,
        checks.clocks.lengths,
        checks.source_forms.loose_ends,
    }
    assert set(checks.ALWAYS) - found <= of_other_tests


def unchecked(folder: Path) -> dict[str, object]:
    """What a folder says, unchecked."""
    said: dict[str, object] = {}
    for file in folder.glob("*.toml"):
        said |= tomllib.loads(file.read_text("utf-8"))
    return said


def _checked(folder: PartnershipFolder) -> Iterator[tuple[checks.Check, Partnership]]:
    """Each check with what the folder says, where that can be read at all."""
    try:
        partnership = Partnership.model_validate(unchecked(folder.path))
    except ValueError:
        return
    for check in checks.ALWAYS:
        yield check, partnership


@pytest.mark.parametrize("name", bundled_names())
def test_both_bundled_partnerships_are_sound(name: str) -> None:
    assert checks.mistakes(read_partnership(bundled(name)), NOW) == []


@pytest.mark.parametrize("name", bundled_names())
def test_no_role_can_be_misspelled_in_any_right_seat_or_entry(name: str) -> None:
    sound = read_partnership(bundled(name))
    for right, roles in sound.rights.items():
        for role in roles:
            wrong = tuple("misspelled" if one == role else one for one in roles)
            assert checks.mistakes(sound.model_copy(update={"rights": {**sound.rights, right: wrong}})), right
    for n, member in enumerate(sound.staff):
        for role in member.roles:
            wrong = tuple("misspelled" if one == role else one for one in member.roles)
            staff = list(sound.staff)
            staff[n] = member.model_copy(update={"roles": wrong})
            assert checks.mistakes(sound.model_copy(update={"staff": tuple(staff)})), member.person


@pytest.mark.parametrize("name", bundled_names())
def test_no_right_can_be_left_out_and_none_that_is_needed_can_be_nobodys(name: str) -> None:
    sound = read_partnership(bundled(name))
    for right in RIGHTS:
        without = {code: roles for code, roles in sound.rights.items() if code != right}
        assert checks.mistakes(sound.model_copy(update={"rights": without})), right
        if checks.rights.needed(right, sound):
            assert checks.mistakes(sound.model_copy(update={"rights": {**without, right: ()}})), right


def test_nobody_is_the_relevant_manager_of_children_where_all_work_for_adults_e01() -> None:
    sound = read_partnership(bundled("larkmoor-2026"))
    rights = {**sound.rights, "rate": ("consultant_social_worker",)}
    adults_only = tuple(
        s for s in sound.staff if "consultant_social_worker" not in s.roles or s.agency == "adult_care"
    )
    found = dict(checks.mistakes(sound.model_copy(update={"rights": rights, "staff": adults_only})))
    assert found["rights.rate"].startswith("nobody has it in the cases of a child")


def test_agents_and_the_command_refuse_the_same(folder: PartnershipFolder) -> None:
    folder.replace("rights.toml", "threshold = [", "treshold = [")
    with pytest.raises(PartnershipInvalid) as invalid:
        partnership_of(read_settings(partnership=str(folder.path)))
    assert invalid.value.problems == problems_in(folder.path, NOW) != ()


def test_an_agency_that_has_not_signed_needs_nobody_yet_c09(folder: PartnershipFolder) -> None:
    folder.add("agencies.toml", '[agencies.fire]\ntitle = "Fire and Rescue Service"')
    assert "fire" in folder.read().agencies
