"""`mash up --dashboard` and `mash dashboard`: a hub at work, and its board over HTTP."""

from __future__ import annotations

import asyncio
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from httpx2 import Client
from typer.testing import CliRunner

from messages.parties import HUB
from ops.cli import app
from ops.engines import keys_of, open_store
from ops.settings import read_settings
from store.port import Quarantined
from store.quarantine import Quarantine
from tests.support.command_line import as_text, referral

LIMIT_S = 60.0
SERGEANT = "POL-SGT-01@police"
_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')


@dataclass(frozen=True)
class Served:
    """A hub that runs in a folder, and where its dashboard is."""

    data: Path
    url: str

    def browser(self) -> Client:
        return Client(base_url=self.url, follow_redirects=True, timeout=LIMIT_S, trust_env=False)

    def refer(self, referral_id: str) -> str:
        form = as_text(referral(referral_id=referral_id))
        done = CliRunner().invoke(app, ["refer", "-", "--data", str(self.data)], input=form)
        assert (done.exit_code, done.stderr) == (0, "")
        return done.stdout.strip()


async def _put_aside(data: Path) -> None:
    """Put a message into the quarantine of the hub in this folder, older than every other."""
    settings = read_settings(data=data)
    item = Quarantined(
        message_id="m-put-aside",
        queue="hub.routine",
        type="mash.risk.rated.v1",
        routing_key="hub.routine.mash.risk.rated.v1",
        reason="not_json",
        fields=(),
        user="staff",
        at=datetime(2011, 3, 5, 9, tzinfo=UTC),
        attempts=1,
        headers={},
        body=b"no message",
    )
    opened = await open_store(settings, HUB)
    try:
        await Quarantine(opened, keys_of(settings, HUB).quarantine).put([item])
    finally:
        await opened.close()


def _sign_in(browser: Client, person: str = SERGEANT) -> None:
    found = _TOKEN.search(browser.get("/sign-in").text)
    assert found is not None
    page = browser.post("/sign-in", data={"form_token": found[1], "person": person})
    assert page.status_code == 200
    assert page.url.path != "/sign-in"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    data = tmp_path_factory.mktemp("served")
    command = [sys.executable, "-m", "ops.cli", "up", "--data", str(data), "--dashboard", "--port", "0"]
    with (
        (data / "up.log").open("w") as log,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True) as process,
    ):
        try:
            assert process.stdout is not None
            assert process.stdout.readline().startswith("up in")
            where = process.stdout.readline()
            assert where.startswith("dashboard at http://127.0.0.1:")
            yield Served(data, where.split()[-1])
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(LIMIT_S) == 0
        assert "POL-SGT-01" not in (data / "up.log").read_text()


def test_a_referral_of_the_command_line_comes_to_the_open_board_by_itself(served: Served) -> None:
    with served.browser() as browser:
        _sign_in(browser)
        digest = re.search(r'data-digest="(\w+)"', browser.get("/board").text)
        assert digest is not None
        with browser.stream("GET", f"/board/events?seen={digest[1]}") as events:
            assert events.headers["content-type"].startswith("text/event-stream")
            case = served.refer("R-900")
            lines = (line for line in events.iter_lines() if line.startswith("event:"))
            assert next(lines) == "event: changed"
        assert case in browser.get("/board/rows").text


def test_the_hub_stops_in_good_order_while_somebody_listens(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "ops.cli", "up", "--data", str(tmp_path), "--dashboard", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        with Served(tmp_path, process.stdout.readline().split()[-1]).browser() as browser:
            _sign_in(browser)
            with browser.stream("GET", "/board/events") as events:
                assert events.status_code == 200
                process.send_signal(signal.SIGTERM)
                assert process.wait(LIMIT_S) == 0


def test_the_sample_world_lives_before_a_visitor(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "ops.cli", "up", "--demo", "--data", str(tmp_path), "--port", "0"]
    with subprocess.Popen(
        [*command, "--speed", "3000"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            assert process.stdout is not None
            where = process.stdout.readline()
            with Served(tmp_path, where.split()[-1]).browser() as browser:
                _sign_in(browser)
                shown = _until(browser, "/board", r'id="case-(C-\w+)"')
                assert _until(browser, "/board", r"hub-rag--(red|amber|blue)")
                assert browser.get(f"/cases/{shown}").status_code == 200
            asyncio.run(_put_aside(tmp_path / "demo-live"))
            with Served(tmp_path, where.split()[-1]).browser() as browser:
                _sign_in(browser, "MASH-MGR-01@csc_staffordshire")
                mark = _until(browser, "/operations", r'name="mark" value="([0-9a-f]+)"')
                token = _TOKEN.search(browser.get("/operations").text)
                assert token is not None
                said = {"form_token": token[1], "mark": mark}
                again = browser.post("/operations/redrive", data=said).text
                assert "It was rejected again: not json. It stays there" in again
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(LIMIT_S) == 0


def _until(browser: Client, path: str, pattern: str) -> str:
    """Load a page again until something is there; returns it."""
    end = time.monotonic() + LIMIT_S
    while time.monotonic() < end:
        if found := re.search(pattern, browser.get(path).text):
            return found[1]
        time.sleep(0.2)
    raise AssertionError(f"{pattern} did not come to {path}")


def test_a_dashboard_of_its_own_says_why_it_does_not_start(served: Served, tmp_path: Path) -> None:
    def told(*words: str) -> str:
        done = CliRunner().invoke(app, ["dashboard", *words])
        assert done.exit_code != 0
        return done.stderr

    taken = served.url.rstrip("/").rpartition(":")[2]
    here = ("--data", str(served.data))
    assert "nothing can listen at 127.0.0.1" in told(*here, "--port", taken)
    assert "is no loopback address" in told(*here, "--host", "0.0.0.0")
    assert "embedded engine" in told(*here, "--store", "mongodb://db.example:27017")
    assert "secret" in told("--data", str(tmp_path))
    config = tmp_path / "mash.toml"
    config.write_text('oidc_issuer = "https://login.example"\noidc_client = "mash"\n')
    assert "oidc_secret_file, dashboard_url" in told(*here, "--config", str(config))
