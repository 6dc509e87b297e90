"""Tokens made and opened by a general JWE library, as an agency with a system of its own would."""

from __future__ import annotations

from collections.abc import Mapping

from joserfc import jwe
from joserfc.jwk import OctKey
from joserfc.registry import HeaderParameter

_REGISTRY = jwe.JWERegistry(
    header_registry={"mid": HeaderParameter("Message id", "str")},
    algorithms=["dir", "A256GCM", "A128GCM", "DEF"],
    strict_check_header=False,
)


def general_jwe(text: str, key: bytes, header: Mapping[str, str | None]) -> str:
    """A token of this text. What ``header`` does not say is as the contract has it; None leaves it out."""
    whole = {"alg": "dir", "enc": "A256GCM", **header}
    told = {name: value for name, value in whole.items() if value is not None}
    return jwe.encrypt_compact(told, text, OctKey.import_key(key), registry=_REGISTRY)


def opened_by_a_general_library(token: str, key: bytes) -> tuple[bytes, dict[str, object]]:
    """The plain bytes and the headers."""
    opened = jwe.decrypt_compact(token, OctKey.import_key(key), registry=_REGISTRY)
    return opened.plaintext or b"", dict(opened.headers())
