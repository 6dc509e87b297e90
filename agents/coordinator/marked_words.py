"""What follows when an agency marks words that would give a source away. [A03, D13, M2.7]

Every text that may leave and came before is searched anew. What was let go goes back to its owner, who is
told that a source has to be hidden and nothing of which words; the rest waits, and `needs` says for whom.
"""

from __future__ import annotations

from agents.coordinator import concern, form_protection, re_review, source_protection
from agents.coordinator.case import Case
from agents.coordinator.setting import Setting
from agents.deciding import Decided, Fact
from messages.checks import CheckAnswered
from messages.disclosure import SOURCE_TO_HIDE


def answer(case: Case, said: CheckAnswered, setting: Setting) -> Decided[Case]:
    """Take an agency's answer, and search what came before for the words that it marks. Raises `Refused` as
    `checks.answer` does."""
    answered = re_review.answer(case, said, setting)
    marked = _search(case, answered.state, setting)
    return Decided(marked.state, (*answered.sending, *marked.sending), (*answered.facts, *marked.facts))


def _search(before: Case, case: Case, setting: Setting) -> Decided[Case]:
    if not case.to_hide:
        return Decided(case)
    searched, anew = source_protection.search_elements(case)
    facts = [*concern.found(before, searched), *form_protection.found(before, searched)]
    if anew:
        detail = {"elements": [e.element_id for e in anew], "owners": sorted({e.owner for e in anew})}
        facts.append(Fact("element.shows_source", detail=detail))
    return Decided(searched, re_review.put_again(searched, anew, setting, cause=SOURCE_TO_HIDE), tuple(facts))
