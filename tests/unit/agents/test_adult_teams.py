"""What a partnership's folder says of the adult pathway is checked when it is read. [F02, F04-F06]"""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from agents.partnership import PartnershipInvalid, bundled, read_partnership

CHECKLISTS = """
[[complex_investigation]]
version = "2012-02"
since = 2012-02-01
criteria = { institution = "A care home or hospital is concerned", several = "Several adults at risk" }

[[complex_investigation]]
version = "2012-05"
since = 2012-05-01
criteria = { network = "Several people act together" }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A partnership of one's own, as the how-to page begins one."""
    return shutil.copytree(bundled("staffordshire-2012"), tmp_path / "partnership")


def problem(folder: Path, file: str, old: str, new: str) -> str:
    text = (folder / file).read_text("utf-8") if (folder / file).exists() else ""
    assert old in text
    (folder / file).write_text(text.replace(old, new) if old else new, "utf-8")
    with pytest.raises(PartnershipInvalid) as why:
        read_partnership(folder)
    return str(why.value)


def test_a_package_that_would_go_to_nobody_is_found_when_the_folder_is_read(folder: Path) -> None:
    said = problem(folder, "teams.toml", 'receives = ["adult_complex"]', "")
    remedy = "add it to the receives of the one adult team that gets these packages"
    assert said.splitlines() == [
        f"teams.toml: teams: no team of staffordshire receives adult_complex; {remedy}",
        f"teams.toml: teams: no team of stoke receives adult_complex; {remedy}",
    ]


def test_not_met_cannot_go_to_two_teams_of_an_authority(folder: Path) -> None:
    said = problem(folder, "teams.toml", 'receives = ["adult_complex"]', 'receives = ["adult_not_met"]')
    where = "teams.toml: teams.adult_special_investigation.receives: "
    goes = "adult_not_met goes to one team of stoke, and adult_social_work_stoke has it too; take it out of"
    assert f"{where}{goes}" in said


def test_a_word_that_no_team_can_receive_is_found(folder: Path) -> None:
    assert "receives" in problem(folder, "teams.toml", '"adult_police"', '"adult_polite"')


def test_a_partnership_without_the_adult_cohort_needs_no_such_teams(folder: Path) -> None:
    teams = folder / "teams.toml"
    lines = teams.read_text("utf-8").splitlines()
    teams.write_text("\n".join(line for line in lines if not line.startswith("receives")), "utf-8")
    cohorts = folder / "cohorts.toml"
    cohorts.write_text(cohorts.read_text("utf-8").replace('"adult_protection"', '"hate_crime"'), "utf-8")
    assert read_partnership(folder).teams


def test_the_checklist_in_use_is_the_latest_that_has_begun(folder: Path) -> None:
    (folder / "complex_investigation.toml").write_text(CHECKLISTS, "utf-8")
    partnership = read_partnership(folder)
    in_use = [
        found.version if (found := partnership.complex_checklist(day)) else None
        for day in (date(2012, 1, 31), date(2012, 2, 1), date(2012, 4, 30), date(2012, 5, 1))
    ]
    assert in_use == [None, "2012-02", "2012-02", "2012-05"]


@pytest.mark.parametrize(("name", "old"), [("version", '"2012-05"'), ("since", "2012-05-01")])
def test_two_checklists_that_cannot_be_told_apart_are_found(folder: Path, name: str, old: str) -> None:
    new = CHECKLISTS.replace(old, old.replace("05", "02", 1))
    said = problem(folder, "complex_investigation.toml", "", new)
    key = "complex_investigation.toml: complex_investigation"
    assert said == f"{key}: two have the same {name}; give each checklist one of its own"
