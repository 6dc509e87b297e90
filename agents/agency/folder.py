"""An agency's folder as a worker: ``agency.toml``, people, records, rules, what was written back."""

from __future__ import annotations

from pathlib import Path

from agents.agency.csv_sink import CsvSink
from agents.agency.csv_source import CsvSource
from agents.agency.layout import read_layout
from agents.agency.ports import Keyed
from agents.agency.rules import read_rules
from agents.agency.worker import AgencyWorker


def worker_from(folder: Path, key: bytes) -> AgencyWorker:
    """The built-in worker over a folder. ``key`` keys its hashes of texts, and never leaves the agency.

    Raises
    ------
    agents.agency.problems.FolderUnsound
        with file, line and column or key of each problem, and what to do.
    """
    layout = read_layout(folder / "agency.toml")
    return AgencyWorker(
        layout.agency,
        CsvSource.read(folder, layout, Keyed(key)),
        read_rules(folder / "rules.toml", layout.agency),
        CsvSink(folder / layout.written_back.file),
    )
