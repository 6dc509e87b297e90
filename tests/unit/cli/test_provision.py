"""What `mash provision` makes without a server: keys for each party alone, a definitions file."""

from __future__ import annotations

import json
from pathlib import Path

from yarl import URL

from messages.sealing import WireKeys
from ops import key_folder
from tests.support.command_line import Mash

COMMAND = (
    *("provision", "--keys", "keys", "--data", "data", "--definitions", "definitions.json"),
    *("--broker", "amqp://admin:s3cret@mq.example:5673/hub?heartbeat=30", "--json"),
)
KEYS = Path("keys")


def test_each_party_gets_a_ready_url_and_the_key_that_it_shares_with_the_hub(mash: Mash) -> None:
    assert mash(*COMMAND).exit_code == 0

    url = URL((KEYS / "agency.police" / "broker.url").read_text())
    assert (url.user, url.host, url.port, url.path) == ("agency.police", "mq.example", 5673, "/hub")
    assert url.query == {"heartbeat": "30"}
    assert url.password and len(url.password) >= 32
    hub = WireKeys(secret=key_folder.secret_of(KEYS, "hub"))
    assert key_folder.read_key(KEYS / "agency.police" / "wire.key") == hub.raw("agency.police")
    assert not (KEYS / "hub" / "wire.key").exists()


def test_no_two_parties_have_the_same_password_or_key(mash: Mash) -> None:
    mash(*COMMAND)

    for name in (key_folder.BROKER_URL, key_folder.WIRE_KEY, key_folder.SECRET):
        found = [file.read_text() for file in KEYS.glob(f"*/{name}")]
        assert len(set(found)) == len(found) > 10


def test_keys_are_readable_by_their_owner_alone(mash: Mash) -> None:
    mash(*COMMAND)

    assert {path.stat().st_mode & 0o777 for path in KEYS.rglob("*") if path.is_file()} == {0o600}
    assert {path.stat().st_mode & 0o777 for path in KEYS.iterdir()} == {0o700}
    assert Path("definitions.json").stat().st_mode & 0o777 == 0o600


def test_running_it_again_keeps_every_key_and_password(mash: Mash) -> None:
    def everything() -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in KEYS.rglob("*") if path.is_file()}

    mash(*COMMAND)
    first = everything()
    mash(*COMMAND)

    assert everything() == first


def test_the_definitions_hold_hashes_and_no_password(mash: Mash) -> None:
    result = mash(*COMMAND)

    text = Path("definitions.json").read_text()
    passwords = [str(URL(file.read_text()).password) for file in KEYS.glob("*/broker.url")]
    assert {user["name"] for user in json.loads(text)["users"]} >= {"hub", "staff", "agency.police"}
    assert not [password for password in passwords if password in text + result.output]
    assert "s3cret" not in text + result.output


def test_a_broken_key_is_named_and_not_shown(mash: Mash) -> None:
    mash(*COMMAND)
    (KEYS / "hub" / "secret").write_text("token-5d1f")

    result = mash(*COMMAND)

    assert result.exit_code == 1
    assert "keys/hub/secret" in result.stderr
    assert "token-5d1f" not in result.output
