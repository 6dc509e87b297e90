"""Who a check asks about, in plain values, with what a records system can be searched by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True, repr=False)
class Wanted:
    """A person of a check. Its repr shows nothing; do not log what is in it.

    ``numbers`` are in normal form by scheme (``nhs``, ``upn``, ``pnc``, ``nino``), only those whose check
    digit or letter is right. ``dates_of_birth`` are the date and the dates that a slip of the pen may have
    made of it (day and month exchanged), the given one first. ``family_names`` and ``given_names`` are
    normalised (small letters, no accents), aliases and full forms of short names among them. ``postcodes``
    have no space and small letters.
    """

    given_name: str | None = None
    family_name: str | None = None
    also_known_as: tuple[str, ...] = ()
    date_of_birth: date | None = None
    address: str | None = None
    earlier_addresses: tuple[str, ...] = ()
    numbers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dates_of_birth: tuple[date, ...] = ()
    family_names: tuple[str, ...] = ()
    given_names: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()
