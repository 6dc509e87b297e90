"""Whether the hub would take what an agency's files make the worker say: codes and people of the partnership.

The hub refuses an unknown marking, or a rule that nobody of the owner approved, only when the answer is
there. A worker that has the partnership at hand finds it before it starts. [C09, D03, D07, D23, L08]
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from agents.agency.layout import RecordsTable
from agents.agency.rules import Rule
from agents.partnership import Partnership
from messages.words import Choice


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The partnership and the moment ``now`` that files are held against."""

    partnership: Partnership
    now: datetime

    def of_layout(self, file: str, records: RecordsTable) -> list[str]:
        """What is wrong with the codes that ``agency.toml`` gives for words and for empty values."""
        codes, markings = records.codes, self.partnership.markings
        default = records.defaults.marking
        found = [
            *_if_unknown("records.codes.marking", codes.marking.values(), markings),
            *_if_unknown("records.codes.owner", codes.owner.values(), sorted(self.partnership.agencies)),
            *_if_unknown("records.defaults.marking", () if default is None else (default,), markings),
        ]
        return [f"{file}: {problem}" for problem in found]

    def of_record(self, *, owner: str, marking: str) -> Mapping[str, str]:
        """What is wrong with the codes of a record, by the column ``owner`` or ``marking``.

        An empty code was complained of when it was read.
        """
        found = {}
        if owner and owner not in self.partnership.agencies:
            known = ", ".join(sorted(self.partnership.agencies))
            found["owner"] = (
                f"is no agency of the partnership; use one of {known}, or map the word under "
                "[records.codes.owner]"
            )
        if marking and marking not in self.partnership.markings:
            found["marking"] = (
                f"is no marking of the partnership; use one of {', '.join(self.partnership.markings)}, "
                "or map the word under [records.codes.marking]"
            )
        return found

    def of_rules(self, file: str, agency: str, rules: Iterable[Rule]) -> list[str]:
        """What is wrong with the rules of an agency; one that is over is never used and may say anything."""
        return [
            f"{file}: rule.{number}.{problem}"
            for number, rule in enumerate(rules)
            if rule.in_force_until is None or rule.in_force_until > self.now
            for problem in self._of_rule(agency, rule)
        ]

    def _of_rule(self, agency: str, rule: Rule) -> list[str]:
        known = self.partnership
        if rule.choice is Choice.WITHHOLD:
            purposes = tuple(known.purposes)
        else:
            purposes = known.agencies[agency].needs_purpose or tuple(known.purposes)
        return [
            *self._of_approver(agency, rule.approved_by),
            *([] if rule.legal_basis is None else self._of_basis(rule.legal_basis, rule)),
            *_if_unknown("when.markings", rule.when.markings, known.markings),
            *_if_unknown("when.purposes", rule.when.purposes, purposes),
        ]

    def _of_approver(self, agency: str, person: str) -> list[str]:
        roles = self.partnership.rights.get("release", ())
        if self.partnership.roles_of(person, agency) & set(roles):
            return []
        allowed = sorted(
            s.person for s in self.partnership.staff if s.agency == agency and {*roles} & {*s.roles}
        )
        return [
            f"approved_by: is no decision maker of {agency} on the partnership's register of staff; "
            + (f"use one of {', '.join(allowed)}" if allowed else "name one in staff.toml first")
        ]

    def _of_basis(self, code: str, rule: Rule) -> list[str]:
        bases = self.partnership.legal_bases
        first = max(self.now, rule.in_force_from).date()
        last = rule.in_force_until.date() if rule.in_force_until else date.max
        usable = sorted(
            c for c, b in bases.items() if b.since <= last and (b.until is None or first <= b.until)
        )
        if code in usable:
            return []
        what = (
            "is not in force while the rule is" if code in bases else "is not on the register of legal bases"
        )
        return [f"legal_basis: {what}; use one of {', '.join(usable)}"]


def _if_unknown(place: str, codes: Iterable[str], known: Iterable[str]) -> list[str]:
    """One problem for all codes of a place that are not known."""
    if set(codes) <= set(known):
        return []
    return [f"{place}: has a code that is none of {', '.join(known)}; use one of these"]
