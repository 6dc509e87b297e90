"""By which the ledgers find their cases. [J05, L10]"""

from __future__ import annotations

from datetime import timedelta

from agents.coordinator import ledgers
from tests.acceptance.test_governance import a_breach
from tests.acceptance.test_supervision import a_call
from tests.support.procedure import MONDAY, Procedure

CALLED = MONDAY + timedelta(minutes=15)


def test_a_case_without_a_call_or_a_breach_is_in_no_ledger() -> None:
    hub = Procedure()
    hub.until_directed()
    assert ledgers.facets(hub.case) == {}


def test_a_ledger_has_the_time_of_the_last_call_even_when_it_was_recorded_first_j05() -> None:
    hub = Procedure()
    hub.until_directed()
    hub.wait(timedelta(hours=1))
    hub.say(a_call(called_at=CALLED + timedelta(minutes=5)))
    hub.say(a_call(call_id="S-2"))
    assert ledgers.facets(hub.case) == {
        "supervised": True,
        "supervised_at": (CALLED + timedelta(minutes=5)).isoformat(),
    }


def test_a_ledger_has_the_time_of_the_last_breach_l10() -> None:
    hub = Procedure()
    hub.until_directed()
    hub.say(a_breach())
    hub.wait(timedelta(hours=1))
    hub.say(a_breach(report_id="B-2"))
    assert ledgers.facets(hub.case) == {"breached": True, "breached_at": hub.now.isoformat()}
    assert hub.whole.coordinator.facets(hub.case)["breached"] is True
