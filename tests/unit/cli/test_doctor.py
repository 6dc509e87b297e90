"""`mash doctor` tells what has to be put right from what is only not started."""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from messages.parties import HUB
from ops.demo.sample_world import lay_out_agencies
from ops.engines import open_store
from ops.hub_lock import one_hub_in
from ops.settings import Settings
from store.port import Quarantined
from tests.support.command_line import Mash

DATA = Path("hub")


@pytest.fixture
def installed(mash: Mash) -> None:
    """A hub in one folder that has all it needs."""
    assert mash("provision", "--data", str(DATA)).exit_code == 0
    lay_out_agencies(DATA / "agencies")


def line_of(mash: Mash, what: str) -> str:
    result = mash("doctor", "--data", str(DATA))
    assert (result.exit_code, result.stderr) == (0, "")
    return next(line for line in result.stdout.splitlines() if line[5:].startswith(what))


def test_a_hub_that_is_not_started_is_no_fault_but_has_a_next_step(mash: Mash, installed: None) -> None:
    line = line_of(mash, "broker")

    assert line.startswith(" ->")
    assert "which is not running" in line
    assert "start the hub: mash up --data hub" in line


def test_of_a_hub_that_runs_nothing_is_left_to_do(mash: Mash, installed: None) -> None:
    with one_hub_in(DATA):
        line = line_of(mash, "broker")

    assert line.startswith(" ok")
    assert line.rstrip().endswith("which runs")


def test_what_is_well_has_nothing_to_do(mash: Mash, installed: None) -> None:
    assert line_of(mash, "Python").split()[:2] == ["ok", "Python"]
    assert "use Python" not in line_of(mash, "Python")


def test_a_slip_in_an_agencys_rules_is_told_with_its_place(mash: Mash, installed: None) -> None:
    rules = DATA / "agencies" / "police" / "rules.toml"
    rules.write_text(rules.read_text().replace('"POL-DM-01"', '"CSS-NOBODY"'))

    result = mash("doctor", "--data", str(DATA))

    assert result.exit_code == 1
    assert "rules.toml: rule.0.approved_by: is no decision maker of police" in " ".join(result.stdout.split())
    assert "records of police" in result.stderr


def test_numbers_that_cannot_be_right_are_named_by_their_places_and_keep_nothing_from_running(
    mash: Mash, installed: None
) -> None:
    people = DATA / "agencies" / "police" / "people.csv"
    wrong = [f"X-{n},Wrong,Number,,2001-01-01,,,9434765918," for n in range(7)]
    heading = (
        "person,given_name,family_name,also_known_as,date_of_birth,address,earlier_addresses,nhs_number,pnc"
    )
    right = "X-9,Right,Number,,2001-01-01,,,943 476 5919;9434765919,"
    layout = DATA / "agencies" / "police" / "agency.toml"
    layout.write_text('agency = "police"\n')
    (DATA / "agencies" / "police" / "records.csv").write_text("person,record,text,marking\n")
    people.write_text("\n".join([heading, right, *wrong]) + "\n")

    result = mash("doctor", "--data", str(DATA), "--json")

    (told,) = [found for found in json.loads(result.stdout) if found["what"] == "records of police"]
    assert (told["ok"], told["is_so"]) == (True, "can be read")
    assert told["do"].startswith("correct the numbers whose check digit or form is wrong")
    assert "people.csv, line 3, column nhs_number; people.csv, line 4, column nhs_number; " in told["do"]
    assert told["do"].endswith("people.csv, line 7, column nhs_number; and 2 more")
    assert "line 2," not in told["do"]
    assert "9434765918" not in result.output


def test_a_folder_of_no_agency_is_told(mash: Mash, installed: None) -> None:
    (DATA / "agencies" / "fire_service").mkdir()

    result = mash("doctor", "--data", str(DATA), "--json")

    assert result.exit_code == 1
    (told,) = [found for found in json.loads(result.stdout) if not found["ok"]]
    assert (told["what"], told["is_so"]) == ("records of fire_service", "not an agency of this partnership")
    assert "rename the folder" in told["do"]


def test_where_a_demo_ran_nothing_is_missing(mash: Mash, installed: None) -> None:
    for keys in (DATA / "keys").glob("agency.*"):
        shutil.rmtree(keys)
    assert mash("doctor", "--data", str(DATA)).exit_code == 1

    (DATA / "this-is-a-demo").touch()

    assert "were read by the demo" in line_of(mash, "records of police")
    assert "the demo, which is over" in line_of(mash, "broker")


async def keep_in_quarantine(*senders: str | None) -> None:
    store = await open_store(Settings(data=DATA), HUB, make=True)
    for number, sender in enumerate(senders):
        item = Quarantined(
            message_id=f"m-{number}",
            queue="hub.routine",
            type="check.answered.v1",
            routing_key="hub.routine.check.answered.v1",
            reason="marking_unknown",
            fields=(),
            user=sender,
            at=datetime(2026, 3, 2, tzinfo=UTC),
            attempts=1,
            headers={},
            body=b"",
        )
        await store.quarantine([item])
    await store.close()


def test_what_is_in_quarantine_is_counted_and_no_fault(mash: Mash, installed: None) -> None:
    assert line_of(mash, "quarantine").split() == ["ok", "quarantine", "empty"]

    asyncio.run(keep_in_quarantine("staff", "agency.police", "staff", None))

    line = line_of(mash, "quarantine")
    assert line.startswith(" ->")
    assert "4 messages: 2 from staff, 1 from agencies, 1 from others" in line
    assert "mash quarantine list" in line


def test_a_store_of_another_version_is_told_as_such_with_what_to_do(mash: Mash, installed: None) -> None:
    with closing(sqlite3.connect(DATA / "store" / "coordinator.sqlite")) as store:
        store.execute("PRAGMA user_version = 0")
    doctor = mash("doctor", "--data", str(DATA))
    assert doctor.exit_code == 1
    for command in ("quarantine", "list"), ("up",):
        told = mash(*command, "--data", str(DATA))
        assert told.exit_code == 1
        assert "mash: the store was made by another version of mash-hub: its layout is 0" in told.stderr
    for said in ("made by another version", "begin with an empty store"):
        assert said in doctor.stdout
