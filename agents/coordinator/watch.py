"""The watch: staff are told of too many panels, and of seats on the panel that nobody can take. [K02, K05]

READ: a seat can be taken by somebody who holds a panel role of the agency, of an agency that has signed the
Memorandum, and who has signed it, is vetted and is trained. It is looked at once a day, at midnight.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from agents.coordinator.parts import Document, SimplePart, noted
from agents.coordinator.stored import Stored
from agents.deciding import Decided, Fact, Refused, Sending
from agents.partnership import Partnership
from agents.registers import EscalationAlarm
from messages.envelope import Envelope
from messages.notices import MessageRejected
from messages.parties import HUB
from messages.watch import EscalationsMany, PanelCounted, PanelSeatsVacant, WatchBegun
from messages.words import Code, Id, Said
from store.port import Facet

KEY = "watch/panels"


class Panel(Stored):
    """A panel that was called."""

    dispute_id: Id
    at: datetime


class Watch(Document):
    """One document. ``panels`` are those of the days that the alarm counts, ``look_on`` the next day on which
    seats are looked at, and ``vacant`` the agencies that staff were last told of."""

    look_on: date
    panels: tuple[Panel, ...] = ()
    vacant: tuple[Code, ...] = ()


def vacant_seats(partnership: Partnership, on: date) -> tuple[str, ...]:
    """The agencies with a place on the panel and nobody who can take it on a day. [K02, L02-L04]"""
    held = {
        (member.agency, role)
        for member in partnership.staff
        if not partnership.hindrances(member.person, member.agency, on)
        for role in member.roles
    }
    return tuple(
        code
        for code, agency in sorted(partnership.agencies.items())
        if agency.panel_roles and not any((code, role) in held for role in agency.panel_roles)
    )


def counting(dispute_id: str, at: datetime) -> Sending:
    """Has a panel counted that was called."""
    return Sending(HUB, PanelCounted(dispute_id=dispute_id, convened_at=at))


def count(watch: Watch, said: PanelCounted, level: EscalationAlarm) -> Decided[Watch]:
    """Count a panel, and tell staff when there were more than is meant. [K05, M6.1]"""
    since = said.convened_at - timedelta(days=level.days)
    panels = (
        *(one for one in watch.panels if one.at > since),
        Panel(dispute_id=said.dispute_id, at=said.convened_at),
    )
    after = watch.model_copy(update={"panels": panels})
    fact = Fact("panel.counted", detail={"dispute_id": said.dispute_id, "panels": len(panels)})
    if len(panels) <= level.at_most:
        return Decided(after, (), (fact,))
    alarm = EscalationsMany(panels=len(panels), days=level.days, at_most=level.at_most)
    return Decided(after, (Sending("staff", alarm),), (fact,))


def look(watch: Watch, partnership: Partnership, day: date) -> Decided[Watch]:
    """Tell staff of seats that are vacant, when they are others than those told of before. [K02]"""
    vacant = vacant_seats(partnership, day)
    after = watch.model_copy(update={"look_on": day + timedelta(days=1), "vacant": vacant})
    if vacant == watch.vacant:
        return Decided(after)
    fact = Fact("panel_seats.looked_at", detail={"vacant": list(vacant)})
    return Decided(after, (Sending("staff", PanelSeatsVacant(agencies=vacant)),), (fact,))


class Watching(SimplePart[Watch]):
    """A part of the coordinator: a single document."""

    prefix = "watch/"
    state: type[Watch] = Watch
    payloads: frozenset[type[Said]] = frozenset({WatchBegun, PanelCounted})
    unhurried: frozenset[type[Said]] = payloads

    def begin(self) -> Sequence[tuple[str, Said]]:
        """What the hub says to itself when it starts, by a message id that is always the same."""
        return [("begin/watch", WatchBegun(of="panels"))]

    def key(self, envelope: Envelope) -> str:
        return KEY

    def facets(self, state: Watch) -> Mapping[str, Facet]:
        return {"panels": len(state.panels), "vacant": state.vacant}

    def due(self, state: Watch) -> datetime | None:
        midnight = datetime.combine(state.look_on, time(), tzinfo=self.partnership.clocks.zone)
        return midnight.astimezone(UTC)

    def decide(self, state: Watch | None, envelope: Envelope, now: datetime, found: Any) -> Decided[Watch]:
        said = envelope.payload
        today = self.partnership.clocks.day_of(now)
        state = state or Watch(key=KEY, look_on=today)
        match said:
            case WatchBegun():
                begun = look(state, self.partnership, today)
                return Decided(begun.state, begun.sending, (Fact("watch.begun"), *begun.facts))
            case PanelCounted():
                return count(state, said, self.partnership.escalation_alarm)
            case MessageRejected():
                return noted(state, said, KEY, self.setting(envelope, now))
        raise Refused("unexpected_message", "Send what the contract says that the hub receives.")

    def fire(self, state: Watch, now: datetime) -> Decided[Watch]:
        """The day's look."""
        return look(state, self.partnership, self.partnership.clocks.day_of(now))
