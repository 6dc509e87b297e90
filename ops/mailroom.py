"""Messages as files: how others speak with a hub that is one process, whose broker nobody else can reach.

    <data>/inbox/<message id>.json             written by `mash refer` and `mash decide`; the hub sends it
    <data>/inbox/refused/<message id>.json     what it could not send, with the reason in <message id>.why
    <data>/outbox/<party>/<message id>.json    what the hub sent to a source, a team or the staff's desk
    <data>/requests/<name>.json                what an operator asks of the hub; its answer is <name>.done

Files hold messages as they travel: confidential texts stay sealed with the party's wire key. Whoever may
write to the folder may speak for every party, so it is as private as the folder of keys.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from messages.private_folder import make_private_folder

INBOX, OUTBOX, REFUSED, REQUESTS = "inbox", "outbox", "refused", "requests"


def post(data: Path, message_id: str, body: bytes) -> None:
    """Leave a message for the hub; durable on return."""
    write_whole(data / INBOX / f"{file_name(message_id)}.json", body)


def posted(data: Path) -> Iterator[Path]:
    """What was left, oldest first."""
    folder = data / INBOX
    if folder.is_dir():
        files = [file for file in folder.glob("*.json") if file.is_file()]
        yield from sorted(files, key=lambda file: (file.stat().st_mtime_ns, file.name))


def refuse(data: Path, file: Path, reason: str) -> None:
    """Put a message aside that cannot be sent. ``reason`` is a code."""
    aside = data / INBOX / REFUSED
    write_whole(aside / f"{file.stem}.why", reason.encode())
    file.replace(aside / file.name)


def deliver(data: Path, party: str, message_id: str, body: bytes) -> None:
    """Put a message into a party's outbox; durable on return, and again changes nothing."""
    write_whole(data / OUTBOX / party / f"{file_name(message_id)}.json", body)


def ask(data: Path, name: str, request: dict[str, Any]) -> Path:
    """Leave a request for the hub; returns where its answer will be. ``name`` is of this request alone, so
    that no answer to an earlier one is taken for its own."""
    file = data / REQUESTS / f"{file_name(name)}.json"
    write_whole(file, json.dumps(request).encode())
    return file.with_suffix(".done")


def write_whole(file: Path, body: bytes) -> None:
    """All of it or nothing, also over a power cut; readable by its owner alone."""
    make_private_folder(file.parent)
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as open_file:
        open_file.write(body)
        open_file.flush()
        os.fsync(open_file.fileno())
    beside.replace(file)


def file_name(message_id: str) -> str:
    """An id as a file name: ids may hold slashes, and nothing here may lead out of the folder."""
    return message_id.replace("/", "_").replace(":", "_").lstrip(".")
