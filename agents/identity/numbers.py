"""Numbers that systems know people by, in one normal form each, and only when their check digit is right.

A number with a wrong check digit was mistyped, so it says nothing about who somebody is: it neither finds
nor excludes anybody.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_PNC_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"
_UPN = re.compile(r"[A-Z]\d{11}[0-9A-Z]")
_PNC = re.compile(r"(\d{2}|\d{4})(\d{1,7})([A-Z])")
_PNC_SLASHED = re.compile(r"(\d{2}|\d{4})/(\d{1,7})([A-Z])")
_NINO = re.compile(r"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]?")
_MIN_LENGTH = 4

ALIASES = {
    "nhs_number": "nhs",
    "nhs_no": "nhs",
    "upn_number": "upn",
    "pnc_id": "pnc",
    "pncid": "pnc",
    "ni": "nino",
    "ni_number": "nino",
}
"""Other names of schemes."""

ONE_EACH = frozenset({"nhs", "upn", "pnc", "nino"})
"""Schemes in which a person has one number for life, so that two different ones mean two people."""


def number(scheme: str, value: str) -> str | None:
    """A number as ``<scheme>:<normal form>``, or None when it cannot be right.

    The NHS number, UPN (pupil), PNC ID (police) and National Insurance number are checked; numbers of
    other schemes need four characters or more.
    """
    scheme = ALIASES.get(scheme, scheme)
    written = value.upper().strip()
    check = _CHECKS.get(scheme, _other)
    normal = check(written)
    return None if normal is None else f"{scheme}:{normal}"


def scheme_of(normal: str) -> str:
    """The scheme of a normalised number."""
    return normal.split(":", 1)[0]


def _bare(written: str) -> str:
    return re.sub(r"[\s./-]", "", written)


def _nhs(written: str) -> str | None:
    digits = _bare(written)
    if not re.fullmatch(r"[0-9]{10}", digits) or len(set(digits)) == 1:
        return None
    check = 11 - sum(int(d) * (10 - place) for place, d in enumerate(digits[:9])) % 11
    return digits if check % 11 == int(digits[9]) and check != 10 else None


def _upn(written: str) -> str | None:
    upn = _bare(written)
    if not _UPN.fullmatch(upn) or not upn.isascii() or (upn[12].isalpha() and upn[12] not in _UPN_LETTERS):
        return None
    values = [int(c) if c.isdigit() else _UPN_LETTERS.index(c) for c in upn[1:]]
    total = sum(weight * v for weight, v in enumerate(values, start=2))
    return upn if _UPN_LETTERS[total % 23] == upn[0] else None


def _pnc(written: str) -> str | None:
    """Long (``2008/0123456X``) and short (``08/123456X``) forms become ``08/0123456X``.

    Only the last two digits of the year take part in the check letter, and the short form has no more.
    """
    compact = re.sub(r"[\s.-]", "", written)
    found = _PNC_SLASHED.fullmatch(compact)
    if found is None and len(compact) in (10, 12):
        found = _PNC.fullmatch(compact)
    if found is None or not compact.isascii():
        return None
    year, serial, letter = found.group(1)[-2:], found.group(2).zfill(7), found.group(3)
    return f"{year}/{serial}{letter}" if _PNC_LETTERS[int(year + serial) % 23] == letter else None


def _nino(written: str) -> str | None:
    """The letter at the end says nothing of who it is and is often left out."""
    nino = _bare(written)
    return nino[:8] if nino.isascii() and _NINO.fullmatch(nino) else None


def _other(written: str) -> str | None:
    bare = _bare(written)
    return bare if len(bare) >= _MIN_LENGTH and len(set(bare)) > 1 else None


_CHECKS: dict[str, Callable[[str], str | None]] = {"nhs": _nhs, "upn": _upn, "pnc": _pnc, "nino": _nino}
