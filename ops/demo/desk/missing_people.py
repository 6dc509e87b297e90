"""A missing person on the desk: the reports, one by one, and the co-ordinator's concern. [I08-I11]"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import KW_ONLY, dataclass

from agents.coordinator.missing_record import MissingPerson
from messages.missing import MissingChildFlagged, MissingReported
from messages.parties import STAFF
from messages.words import Said
from ops.demo.desk.acts import A_MOMENT, Act
from ops.demo.desk.daily import Daily, Day
from ops.demo.desk.daily_script import MissingPlay
from ops.demo.desk.wording import rationale


@dataclass
class MissingOnDesk(Daily[MissingPerson]):
    """Somebody who was reported missing, once or often."""

    _: KW_ONLY
    reports: tuple[MissingReported, ...]
    play: MissingPlay

    def subject(self, said: Said) -> str:
        return said.report_id if isinstance(said, MissingReported) else self.key

    def ended(self, day: Day) -> bool:
        """Every report is counted or refused, and the concern has brought a case or been refused."""
        counted = {one.report_id for one in self.state.reports} if self.state is not None else set()
        if any(r.report_id not in counted and not self._refused(r, day) for r in self.reports):
            return False
        if self.play.concern is None or self.state is None:
            return True
        return self.state.cases > 0 or day.refused(self.message_id("concern"))

    def acts(self, day: Day) -> Iterator[Act]:
        first = self.play.received + day.postponed
        for number, report in enumerate(self.reports):
            at = first + number * A_MOMENT
            yield Act(f"report/{report.report_id}", at, f"source.{report.source}", report)
        concern = self.play.concern
        if concern is not None and self.state is not None and len(self.state.reports) == len(self.reports):
            said = MissingChildFlagged(
                by=day.cast.anybody_with_right("missing_of_concern"), rationale=rationale(concern.why)
            )
            yield Act("concern", first + concern.after, STAFF, said)

    def _refused(self, report: MissingReported, day: Day) -> bool:
        return day.refused(self.message_id(f"report/{report.report_id}"))
