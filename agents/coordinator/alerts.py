"""The RED notices to police and social work, and that a case is RED no longer. [E03, E05, E11, G3.6]"""

from __future__ import annotations

from datetime import timedelta

from agents.coordinator import teams
from agents.coordinator.case import Case, Rating
from agents.coordinator.people import who_may_be_named
from agents.coordinator.setting import Setting
from agents.deciding import Sending
from messages.envelope import Lane
from messages.notices import AlertLowered, AlertRaised


def red(case: Case, rating: Rating, setting: Setting, *, again: str = "") -> tuple[Sending, ...]:
    """One notice for each team concerned: a RED referral was received, a package follows in four hours.

    READ: it leaves at once, whatever else has to wait. The teams consider an urgent response on it, so it has
    the people and the concern, but no concern that would give a source away by what is known now. [D13]
    ``again`` tells a notice from the first one of the same rating.
    """
    if rating.promise_at is None:
        raise ValueError("only a RED rating is notified")
    promise = setting.partnership.clocks.red_promise
    return tuple(
        Sending(
            f"team.{team}",
            AlertRaised(
                alert_id=f"{case.case_id}/red/{len(case.ratings)}/{team}{again}",
                recipient=team,
                category=case.category,
                rag=rating.rag,
                received_at=case.received_at,
                package_within_minutes=promise // timedelta(minutes=1),
                package_promised_by=rating.promise_at,
                people=who_may_be_named(case),
                concern=case.leaving_concern,
            ),
            Lane.URGENT,
        )
        for team in teams.told_of_red(case, setting.partnership)
    )


def lowered(case: Case, rating: Rating, setting: Setting) -> tuple[Sending, ...]:
    """The teams that heard of RED hear that it is so no longer, and whether the promise still stands."""
    return tuple(
        Sending(
            f"team.{team}",
            AlertLowered(
                alert_id=f"{case.case_id}/lowered/{len(case.ratings)}/{team}",
                recipient=team,
                rag=rating.rag,
                package_promised_by=rating.promise_at,
            ),
            Lane.URGENT,
        )
        for team in teams.told_of_red(case, setting.partnership)
    )
