"""Addresses: what can be compared of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agents.identity.names import plain

_POSTCODE = re.compile(r"\b([a-z]{1,2}[0-9][0-9a-z]?) ?([0-9][abd-hjlnp-uw-z]{2})\b")
_HOUSE = re.compile(r"\b[0-9]+[a-z]?\b")
_SHORT = {
    "rd": "road",
    "st": "street",
    "ave": "avenue",
    "av": "avenue",
    "ln": "lane",
    "cl": "close",
    "dr": "drive",
    "ct": "court",
    "cres": "crescent",
    "gdns": "gardens",
    "pl": "place",
    "sq": "square",
    "terr": "terrace",
    "apt": "flat",
    "apartment": "flat",
}


@dataclass(frozen=True, slots=True, repr=False)
class Place:
    """An address taken apart: postcode without its space, the numbers of house and flat, the other words."""

    postcode: str
    numbers: frozenset[str]
    words: str


def place(address: str) -> Place | None:
    """An address in comparable form, or None when there is nothing in it."""
    written = plain(address)
    found = _POSTCODE.search(written)
    postcode = found.group(1) + found.group(2) if found else ""
    rest = written.replace(found.group(0), " ") if found else written
    numbers = frozenset(_HOUSE.findall(rest))
    words = " ".join(_SHORT.get(w, w) for w in _HOUSE.sub(" ", rest).split())
    return Place(postcode, numbers, words) if postcode or words else None
