"""Spans go where the settings say, each party under its own name."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from ops.observing import observed
from ops.settings import Settings
from ops.telemetry import Telemetry


def test_there_is_no_tracer_when_spans_go_nowhere() -> None:
    with Telemetry(folder=None, endpoint=None) as telemetry:
        assert telemetry.tracer("hub") is None


def test_each_party_has_its_own_file_with_a_span_a_line(tmp_path: Path) -> None:
    with Telemetry(folder=tmp_path / "spans", endpoint=None) as telemetry:
        for party in ("hub", "agency.police"):
            tracer = telemetry.tracer(party)
            assert tracer is not None
            tracer.start_span("process x", attributes={"mash.party": party}).end()
    for party in ("hub", "agency.police"):
        [line] = (tmp_path / "spans" / f"{party}.jsonl").read_text().splitlines()
        span = json.loads(line)
        assert (span["name"], span["party"], span["parent_id"]) == ("process x", party, None)
        assert (len(span["trace_id"]), len(span["span_id"])) == (32, 16)


def test_another_process_of_the_same_party_adds_to_the_file(tmp_path: Path) -> None:
    for _ in range(2):
        with Telemetry(folder=tmp_path, endpoint=None) as telemetry:
            tracer = telemetry.tracer("hub")
            assert tracer is not None
            tracer.start_span("process x").end()
    assert len((tmp_path / "hub.jsonl").read_text().splitlines()) == 2


def test_the_files_of_a_party_stay_within_what_is_kept_and_the_latest_spans_are_there(tmp_path: Path) -> None:
    most, last = 20_000, 400
    for first in range(0, last, 10):  # each an export of its own
        with Telemetry(folder=tmp_path, endpoint=None, most=most) as telemetry:
            tracer = telemetry.tracer("hub")
            assert tracer is not None
            for number in range(first, first + 10):
                tracer.start_span(f"process {number}").end()
    files = sorted(tmp_path.iterdir())
    assert {file.name for file in files} <= {"hub.jsonl", "hub.older.jsonl"}
    assert most / 2 <= sum(file.stat().st_size for file in files) < most * 1.5
    names = {json.loads(line)["name"] for file in files for line in file.read_text().splitlines()}
    assert f"process {last - 1}" in names
    assert "process 0" not in names


def test_no_spans_are_kept_when_the_settings_keep_none(tmp_path: Path) -> None:
    with observed(Settings(data=tmp_path, traces_mb=0), "hub") as tracers:
        assert tracers("hub") is None
    assert not (tmp_path / "traces").exists()


@pytest.fixture
def collector() -> Iterator[tuple[str, list[str]]]:
    paths: list[str] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            paths.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Collector)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", paths
    server.shutdown()
    thread.join()
    server.server_close()


def test_spans_reach_a_collector(collector: tuple[str, list[str]]) -> None:
    url, paths = collector
    with Telemetry(folder=None, endpoint=url) as telemetry:
        tracer = telemetry.tracer("hub")
        assert tracer is not None
        tracer.start_span("process x").end()
    assert paths == ["/v1/traces"]
