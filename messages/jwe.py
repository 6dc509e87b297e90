"""The one kind of JWE that the hub's messages use: compact, ``dir`` with ``A256GCM`` (RFC 7516).

A general JWE library finds out from each token what to do with it. Here nothing is to be found out: one
algorithm, one way to hold the key, no compression, and a token of any other kind is refused. What is left
is one call of AES-GCM, in a fraction of the time. The tests hold it against a general library, both ways.
"""

from __future__ import annotations

import json
import os
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_NONCE_BYTES, _TAG_BYTES = 12, 16
_NOT_SUPPORTED = ("crit", "zip")
_COMPACT = re.compile(
    r"([A-Za-z0-9_-]{1,2048})\.\.([A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]*)\.([A-Za-z0-9_-]{22})"
)


class CannotOpen(Exception):
    """A token that does not open: another key, another message, or changed. Holds nothing of it."""


def encrypt(plain: bytes, key: AESGCM, *, kid: str, mid: str) -> str:
    """The token for one message (``mid``) under the key that is known as ``kid``.

    The nonce comes from the operating system's randomness and not from anything injected: it decides
    nothing, and a replay that used it again would be unsafe.
    """
    header = {"alg": "dir", "enc": "A256GCM", "kid": kid, "mid": mid}
    protected = urlsafe_b64encode(json.dumps(header, separators=(",", ":")).encode()).rstrip(b"=")
    nonce = os.urandom(_NONCE_BYTES)
    sealed = key.encrypt(nonce, plain, protected)
    parts = (protected, b"", _encoded(nonce), _encoded(sealed[:-_TAG_BYTES]), _encoded(sealed[-_TAG_BYTES:]))
    return b".".join(parts).decode()


def decrypt(token: str, key: AESGCM, *, mid: str) -> bytes:
    """What is in a token that was made for this message under this key. Headers that say nothing about how
    to open it (``kid``, ``typ``) may be there or not.

    Raises
    ------
    CannotOpen
        when it was not, or was changed.
    """
    plain = _decrypted(token, key, mid)
    if plain is None:
        # Outside of any handler: an exception keeps the one that it is raised beside.
        raise CannotOpen("not sealed for this message under this key")
    return plain


def _decrypted(token: str, key: AESGCM, mid: str) -> bytes | None:
    parts = _COMPACT.fullmatch(token)
    if parts is None:
        return None
    protected, nonce, sealed, tag = parts.groups()
    try:
        header = json.loads(_decoded(protected).decode())
        if not isinstance(header, dict) or not header.keys().isdisjoint(_NOT_SUPPORTED):
            return None
        if (header.get("alg"), header.get("enc"), header.get("mid")) != ("dir", "A256GCM", mid):
            return None
        return key.decrypt(_decoded(nonce), _decoded(sealed) + _decoded(tag), protected.encode())
    except (InvalidTag, ValueError, RecursionError):
        return None


def _encoded(part: bytes) -> bytes:
    return urlsafe_b64encode(part).rstrip(b"=")


def _decoded(part: str) -> bytes:
    """The bytes of a part. Raises ValueError unless it is the one way to write them."""
    decoded = urlsafe_b64decode(part + "=" * (-len(part) % 4))
    if _encoded(decoded) != part.encode():
        raise ValueError
    return decoded
