"""A case from its referral to the package, and the team's question that begins its second round: five people
in five browsers, the agencies' systems answering in between."""

from __future__ import annotations

from collections.abc import Mapping

from playwright.sync_api import Page, expect

from messages.checks import CheckAnswered, ElementRevealed
from messages.words import AnswerState
from tests.browser.conftest import Opened
from tests.support.dashboard import EDUCATION, FIELD, PURPOSE, SERGEANT, TEXT, WITHHELD
from tests.support.dashboard_site import Site
from tests.support.desk_work import case_in, grounds, tell
from tests.support.procedure import element

SENIOR = "CSS-SP-01@csc_staffordshire"
OWNER = "POL-DM-01@police"
RATIONALE = {"rationale.reason": "What is known.", "rationale.proportionality": "No less will do."}
CHILDREN = "children_social_work_staffordshire"


def signed_in(opened: Opened, site: Site, who: str) -> Page:
    page = opened()
    page.goto(f"{site.url}/sign-in")
    page.get_by_role("combobox").select_option(who)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_load_state("load")
    return page


def do(page: Page, address: str, title: str, said: Mapping[str, str | list[str]], done: str) -> None:
    """Open a task, say what it is read for when asked, fill in the form and send it."""
    page.goto(address)
    if page.locator("input[name=then]").count():
        page.locator(f"input[name=purpose][value={PURPOSE}]").check()
        page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.wait_for_load_state("load")
    for name, answer in said.items():
        field = page.locator(f'[name="{name}"]')
        if field.first.get_attribute("type") in ("radio", "checkbox"):
            for value in [answer] if isinstance(answer, str) else answer:
                page.locator(f'[name="{name}"][value="{value}"]').check()
        else:
            assert isinstance(answer, str)
            field.fill(answer)
    page.get_by_role("button", name=title, exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text(done)


def answered(site: Site, case: str, agency: str, *elements: ElementRevealed) -> None:
    """The agency's own system answers."""
    check = next(one for one in case_in(site.scene, case).checks if one.agency == agency)
    state = AnswerState.FOUND if elements else AnswerState.NOTHING_FOUND
    said = CheckAnswered(request_id=check.request_id, agency=agency, state=state, elements=elements)
    tell(site.scene, case, said, f"agency.{agency}")


def test_five_people_bring_a_referral_to_a_package_and_the_team_asks_for_more(
    living: Site, opened: Opened
) -> None:
    case = living.scene.cases["new"]
    at = f"{living.url}/cases/{case}"
    sergeant, senior, owner, school, field = (
        signed_in(opened, living, who) for who in (SERGEANT, SENIOR, OWNER, EDUCATION, FIELD)
    )

    expect(sergeant.locator(f"#row-{case}")).to_contain_text("Threshold")
    do(sergeant, f"{at}/tasks/threshold", "Decide the threshold", {"met": "yes", **RATIONALE}, "decided")
    do(sergeant, f"{at}/tasks/rating", "Rate the risk", {"rag": "amber", **RATIONALE}, "rated")
    directed = {"purpose": PURPOSE, "legal_basis": "children_act_2004", **RATIONALE}
    do(senior, f"{at}/tasks/direction", "Direct the checks", directed, "directed")

    answered(living, case, "police", element(f"{case}/police/1", "police", TEXT))
    answered(living, case, "education", element(f"{case}/education/1", "education", WITHHELD))
    answered(living, case, "primary_care")
    answered(living, case, "csc_staffordshire")
    discussed: dict[str, str | list[str]] = {
        "elements": [f"{case}/police/1", f"{case}/education/1"],
        "participants": [SENIOR, SERGEANT],
        "mode": "face_to_face",
        "summary": "Both were at the address.",
    }
    do(senior, f"{at}/tasks/discussion", "Record the discussion", discussed, "recorded")

    choice = "decisions.0.choice"
    title = "Decide on your agency’s element"
    do(owner, f"{at}/tasks/disclose?about={case}/police/1", title, grounds(choice), "decided")
    withheld = {f"{choice}.choice": "withhold", f"{choice}.reason": "It would end an operation."}
    do(school, f"{at}/tasks/disclose?about={case}/education/1", title, withheld, "decided")

    assessed = {
        **RATIONALE,
        "suggested_course": "joint_investigation",
        "rationale.early_risk": "Seen early.",
        "rationale.timeliness": "Today.",
        "rationale.coordination": "With the school.",
    }
    do(senior, f"{at}/tasks/assessment", "Make the assessment", assessed, "made")
    do(sergeant, f"{at}/tasks/agreement", "Agree the package", RATIONALE, "agreed")

    field.goto(f"{living.url}/team")
    field.get_by_role("link", name=case).click()
    field.locator('main a[href$="/packages/1"]').first.click()
    field.locator(f"input[name=purpose][value={PURPOSE}]").check()
    field.get_by_role("button", name="Continue").click()
    expect(field.get_by_text(TEXT)).to_be_visible()
    expect(field.get_by_text(WITHHELD)).to_have_count(0)
    team = f"{living.url}/team/cases/{case}/tasks"
    do(field, f"{team}/acknowledge?about=1/{CHILDREN}", "Acknowledge the package", {}, "has the package")
    more = {"question": "Who collects her from school?", "why": "Nobody was in."}
    do(field, f"{team}/ask_for_more?about=1/{CHILDREN}", "Ask the hub for more", more, "with the hub")

    senior.goto(at)
    expect(senior.locator("main")).to_contain_text("Direction of the checks")
    record = case_in(living.scene, case)
    assert (record.round.number, record.packages[0].acknowledged_by) == (2, (CHILDREN,))
