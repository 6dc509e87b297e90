"""Settings come from environment, file and flags, in rising order, and show no secret."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ops.settings import Settings, SettingsInvalid, read_settings
from tests.support.command_line import Mash


def shown(mash: Mash, *words: str) -> dict[str, Any]:
    result = mash("settings", "--json", *words)
    assert result.exit_code == 0
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_a_flag_counts_more_than_the_file_and_the_file_more_than_the_environment(
    mash: Mash, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MASH_DATA", "from-environment")
    monkeypatch.setenv("MASH_BATCH", "7")
    assert shown(mash)["data"] == "from-environment"

    Path("mash.toml").write_text('data = "from-file"\n')
    assert (shown(mash)["data"], shown(mash)["batch"]) == ("from-file", 7)

    assert shown(mash, "--data", "from-flag")["data"] == "from-flag"


def test_another_file_can_be_named(mash: Mash) -> None:
    Path("other.toml").write_text("batch = 3\n")

    assert shown(mash, "--config", "other.toml")["batch"] == 3


@pytest.mark.parametrize("form", [(), ("--json",)], ids=["table", "json"])
def test_passwords_are_hidden(mash: Mash, monkeypatch: pytest.MonkeyPatch, form: tuple[str, ...]) -> None:
    monkeypatch.setenv("MASH_MANAGEMENT_URL", "http://admin:s3cret-one@mq:15672")
    Path("mash.toml").write_text('store_url = "mongodb://app:s3cret-two@db:27017/?replicaSet=mash"\n')

    output = mash("settings", *form, "--broker", "amqp://hub:s3cret-three@mq:5672/").output

    assert "s3cret" not in output
    assert "hub:********@mq" in output
    assert "app:********@db" in output


def test_settings_do_not_show_secrets_when_printed() -> None:
    settings = read_settings(broker_url="amqp://hub:s3cret@mq/", store_url="mongodb://a:s3cret@db/")

    assert "s3cret" not in repr(settings)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("batch = 0\n", "batch"),
        ('log_level = "loud"\n', "log_level"),
        ("bach = 3\n", "bach"),
        ('broker_url = "ampq://hub:s3cret@mq/"\n', "broker_url: takes amqp://"),
        ('store_url = "postgres://app:s3cret@db/"\n', "store_url: takes mongodb://"),
        ('clock = "scaled"\n', "clock"),
        ("clock_start = 2012-03-02T09:00:00\n", "clock_start"),
    ],
)
def test_a_wrong_setting_is_named_with_what_it_takes(mash: Mash, text: str, named: str) -> None:
    Path("mash.toml").write_text(text)

    result = mash("settings")

    assert result.exit_code == 2
    assert named in result.stderr
    assert "s3cret" not in result.output
    assert "Traceback" not in result.output


def test_a_wrong_value_is_not_repeated(mash: Mash) -> None:
    Path("mash.toml").write_text('broker_url = 5\nlog_format = "p4ssword"\n')

    result = mash("settings")

    assert result.exit_code == 2
    assert "p4ssword" not in result.output


def test_a_file_that_is_no_toml_is_wrong_input(mash: Mash) -> None:
    Path("mash.toml").write_text('store_url = "mongodb://a:s3cret@db')

    result = mash("settings")

    assert result.exit_code == 2
    assert "mash.toml" in result.stderr
    assert "s3cret" not in result.output


def test_a_missing_file_is_wrong_input(mash: Mash) -> None:
    assert mash("settings", "--config", "nowhere.toml").exit_code == 2


def test_an_empty_variable_is_as_if_it_were_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MASH_OTLP_ENDPOINT", "")

    assert read_settings().otlp_endpoint is None


def test_the_store_lies_in_the_data_folder_unless_it_is_set() -> None:
    assert Settings(data=Path("/srv/my hub")).store_at == "sqlite:////srv/my%20hub/store"


def test_problems_of_settings_are_an_error_of_their_own() -> None:
    with pytest.raises(SettingsInvalid, match="poll"):
        read_settings(poll=-1.0)
