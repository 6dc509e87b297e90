"""The management view: what was on time, what was not and why, how much came, what was refused, how people
met. Numbers of cases, never of one of them. [E02-E14, D03, J01, K01-K06, M6.1]"""

from __future__ import annotations

import asyncio
import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from agents.coordinator import counted, daily_rounds, watch
from agents.coordinator.elements import Standing
from agents.partnership import Partnership
from agents.runtime import refused
from messages.words import Category, Mode, Rag
from ops.dashboard import dates, words
from ops.dashboard.period import Period
from ops.dashboard.small_counts import FEW, NOT_TOLD, told
from store.port import COUNTED, Store

Counts = Mapping[tuple[str, ...], int]

NO_RATE = "–"
_AT_ONCE = timedelta(days=14)
_WEEK = timedelta(days=7)
_BYTE_ORDER_MARK = "\ufeff"
"""Without it spreadsheets take the letters of a name for those of another alphabet."""
_HIDDEN_LENGTH = 2.0


@dataclass(frozen=True, slots=True)
class Week:
    """A week by its Monday: ``5 to 11 March 2012`` on the page, and that Monday in ISO 8601 in a file."""

    monday: date

    def __str__(self) -> str:
        return dates.span_in_words(self.monday, self.monday + timedelta(days=6))


@dataclass(frozen=True, slots=True)
class Rate:
    """A share in whole per cent; None where nothing is over that it could be of."""

    percent: int | None

    def __str__(self) -> str:
        return NO_RATE if self.percent is None else f"{self.percent} %"


