"""What was promised and what was missed, whatever the rating says later. [E04, E11]

READ: a less urgent rating gives the hub more time, and takes nothing back: the field teams still wait for the
package that a RED notice promised, and a due time that has passed has been missed.
"""

from __future__ import annotations

from datetime import datetime

from agents.coordinator.case import Case
from messages.words import Rag


def open_promise(case: Case) -> datetime | None:
    """By when the field teams were promised a package that has not come yet. [E03, E04]"""
    rating = case.rating
    if rating is None or rating.promise_at is None:
        return None
    made_at = next(r.at for r in case.ratings if r.promise_at == rating.promise_at)
    kept = any(
        p.issued_at > made_at or (p.issued_at == made_at and p.issued.rag is Rag.RED)
        for p in case.round_packages
    )
    return None if kept else rating.promise_at


def target_key(case: Case, due_at: datetime) -> str:
    """What stands in ``fired`` once this due time of the round under way has come."""
    return f"{_prefix(case)}{due_at.isoformat()}"


def first_missed(case: Case, now: datetime) -> datetime | None:
    """The first due time of the round that has passed without its package, of an earlier rating too."""
    prefix = _prefix(case)
    due = (datetime.fromisoformat(key.removeprefix(prefix)) for key in case.fired if key.startswith(prefix))
    return min((at for at in due if at < now), default=None)


def _prefix(case: Case) -> str:
    return f"target/{case.round.number}/"
