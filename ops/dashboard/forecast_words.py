"""A forecast as people read it, with everything that it rests on. [E14]"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ops.dashboard import words
from ops.dashboard.forecast import DISPUTES, LEAST, OBSTACLES, Obstacle, Outlook, Way
from ops.dashboard.lately import MOST_CASES, Lately

WAYS: Mapping[Way, str] = {
    Way.LATE: "Late",
    Way.AT_RISK: "At risk",
    Way.UNKNOWN: "Cannot be told yet",
    Way.IN_TIME: "No sign of delay",
}

_ANSWERS = frozenset({"not_asked", "silent", "unreadable", "result_owed"})
_DECISIONS = frozenset({"undecided", "to_consider", "permission"})

_RULES: Mapping[str, str] = {
    "ran_out": "Its time has run out",
    "usual_after_due": "Half of its last answers took longer than there is time",
    "often_late": "It was late half of the time or more",
    "panel": "People have to be brought together to settle a dispute",
}


def obstacle_in_words(one: Obstacle) -> str:
    """Something that stands in the way: ``Its decision on p/1, p/2``."""
    if one.code == "dispute":
        return f"Dispute {', '.join(one.of)}, {DISPUTES[one.stage]}"
    said = OBSTACLES[one.code]
    return f"{said}: {', '.join(one.of)}" if one.of else said


def rests_on(one: Outlook) -> Iterator[str]:
    """Each thing that a forecast rests on, the rules first, then what was counted."""
    yield from (_RULES[code] for code in one.rests_on if code in _RULES)
    if one.used is not None and one.used <= 100:
        yield f"{one.used} % of its time is gone"
    codes = {obstacle.code for obstacle in one.obstacles}
    known = one.lately or Lately()
    if codes & _ANSWERS:
        yield from _of_answers(known)
    if codes & _DECISIONS:
        yield _of_decisions(known)


def _of_answers(known: Lately) -> Iterator[str]:
    if known.asked < LEAST:
        yield f"{_many(known.asked, 'request')} lately under this rating: too few to tell how it answers"
        return
    yield f"Of {known.asked} requests lately under this rating {known.late} were not answered in time"
    if known.usual is not None:
        yield f"Half of its answers came within {words.length(known.usual)}"


def _of_decisions(known: Lately) -> str:
    if known.revealed < LEAST:
        return f"{_many(known.revealed, 'element')} lately under this rating: too few to tell how it decides"
    return f"Of {known.revealed} elements lately under this rating {known.undecided} were not decided in time"


def _many(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}".capitalize()


COUNTED = f"Counted over the last {MOST_CASES} cases of the hub."
"""What the counts are over."""
