"""What was refused is counted by its reason."""

from __future__ import annotations

from collections import Counter

from agents.runtime.refused import REFUSED, facets_of, read, refusals


def test_refusals_add_up_from_one_step_to_the_next() -> None:
    counts = refusals({})
    assert facets_of(counts) == {}
    counts["role_may_not"] += 1
    counts["case_closed"] += 2
    kept = facets_of(counts)
    assert kept == {REFUSED: "case_closed*2 role_may_not*1"}
    assert refusals(kept) == Counter({"case_closed": 2, "role_may_not": 1})
    assert dict(read(str(kept[REFUSED]))) == {"case_closed": 2, "role_may_not": 1}