Cell = int | str | Week | Rate


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bar: what it is (``main``, ``against``, ``open``, or ``hidden`` for a count that is not
    told and so has one length whatever it is), where it begins and how long it is, in
    per cent of the longest bar."""

    kind: str
    start: float
    length: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a plot, with the words that say the same."""

    label: str
    text: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of figures, by its ``name`` in an address. ``note`` says how to read it, ``bars`` are its
    plot."""

    name: str
    title: str
    note: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    bars: tuple[Bar, ...]

    @property
    def shown(self) -> tuple[tuple[Cell, ...], ...]:
        """The rows of the page: those of which anything was counted."""
        return tuple(row for row in self.rows if not _is_empty(row))

    @property
    def left_out(self) -> tuple[str, ...]:
        """What the page leaves out, as nothing was counted of it; weeks one after the other as one span."""
        return tuple(_joined([row[0] for row in self.rows if _is_empty(row)]))

    def csv(self) -> str:
        """The table as a file for a spreadsheet: what is on the page, with the rows that it leaves out.

        Each cell of numbers holds a number, rates in per cent, or nothing; ``Not told`` names the columns of
        a row whose count is hidden, and how the page tells it.
        """
        out = io.StringIO(_BYTE_ORDER_MARK)
        out.seek(0, io.SEEK_END)
        writer = csv.writer(out)
        writer.writerow([*self.columns, "Not told"])
        for row in self.rows:
            hidden = [
                f"{column}: {cell}"
                for column, cell in zip(self.columns, row, strict=True)
                if cell in (FEW, NOT_TOLD)
            ]
            writer.writerow([*map(_in_a_file, row), "; ".join(hidden)])
        return out.getvalue()


@dataclass(frozen=True, slots=True)
class Figures:
    """``cases`` came in the period. ``panels`` were called in the last ``alarm_days``, and should be
    ``at_most`` so many. [K05]"""

    cases: Cell
    panels: int
    alarm_days: int
    at_most: int
    tables: tuple[Table, ...]

    def table(self, name: str) -> Table | None:
        """The table with this name."""
        return next((table for table in self.tables if table.name == name), None)


async def figures(store: Store, partnership: Partnership, period: Period) -> Figures:
    """The figures of what came in a period. No case is read for them. Raises StoreError."""
    counts = await _counted(store, period)
    rounds = [daily_rounds.key_of(code) for code in partnership.rounds]
    kept = await store.load([*rounds, watch.KEY])
    for key in rounds:
        if key in kept:
            held = daily_rounds.Round.model_validate_json(kept[key].state).held
            counts.update(("met", one.mode.value) for one in held if period.first <= one.day <= period.last)
    panels = kept[watch.KEY].facets.get("panels") if watch.KEY in kept else 0
    alarm = partnership.escalation_alarm
    return Figures(
        cases=told([sum(n for parts, n in counts.items() if parts[0] == "case")])[0],
        panels=panels if isinstance(panels, int) else 0,
        alarm_days=alarm.days,
        at_most=alarm.at_most,
        tables=tuple(tables(counts, partnership, period)),
    )


async def _counted(store: Store, period: Period) -> Counter[tuple[str, ...]]:
    """Everything that is counted, by its words. A part of the period at a time, since what else is asked of
    this process waits meanwhile."""
    day, of_cases, of_refusals = COUNTED
    counts: Counter[tuple[str, ...]] = Counter()
    for first, last in _stretches(period):
        for text, documents in (await store.tally(of_cases, day, first, last)).items():
            for parts, times in counted.read(text):
                counts[parts] += times * documents
        for text, documents in (await store.tally(of_refusals, day, first, last)).items():
            for reason, times in refused.read(text):
                counts["refused", reason] += times * documents
        await asyncio.sleep(0)
    return counts


def _stretches(period: Period) -> Iterator[tuple[str, str]]:
    """The period in stretches of two weeks, as first and last day."""
    first = period.first
    while first <= period.last:
        last = min(first + _AT_ONCE - timedelta(days=1), period.last)
        yield first.isoformat(), last.isoformat()
        first = last + timedelta(days=1)


def tables(counts: Counts, partnership: Partnership, period: Period) -> Iterator[Table]:
    """Every table over these counts, in the order of the page."""
    agencies = {code: agency.title for code, agency in partnership.agencies.items()}
    yield _rates(
        "packages",
        "Packages on time, by rating",
        "A package counts under the rating that it was due by. One that was missed stays missed.",
        "Rating",
        {**{rag.value: words.in_words(rag.value) for rag in Rag}, "unrated": "not rated in time"},
        _of(counts, "target"),
    )
    promised = _of(counts, "promise")
    yield _simple(
        "promise",
        "The promise of RED to the field teams",
        "From the first RED rating of a round. It stands when the rating is lowered later.",
        ("The promise was", "Times"),
        {(state,): promised.get((code,), 0) for code, state in _PROMISE.items()},
    )
    yield _rates(
        "answers",
        "Answers on time, by agency",
        "Each check that an agency was asked for, by the time that it was given.",
        "Agency",
        {code: agencies.get(code, code) for code in _known(agencies, _of(counts, "answer"))},
        _of(counts, "answer"),
    )
    yield _simple(
        "breaches",
        "Clocks that ran out, and why",
        "The first thing in the order of the procedure that was missing when the clock ran out.",
        ("Clock and cause", "Times"),
        {
            (f"{words.in_words(clock)}: {words.in_words(cause)}",): n
            for (clock, cause), n in _of(counts, "breach").items()
        },
    )
    yield _simple(
        "waited",
        "Agencies that late packages waited for",
        "One late package may have waited for several agencies, and for one of them twice: at the hub’s own "
        "due time, and at that of the promise.",
        ("Agency", "Times"),
        {(agencies.get(code, code),): n for (code,), n in _of(counts, "waited").items()},
    )
    yield _volumes(_of(counts, "case"), period)
    yield _owners(_of(counts, "element"), agencies)
    yield _simple(
        "refusals",
        "What the hub refused, by reason",
        "Messages about a case that the hub has. Pages of the dashboard that were refused are on its own "
        "record.",
        ("Reason", "Times"),
        {(words.in_words(reason),): n for (reason,), n in _of(counts, "refused").items()},
    )
    yield _simple(
        "disputes",
        "Disagreements, by stage and outcome",
        "Who settled it, or what it waits for now; and what was decided about the element.",
        ("Stage and outcome", "Disagreements"),
        {
            (f"{words.in_words(stage)}: {words.in_words(outcome)}",): n
            for (stage, outcome), n in _of(counts, "dispute").items()
        },
    )
    met = _of(counts, "met")
    yield _simple(
        "meetings",
        "How people met",
        "Discussions, panels, decisions about adults and the meeting about each DIAL, for what came in the "
        "period; daily reviews that were held in it, which are kept for a month.",
        ("They met", "Times"),
        {(words.in_words(mode.value),): met.get((mode.value,), 0) for mode in Mode},
    )


_PROMISE = {"kept": "kept", "broken": "broken", "running": "still to be kept"}


def _of(counts: Counts, measure: str) -> dict[tuple[str, ...], int]:
    """The counts of one measure, by the rest of their words, the most first."""
    found = {parts[1:]: n for parts, n in counts.items() if parts[0] == measure}
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _known(agencies: Mapping[str, str], counts: Counts) -> list[str]:
    """The agencies that something was counted of, in the order of the partnership."""
    seen = {parts[0] for parts in counts}
    return [code for code in agencies if code in seen] + sorted(seen - agencies.keys())


def _simple(
    name: str, title: str, note: str, columns: tuple[str, str], counts: Mapping[tuple[str], int]
) -> Table:
    rows = tuple((label, n) for (label,), n in counts.items())
    most = max((n for _, n in rows), default=0)
    bars = tuple(Bar(label, str(n), _parts([("main", n)], most)) for label, n in rows)
    return Table(name, title, note, columns, rows, bars)


def _rates(name: str, title: str, note: str, what: str, rows: Mapping[str, str], counts: Counts) -> Table:
    """How many were on time, for each of ``rows``; what still runs counts on neither side."""
    table, bars = [], []
    most = max((_sum_of(counts, code) for code in rows), default=0)
    for code, label in rows.items():
        on_time, late, none, running = (
            counts.get((code, state), 0) for state in ("on_time", "late", "none", "running")
        )
        running += counts.get((code, "waiting"), 0)
        over = on_time + late + none
        rate = Rate(100 * on_time // over if over else None)
        table.append((label, on_time, late + none, running, rate))
        text = f"{on_time} on time, {late + none} late, {running} still running"
        parts = _parts([("main", on_time), ("against", late + none), ("open", running)], most)
        bars.append(Bar(label, text, parts))
    return Table(
        name,
        title,
        f"{note} A rate is of what is over, rounded down.",
        (what, "On time", "Late or never", "Still running", "On time, of what is over"),
        tuple(table),
        tuple(bars),
    )


def _sum_of(counts: Counts, code: str) -> int:
    return sum(n for parts, n in counts.items() if parts[0] == code)


def _volumes(counts: Counts, period: Period) -> Table:
    present = [one.value for one in Category if any(parts[0] == one.value for parts in counts)]
    rows, bars = [], []
    sums = {
        monday: [counts.get((category, monday.isoformat()), 0) for category in present]
        for monday in _mondays(period)
    }
    most = max((sum(week) for week in sums.values()), default=0)
    for monday, week in sums.items():
        (all_,) = told([sum(week)])
        rows.append((Week(monday), all_, *told(week, with_sum=True)))
        bars.append(Bar(str(Week(monday)), str(all_), _drawn("main", all_, most)))
    return Table(
        "volumes",
        "Cases received, by week and category",
        "A week is from Monday to Sunday; the first and the last week of a period may be parts of one. "
        "The plot is of all categories together.",
        ("Week of", "All", *(words.in_words(category) for category in present)),
        tuple(rows),
        tuple(bars),
    )


def _owners(counts: Counts, agencies: Mapping[str, str]) -> Table:
    kinds = (Standing.RELEASED, Standing.SANITISED, Standing.PRESUMED_USABLE, Standing.WITHHELD)
    columns = (*(kind.value for kind in kinds), "disputed", "undecided")
    owners = _known(agencies, counts)
    withheld = [counts.get((code, Standing.WITHHELD.value), 0) for code in owners]
    rows, bars = [], []
    for code, refused_ in zip(owners, withheld, strict=True):
        label = agencies.get(code, code)
        rows.append((label, *told([counts.get((code, column), 0) for column in columns])))
        (shown,) = told([refused_])
        bars.append(Bar(label, f"withheld: {shown}", _drawn("against", shown, max(withheld))))
    return Table(
        "owners",
        "What owners decided about their information",
        "Each element by the agency that owns it, as it stands now. The plot is of what was withheld.",
        ("Owner", *(words.in_words(column) for column in columns)),
        tuple(rows),
        tuple(bars),
    )


def _is_empty(row: Sequence[Cell]) -> bool:
    """Whether nothing was counted of what a row is about; what is not told was."""
    return all(cell in (0, Rate(None)) for cell in row[1:])


def _joined(labels: Sequence[Cell]) -> Iterator[str]:
    """Labels as a page lists them."""
    weeks = [label.monday for label in labels if isinstance(label, Week)]
    first = (monday for monday in weeks if monday - _WEEK not in weeks)
    last = (monday for monday in weeks if monday + _WEEK not in weeks)
    for begins, ends in zip(first, last, strict=True):
        yield dates.span_in_words(begins, ends + timedelta(days=6))
    yield from (str(label) for label in labels if not isinstance(label, Week))


def _in_a_file(cell: Cell) -> object:
    match cell:
        case Week():
            return cell.monday
        case Rate():
            return cell.percent
        case _:
            return None if cell in (FEW, NOT_TOLD) else cell


def _drawn(kind: str, cell: int | str, most: int) -> tuple[Part, ...]:
    """The bar of a count. What is not told has a mark, which says that it is some and not how many."""
    if isinstance(cell, int):
        return _parts([(kind, cell)], most)
    return (Part("hidden", 0.0, _HIDDEN_LENGTH),)


def _parts(counts: Sequence[tuple[str, int]], most: int) -> tuple[Part, ...]:
    parts, start = [], 0.0
    for kind, n in counts:
        if n:
            length = round(100 * n / most, 2)
            parts.append(Part(kind, round(start, 2), length))
            start += length
    return tuple(parts)


def _mondays(period: Period) -> Iterator[date]:
    monday = period.first - timedelta(days=period.first.weekday())
    while monday <= period.last:
        yield monday
        monday += _WEEK
