"""By which the ledgers of supervision calls and of breaches find the cases that they speak of. [J05, L10]"""

from __future__ import annotations

from collections.abc import Mapping

from agents.coordinator.case import Case
from store.port import Facet

SUPERVISED, SUPERVISED_AT = "supervised", "supervised_at"
BREACHED, BREACHED_AT = "breached", "breached_at"
"""The facets: whether there is any, and when the last was. A case without one has neither."""


def facets(case: Case) -> Mapping[str, Facet]:
    """Whether a case has calls to supervisors and breaches, and the time of the last of each: when somebody
    called, and when the breach was reported."""
    found: dict[str, Facet] = {}
    if case.supervision:
        last = max(call.called_at for call in case.supervision)
        found |= {SUPERVISED: True, SUPERVISED_AT: last.isoformat()}
    if case.breaches:
        last = max(breach.at for breach in case.breaches)
        found |= {BREACHED: True, BREACHED_AT: last.isoformat()}
    return found
