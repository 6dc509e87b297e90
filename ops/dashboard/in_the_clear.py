"""What a reference may not have in it, since references are ids, which no vault seals. [D18]"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from agents.identity import names

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMES = ("given_name", "family_name", "also_known_as")
_LONG = 4
"""Letters of a name that is looked for inside words too; a shorter one has to be a word by itself."""


def tells(reference: str, person: Mapping[str, Any]) -> str | None:
    """What of a person, as the form for a referral has them, stands in a reference: ``a name`` or ``a date of
    birth``; None for neither. Letter case, accents and what stands between the parts say nothing."""
    plain = names.plain(reference)
    words, joined = set(re.findall("[a-z]+", plain)), plain.replace(" ", "")
    for one in _NAMES:
        known = names.name(person.get(one), None).given
        for name in {*known, "".join(known)}:
            if (len(name) >= _LONG and name in joined) or (len(name) > 1 and name in words):
                return "a name"
    born = person.get("date_of_birth")
    return "a date of birth" if born and _has_day(plain, date.fromisoformat(born)) else None


def _has_day(plain: str, born: date) -> bool:
    """Whether a day stands in a text, in figures or with its month in letters: its parts apart, or together
    and then each with all of its figures."""
    day, month = f"{born.day:02}", f"{born.month:02}"
    year, named = f"(?:{born.year}|{born.year % 100:02})", f"{_MONTHS[born.month - 1]}[a-z]*"
    orders = [(day, month, year), (month, day, year), (year, month, day)]
    together = "|".join("".join(parts) for parts in orders)
    short = {day: f"0?{born.day}", month: f"0?{born.month}"}
    apart = "|".join(" ".join(short.get(part, part) for part in parts) for parts in orders)
    in_letters = f"0?{born.day} ?{named} ?{year}|{year} ?{named} ?0?{born.day}"
    return re.search(rf"(?<!\d)(?:{together}|{apart}|{in_letters})(?!\d)", plain) is not None
