"""What is done with, listed by how it stands to the rules of retention. [L09, M8]

Documents that are kept in the same way from the same day are counted by their facet, so that a list costs
what is shown of it: no other document is read. What the rules say of each such day is worked out as it is
asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from agents.coordinator.case import Case
from agents.coordinator.ending import brought_by_each
from agents.coordinator.governance import is_decided
from agents.coordinator.retention import (
    BROUGHT,
    DECIDED,
    KEPT,
    Document,
    Keeping,
    Term,
    ended_on,
    read,
    term_of,
    term_under,
)
from agents.partnership import Partnership
from ops.retention import document_in
from store.port import Kept, Store


class Heading(StrEnum):
    """Under what a document is listed. ``brought`` are DIALs and reports of missing people that brought
    cases, which each have their own term; ``decided`` is what champions decided to destroy."""

    OVER = "over"
    KEPT = "kept"
    HELD = "held"
    BROUGHT = "brought"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class Lot:
    """Documents that are kept in the same way from the same day, by the facet that says so."""

    kept: str
    documents: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A document that is done with, and how it stands to the rules of retention. The term of one that brought
    cases is open while one of these is, or while reports of a missing person count."""

    kind: str
    document: Document
    key: str
    term: Term
    ended: date
    agreed: tuple[str, ...]
    decided: bool
    destroyed: bool


async def contents(store: Store, partnership: Partnership, today: date) -> Mapping[Heading, tuple[Lot, ...]]:
    """Everything that is done with, under each heading in its order: by the day until which a rule keeps it,
    else by the day from which it is kept; of what is decided the latest first. Raises StoreError."""
    found: dict[Heading, list[tuple[int, Lot]]] = {heading: [] for heading in Heading}
    for kept, documents in (await store.tally(KEPT, KEPT, "", "~")).items():
        way, since = read(kept)
        lot = Lot(kept, documents)
        if way == DECIDED:
            found[Heading.DECIDED].append((-since.toordinal(), lot))
        elif way == BROUGHT:
            found[Heading.BROUGHT].append((since.toordinal(), lot))
        elif (term := term_under(way, since, partnership, today)).keeping is not Keeping.OPEN:
            found[Heading(term.keeping)].append(((term.until or since).toordinal(), lot))
    ordered = {
        heading: sorted(lots, key=lambda one: (one[0], one[1].kept)) for heading, lots in found.items()
    }
    return {heading: tuple(lot for _, lot in lots) for heading, lots in ordered.items()}


def total(lots: Iterable[Lot]) -> int:
    """How many documents these are."""
    return sum(lot.documents for lot in lots)


async def standings(
    store: Store, lots: Iterable[Lot], partnership: Partnership, today: date, *, offset: int = 0, limit: int
) -> list[Standing]:
    """So many of these documents, in the order of the lots. Raises StoreError."""
    rows: list[Kept] = []
    for lot in lots:
        before, wanted = min(offset, lot.documents), limit - len(rows)
        offset -= before
        if wanted > 0 and before < lot.documents:
            rows.extend((await store.find({KEPT: lot.kept}, offset=before, limit=wanted)).rows)
    return await _as_they_stand(store, rows, partnership, today)


async def _as_they_stand(
    store: Store, rows: Sequence[Kept], partnership: Partnership, today: date
) -> list[Standing]:
    documents = [document_in(kept) for kept in rows]
    keys = [kept.key for kept in rows]
    there = await store.get_data_keys(keys)
    others = [key for key, one in zip(keys, documents, strict=True) if not isinstance(one, Case)]
    brought = await brought_by_each(store, others)
    found = []
    for kept, document in zip(rows, documents, strict=True):
        purge, ended = document.purge, ended_on(document, partnership)
        if ended is None:
            continue  # open, and without the facet
        found.append(
            Standing(
                str(kept.facets["kind"]),
                document,
                kept.key,
                term_of(document, brought.get(kept.key, ()), partnership, today),
                ended,
                tuple(consent.by.agency for consent in purge.consents) if purge is not None else (),
                is_decided(purge),
                kept.key not in there,
            )
        )
    return found
