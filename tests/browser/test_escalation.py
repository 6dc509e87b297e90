"""A dispute past the line managers, by keyboard alone: the panel is called, holds its views, agrees and
confirms; in another it does not agree, and the data controller decides."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from agents.coordinator.disputes import Dispute, DisputeStage
from agents.coordinator.elements import Authority, Standing, standing
from messages.escalation import (
    DisclosureDisputed,
    EscalationConvened,
    EscalationDecided,
    ManagementActed,
    View,
)
from messages.words import Choice, Mode
from tests.browser.conftest import Opened
from tests.browser.test_owner import Fine, arrive, choose, fine, go_to, press, say_purpose, write
from tests.support.dashboard import TEXT, WITHHELD, Scene, a_scene
from tests.support.dashboard_site import Site, a_site
from tests.support.desk_work import TESTS, case_in, tell
from tests.support.procedure import PRACTITIONER, line_manager, panel_member, secret

__all__ = ["fine"]

POLICE, EDUCATION, OURS = "police", "education", "csc_staffordshire"
MANAGER = "CSS-LM-01@csc_staffordshire"
OUR_SEAT = "CSS-PNL-01@csc_staffordshire"
OWNERS_SEAT = "EDU-PNL-01@education"
CONTROLLER = "POL-DC-01@police"
POSITION = "CANARY-POSITION"


@pytest.fixture
def living(tmp_path: Path) -> Iterator[Scene]:
    """Children's social care disputes an element of education, for which a panel is to be called, and one of
    the police, on which the panel has not agreed."""
    with a_scene(tmp_path) as made:
        case = made.cases["issued"]
        for n, (owner, element_id) in enumerate(((EDUCATION, "e/1"), (POLICE, "p/1")), start=1):
            dispute = f"{case}/dispute/{n}"
            tell(
                made,
                case,
                DisclosureDisputed(
                    by=PRACTITIONER,
                    dispute_id=dispute,
                    element_id=element_id,
                    ground="necessity",
                    position=secret(POSITION),
                ),
            )
            tell(
                made,
                case,
                ManagementActed(
                    by=line_manager(OURS),
                    other_side=line_manager(owner),
                    dispute_id=dispute,
                    settled=False,
                    reason=secret("no common view"),
                ),
            )
        panel = (panel_member(OURS), panel_member(POLICE))
        tell(
            made,
            case,
            EscalationConvened(by=line_manager(OURS), dispute_id=dispute, panel=panel, mode=Mode.PHONE),
        )
        views = (Choice.WITHHOLD, Choice.RELEASE)
        tell(
            made,
            case,
            EscalationDecided(
                by=panel[0],
                dispute_id=dispute,
                mode=Mode.PHONE,
                views=tuple(
                    View(actor=one, position=held, view=secret("heard"))
                    for one, held in zip(panel, views, strict=True)
                ),
                agreed=False,
                reason=secret("two views"),
            ),
        )
        yield made


@pytest.fixture
def served(living: Scene) -> Iterator[Site]:
    with a_site(living) as site:
        yield site


def in_hub(living: Scene, number: int) -> Dispute:
    case = case_in(living, living.cases["issued"])
    return next(one for one in case.disputes if one.dispute_id == f"{case.case_id}/dispute/{number}")


def stands(living: Scene, element_id: str) -> Standing:
    element = case_in(living, living.cases["issued"]).element(element_id)
    assert element is not None
    return standing(element)


def test_a_panel_is_called_agrees_and_confirms_and_a_controller_decides_finally_by_keyboard_k03_k04_k06_k07(
    served: Site, living: Scene, opened: Opened, fine: Fine
) -> None:
    # A line manager calls the panel.
    page = arrive(served, opened, MANAGER, "/desk/disputes")
    fine(page)
    press(page, "Call the panel")
    fine(page)
    press(page, "Call the panel")
    say_purpose(page)
    fine(page)
    press(page, "Call the panel")
    expect(page.get_by_role("alert")).to_contain_text("Choose who is called")
    fine(page)
    for seat in (OUR_SEAT, OWNERS_SEAT):
        go_to(page, f'[name="panel"][value="{seat}"]')
        page.keyboard.press("Space")
    choose(page, "mode", "video")
    press(page, "Call the panel")
    expect(page.get_by_role("alert")).to_contain_text("The panel is called.")
    assert {one.person for one in in_hub(living, 1).panel} == {"CSS-PNL-01", "EDU-PNL-01"}

    # The owner's member reads what was said, and records what each of them holds and what they agree.
    page = arrive(served, opened, OWNERS_SEAT, "/desk/disputes")
    fine(page)
    press(page, "Record the panel’s decision")
    press(page, "Read what was said")
    say_purpose(page)
    expect(page.get_by_role("main")).to_contain_text(POSITION)
    expect(page.get_by_role("main")).to_contain_text(WITHHELD)
    expect(page.get_by_role("main")).not_to_contain_text(TEXT)
    fine(page)
    press(page, "Record the panel’s decision")
    fine(page)
    choose(page, "mode", "video")
    for n, member in enumerate(in_hub(living, 1).panel):
        if member.agency != EDUCATION:  # who writes it takes part
            go_to(page, f'[name="views.{n}"]')
            page.keyboard.press("Space")
        choose(page, f"views.{n}.position", "release")
        write(page, f"views.{n}.view", f"What {member.person} thinks.")
    choose(page, "agreed", "yes")
    choose(page, "outcome.choice", "leaves")
    choose(page, "outcome.form", "release")
    fine(page)
    for name, text in TESTS.items():
        write(page, f"outcome.tests.{name}", text)
    choose(page, "outcome.legal_basis", "children_act_2004")
    choose(page, "outcome.purpose", "safeguarding_children")
    press(page, "Record the panel’s decision")
    expect(page.get_by_role("alert")).to_contain_text("Enter the reason")
    write(page, "reason", "Both hold the same.")
    press(page, "Record the panel’s decision")
    expect(page.get_by_role("alert")).to_contain_text("The panel’s decision is recorded.")
    assert stands(living, "e/1") is Standing.DISPUTED

    # It is in force once the other side says that it was agreed.
    page = arrive(served, opened, OUR_SEAT, "/desk/disputes")
    press(page, "Record the panel’s decision; Confirm what the panel agreed")
    press(page, "Confirm what the panel agreed")
    say_purpose(page)
    expect(page.locator(".hub-about")).to_contain_text(TESTS["necessity"])
    fine(page)
    press(page, "Confirm what the panel agreed")
    expect(page.get_by_role("alert")).to_contain_text("Confirm that this is what was agreed")
    go_to(page, '[name="confirmed"]')
    page.keyboard.press("Space")
    press(page, "Confirm what the panel agreed")
    expect(page.get_by_role("alert")).to_contain_text("What the panel agreed is confirmed.")
    fine(page)
    settled = in_hub(living, 1)
    assert settled.settled_by is Authority.PANEL
    assert {one.agency for one in settled.attended} == {EDUCATION, OURS}
    assert stands(living, "e/1") is Standing.RELEASED

    # On the other element the panel did not agree.
    assert in_hub(living, 2).stage is DisputeStage.PANEL_DISAGREED
    page = arrive(served, opened, CONTROLLER, "/desk/disputes")
    press(page, "Decide finally, as data controller")
    press(page, "Decide finally, as data controller")
    say_purpose(page)
    fine(page)
    press(page, "Decide finally, as data controller")
    expect(page.get_by_role("alert")).to_contain_text("Choose what happens to the element")
    choose(page, "outcome.choice", "withhold")
    write(page, "outcome.reason", "It would end the operation.")
    press(page, "Decide finally, as data controller")
    expect(page.get_by_role("alert")).to_contain_text("It is final.")
    assert in_hub(living, 2).settled_by is Authority.CONTROLLER
    assert stands(living, "p/1") is Standing.WITHHELD
