"""The daily rounds on the desk: held each day that has its agenda, unless the script has nobody come.
[H02, H04, I01, I08]"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import KW_ONLY, dataclass
from datetime import date

from agents.coordinator.daily_rounds import Round
from messages.parties import STAFF
from messages.rounds import ReviewHeld
from messages.words import Mode
from ops.demo.desk.acts import A_WHILE, Act
from ops.demo.desk.daily import Daily, Day, held_at
from ops.demo.desk.daily_script import RoundPlay


@dataclass
class RoundOnDesk(Daily[Round]):
    """A daily round, as long as the demo lasts."""

    _: KW_ONLY
    play: RoundPlay

    def ended(self, day: Day) -> bool:
        """Nothing is left before it and nothing more will come, and it was missed as often as it should."""
        if self.state is None or self.state.items or not day.rest_ended:
            return False
        return len(day.post.missed.get(self.name, ())) >= self.play.missed

    def acts(self, day: Day) -> Iterator[Act]:
        if self.state is None:
            return
        partnership = day.cast.partnership
        config = partnership.rounds[self.name]
        quorum = tuple(day.cast.one_of(seat.agency, (seat.role,)) for seat in config.quorum)
        there = quorum or (day.cast.anybody_with_right(config.right),)
        waiting = {listed.item for listed in self.state.items}
        agendas = day.post.agendas.get(self.name, {})
        for on, agenda in sorted(agendas.items()):
            if on in self._missed(day):
                continue
            before_it = tuple(one.item for one in agenda.items if one.item in waiting)
            said = ReviewHeld(
                by=there[0],
                round=self.name,
                day=on,
                mode=Mode.FACE_TO_FACE,
                participants=there,
                considered=() if config.of == "dials" else before_it,
            )
            yield Act(f"held/{on}", held_at(partnership, self.name, on) + 2 * A_WHILE, STAFF, said)

    def _missed(self, day: Day) -> list[date]:
        """The days on which nobody comes."""
        agendas = day.post.agendas.get(self.name, {})
        return sorted(on for on, agenda in agendas.items() if agenda.items)[: self.play.missed]
