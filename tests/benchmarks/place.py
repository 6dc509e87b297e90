"""Where a turn of the benchmark takes place: servers, keys, folders; handed to each process as a file."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

PASSWORD = "only-for-benchmarks"


@dataclass(frozen=True, slots=True)
class Place:
    """``amqp`` is ``host:port/vhost``; ``admin`` is the administrator's name and password."""

    amqp: str
    admin: tuple[str, str]
    mongo: str
    secret_hex: str
    folders: str

    @property
    def secret(self) -> bytes:
        return bytes.fromhex(self.secret_hex)

    def url_of(self, user: str) -> str:
        """The broker's URL for a party."""
        return f"amqp://{user}:{PASSWORD}@{self.amqp}"

    @property
    def admin_url(self) -> str:
        return f"amqp://{self.admin[0]}:{self.admin[1]}@{self.amqp}"

    def write(self, file: Path) -> None:
        file.write_text(json.dumps(asdict(self)))


def read_place(file: Path) -> Place:
    """The place that a process was started for."""
    said = json.loads(file.read_text())
    return Place(**{**said, "admin": tuple(said["admin"])})
