"""`mash up` does not start where something that was asked for would be passed over in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from ops.demo.sample_world import lay_out_agencies
from tests.support.command_line import Mash


def test_another_broker_is_refused_and_not_passed_over(mash: Mash, monkeypatch: pytest.MonkeyPatch) -> None:
    flag = mash("up", "--data", "hub", "--broker", "amqp://hub:s3cret@mq/")
    monkeypatch.setenv("MASH_BROKER_URL", "amqp://hub:s3cret@mq/")
    environment = mash("up", "--data", "hub")

    for result in (flag, environment):
        assert result.exit_code == 2
        assert "in one process" in result.stderr
        assert "`mash provision`, then `mash coordinator` and a `mash worker`" in result.stderr
        assert "s3cret" not in result.output


def test_a_folder_of_no_agency_is_refused(mash: Mash) -> None:
    lay_out_agencies(Path("hub/agencies"))
    Path("hub/agencies/fire_service").mkdir()

    result = mash("up", "--data", "hub")

    assert result.exit_code == 2
    assert "fire_service: not an agency of this partnership; add it to the partnership" in result.stderr
    assert not Path("hub/keys").exists()


@pytest.mark.parametrize(
    ("file", "old", "new", "place"),
    [
        ("records.csv", ",restricted,", ",official_sensitive,", "records.csv, line "),
        ("rules.toml", '"CSS-DM-01"', '"CSS-NOBODY"', "rules.toml: rule.0.approved_by: "),
        ("rules.toml", '"children_act_2004"', '"magna_carta"', "rules.toml: rule.0.legal_basis: "),
    ],
)
def test_a_code_that_the_hub_would_refuse_keeps_it_from_starting(
    mash: Mash, file: str, old: str, new: str, place: str
) -> None:
    lay_out_agencies(Path("hub/agencies"))
    changed = Path("hub/agencies/csc_staffordshire") / file
    text = changed.read_text()
    assert old in text
    changed.write_text(text.replace(old, new, 1))

    result = mash("up", "--data", "hub")

    assert result.exit_code == 2
    assert place in result.stderr
    assert new.strip(',"') not in result.stderr
