"""Spans go where the settings say, each party under its own name."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

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
