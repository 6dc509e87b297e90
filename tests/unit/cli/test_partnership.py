"""`mash partnership`: what is bundled, the history of a cohort, and every slip in a folder told in words."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from agents.partnership import bundled, bundled_names
from tests.support.command_line import Mash

FOLDER = Path("ours")
SLIPS = [
    ("clocks", "red_minutes = 120", 'red_minutes = "long"', "clocks.red_minutes: must be a whole number"),
    ("clocks", "red_minutes = 120", "red_minutes = 0", "clocks.red_minutes: must be more than 0"),
    ("clocks", "red_minutes = 120", "red_minute = 120", "clocks.red_minute: no such key; correct the spelli"),
    ("clocks", "red_minutes = 120", "", "clocks.red_minutes: is missing; add it"),
    ("clocks", "blue_due_at = 17:00:00", 'blue_due_at = "late"', "clocks.blue_due_at: must be a time of day"),
    ("clocks", '"Europe/London"', '"Europe/Lodnon"', "clocks.timezone: is no time zone"),
    ("clocks", '"ENG"', '"ENGLAND"', "clocks.holidays_subdivision: has no calendar of bank holidays"),
    ("clocks", "[50, 75, 90]", "[50, 175]", "clocks.warn_at_percent: takes whole numbers from 1 to 99"),
    ("clocks", "issue_ahead_minutes = 5", "issue_ahead_minutes = 500", "must be less than red_minutes"),
    ("clocks", "promise_minutes = 240", "promise_minutes = 24", "must not be less than red_minutes"),
    ("cohorts", "2012-02-06T00:00:00Z", "2012-02-06T00:00:00", "switches.0.since (entry 1): must be a momen"),
    ("cohorts", '["child"]', '["chidl"]', "conditions.0 (entry 1): must be one of 'police_response', 'secti"),
    ("cohorts", 'category = "hate_crime"', 'category = "hate"', "cohorts.hate_crime.category: must be one o"),
    ("cohorts", '["staffordshire"]', '["staffs"]', "cohorts.all_welfare.authorities: staffs is not known; a"),
    ("cohorts", '["csc_stoke", "police"]', '["csc_stoke"]', "local_routes.0.agencies (entry 1): needs 2 or"),
    ("cohorts", '["csc_stoke", "police"]', '["police", "police"]', "needs two different agencies"),
    ("cohorts", 'authority = "stoke"', 'authority = "Stoke"', "must be a code: small letters, digits, - and"),
    ("teams", 'concerns = ["adult"]', 'concerns = ["old"]', "must be one of 'child"),
    ("teams", 'agencies = ["csc_stoke"]', 'agencies = ["stoke"]', "work_stoke.agencies: stoke is not"),
    ("teams", '["child"]', '["adult"]', "teams: none is told of RED child cases of stoke; add one"),
    ("agencies", "off_hub = true", 'off_hub = "off-ish"', "off_hub: must be true or false, without quotatio"),
    ("agencies", 'serves = ["child"]', 'serves = "child"', "csc_staffordshire.serves: must be a list"),
    ("agencies", "[agencies.police]", "[agencies.Police]", "agencies.Police: must be a code"),
    ("agencies", "signed_on = 2012-01-01", "signed_on = 1.5", "agencies.police.signed_on: must be a date"),
    ("agencies", "signed_on = 2012-01-01", "", "core_checks.0.agency (entry 1): police has not signed the "),
    ("agencies", '["health_representative"]', '["gp"]', "rights.panel: has no gp, who speaks for primary_"),
    ("agencies", '"protection_of_life"', '"life"', "agencies.police.needs_purpose: life is not known; add i"),
    ("agencies", 'agency = "education"', 'agency = "edukation"', "core_checks.1.agency (entry 2): edukation"),
    ("law", "until = 2018-05-24", "until = 1998-05-24", "legal_bases.data_protection_act_1998.until: must n"),
    ("partnership", '"protect"', '"secret"', "markings: has a marking twice"),
    ("partnership", '["senior_practitioner"]', '["senior"]', "service_roles: senior is not known; name it u"),
    ("partnership", 'title = "', 'titel = "', "title: is missing; add it"),
    ("partnership", 'title = "', "title = ", "is no TOML: "),
    ("partnership", 'title = "', 'sources = "', "teams.toml: sources: is already set in partnership.toml"),
    ("rights", "assess = ", "asses = ", "rights.assess: is missing; add it with the roles that may: The ass"),
    ("rights", "assess = ", "asses = ", "rights.asses: is no decision right; correct the spelling"),
    ("rounds", "missed_at = 17", "missed_at = 09", "rounds.dial_meeting: missed_at must be later in the day"),
    ("staff", 'person = "POL-SGT-01"', 'person = "Mr X?"', "staff.0.person (entry 1): must be an id"),
    ("staff", 'person = "POL-SGT-02"', 'person = "POL-SGT-01"', "staff[POL-SGT-01].agency: is listed twice"),
]  # fmt: skip


@pytest.fixture
def ours() -> Path:
    shutil.copytree(bundled("staffordshire-2012"), FOLDER)
    return FOLDER


@pytest.mark.parametrize("name", bundled_names())
def test_every_bundled_partnership_can_be_used_and_is_listed(mash: Mash, name: str) -> None:
    checked = mash("partnership", "check", name)
    assert (checked.exit_code, checked.stdout, checked.stderr) == (0, f"{name} can be used\n", "")
    assert name in [row["partnership"] for row in json.loads(mash("partnership", "list", "--json").stdout)]


@pytest.mark.parametrize(("file", "sound", "slip", "told"), SLIPS, ids=[s[3][:40] for s in SLIPS])
def test_a_slip_is_told_with_file_key_and_remedy(
    mash: Mash, ours: Path, file: str, sound: str, slip: str, told: str
) -> None:
    path = ours / f"{file}.toml"
    assert sound in path.read_text()
    path.write_text(path.read_text().replace(sound, slip))
    result = mash("partnership", "check", "ours")
    assert result.exit_code == 1
    line = next(line for line in result.stderr.splitlines() if told in line)
    assert ".toml: " in line or line.startswith("  ours: ")
    assert "_type" not in line and "_parsing" not in line and "pydantic" not in line


def test_all_slips_of_all_files_are_told_at_once_and_as_json(mash: Mash, ours: Path) -> None:
    for file, sound, slip in (
        ("clocks", "amber_hours = 24", "amber_hours = 0"),
        ("teams", "title =", "titel ="),
    ):
        path = ours / f"{file}.toml"
        path.write_text(path.read_text().replace(sound, slip, 1))
    result = mash("partnership", "check", "ours", "--json")
    said = json.loads(result.stdout)
    assert (result.exit_code, said["ok"]) == (1, False)
    where = {(p["file"], p["key"]) for p in said["problems"]}
    team = "teams.police_child_abuse_investigation"
    assert where == {
        ("clocks.toml", "clocks.amber_hours"),
        ("teams.toml", f"{team}.title"),
        ("teams.toml", f"{team}.titel"),
    }


def test_a_file_that_is_no_text_is_told(mash: Mash, ours: Path) -> None:
    (ours / "more.toml").write_bytes(b"\xff\xfe")
    result = mash("partnership", "check", "ours")
    assert (result.exit_code, "more.toml: is no text in UTF-8" in result.stderr) == (1, True)


def test_a_folder_without_files_cannot_be_used(mash: Mash) -> None:
    FOLDER.mkdir()
    result = mash("partnership", "check", "ours")
    assert (result.exit_code, "has no *.toml file" in result.stderr) == (1, True)


@pytest.mark.parametrize("what", ["check", "show"])
def test_a_folder_that_is_not_there_is_wrong_input(mash: Mash, what: str) -> None:
    result = mash("partnership", what, "nowhere")
    assert result.exit_code == 2
    assert "nowhere is no folder, and no bundled partnership; these are" in result.stderr


def test_a_cohort_is_shown_with_who_switched_it_on_and_off_and_when_b05(mash: Mash, ours: Path) -> None:
    path = ours / "cohorts.toml"
    first = '[{ since = 2012-02-06T00:00:00Z, on = true, approved_by = "steering-group-2012-02" }'
    more = '{ since = 2013-04-01T00:00:00+01:00, on = false, approved_by = "steering-group-2013-03" }'
    path.write_text(path.read_text().replace(f"{first}]", f"{first}, {more}]"))
    rows = json.loads(mash("partnership", "show", "ours", "--json").stdout)["cohorts"]
    hate = next(row for row in rows if row["cohort"] == "hate_crime")
    assert hate["live"] is False
    assert [(s["on"], s["approved_by"]) for s in hate["switches"]] == [
        (True, "steering-group-2012-02"),
        (False, "steering-group-2013-03"),
    ]
    drawn = mash("partnership", "show", "ours").stdout
    assert "2013-04-01 00:00:00 BST" in drawn and "steering-group-2013-03" in drawn


def test_without_a_name_the_partnership_of_the_settings_is_meant(mash: Mash, ours: Path) -> None:
    assert mash("partnership", "check", "--partnership", "ours").stdout == "ours can be used\n"
    assert mash("partnership", "show").stdout.startswith("Staffordshire and Stoke-on-Trent")


def test_the_sample_world_is_not_played_on_a_partnership_that_it_does_not_fit(mash: Mash) -> None:
    shutil.copytree(bundled("larkmoor-2026"), FOLDER)
    result = mash("demo", "--partnership", "ours")
    assert result.exit_code == 2
    assert "desk.toml: manager: the partnership has no MASH-MGR-01" in result.stderr
    assert "desk.toml: teams: nobody plays vulnerability_unit" in result.stderr
