"""What a manager counts of a case, as one facet that the store adds up. [E02-E14, D03, J01, K05]

The text has a word for each thing that is counted, ``measure:part:part``, and ``*n`` where it counts often:
``answer:police:on_time case:child_protection:2012-03-05 element:police:withheld*2``. They are codes and the
Monday of a week, never an id, and stay true when the content of the case is destroyed.

READ: a case counts for the day on which the hub received it, and so does all that came of it, so that every
number about a period speaks of the same cases.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta

from agents.coordinator import checks, gaps, promises
from agents.coordinator.case import Case, Check
from agents.coordinator.dial_record import Dial
from agents.coordinator.disputes import Dispute, DisputeStage
from agents.coordinator.elements import SETTLED, Standing, standing
from agents.partnership import Clocks
from messages.words import Mode, Rag
from store.port import Facet

DAY, WORDS = "received_on", "figures"
"""The facets: the local day of receipt, and the words."""


def facets(received_at: datetime, words: Iterable[str], clocks: Clocks) -> Mapping[str, Facet]:
    """How what is counted of a document that was received then is kept."""
    return {DAY: clocks.day_of(received_at).isoformat(), WORDS: written(Counter(words))}


def written(counts: Mapping[str, int]) -> str:
    """Counts as one text, the same for the same counts."""
    return " ".join(word if n == 1 else f"{word}*{n}" for word, n in sorted(counts.items()))


def read(text: str) -> Iterator[tuple[tuple[str, ...], int]]:
    """What `written` wrote: the parts of each word, and how often it counts."""
    for item in text.split():
        word, _, times = item.partition("*")
        yield tuple(word.split(":")), int(times or 1)


def of_case(case: Case, clocks: Clocks) -> Iterator[str]:
    """A word for each thing that is counted of a case."""
    yield f"case:{case.category.value}:{_monday(clocks.day_of(case.received_at))}"
    yield from _targets(case)
    yield from _promise(case)
    yield from (f"answer:{check.agency}:{_answered(case, check)}" for check in case.checks)
    for missed in case.missed:
        yield f"breach:{missed.timer}:{missed.cause}"
        if missed.timer in ("hub_target", "outer_promise"):
            yield from (f"waited:{agency}" for agency in missed.waiting_for)
    for element in case.elements:
        now = standing(element)
        yield f"element:{element.owner}:{now if now in SETTLED | {Standing.DISPUTED} else 'undecided'}"
    yield from (f"dispute:{_stage(dispute)}:{_outcome(case, dispute)}" for dispute in case.disputes)
    yield from (f"met:{mode}" for mode in modes(case))


def modes(case: Case) -> Iterator[Mode]:
    """How people met in a case, wherever that is on record: discussions, panels, the strategy discussion and
    the plan about an adult. [J01]"""
    yield from (discussion.mode for discussion in case.discussions)
    yield from (dispute.met_by for dispute in case.disputes if dispute.met_by is not None)
    for decision in case.adult.decisions if case.adult is not None else ():
        met = (decision.strategy, decision.plan)
        yield from (step.mode for step in met if step is not None)


def of_dial(dial: Dial) -> Iterator[str]:
    """How the meeting met that decided on a DIAL. [J01, H04]"""
    if dial.tier_3 is not None:
        yield f"met:{dial.tier_3.mode}"


def _targets(case: Case) -> Iterator[str]:
    """The hub's own target, of each round and of each rating under which a package was due: kept, missed, or
    still running. READ: a package that was missed under one rating is late under that one, and not in time
    under a later one, as its own page says. [E02, E06-E08, E11]"""
    if any(m.timer == "hub_target" and m.rag is None for m in case.missed):
        yield "target:unrated:late"
    late: set[Rag] = set()
    for round_ in case.rounds:
        late = {
            m.rag
            for m in case.missed
            if m.timer == "hub_target" and m.round == round_.number and m.rag is not None
        }
        first = {p.issued.rag: p for p in reversed(case.packages) if p.round == round_.number}
        # Missed, and not known under which rating: its own.
        late |= {rag for rag, p in first.items() if not (p.on_time or late)}
        yield from sorted(f"target:{rag}:late" for rag in late)
        yield from sorted(f"target:{rag}:on_time" for rag, p in first.items() if p.on_time)
    if case.rating is not None and gaps.owed(case) == "package" and not late:
        yield f"target:{case.rating.rag}:running"


def _promise(case: Case) -> Iterator[str]:
    """The outer promise of RED to the field teams. [E03, E04]"""
    broken = sum(missed.timer == "outer_promise" for missed in case.missed)
    yield from ["promise:broken"] * broken
    if broken or not any(rating.promise_at for rating in case.ratings):
        return
    if case.closed_at is None and promises.open_promise(case) is not None:
        yield "promise:running"
    elif case.packages:
        yield "promise:kept"


def _answered(case: Case, check: Check) -> str:
    prefix = f"late/{check.request_id}/"
    if any(key.startswith(prefix) for key in case.fired):
        return "late"
    if check.state in checks.UNANSWERED or check.answered_at is None:
        return "waiting" if case.closed_at is None else "none"
    return "on_time" if check.answered_at <= check.due_at else "late"


def _stage(dispute: Dispute) -> str:
    """How far a disagreement went: who settled it, or what it waits for. [K01-K06]"""
    if dispute.stage is DisputeStage.SETTLED and dispute.settled_by is not None:
        return dispute.settled_by.value
    return dispute.stage.value


def _outcome(case: Case, dispute: Dispute) -> str:
    element = case.element(dispute.element_id)
    if dispute.stage is not DisputeStage.SETTLED:
        return "open"
    return element.decision.choice.choice.value if element and element.decision else "undecided"


def _monday(day: date) -> str:
    return (day - timedelta(days=day.weekday())).isoformat()
