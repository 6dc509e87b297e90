"""The built-in source: an agency's people and records from files of its own, read once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from agents.agency.acceptance import Acceptance
from agents.agency.csv_people import read_people
from agents.agency.csv_records import read_records
from agents.agency.layout import Layout
from agents.agency.ports import Found, HeldElement, Keyed
from agents.agency.register import Register
from agents.identity import Identity, identity_of
from messages.checks import PersonMatch
from messages.referral import PersonConcerned


class CsvSource:
    """A `agents.agency.ports.RecordSource` over people and what is held about each."""

    def __init__(
        self,
        people: Mapping[str, Identity],
        held: Mapping[str, list[HeldElement]],
        leave_out_kinds: Collection[str] = (),
    ) -> None:
        self._register = Register(people.items())
        self._held = held
        self._leave_out = frozenset(leave_out_kinds)
        self._by_fingerprint = {
            element.fingerprint: element for elements in held.values() for element in elements
        }

    @classmethod
    def read(
        cls, folder: Path, layout: Layout, keyed: Keyed, accepted: Acceptance | None = None
    ) -> CsvSource:
        """Read the files that a layout names; held against the partnership when it is at hand.

        Raises
        ------
        FolderUnsound
            with file, line and column of each problem.
        """
        people = read_people(folder, layout.people)
        held = read_records(folder, layout.records, layout.agency, people.keys(), keyed, accepted)
        return cls(people, held, layout.records.leave_out_kinds)

    async def find(self, person: PersonConcerned) -> Found:
        """Recognise a person and give the relevant elements."""
        match = self._register.match(identity_of(person))
        held = {e.fingerprint: e for key in match.keys for e in self._held.get(key, ())}
        relevant = tuple(e for e in held.values() if e.kind not in self._leave_out)
        return Found(
            match=PersonMatch(
                person_id=person.person_id,
                outcome=match.outcome,
                score=match.score,
                reasons=match.reasons[:20],
                candidates=match.candidates,
            ),
            held_as=match.keys,
            elements=relevant,
            left_out=len(held) - len(relevant),
        )

    async def recall(self, fingerprints: Collection[str]) -> Mapping[str, HeldElement]:
        """Elements by fingerprint, those that are still in the files."""
        return {f: self._by_fingerprint[f] for f in fingerprints if f in self._by_fingerprint}
