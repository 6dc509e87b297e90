"""The built-in sink: what the hub asks an agency to record goes into a CSV file, each thing once. [L12]"""

from __future__ import annotations

import csv
import fcntl
import hashlib
import io
import os
from collections.abc import Sequence
from pathlib import Path

from messages.package import RecordRequested

COLUMNS = ("entry", "record_id", "package_id", "element_id", "agency", "own", "text", "conditions")
_FORMULA = ("=", "+", "-", "@", "\t")


class CsvSink:
    """A `agents.agency.ports.RecordSink` that appends. Several workers may share the file.

    A row is one line, so whatever a crash left behind after the last line end is a torn row and is cut off.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._read_to = 0
        self._written: set[tuple[str, str]] = set()

    async def write(self, request: RecordRequested) -> str:
        """Append the rows of a request that are not there yet, and have them on the disk."""
        entry = f"wb-{hashlib.sha256(request.record_id.encode()).hexdigest()[:16]}"
        rows = [
            (
                entry,
                request.record_id,
                request.package_id,
                element.element_id,
                element.agency,
                "yes" if element.own else "no",
                on_one_line(element.text.reveal()),
                on_one_line("\n".join(condition.reveal() for condition in element.conditions)),
            )
            for element in request.elements
        ] or [(entry, request.record_id, request.package_id, "", "", "", "", "")]
        self._append(rows)
        return entry

    def _append(self, rows: Sequence[tuple[str, ...]]) -> None:
        descriptor = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "r+b") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            self._catch_up(stream)
            missing = [row for row in rows if (row[1], row[3]) not in self._written]
            if not missing:
                return
            text = io.StringIO()
            writer = csv.writer(text, lineterminator="\n")
            if self._read_to == 0:
                writer.writerow(COLUMNS)
            writer.writerows(missing)
            stream.write(text.getvalue().encode())
            stream.flush()
            os.fsync(stream.fileno())

    def _catch_up(self, stream: io.BufferedRandom) -> None:
        """Read what was appended since, by this worker or another, and stand where the next row goes."""
        stream.seek(self._read_to)
        new = stream.read()
        whole = new[: new.rfind(b"\n") + 1]
        for row in csv.reader(io.StringIO(whole.decode())):
            self._written.add((row[1], row[3]))
        self._read_to += len(whole)
        if whole != new:
            stream.truncate(self._read_to)
            stream.seek(self._read_to)


def on_one_line(text: str) -> str:
    """Without line breaks, and not taken for a formula by a spreadsheet."""
    line = "\\n".join(text.splitlines())
    return f"'{line}" if line.startswith(_FORMULA) else line
