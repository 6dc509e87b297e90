"""How confidential texts travel: one JWE a message, and numbered places in the message for its texts.

A message's confidential fields hold ``{"sealed": n}``; the envelope's ``sealed`` attribute is a JWE
(RFC 7516, ``dir`` with A256GCM) of a JSON list with the texts. The protected header carries the
message id, so that a sealed list cannot be moved to another message. The key is shared by the hub
and one party alone (`WireKeys`).

In an outbox the same places hold ``{"kept": ref}``, references to the vault, and nothing is sealed
until the message is on its way.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from messages import jwe
from messages.confidential import Confidential
from messages.jwe import CannotOpen

_KEPT = re.compile(r'\{"kept":"([A-Za-z0-9._:/#-]+)"\}')


class WireKeys:
    """The keys shared with each party, one for each.

    The hub derives all of them from one secret; a party is given its own alone. Raises ValueError for a
    key of another length than 32 bytes.
    """

    def __init__(self, *, secret: bytes | None = None, own: Mapping[str, bytes] | None = None) -> None:
        self._secret = secret
        self._keys = {party: _key(key) for party, key in (own or {}).items()}

    def raw(self, party: str) -> bytes:
        """The key to hand to a party. Raises LookupError unless this is the hub."""
        if self._secret is None:
            raise LookupError("only the hub can derive wire keys")
        derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"mash wire {party}".encode())
        return derive.derive(self._secret)

    def of(self, party: str) -> AESGCM:
        """The key shared by the hub and this party. Raises LookupError when there is none here."""
        key = self._keys.get(party)
        if key is None:
            if self._secret is None:
                raise LookupError(f"no wire key for {party}")
            key = self._keys[party] = _key(self.raw(party))
        return key


def _key(raw: bytes) -> AESGCM:
    """Of 32 bytes. With fewer the cipher would be another one than the header says."""
    if len(raw) != jwe.KEY_BYTES:
        raise ValueError(f"a wire key has {jwe.KEY_BYTES} bytes")
    return AESGCM(raw)


def seal(texts: list[str], message_id: str, key: AESGCM, party: str) -> str:
    """One JWE of these texts, for one message, under the key shared with ``party``."""
    # A lone surrogate is refused by whoever reads it; it must not stop the message on its way there.
    said = json.dumps(texts, ensure_ascii=False).encode(errors="surrogatepass")
    return jwe.encrypt(said, key, kid=party, mid=message_id)


def unseal(token: str, message_id: str, key: AESGCM) -> list[str]:
    """The texts of a JWE. Raises `CannotOpen`, which holds nothing of what was opened."""
    texts = _list_in(jwe.decrypt(token, key, mid=message_id))
    if not (isinstance(texts, list) and all(isinstance(t, str) for t in texts)):
        raise CannotOpen("not a list of texts")
    return texts


def _list_in(said: bytes) -> object:
    try:
        return json.loads(said)
    except (ValueError, RecursionError):
        return None


def kept_refs(body: str) -> list[str]:
    """The vault references in an outbox body, in order of appearance."""
    return _KEPT.findall(body)


def put_in_places(body: str, refs_to_place: Mapping[str, int]) -> str:
    """The outbox body with each vault reference replaced by its place in the sealed list."""
    return _KEPT.sub(lambda found: f'{{"sealed":{refs_to_place[found.group(1)]}}}', body)


class OpeningContext:
    """Validation: ``{"sealed": n}`` becomes the text, and gets the reference ``<blob_ref>#<n>``."""

    def __init__(self, texts: Sequence[str], blob_ref: str) -> None:
        self.values = [Confidential(text, f"{blob_ref}#{n}") for n, text in enumerate(texts)]

    def read(self, form: dict[str, Any]) -> Confidential:
        place = form["sealed"]
        if not isinstance(place, int) or isinstance(place, bool) or place < 0 or len(form) != 1:
            raise KeyError("sealed")
        return self.values[place]


class SealingContext:
    """Serialisation for the wire: each text goes into the list and leaves its place behind."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def write(self, value: Confidential) -> dict[str, Any]:
        self.texts.append(value.reveal())
        return {"sealed": len(self.texts) - 1}


class KeepingContext:
    """Serialisation for an outbox or a state: references only.

    A value that has none yet is given ``<message id>#<n>`` and its text is collected in ``new_texts``
    for the vault.
    """

    def __init__(self, message_id: str) -> None:
        self.message_id = message_id
        self.new_texts: list[str] = []

    def write(self, value: Confidential) -> dict[str, Any]:
        if value.ref is not None:
            return {"kept": value.ref}
        self.new_texts.append(value.reveal())
        return {"kept": f"{self.message_id}#{len(self.new_texts) - 1}"}


class KeptContext:
    """Validation of a state or an outbox body: references stay references."""

    def read(self, form: dict[str, Any]) -> Confidential:
        return Confidential.kept(form["kept"])
