"""The people who were reported missing: each message type to its rule, and what is looked up for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from agents.coordinator import brought, missing_children, retention
from agents.coordinator.missing_children import Found
from agents.coordinator.missing_record import MissingPerson, Report
from agents.coordinator.parts import SimplePart
from agents.coordinator.setting import Setting
from agents.deciding import Decided, Refused
from agents.identity import index_terms
from messages.envelope import Envelope
from messages.missing import MissingChildFlagged, MissingReported
from messages.notices import MessageRejected
from messages.words import Said
from store.port import Facet

PEOPLE = "missing_people"
"""The facet by which documents of the same person are found. [I09]"""

MOST_SAME = 20
"""Other documents of the same person that are looked at."""

Rule = Callable[[MissingPerson, Any, Setting, Found], Decided[MissingPerson]]

RULES: dict[type[Said], Rule] = {
    MissingChildFlagged: missing_children.flag,
    MessageRejected: missing_children.rejected,
}
"""Every message about somebody who has been reported, and the rule that says what follows."""


class MissingPeople(SimplePart[MissingPerson]):
    """A part of the coordinator: one document for each person who was reported missing."""

    prefix = missing_children.PREFIX
    state: type[MissingPerson] = MissingPerson
    payloads: frozenset[type[Said]] = frozenset({MissingReported, MissingChildFlagged})
    unhurried: frozenset[type[Said]] = frozenset({MissingReported})

    def key(self, envelope: Envelope) -> str:
        """The same for all reports of one person by one source."""
        said = envelope.payload
        if isinstance(said, MissingReported):
            return missing_children.key_of(said.source, said.person_ref)
        return envelope.subject

    def facets(self, state: MissingPerson) -> Mapping[str, Facet]:
        """What lists filter and sort by: codes, ids, times and keyed hashes."""
        return {
            "source": state.source,
            "authority": state.authority,
            "reports": len(state.reports),
            "last_report": state.reports[-1].at.isoformat(),
            "cases": state.cases,
            "same_as": state.same_as,
            PEOPLE: state.person_hashes,
            **retention.facets(state, self.partnership),
        }

    async def prepare(self, envelopes: Sequence[Envelope]) -> dict[str, Any]:
        """The reports of the same person under another reference, and what became of the cases that were
        brought. [I09]"""
        found: dict[str, Any] = {}
        just_here: list[tuple[str, frozenset[str], Report]] = []
        for envelope in envelopes:
            said, own = envelope.payload, self.key(envelope)
            if not isinstance(said, MissingReported):
                found[envelope.id] = Found(known=await brought.look_up(self.store, {own}))
                continue
            hashes = self._hashes(said)
            # Those that came with it are not in the store yet.
            beside = [(key, one) for key, has, one in just_here if key != own and not has.isdisjoint(hashes)]
            found[envelope.id] = await self._found(own, hashes, beside)
            just_here.append((own, frozenset(hashes), Report(report_id=said.report_id, at=said.reported_at)))
        return found

    async def _found(self, own: str, hashes: tuple[str, ...], beside: Sequence[tuple[str, Report]]) -> Found:
        keys = await self.store.keys_with_any(PEOPLE, hashes, MOST_SAME + 1) if hashes else []
        others = [key for key in keys if key != own][:MOST_SAME]
        kept = await self.store.load(others) if others else {}
        same = tuple(self.load(key, kept[key].state) for key in others if key in kept)
        reports = {(person.key, one.report_id): one for person in same for one in person.reports}
        reports |= {(key, one.report_id): one for key, one in beside}
        same_keys = tuple(sorted({*(person.key for person in same), *(key for key, _ in beside)}))
        known = await brought.look_up(self.store, {own, *(person.key for person in same)})
        return Found(known, hashes, same, same_keys, tuple(reports.values()))

    def _hashes(self, said: MissingReported) -> tuple[str, ...]:
        return tuple(sorted(self.keyed_hash(term) for term in index_terms(said.person)))

    def decide(
        self, state: MissingPerson | None, envelope: Envelope, now: datetime, found: Any
    ) -> Decided[MissingPerson]:
        """What follows from a message."""
        said = envelope.payload
        setting = self.setting(envelope, now)
        found = found or Found()
        if isinstance(said, MissingReported):
            return missing_children.report(state, said, self.key(envelope), setting, found)
        if state is None:
            raise Refused(
                "person_not_reported", "Set subject to the key of a missing person.", fields=("subject",)
            )
        return RULES[type(said)](state, said, setting, found)
