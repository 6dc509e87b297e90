"""The daily rounds: agenda, review, and the alarm when a day has none. [H02, H04, I01, I08, G3.18-3.22]

READ: "daily" is every calendar day; what a missed day leaves is carried over, and nothing is dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from agents.coordinator.authority import require_registered, require_right, require_vetted
from agents.coordinator.parts import Document, SimplePart, noted
from agents.coordinator.setting import Setting
from agents.coordinator.stored import Stored
from agents.deciding import Decided, Fact, Refused, Sending
from agents.partnership import DailyRound, Partnership, RoundOf, Seat
from messages.envelope import Envelope
from messages.notices import MessageRejected
from messages.parties import HUB
from messages.rounds import (
    AgendaBuilt,
    AgendaItem,
    ItemListed,
    ItemSettled,
    ReviewerAbsent,
    ReviewHeld,
    ReviewMissed,
    RoundBegun,
)
from messages.words import Actor, Code, Id, Mode, Said
from store.port import Facet

_PREFIX = "round/"
_DAYS_KEPT = 31
_LATEST = timedelta(days=7)
"""How long after a day its review may still be put on record."""


class Listed(Stored):
    """Something before the round. ``agendas`` counts those that it was on."""

    item: Id
    at: datetime
    agendas: int = 0


class Held(Stored):
    """A review that was held."""

    day: date
    by: Actor
    at: datetime
    mode: Mode
    participants: tuple[Actor, ...]
    considered: tuple[Id, ...]


class Round(Document):
    """One daily round. ``agenda_day`` is the next to be built, ``watched_day`` the next that has to have
    had its review. ``settled_early`` is what was done with before the message that lists it came."""

    code: Code
    agenda_day: date
    watched_day: date
    items: tuple[Listed, ...] = ()
    settled_early: tuple[Id, ...] = ()
    held: tuple[Held, ...] = ()
    missed: tuple[date, ...] = ()


def key_of(code: str) -> str:
    """The document of a round."""
    return f"{_PREFIX}{code}"


def listing(what: RoundOf, item: str, partnership: Partnership) -> tuple[Sending, ...]:
    """Puts something before the round that it belongs to, where the partnership has that round."""
    code = partnership.round_of(what)
    return () if code is None else (Sending(HUB, ItemListed(round=code, item=item)),)


def settling(what: RoundOf, item: str, partnership: Partnership) -> tuple[Sending, ...]:
    """Takes something off the list of its round."""
    code = partnership.round_of(what)
    return () if code is None else (Sending(HUB, ItemSettled(round=code, item=item)),)


def require_quorum(
    participants: Sequence[Actor], quorum: Iterable[Seat], setting: Setting, *, by: Actor
) -> None:
    """Everybody there is on the register and vetted, every seat is taken, and whoever speaks for them has
    one. [D02, H04, L04]

    Raises
    ------
    Refused
        ``quorum_missing``, ``not_of_the_quorum``, or what `require_registered` and `require_vetted`
        refuse.
    """
    seats = {(seat.role, seat.agency) for seat in quorum}
    if seats and (by not in participants or (by.role, by.agency) not in seats):
        raise Refused(
            "not_of_the_quorum",
            "It is put on record by one of those whom the quorum needs, who was there.",
            fields=("data.by",),
            by=by,
        )
    for n, actor in enumerate(participants):
        require_registered(actor, setting, field=f"data.participants.{n}")
        require_vetted(actor, setting, field=f"data.participants.{n}")
    there = {(actor.role, actor.agency) for actor in participants}
    missing = [f"{role} of {agency}" for role, agency in sorted(seats - there)]
    if missing:
        raise Refused(
            "quorum_missing",
            f"Nothing is decided without: {', '.join(missing)}.",
            fields=("data.participants",),
            by=by,
        )


class DailyRounds(SimplePart[Round]):
    """A part of the coordinator: one document for each daily round of the partnership."""

    prefix = _PREFIX
    state: type[Round] = Round
    payloads: frozenset[type[Said]] = frozenset({RoundBegun, ItemListed, ItemSettled, ReviewHeld})
    unhurried: frozenset[type[Said]] = frozenset({ItemListed, ItemSettled})

    def begin(self) -> Sequence[tuple[str, Said]]:
        """What the hub says to itself when it starts, by a message id that is always the same."""
        return [(f"begin/{code}", RoundBegun(round=code)) for code in sorted(self.partnership.rounds)]

    def key(self, envelope: Envelope) -> str:
        code = getattr(envelope.payload, "round", None)
        return envelope.subject if code is None else key_of(code)

    def facets(self, state: Round) -> Mapping[str, Facet]:
        return {
            "round": state.code,
            "waiting": len(state.items),
            "agenda_day": state.agenda_day.isoformat(),
            "last_held": max((held.day.isoformat() for held in state.held), default=None),
            "last_missed": max((day.isoformat() for day in state.missed), default=None),
        }

    def due(self, state: Round) -> datetime | None:
        config = self.partnership.rounds.get(state.code)
        return None if config is None else min(self._next(state, config))

    def decide(self, state: Round | None, envelope: Envelope, now: datetime, found: Any) -> Decided[Round]:
        said = envelope.payload
        setting = self.setting(envelope, now)
        code = getattr(said, "round", "")
        config = self.partnership.rounds.get(state.code if state is not None else code)
        if config is None:
            raise Refused(
                "round_unknown",
                f"Give one of: {', '.join(sorted(self.partnership.rounds)) or 'none is configured'}.",
                fields=("data.round",),
            )
        state = state or self._begun(code, config, now)
        match said:
            case RoundBegun():
                return Decided(state, (), (Fact("round.begun", detail={"round": code}),))
            case ItemListed():
                return _list(state, said, now)
            case ItemSettled():
                return _settle(state, said)
            case ReviewHeld():
                return _review(state, said, config, setting)
            case MessageRejected():
                return noted(state, said, state.key, setting)
        raise Refused("unexpected_message", "Send what the contract says that the hub receives.")

    def fire(self, state: Round, now: datetime) -> Decided[Round]:
        """Build the agenda, or tell that a day had no review; whichever comes first."""
        config = self.partnership.rounds[state.code]
        agenda_at, missed_at = self._next(state, config)
        if agenda_at < missed_at:
            return _agenda(state, agenda_at)
        if agenda_at > missed_at:
            return self._watch(state, config)
        # Two times of the hour that is skipped in spring are one moment.
        built = _agenda(state, agenda_at)
        watched = self._watch(built.state, config)
        return Decided(watched.state, (*built.sending, *watched.sending), (*built.facts, *watched.facts))

    def _begun(self, code: str, config: DailyRound, now: datetime) -> Round:
        """From the next time that it is to be held."""
        today = now.astimezone(self.partnership.clocks.zone).date()
        first = today if now < self._at(today, config.held_at) else today + timedelta(days=1)
        return Round(key=key_of(code), code=code, agenda_day=first, watched_day=first)

    def _next(self, state: Round, config: DailyRound) -> tuple[datetime, datetime]:
        return self._at(state.agenda_day, config.held_at), self._at(state.watched_day, config.missed_at)

    def _watch(self, state: Round, config: DailyRound) -> Decided[Round]:
        return _watch(state, self._reviewers(config))

    def _reviewers(self, config: DailyRound) -> frozenset[str]:
        """Who each review missing children: every co-ordinator on the register. Of other rounds, nobody
        by name. [I08]"""
        if config.of != "missing_children":
            return frozenset()
        roles = set(self.partnership.rights.get(config.right, ()))
        return frozenset(member.person for member in self.partnership.staff if roles & set(member.roles))

    def _at(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, tzinfo=self.partnership.clocks.zone).astimezone(UTC)


def _list(state: Round, said: ItemListed, now: datetime) -> Decided[Round]:
    fact = Fact("item.listed", detail={"item": said.item})
    if said.item in state.settled_early:
        left = tuple(one for one in state.settled_early if one != said.item)
        return Decided(state.model_copy(update={"settled_early": left}), (), (fact,))
    if any(listed.item == said.item for listed in state.items):
        return Decided(state, (), (fact,))
    return Decided(
        state.model_copy(update={"items": (*state.items, Listed(item=said.item, at=now))}), (), (fact,)
    )


def _settle(state: Round, said: ItemSettled) -> Decided[Round]:
    """Take something off the list; one that is delayed on its way to the list never comes to be on it."""
    fact = Fact("item.settled", detail={"item": said.item})
    if all(listed.item != said.item for listed in state.items):
        early = tuple(dict.fromkeys((*state.settled_early, said.item)))
        return Decided(state.model_copy(update={"settled_early": early}), (), (fact,))
    return Decided(_without(state, {said.item}), (), (fact,))


def _agenda(state: Round, at: datetime) -> Decided[Round]:
    on_it = [listed for listed in state.items if listed.at <= at]
    agenda = AgendaBuilt(
        round=state.code,
        day=state.agenda_day,
        items=tuple(AgendaItem(item=one.item, listed_at=one.at, carried_over=one.agendas) for one in on_it),
    )
    items = tuple(
        one.model_copy(update={"agendas": one.agendas + 1}) if one.at <= at else one for one in state.items
    )
    detail = {
        "day": state.agenda_day.isoformat(),
        "items": [one.item for one in on_it],
        "carried_over": [one.item for one in on_it if one.agendas],
    }
    after = state.model_copy(update={"items": items, "agenda_day": state.agenda_day + timedelta(days=1)})
    return Decided(after, (Sending("staff", agenda),), (Fact("agenda.built", detail=detail),))


def _watch(state: Round, reviewers: frozenset[str]) -> Decided[Round]:
    """See to it that a day had its review, by all of these reviewers if there are any."""
    day = state.watched_day
    oldest = day - timedelta(days=_DAYS_KEPT)
    after = state.model_copy(
        update={
            "watched_day": day + timedelta(days=1),
            "held": tuple(held for held in state.held if held.day > oldest),
            "missed": tuple(missed for missed in state.missed if missed > oldest),
        }
    )
    held_then = [held for held in state.held if held.day == day]
    if held_then:
        there = {actor.person for held in held_then for actor in (held.by, *held.participants)}
        absent = tuple(sorted(reviewers - there))
        if not absent:
            return Decided(after)
        told = ReviewerAbsent(round=state.code, day=day, persons=absent)
        gap = Fact("reviewer.absent", detail={"day": day.isoformat(), "persons": list(absent)})
        return Decided(after, (Sending("staff", told),), (gap,))
    missed = ReviewMissed(round=state.code, day=day, waiting=tuple(listed.item for listed in state.items))
    fact = Fact("review.missed", detail={"day": day.isoformat(), "waiting": len(state.items)})
    return Decided(
        after.model_copy(update={"missed": (*after.missed, day)}), (Sending("staff", missed),), (fact,)
    )


def _review(state: Round, said: ReviewHeld, config: DailyRound, setting: Setting) -> Decided[Round]:
    """Put a review on record. [H02, H04, I01, I08]

    Raises `Refused`: not by whoever holds it, without its quorum, for a day that has not come or is long
    past, a second one of the same person, or something considered that is not before it.
    """
    require_right(config.right, said.by, setting)
    require_quorum(said.participants, config.quorum, setting, by=said.by)
    today = setting.now.astimezone(setting.partnership.clocks.zone).date()
    if not today - _LATEST <= said.day <= today:
        raise Refused(
            "day_not_open",
            "Record the review of today or of the last seven days.",
            fields=("data.day",),
            by=said.by,
        )
    if any(held.day == said.day and held.by == said.by for held in state.held):
        raise Refused("already_held", "Your review of this day is on record.", by=said.by)
    before_it = {listed.item for listed in state.items}
    if config.of == "dials" and said.considered:
        raise Refused(
            "dials_one_by_one",
            "Each DIAL leaves the meeting with an outcome of its own (dial.screened); leave considered out.",
            fields=("data.considered",),
            by=said.by,
        )
    unknown = [n for n, item in enumerate(said.considered) if item not in before_it]
    if unknown:
        raise Refused(
            "not_before_it",
            "Name what is on the list of this round (mash rounds).",
            fields=tuple(f"data.considered.{n}" for n in unknown),
            by=said.by,
        )
    held = Held(
        day=said.day,
        by=said.by,
        at=setting.now,
        mode=said.mode,
        participants=said.participants,
        considered=said.considered,
    )
    detail = {
        "day": said.day.isoformat(),
        "mode": said.mode,
        "participants": [one.model_dump(mode="json") for one in said.participants],
        "considered": list(said.considered),
    }
    after = _without(state, set(said.considered)).model_copy(update={"held": (*state.held, held)})
    return Decided(after, (), (Fact("review.held", said.by, detail),))


def _without(state: Round, done: set[str]) -> Round:
    return state.model_copy(update={"items": tuple(one for one in state.items if one.item not in done)})
