"""A DIAL on the desk: police history, children's checks, tier 2 and the meeting. [H01-H10, G3.18, G3.19]"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import KW_ONLY, dataclass
from datetime import datetime

from agents.coordinator.dial_record import Dial, stage
from messages.confidential import Confidential
from messages.dial import DialAlerted, DialCheckRecorded, DialHistoryRecorded, DialReceived, DialScreened
from messages.parties import STAFF
from messages.words import Actor, Mode, Rag, Said
from ops.demo.desk.acts import A_MOMENT, A_WHILE, Act
from ops.demo.desk.daily import Daily, Day, held_at
from ops.demo.desk.daily_script import AlertPlay, CheckPlay, DialPlay, MeetingPlay
from ops.demo.desk.wording import rationale

RECEIVED, TRIED = "received", "tried"


@dataclass
class DialOnDesk(Daily[Dial]):
    """A DIAL on its way through its three tiers."""

    _: KW_ONLY
    form: DialReceived
    play: DialPlay

    def subject(self, said: Said) -> str:
        return self.form.dial_id if isinstance(said, DialReceived) else self.key

    def ended(self, day: Day) -> bool:
        """Screened, and what research found urgent has become a case; or the hub does not take it."""
        if self.state is None:
            return day.refused(self.message_id(RECEIVED))
        return self.state.screened and (self.play.alert is None or self.state.tier_2 is not None)

    def acts(self, day: Day) -> Iterator[Act]:
        dial = self.state
        if dial is None:
            yield Act(RECEIVED, self.play.received + day.postponed, f"source.{self.form.source}", self.form)
            return
        if dial.history is None:
            yield from self._history(dial, day)
        else:
            yield from self._checks(dial, dial.history.at, day)
        if self.play.alert is not None and dial.tier_2 is None:
            yield _alert(dial, self.play.alert, day)
        if self.play.meeting is not None and not dial.screened:
            yield from self._meeting(dial, self.play.meeting, day)

    def _history(self, dial: Dial, day: Day) -> Iterator[Act]:
        """The police go first: whoever comes before them hears so. [H03]"""
        play = self.play.history
        if play is None:
            return
        for check in self.play.check:
            if check.tried_first and not day.refused(self.message_id(f"check/{check.agency}/{TRIED}")):
                said = _check(check, day)
                yield Act(f"check/{check.agency}/{TRIED}", dial.received_at + A_MOMENT, STAFF, said)
                return
        said_first = DialHistoryRecorded(
            by=day.cast.anybody_with_right("dial_history"),
            known=play.known,
            history=Confidential(play.found),
        )
        yield Act("history", dial.received_at + play.after, STAFF, said_first)

    def _checks(self, dial: Dial, since: datetime, day: Day) -> Iterator[Act]:
        meeting = self.play.meeting
        if meeting is not None and meeting.tried_too_soon and not self._refused_once(day):
            return
        checked = {check.by.agency for check in dial.checks}
        for play in self.play.check:
            if play.agency not in checked:
                yield Act(f"check/{play.agency}", since + play.after, STAFF, _check(play, day))

    def _meeting(self, dial: Dial, play: MeetingPlay, day: Day) -> Iterator[Act]:
        """At the meeting that the script says, or when the checks are there. [H03-H05]"""
        partnership = day.cast.partnership
        code = partnership.round_of("dials")
        days = day.agendas_with(self.key, code)
        if code is None or not days:
            return
        quorum = [day.cast.one_of(seat.agency, (seat.role,)) for seat in partnership.rounds[code].quorum]
        if (play.tried_without is not None or play.tried_too_soon) and not self._refused_once(day):
            there = [actor for actor in quorum if actor.agency != play.tried_without]
            at = held_at(partnership, code, days[0]) + A_MOMENT
            yield Act(f"screened/{TRIED}", at, STAFF, _screened(play, there))
        elif len(days) >= play.number and stage(dial, partnership) == "meeting":
            at = held_at(partnership, code, days[play.number - 1]) + A_WHILE
            last_check = max((check.at for check in dial.checks), default=at)
            yield Act("screened", max(at, last_check + A_MOMENT), STAFF, _screened(play, quorum))

    def _refused_once(self, day: Day) -> bool:
        return day.refused(self.message_id(f"screened/{TRIED}"))


def _check(play: CheckPlay, day: Day) -> DialCheckRecorded:
    return DialCheckRecorded(
        by=day.cast.with_right(play.agency, "dial_check"),
        known=play.known,
        findings=Confidential(play.found),
    )


def _alert(dial: Dial, play: AlertPlay, day: Day) -> Act:
    if play.rag is Rag.BLUE:
        raise ValueError("what cannot wait for the meeting is RED or AMBER")
    said = DialAlerted(
        by=day.cast.with_right(play.by, "dial_alert"),
        rag=play.rag,
        action=play.action,
        rationale=rationale(play.why),
    )
    return Act("alert", dial.received_at + play.after, STAFF, said)


def _screened(play: MeetingPlay, there: list[Actor]) -> DialScreened:
    return DialScreened(
        by=there[0],
        participants=tuple(there),
        mode=Mode.FACE_TO_FACE,
        context=Confidential(play.context),
        action=play.action,
        no_action_because=Confidential(play.none_because) if play.none_because else None,
        refer=play.refer,
    )
