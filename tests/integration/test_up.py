"""`mash up`: the whole hub in one process, spoken to by the command line through its folder."""

from __future__ import annotations

import json
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner, Result

from ops import mailroom
from ops.cli import app
from ops.demo.sample_world import lay_out_agencies
from ops.local_time import local_time
from tests.support.command_line import PRACTITIONER, as_text, referral

LIMIT_S = 60.0
SENIOR = {"person": "CSS-SP-01", "role": "senior_practitioner", "agency": "csc_staffordshire"}
WHY = {"reason": "because", "proportionality": "the least"}


@dataclass(frozen=True)
class Up:
    """A hub that runs, and its folder."""

    data: Path
    process: subprocess.Popen[str]

    def mash(self, *words: str, given: str | None = None) -> Result:
        return CliRunner().invoke(app, [*words, "--data", str(self.data)], input=given)

    def refer(self, **changes: Any) -> str:
        done = self.mash("refer", "-", given=as_text(referral(**changes)))
        assert (done.exit_code, done.stderr) == (0, "")
        return done.stdout.strip()


def _until(what: Any) -> None:
    end = time.monotonic() + LIMIT_S
    while not what():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """One hub for the module: its tests use cases of their own."""
    data = tmp_path_factory.mktemp("up")
    lay_out_agencies(data / "agencies")
    command = [sys.executable, "-m", "ops.cli", "up", "--data", str(data)]
    with (
        (data / "up.log").open("w") as log,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True) as process,
    ):
        try:
            assert process.stdout is not None
            assert process.stdout.readline().startswith("up in")
            yield Up(data, process)
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(LIMIT_S) == 0


def test_a_referral_gets_the_same_case_id_that_the_list_shows(up: Up) -> None:
    case = up.refer(referral_id="R-10")

    listed = json.loads(up.mash("cases", "--json", "--stage", "threshold").stdout)
    assert case in [row["case"] for row in listed["cases"]]


def test_a_case_is_found_by_its_id_in_any_letter_case_and_by_its_referral(up: Up) -> None:
    case = up.refer(referral_id="R-11")

    for said in (case, case.lower(), "R-11"):
        assert json.loads(up.mash("case", said, "--json").stdout)["case_id"] == case
    reader = ("--as", "POL-SGT-01@police", "--purpose", "safeguarding_children")
    assert f"no package of {case} has been issued" in up.mash("package", "R-11", *reader).stderr


def test_a_decision_finds_its_case_as_every_other_command_does(up: Up) -> None:
    def decide(case: str) -> Result:
        data = {"by": SENIOR, "met": True, "rationale": WHY}
        return up.mash(
            "decide", "-", given=as_text({"type": "threshold.decided.v1", "case": case, "data": data})
        )

    by_letters, by_referral = up.refer(referral_id="R-15"), up.refer(referral_id="R-16")

    assert decide(by_letters.lower()).stdout.strip() == by_letters
    assert decide("R-16").stdout.strip() == by_referral
    unknown = decide("R-17")
    assert (unknown.exit_code, unknown.stdout) == (2, "")
    assert "R-17 is no case's id and no referral's" in unknown.stderr


def test_a_referral_that_is_sent_away_says_where_it_went(up: Up) -> None:
    form = referral(referral_id="R-18")
    del form["section_47_belief"]
    said = "back to csc_staffordshire: no_live_cohort"

    sent = up.mash("refer", "-", given=as_text(form))

    assert (sent.exit_code, sent.stderr) == (0, f"closed: {said}\n")
    assert re.search(rf"route +{said}", up.mash("case", sent.stdout.strip()).stdout)


def test_the_times_of_a_case_are_those_of_the_partnerships_clock(up: Up) -> None:
    case = up.refer(referral_id="R-13")
    received = json.loads(up.mash("case", case, "--json").stdout)["received_at"]

    shown = up.mash("case", case).stdout

    assert local_time(received, ZoneInfo("Europe/London")) in shown
    assert received not in shown


def test_what_fits_no_case_or_several_is_wrong_input(up: Up) -> None:
    up.refer(referral_id="R-12")
    up.refer(referral_id="R-12", source="police_cru")

    for said, told in (("R-12", "fits more than one case"), ("R-91", "is no case's id and no referral's")):
        for command in ("case", "watch"):
            result = up.mash(command, said)
            assert result.exit_code == 2
            assert told in result.stderr
            assert "`mash cases` lists" in result.stderr


def test_a_referral_that_is_sent_twice_is_refused_with_what_to_do(up: Up) -> None:
    case = up.refer(referral_id="R-20")

    again = up.mash("refer", "-", "--json", given=as_text(referral(referral_id="R-20")))

    assert again.exit_code == 1
    answer = json.loads(again.stdout)
    assert (answer["outcome"], answer["reason"]) == ("refused", "referral_known")
    assert "received" in answer["remedy"]
    told = up.mash("refer", "-", given=as_text(referral(referral_id="R-20"))).stderr
    assert f"referral_known. It has been received and is {case}; see `mash case {case}`." in told


def test_a_refused_message_can_be_shown_and_redriven_but_not_read(up: Up) -> None:
    case = up.refer(referral_id="R-30")
    said = {"by": PRACTITIONER, "met": True, "rationale": {**WHY, "reason": "token-1c5e"}}
    given = as_text({"type": "threshold.decided.v1", "case": case, "data": said})
    message = json.loads(up.mash("decide", "-", "--json", given=given).stdout)["message_id"]

    shown = up.mash("quarantine", "show", message)
    redriven = up.mash("quarantine", "redrive", message)

    assert shown.exit_code == 0
    assert "role_may_not" in shown.stdout
    assert re.search(r"at +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (GMT|BST)\n?", shown.stdout)
    assert "token-1c5e" not in shown.stdout
    assert (redriven.exit_code, "still refused" in redriven.stderr) == (1, True)


