"""`mash figures` and `mash registers`: what a manager sees, and when it is an alarm. [J01, K05]"""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest

import store.connect
from ops.clocks import SystemClock
from store.port import Kept, Step
from tests.acceptance.test_escalation import convene, disputed, manage
from tests.support.command_line import Mash
from tests.support.hub_by_rules import HubByRules
from tests.support.partnership_folder import PartnershipFolder


@pytest.fixture
def panels(mash: Mash) -> None:
    """A hub with two cases, in each of which a panel was called an hour ago."""
    assert mash("provision").exit_code == 0
    asyncio.run(_keep())


async def _keep() -> None:
    opened = store.connect.connect(f"sqlite:///{Path('mash-data') / 'store'}", agent="coordinator")
    for number in range(2):
        hub = disputed()
        assert isinstance(hub.whole, HubByRules)
        hub.whole.show(SystemClock().now() - timedelta(hours=1))
        manage(hub)
        convene(hub)
        facets = hub.whole.coordinator.facets(hub.case)
        kept = Kept(f"C-{number}", 1, hub.whole.coordinator.dump(hub.case), facets=facets)
        await opened.commit([Step(Kept(kept.key, 0, ""), kept, "token", hub.now)])
    await opened.close()


def test_figures_are_no_alarm_while_escalation_is_rare(mash: Mash, panels: None) -> None:
    result = mash("figures", "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    found = json.loads(result.stdout)
    assert found["modes"] == {"face_to_face": 2, "video": 0, "phone": 0}
    assert (found["cases"], found["phone_share"], found["escalations"]) == (2, 0.0, 2)
    assert (found["days"], found["at_most"], found["alarm"]) == (30, 5, False)
    assert "by telephone: 0%" in mash("figures").stdout


def test_more_escalations_than_the_level_are_an_alarm_that_doctor_tells_too(
    mash: Mash, panels: None, tmp_path: Path
) -> None:
    folder = PartnershipFolder(tmp_path)
    folder.replace("governance.toml", "at_most = 5", "at_most = 1")
    words = ("--partnership", str(folder.path))
    result = mash("figures", *words)
    assert result.exit_code == 1
    assert "2 panels in 30 days, where at most 1 are meant" in result.stderr
    assert json.loads(mash("figures", "--json", *words).stdout)["alarm"] is True
    (told,) = [f for f in json.loads(mash("doctor", "--json", *words).stdout) if f["what"] == "escalations"]
    assert told["is_so"] == "2 in 30 days, at most 1 are meant"
    assert "mash figures" in told["do"]


def test_the_registers_are_in_date_and_show_everybody(mash: Mash) -> None:
    shown = mash("registers").stdout
    for one in ("POL-SGT-01@police", "POL-SUP-02@police", "caldicott guardian", "version 1.0"):
        assert one in shown
    due = json.loads(mash("registers", "--due", "--json").stdout)
    assert {one["register"] for one in due} == {"retention", "references"}
    assert {one["state"] for one in due} == {"missing"}


def test_the_registers_show_each_legal_basis_with_its_dates_and_whose_date_a_clearance_is_l08(
    mash: Mash,
) -> None:
    found = {(one["who"], one["what"]): one for one in json.loads(mash("registers", "--json").stdout)}
    act = found["data_protection_act_1998", "Data Protection Act 1998: every category"]
    assert (act["register"], act["until"], act["state"]) == ("law", "2018-05-24", "ended")
    (care,) = [one for (who, _), one in found.items() if who == "care_act_2014"]
    assert (care["since"], care["state"]) == ("2015-04-01", "in date")
    assert "adult protection" in care["what"] and "child protection" not in care["what"]
    assert ("POL-SGT-01@police", "vetting, as [clearance] has it for all") in found
