"""What came of everything that is no referral, beside what should."""

from __future__ import annotations

from collections.abc import Mapping

from agents.coordinator.case import Case
from agents.coordinator.cases import case_id_for
from ops.case_views import case_from
from ops.demo.daily_expected import DailyRow, ExpectedDaily
from ops.demo.daily_outcome import DailyOutcome, dial_outcome, missing_outcome, round_outcome
from ops.demo.desk.desk import Desk
from ops.demo.desk.dials import DialOnDesk
from ops.demo.desk.missing_people import MissingOnDesk
from ops.demo.desk.rounds import RoundOnDesk
from ops.demo.hub import DemoHub


async def brought_cases(desk: Desk, hub: DemoHub) -> dict[str, Case]:
    """The cases that DIALs and missing people brought, expected or not, by the hub's id of the referral.

    Raises
    ------
    StoreError
    """
    referrals: dict[str, str] = {}
    for one in desk.days_work.daily:
        match one:
            case DialOnDesk(form=form):
                may_bring = [f"{one.key}/{what}" for what in ("adult", "alert", "meeting")]
                referrals |= {case_id_for(form.source, referral): referral for referral in may_bring}
            case MissingOnDesk(play=play, state=state) if state is not None:
                may_bring = [f"{one.key}/{number}" for number in range(1, state.cases + 1)]
                referrals |= {case_id_for(play.source, referral): referral for referral in may_bring}
    kept = await hub.store.load(list(referrals)) if referrals else {}
    return {referrals[key]: case_from(one) for key, one in kept.items()}


def daily_rows(
    desk: Desk, names: Mapping[str, str], cases: Mapping[str, Case], expected: ExpectedDaily
) -> tuple[list[DailyRow], list[DailyRow], list[DailyRow]]:
    """A row for each DIAL, each missing person and each daily round. ``names`` are the world's, by case."""
    names = {**names, **{one.key: one.name for one in desk.days_work.daily}}
    dials, missing, rounds = [], [], []
    for one in desk.days_work.daily:
        match one:
            case DialOnDesk():
                dials.append(_row(dial_outcome(one, cases, desk.post), expected))
            case MissingOnDesk():
                missing.append(_row(missing_outcome(one, cases, desk.post), expected))
            case RoundOnDesk():
                rounds.append(_row(round_outcome(one, names, desk.post), expected))
    return dials, missing, rounds


def _row(outcome: DailyOutcome, expected: ExpectedDaily) -> DailyRow:
    wanted = {**expected.dials, **expected.missing, **expected.rounds}[outcome.name]
    return DailyRow(outcome, tuple(wanted.differences(outcome)))
