"""An agency's folder as a worker: ``agency.toml``, people, records, rules, what was written back."""

from __future__ import annotations

from pathlib import Path

from agents.agency.acceptance import Acceptance
from agents.agency.csv_sink import CsvSink
from agents.agency.csv_source import CsvSource
from agents.agency.layout import read_layout
from agents.agency.ports import Keyed
from agents.agency.problems import FolderUnsound
from agents.agency.rules import read_rules
from agents.agency.worker import AgencyWorker

LAYOUT, RULES = "agency.toml", "rules.toml"


def worker_from(folder: Path, key: bytes, accepted: Acceptance | None = None) -> AgencyWorker:
    """The built-in worker over a folder. ``key`` keys its hashes of texts, and never leaves the agency.

    ``accepted`` is the partnership, where it is at hand: codes that the hub would refuse are problems too.

    Raises
    ------
    agents.agency.problems.FolderUnsound
        with file, line and column or key of each problem, and what to do.
    """
    layout = read_layout(folder / LAYOUT)
    if accepted is not None:
        if layout.agency not in accepted.partnership.agencies:
            known = ", ".join(sorted(accepted.partnership.agencies))
            raise FolderUnsound([f"{LAYOUT}: agency: is no agency of the partnership; use one of {known}"])
        _stop_if_any(accepted.of_layout(LAYOUT, layout.records))
    records = CsvSource.read(folder, layout, Keyed(key), accepted)
    policy = read_rules(folder / RULES, layout.agency)
    if accepted is not None:
        _stop_if_any(accepted.of_rules(RULES, layout.agency, policy.rules))
    return AgencyWorker(layout.agency, records, policy, CsvSink(folder / layout.written_back.file))


def _stop_if_any(problems: list[str]) -> None:
    if problems:
        raise FolderUnsound(problems)
