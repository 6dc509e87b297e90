"""The folder of keys and passwords: one folder for each party, to be handed to that party alone.

    <keys>/hub/secret             the hub's own 32 bytes; everything of the hub is derived from it
    <keys>/<party>/secret         an agency worker's own 32 bytes, for its store
    <keys>/<party>/wire.key       the key that the party shares with the hub
    <keys>/<party>/broker.url     the broker with the party's name and password

Every file has mode 600 and every folder 700. Keys are base64url.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from pathlib import Path

from messages.parties import HUB
from messages.sealing import WireKeys
from ops.mailroom import write_whole
from ops.problem import Problem

KEY_BYTES = 32
SECRET, WIRE_KEY, BROKER_URL = "secret", "wire.key", "broker.url"


def secret_of(keys: Path, party: str, *, make: bool = False) -> bytes:
    """A party's own secret; with ``make`` a new one is written where there is none.

    Raises
    ------
    Problem
        when there is none, or it is not one.
    """
    file = keys / party / SECRET
    if make and not file.exists():
        write_whole(file, base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)))
    return read_key(file)


def hand_out_wire_keys(keys: Path, parties: list[str]) -> None:
    """Write the wire key of each party beside its other things; the same again for the same hub."""
    hub = WireKeys(secret=secret_of(keys, HUB))
    for party in parties:
        write_whole(keys / party / WIRE_KEY, base64.urlsafe_b64encode(hub.raw(party)))


def wire_keys_of(keys: Path, party: str) -> WireKeys:
    """What a party seals and opens with: the hub all of them, everybody else their own.

    Raises
    ------
    Problem
        when the key is not there.
    """
    if party == HUB:
        return WireKeys(secret=secret_of(keys, HUB))
    return WireKeys(own={party: read_key(keys / party / WIRE_KEY)})


def password_of(keys: Path, party: str) -> str | None:
    """The broker password that was made for a party, if one was."""
    url = broker_url_of(keys, party)
    return url.split("://", 1)[-1].rsplit("@", 1)[0].partition(":")[2] if url else None


def broker_url_of(keys: Path, party: str) -> str | None:
    """The broker's URL that was written for a party, if one was."""
    try:
        return (keys / party / BROKER_URL).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None


def read_key(file: Path) -> bytes:
    """A key of 32 bytes. Raises `Problem`."""
    text = b""
    try:
        text = base64.urlsafe_b64decode(file.read_bytes().strip())
    except FileNotFoundError:
        raise Problem(f"no such file: {file}; `mash provision` makes the keys") from None
    except OSError as error:
        raise Problem(f"{file}: cannot be read: {error.strerror}") from None
    except binascii.Error:
        pass  # said below: it is not a key
    if len(text) != KEY_BYTES:
        raise Problem(f"{file}: is not a key of {KEY_BYTES} bytes in base64url")
    return text