def test_what_the_hub_says_to_others_is_delivered_sealed(up: Up) -> None:
    case = up.refer(referral_id="R-40")
    redirected = {"by": SENIOR, "met": False, "rationale": WHY, "redirect_to": "housing"}
    given = as_text({"type": "threshold.decided.v1", "case": case, "data": redirected})
    assert up.mash("decide", "-", given=given).exit_code == 0
    outbox = up.data / mailroom.OUTBOX / "source.first_response"

    def notices() -> list[dict[str, Any]]:
        found = [json.loads(file.read_bytes()) for file in outbox.glob("*.json")]
        return [one for one in found if one["type"] == "mash.outcome.notified.v1" and one["subject"] == case]

    _until(notices)
    assert notices()[0]["data"]["redirected_to"] == "housing"
    assert "because" not in json.dumps(notices())


def test_a_file_that_is_no_message_is_put_aside_with_the_reason(up: Up) -> None:
    mailroom.post(up.data, "not-a-message", b"hello")
    aside = up.data / mailroom.INBOX / mailroom.REFUSED

    _until(lambda: (aside / "not-a-message.json").exists())

    assert (aside / "not-a-message.why").read_text() == "not_json"


def test_nobody_can_speak_for_a_party_that_there_is_not(up: Up) -> None:
    said = {"id": "m-1", "type": "mash.risk.rated.v1", "source": "team.nobody", "recipient": "hub"}
    mailroom.post(up.data, "m-1", json.dumps({**said, "lane": "routine"}).encode())
    aside = up.data / mailroom.INBOX / mailroom.REFUSED

    _until(lambda: (aside / "m-1.json").exists())

    assert (aside / "m-1.why").read_text() == "sender_unknown"


def test_everything_on_disk_is_for_its_owner_alone(up: Up) -> None:
    up.refer(referral_id="R-50")

    open_to_others = [
        path
        for path in up.data.rglob("*")
        if path.stat().st_mode & 0o077 and path.parent.name in ("keys", "hub", "inbox", "staff")
    ]

    assert open_to_others == []


def test_every_folder_that_it_makes_is_for_its_owner_alone(tmp_path: Path) -> None:
    """Whatever the system gives new folders: here it gives its group every right."""
    data = tmp_path / "fresh" / "data"
    command = [sys.executable, "-m", "ops.cli", "up", "--data", str(data)]
    with (
        (tmp_path / "up.log").open("w") as log,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, umask=0o002) as process,
    ):
        try:
            assert process.stdout is not None
            assert process.stdout.readline().startswith("up in")
            assert Up(data, process).mash("refer", "-", given=as_text(referral())).exit_code == 0
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(LIMIT_S) == 0

    made = [data.parent, data, *(path for path in data.rglob("*") if path.is_dir())]
    assert {"keys", "store", "traces", mailroom.INBOX} <= {path.name for path in made}
    assert {path.name: oct(path.stat().st_mode & 0o777) for path in made if path.stat().st_mode & 0o077} == {}
    keys = [path for path in (data / "keys").rglob("*") if path.is_file()]
    assert {path.stat().st_mode & 0o777 for path in keys} == {0o600}


def test_a_second_hub_in_the_same_folder_is_turned_away(up: Up) -> None:
    second = up.mash("up")

    assert second.exit_code == 1
    assert second.stderr.startswith(f"mash: a hub is already running in {up.data}: use that one, or stop it")


def test_the_doctor_sees_that_the_hub_runs(up: Up) -> None:
    result = up.mash("doctor", "--json")

    assert result.exit_code == 0
    (broker,) = [found for found in json.loads(result.stdout) if found["what"] == "broker"]
    assert (broker["is_so"], broker["do"]) == ("inside the process of `mash up`, which runs", "")


def test_the_trace_of_a_case_can_be_drawn(up: Up) -> None:
    case = up.refer(referral_id="R-60")

    _until(lambda: up.mash("case", case, "--trace").exit_code == 0)

    assert "referral.received.v1" in up.mash("case", case, "--trace").stdout


def test_one_changed_byte_of_the_audit_is_named(up: Up) -> None:
    case = up.refer(referral_id="R-70")
    assert up.mash("audit", "verify", case).exit_code == 0
    file = up.data / "store" / "coordinator.sqlite"

    def copied() -> bool:
        with sqlite3.connect(file) as database:
            return bool(database.execute("SELECT count(*) FROM audit WHERE key = ?", [case]).fetchone()[0])

    _until(copied)
    with sqlite3.connect(file, timeout=LIMIT_S) as database:
        database.execute(
            "UPDATE audit SET body = replace(body, 'referral', 'deferral') WHERE key = ?", [case]
        )

    verified = up.mash("audit", "verify")

    assert verified.exit_code == 1
    assert f"the audit of {case} is bad: entry 1 is altered" in verified.stderr


def test_no_content_is_in_the_log(up: Up) -> None:
    up.refer(referral_id="R-80")

    assert "token-77aa" not in (up.data / "up.log").read_text()


def test_watching_ends_in_good_order_with_ctrl_c(up: Up) -> None:
    case = up.refer(referral_id="R-90")
    command = [sys.executable, "-m", "ops.cli", "watch", case, "--data", str(up.data)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as watching:
        assert watching.stdout is not None
        assert case in watching.stdout.readline()
        watching.send_signal(signal.SIGINT)
        _, errors = watching.communicate(timeout=LIMIT_S)

    assert (watching.returncode, errors) == (0, "")
