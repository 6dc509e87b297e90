"""The register of message types: one declaration each, from which everything else is generated.

A declaration says what a message carries, who may send it and to whom. Its JSON Schema, its place in
the AsyncAPI document, its queue bindings and the permissions it needs all follow from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from messages.words import Said


class Kind(StrEnum):
    """The kinds of party that send and receive."""

    HUB = "hub"
    STAFF = "staff"
    AGENCY = "agency"
    TEAM = "team"
    SOURCE = "source"


PayloadType = type[Said]


@dataclass(frozen=True, slots=True)
class Declaration:
    """A message type: its full versioned name, its payload, its senders and receivers."""

    payload: PayloadType
    type: str
    senders: frozenset[Kind]
    receivers: frozenset[Kind]

    @property
    def title(self) -> str:
        """The type without prefix: ``check.requested.v1``."""
        return self.type.removeprefix("mash.")

    @property
    def purpose(self) -> str:
        """The first paragraph of the payload's docstring, in Markdown."""
        return " ".join((self.payload.__doc__ or "").strip().split("\n\n")[0].split()).replace("``", "`")


CATALOGUE: dict[str, Declaration] = {}
"""Every message type by its full name."""

_BY_PAYLOAD: dict[type[Said], Declaration] = {}
_Payload = TypeVar("_Payload", bound=type[Said])


def declare(
    name: str, *, senders: Iterable[Kind], receivers: Iterable[Kind]
) -> Callable[[_Payload], _Payload]:
    """Class decorator: put a payload into the catalogue under ``mash.<name>``."""

    def register(payload: _Payload) -> _Payload:
        declaration = Declaration(payload, f"mash.{name}", frozenset(senders), frozenset(receivers))
        CATALOGUE[declaration.type] = declaration
        _BY_PAYLOAD[payload] = declaration
        return payload

    return register


def declaration_of(payload: Said | type[Said]) -> Declaration:
    """The declaration of a payload or its class."""
    return _BY_PAYLOAD[payload if isinstance(payload, type) else type(payload)]
