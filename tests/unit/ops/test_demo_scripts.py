"""Scripts of the desk: what is wrong in one is said by file and key, before anything runs."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agents.partnership import bundled, read_partnership
from messages.words import Choice, Rag
from ops.demo.desk.script import ScriptUnsound, read_script, read_scripts
from ops.demo.expected import read_expected
from ops.demo.sample_world import WORLD, read_world

HEAD = 'referral = "R-1"\nstory = "Something happens."\nreceived = "2012-03-02T09:00:00+00:00"\n'


def _script(folder: Path, body: str = "", name: str = "one.toml") -> Path:
    file = folder / name
    file.write_text(HEAD + body, encoding="utf-8")
    return file


def test_a_script_that_says_nothing_more_leaves_everything_to_the_desk(tmp_path: Path) -> None:
    script = read_script(_script(tmp_path))
    assert script.received == datetime(2012, 3, 2, 9, tzinfo=UTC)
    assert script.rating.rag is Rag.AMBER
    assert script.threshold.met
    assert script.of_record("POL-1") is None


def test_a_delay_is_written_in_days_hours_and_minutes(tmp_path: Path) -> None:
    body = '[[rated_again]]\nafter = "1d2h30m"\nrag = "red"\nwhy = "Worse."\n'
    script = read_script(_script(tmp_path, body))
    assert script.rated_again[0].after == timedelta(days=1, hours=2, minutes=30)


def test_an_element_is_found_by_its_record(tmp_path: Path) -> None:
    body = '[[element]]\nrecord = "POL-1"\nchoice = "withhold"\nwhy = "An operation."\n'
    play = read_script(_script(tmp_path, body)).of_record("POL-1")
    assert play is not None
    assert play.choice is Choice.WITHHOLD


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('[[rated_again]]\nafter = "soon"\nrag = "red"\nwhy = "W"\n', "rated_again.0.after: delay_expected"),
        ('[rating]\nrag = "purple"\n', "rating.rag: enum"),
        ('[ratting]\nrag = "red"\n', "ratting: extra_forbidden"),
        (
            '[[element]]\nrecord = "P"\n[element.dispute]\nby = "police"\nground = "necessity"\n'
            'position = "P"\nsettled_by = "controller"\nchoice = "withhold"\n',
            "element.0.dispute: why_missing",
        ),
        ('[task_back]\nteam = "t"\n', "task_back.after: missing"),
        ("x =\n", "not TOML"),
    ],
)
def test_what_is_wrong_is_named_by_file_and_key(tmp_path: Path, body: str, said: str) -> None:
    with pytest.raises(ScriptUnsound) as problem:
        read_script(_script(tmp_path, body))
    assert str(problem.value).startswith("one.toml: ")
    assert said in str(problem.value)


def test_the_problems_of_all_scripts_are_said_at_once(tmp_path: Path) -> None:
    _script(tmp_path, '[rating]\nrag = "purple"\n', "a.toml")
    _script(tmp_path, '[assessment]\ncourse = "none"\n', "b.toml")
    with pytest.raises(ScriptUnsound) as problem:
        read_scripts(tmp_path)
    assert [line.partition(":")[0] for line in str(problem.value).splitlines()] == ["a.toml", "b.toml"]


def test_two_scripts_for_one_referral_are_refused(tmp_path: Path) -> None:
    _script(tmp_path, name="a.toml")
    _script(tmp_path, name="b.toml")
    with pytest.raises(ScriptUnsound, match=r"b\.toml: referral: there is another script for R-1"):
        read_scripts(tmp_path)


def test_a_folder_without_scripts_is_no_world(tmp_path: Path) -> None:
    with pytest.raises(ScriptUnsound, match="there are no scripts"):
        read_scripts(tmp_path)


def test_an_expected_outcome_that_cannot_be_is_named_by_referral_and_key(tmp_path: Path) -> None:
    file = tmp_path / "expected.toml"
    file.write_text(
        '[R-1]\nwhy = "W"\nparagraphs = []\nrequirements = []\noutcome = "lost"\n'
        'category = "hate_crime"\ndue = "tomorrow"\n',
        encoding="utf-8",
    )
    with pytest.raises(ScriptUnsound) as problem:
        read_expected(file)
    assert "expected.toml: R-1.outcome: literal_error" in str(problem.value)
    assert "expected.toml: R-1.due: due_expected" in str(problem.value)


def test_a_referral_without_a_script_or_an_expected_outcome_is_named(tmp_path: Path) -> None:
    partnership = read_partnership(bundled("staffordshire-2012"))
    for name in ("referrals", "scripts", "agencies"):
        (tmp_path / name).mkdir()
    shutil.copy(WORLD / "desk.toml", tmp_path)
    form = next((WORLD / "referrals").glob("01-*.json"))
    (tmp_path / "referrals" / form.name).write_bytes(form.read_bytes())
    _script(tmp_path / "scripts")
    (tmp_path / "expected.toml").write_text("", encoding="utf-8")
    with pytest.raises(ScriptUnsound) as problem:
        read_world(partnership, tmp_path)
    assert str(problem.value).splitlines() == [
        "DEMO-01: has no script",
        "DEMO-01: has no expected outcome",
        "R-1: has no form",
        "R-1: has no expected outcome",
        *(f"{code}: has no expected outcome" for code in sorted(partnership.rounds)),
    ]


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """A copy of the sample world, to be spoilt."""
    shutil.copytree(WORLD, tmp_path / "world", ignore=shutil.ignore_patterns("records.*", "people.*"))
    return tmp_path / "world"


def _problems(world: Path) -> list[str]:
    with pytest.raises(ScriptUnsound) as problem:
        read_world(read_partnership(bundled("staffordshire-2012")), world)
    return str(problem.value).splitlines()


def _change(file: Path, before: str, after: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")


def test_a_dial_and_what_is_expected_of_it_need_each_other(world: Path) -> None:
    _change(world / "expected_daily.toml", "[dials.DIAL-03]", "[dials.DIAL-33]")
    assert _problems(world) == [
        "DIAL-03: has no expected outcome",
        "DIAL-33: is expected, and nobody plays it",
    ]


def test_a_case_that_a_dial_brings_needs_an_expected_outcome(world: Path) -> None:
    _change(world / "expected.toml", '["DIAL-01/meeting"]', '["DIAL-01/adult"]')
    assert _problems(world) == [
        "DIAL-01/adult: has no form",
        "DIAL-01/adult: has no script",
        "DIAL-01/meeting: has no expected outcome",
    ]


def test_a_batch_is_about_the_one_that_its_script_plays(world: Path) -> None:
    _change(world / "missing" / "01-sixth-report.csv", "MR-106,MISS-01", "MR-106,MISS-02")
    assert _problems(world) == ["01-sixth-report.csv: has to be about MISS-01 alone"]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("refer = true", "refers = true", "01-referred-by-the-meeting.toml: meeting.refers: extra_forbidden"),
        ("[case.meeting", "[case.lunch", "01-referred-by-the-meeting.toml: case.lunch.[key]: literal_error"),
        (
            'action = "referred_for_full_sharing"',
            "",
            "01-referred-by-the-meeting.toml: meeting: action_or_reason",
        ),
    ],
)
def test_what_is_wrong_in_the_script_of_a_dial_is_named(
    world: Path, before: str, after: str, said: str
) -> None:
    _change(world / "dials" / "01-referred-by-the-meeting.toml", before, after)
    assert said in _problems(world)


def test_what_is_wrong_in_a_batch_is_named_by_its_line(world: Path) -> None:
    _change(world / "missing" / "01-sixth-report.csv", "MR-106,MISS-01,2012", "MR-106,MISS-01,twelve")
    batch, line = _problems(world)
    assert batch.startswith("01-sixth-report.csv: ")
    assert line.startswith("  line 7: reported_at")


def test_a_round_that_the_partnership_does_not_hold_is_no_part_of_the_cast(world: Path) -> None:
    _change(world / "desk.toml", "[rounds.missing_children_review]", "[rounds.tea]")
    assert "desk.toml: rounds: the partnership has no tea" in _problems(world)
