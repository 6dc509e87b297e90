"""What people say while no hub runs in the folder is kept, and they are told so at once."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from messages.parties import HUB
from ops import key_folder, mailroom
from ops.engines import open_store
from ops.hub_lock import one_hub_in
from ops.settings import read_settings
from tests.support.command_line import Mash, as_text, referral

DATA = Path("stopped")


@pytest.fixture(autouse=True)
def a_hub_that_was_stopped(alone: None) -> None:
    DATA.mkdir()
    settings = read_settings(None, data=DATA)
    key_folder.secret_of(settings.keys_at, HUB, make=True)
    key_folder.hand_out_wire_keys(settings.keys_at, ["source.first_response"])

    async def leave_a_store() -> None:
        await (await open_store(settings, HUB, make=True)).close()

    asyncio.run(leave_a_store())


def test_a_referral_is_kept_and_its_sender_told_at_once_to_start_the_hub(mash: Mash) -> None:
    began = time.monotonic()

    result = mash("refer", "-", "--data", str(DATA), given=as_text(referral()))

    assert time.monotonic() - began < 10
    assert result.exit_code == 1
    assert "No hub runs in stopped: start `mash up` and it is handled" in result.stderr
    assert len(list((DATA / mailroom.INBOX).glob("*.json"))) == 1


def test_who_does_not_wait_is_told_too_and_has_done_what_they_wanted(mash: Mash) -> None:
    result = mash("refer", "-", "--data", str(DATA), "--wait", "0", given=as_text(referral()))

    assert result.exit_code == 0
    assert result.stdout.startswith("C-")
    assert "is kept; do not send it again. No hub runs in stopped: start `mash up`" in result.stderr


def test_who_does_not_wait_for_a_hub_that_runs_is_told_nothing_but_the_case(mash: Mash) -> None:
    with one_hub_in(DATA):
        result = mash("refer", "-", "--data", str(DATA), "--wait", "0", given=as_text(referral()))

    assert (result.exit_code, result.stderr) == (0, "")


def test_a_hub_that_runs_and_takes_nothing_is_waited_for(mash: Mash) -> None:
    with one_hub_in(DATA):
        result = mash("refer", "-", "--data", str(DATA), "--wait", "0.2", given=as_text(referral()))

    assert result.exit_code == 1
    case = result.stdout.strip()
    assert "has not taken it" in result.stderr
    assert f"Once it is taken `mash case {case}` shows it" in result.stderr
