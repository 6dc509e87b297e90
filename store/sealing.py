"""Authenticated encryption of what the store keeps but must not be able to read.

Nonces and keys come from the operating system's randomness and not from anything injected: they decide
nothing, and a replay that made the same ones again would be unsafe.
"""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_NONCE_BYTES = 12


class Unreadable(Exception):
    """Sealed bytes that do not open: another key, another place, or changed. Never says what they are."""


def new_key() -> bytes:
    """A key for AES-256."""
    return AESGCM.generate_key(KEY_BYTES * 8)


def seal(key: bytes, plain: bytes, *place: str) -> bytes:
    """Encrypt with AES-256-GCM; it opens only with the same key for the same ``place`` (its ids)."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, _bound(place))


def unseal(key: bytes, sealed: bytes, *place: str) -> bytes:
    """What was sealed.

    Raises
    ------
    Unreadable
        when it does not open.
    """
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _bound(place))
    except (InvalidTag, ValueError):
        raise Unreadable("sealed bytes do not open with this key at this place") from None


def checked_key(key: bytes, what: str) -> bytes:
    """The key, if it is one.

    Raises
    ------
    ValueError
        when it has another length.
    """
    if len(key) != KEY_BYTES:
        raise ValueError(f"{what} must be {KEY_BYTES} bytes long")
    return key


def _bound(place: tuple[str, ...]) -> bytes:
    # With the length of each part, so that no two places are written alike.
    return b"".join(b"%d:%s" % (len(part), part) for part in (p.encode() for p in place))
