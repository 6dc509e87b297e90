"""A folder held against the partnership: what the hub would refuse later is told before the worker starts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agents.agency.acceptance import Acceptance
from agents.agency.folder import worker_from
from agents.agency.problems import FolderUnsound
from agents.partnership import Partnership, Purpose, bundled, read_partnership
from tests.support.agencies import NOW, RECORDS, RECORDS_KEY, RULES, police_folder

SOUND = RULES.replace("pol-014", "POL-DM-01")


@pytest.fixture(scope="module")
def partnership() -> Partnership:
    return read_partnership(bundled("staffordshire-2012"))


def problems(folder: Path, partnership: Partnership, now: datetime = NOW) -> str:
    with pytest.raises(FolderUnsound) as unsound:
        worker_from(folder, RECORDS_KEY, Acceptance(partnership, now))
    return str(unsound.value)


def test_a_folder_with_the_partnerships_codes_is_taken(tmp_path: Path, partnership: Partnership) -> None:
    folder = police_folder(tmp_path, rules=SOUND)

    assert worker_from(folder, RECORDS_KEY, Acceptance(partnership, NOW)).agency == "police"


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("attendance,,protect", "attendance,,official_sensitive", "line 2, column marking: is no marking"),
        ("licence,probation", "licence,probatoin", "line 4, column owner: is no agency"),
    ],
)
def test_a_record_is_named_by_its_line(
    tmp_path: Path, partnership: Partnership, old: str, new: str, place: str
) -> None:
    assert old in RECORDS
    told = problems(police_folder(tmp_path, rules=SOUND, records=RECORDS.replace(old, new)), partnership)

    assert told.startswith(f"records.csv, {place}")
    assert len(told.splitlines()) == 1
    assert "use one of" in told
    assert "official_sensitive" not in told
    assert "probatoin" not in told


@pytest.mark.parametrize(
    ("layout", "place"),
    [
        ('[records.codes.marking]\nred = "reddish"\n', "records.codes.marking"),
        ('[records.codes.owner]\nnps = "probatoin"\n', "records.codes.owner"),
        ('[records.defaults]\nmarking = "reddish"\n', "records.defaults.marking"),
    ],
)
def test_what_the_layout_maps_words_to_is_checked(
    tmp_path: Path, partnership: Partnership, layout: str, place: str
) -> None:
    told = problems(police_folder(tmp_path, rules=SOUND, layout=layout), partnership)

    assert told.startswith(f"agency.toml: {place}: has a code that is none of ")


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('"POL-DM-01"', '"CSS-NOBODY"', "rule.0.approved_by: is no decision maker of police"),
        ('"POL-DM-01"', '"CSS-DM-01"', "rule.0.approved_by: is no decision maker of police"),
        ('"POL-DM-01"', '"POL-SGT-01"', "rule.0.approved_by: is no decision maker of police"),
        ('"children_act_2004"', '"magna_carta"', "rule.0.legal_basis: is not on the register"),
        ('"children_act_2004"', '"data_protection_act_1998"', "rule.0.legal_basis: is not in force"),
        ('markings = ["protect"]', 'markings = ["reddish"]', "rule.0.when.markings: has a code"),
        ('["safeguarding_children"]', '["gossip"]', "rule.0.when.purposes: has a code"),
    ],
)
def test_a_rule_is_named_by_its_key(
    tmp_path: Path, partnership: Partnership, old: str, new: str, place: str
) -> None:
    assert old in SOUND
    told = problems(police_folder(tmp_path, rules=SOUND.replace(old, new, 1)), partnership)

    assert told.startswith(f"rules.toml: {place}")
    assert len(told.splitlines()) == 1
    assert "use one of" in told


def test_a_release_is_for_a_purpose_that_the_owners_law_allows(
    tmp_path: Path, partnership: Partnership
) -> None:
    wider = partnership.model_copy(
        update={"purposes": {**partnership.purposes, "research": Purpose(title="Research")}}
    )
    release = SOUND.replace('["safeguarding_children"]', '["research"]', 1)
    withhold = SOUND + 'purposes = ["research"]\n'

    assert "rule.0.when.purposes" in problems(police_folder(tmp_path / "a", rules=release), wider)
    worker_from(police_folder(tmp_path / "b", rules=withhold), RECORDS_KEY, Acceptance(wider, NOW))


def test_a_rule_that_is_over_may_name_who_has_left(tmp_path: Path, partnership: Partnership) -> None:
    folder = police_folder(tmp_path, rules=SOUND.replace('"POL-DM-01"', '"POL-LEFT"', 1))
    last = datetime(2026, 6, 1, tzinfo=UTC)

    worker_from(folder, RECORDS_KEY, Acceptance(partnership, last))
    assert "approved_by" in problems(folder, partnership, last - timedelta(seconds=1))


def test_an_agency_that_there_is_not_is_told(tmp_path: Path, partnership: Partnership) -> None:
    folder = police_folder(tmp_path, rules=None)
    (folder / "agency.toml").write_text('agency = "polcie"\n')

    assert problems(folder, partnership).startswith("agency.toml: agency: is no agency of the partnership")
