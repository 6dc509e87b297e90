"""The pages of operations staff: what is wrong is told, messages are handled again, no content is shown."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from messages.checks import CheckAnswered
from messages.envelope import Lane
from messages.intake import RiskRated, ThresholdDecided
from messages.topology import DEAD_QUEUE
from messages.words import AnswerState, Rag
from ops.dashboard.operations import operations
from ops.dashboard.redrives import CHAIN
from ops.doctor import Finding
from ops.operations.engines import AgentSeen, QueueSeen, Seen
from ops.operations.in_quarantine import InQuarantine, QuarantineList
from ops.tracing.spans import Span
from store.audit_check import whole_chain
from store.port import Quarantined, StoreError
from tests.support.dashboard import TEXT, WITHHELD, Dashboard, Scene, a_dashboard, form_token
from tests.support.engines_seen import ALL_WELL, POLICE, SeenEngines, queue
from tests.support.procedure import MANAGER, why

MASH_MANAGER = "MASH-MGR-01@csc_staffordshire"
EARLY, MET = "m-early", "m-met"


async def rate_too_early(scene: Scene) -> None:
    """A rating of a case whose threshold nobody has decided: refused, and in quarantine."""
    rating = RiskRated(by=MANAGER, rag=Rag.RED, rationale=why())
    answer = await scene.say(scene.hub.envelope(EARLY, rating, "staff", scene.cases["new"]))
    assert answer.reason == "threshold_not_met"


async def meet_the_threshold(scene: Scene) -> None:
    by = MANAGER.model_copy(update={"person": "CSS-SP-01", "role": "senior_practitioner"})
    met = ThresholdDecided(by=by, met=True, rationale=why())
    assert (await scene.say(scene.hub.envelope(MET, met, "staff", scene.cases["new"]))).outcome == "accepted"


def seen_by(dashboard: Dashboard) -> SeenEngines:
    engines = dashboard.given.engines
    assert isinstance(engines, SeenEngines)
    return engines


async def test_the_page_says_what_has_to_be_seen_to_and_nothing_when_all_is_well(scene: Scene) -> None:
    async with a_dashboard(scene) as dashboard:
        desk = await dashboard.signed_in(MASH_MANAGER)
        page = (await desk.get("/operations")).text
        assert "2 of 2 well" in page
        assert not re.search(r"See to it:</strong> \d+ waiting", page)
        seen_by(dashboard).seen = replace(
            ALL_WELL,
            agents=(AgentSeen("hub", "unwell", 1, ("store",)), AgentSeen(POLICE, "not_running", 0)),
            queues=(queue(POLICE, Lane.URGENT, 3, 0), queue(POLICE, Lane.ROUTINE)),
            dead=QueueSeen(DEAD_QUEUE, 2),
            delayed=None,
        )
        page = (await desk.get("/operations")).text
    for said in (
        "0 of 2 well",
        "3 waiting, for 1 nobody takes them",
        "nobody takes what waits",
        "See to it:</strong> 2 messages",
        ": store",
        "not running",
    ):
        assert said in page
    assert re.search(r'data-item="Come again later" data-says="not known"', page)


async def test_an_agency_that_has_no_worker_answers_at_its_desk_and_is_no_trouble(scene: Scene) -> None:
    async with a_dashboard(scene) as dashboard:
        desk = await dashboard.signed_in(MASH_MANAGER)
        waits = queue("agency.education", Lane.ROUTINE, 1, 0), queue("agency.education", Lane.URGENT, 0, 0)
        seen_by(dashboard).seen = replace(ALL_WELL, queues=(*ALL_WELL.queues, *waits))
        page = (await desk.get("/operations")).text
        assert 'data-says="1 waiting"' in page
        assert "its people answer at their desk" in page
        assert "nobody takes" not in page


async def test_a_mistake_that_was_told_to_who_made_it_is_nothing_to_see_to(living: Scene) -> None:
    async with a_dashboard(living) as dashboard:
        desk = await dashboard.signed_in(MASH_MANAGER)
        await rate_too_early(living)
        page = (await desk.get("/operations")).text
        assert EARLY in page
        assert "refused to who sent it; nothing to do" in page
        assert 'data-says="1 message, of them 1 refused to who sent them"' in page
        assert not re.search(r"See to it:</strong> 1 message", page)


async def test_what_has_to_be_seen_to_in_quarantine_leads_to_it_on_the_page(living: Scene) -> None:
    answered = CheckAnswered(request_id="Q-1", agency="police", state=AnswerState.NOTHING_FOUND)
    unasked = living.hub.envelope("m-unasked", answered, "agency.police", living.cases["new"])
    assert (await living.say(unasked)).outcome == "refused"
    async with a_dashboard(living) as dashboard:
        page = (await (await dashboard.signed_in(MASH_MANAGER)).get("/operations")).text
    (link,) = re.findall(r'See to it:</strong> <a class="govuk-link" href="#([^"]+)">1 message', page)
    (there,) = re.findall(rf'<h2 [^>]*id="{link}"[^>]*>([^<]+)</h2>', page)
    assert there == "Quarantine"
    assert page.index(f'href="#{link}"') < page.index(f'id="{link}"')


async def test_what_cannot_be_told_is_not_told_as_nothing(scene: Scene) -> None:
    async with a_dashboard(scene) as dashboard:
        seen_by(dashboard).seen = Seen("embedded", False, not_told=("The hub is not running.",))
        page = (await (await dashboard.signed_in(MASH_MANAGER)).get("/operations")).text
    assert "The hub is not running." in page
    for about in ("Agents", "Queues", "Dead queue", "Come again later"):
        assert f'data-item="{about}" data-says="not known"' in page


async def test_a_store_that_does_not_answer_is_told_on_the_page(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_dashboard(scene) as dashboard:
        desk = await dashboard.signed_in(MASH_MANAGER)

        async def fails(*what: object, **how: object) -> None:
            raise StoreError("SECRET of the store")

        monkeypatch.setattr(dashboard.given.store, "quarantined", fails)
        answer = await desk.get("/operations")
    assert answer.status_code == 200
    assert "does not answer, or takes no writes" in answer.text
    assert "SECRET" not in answer.text
    assert "Not known: the store does not answer." in answer.text


async def test_a_refused_message_is_handled_again_when_what_was_wrong_is_put_right_e01(living: Scene) -> None:
    async with a_dashboard(living) as dashboard:
        await rate_too_early(living)
        desk = await dashboard.signed_in(MASH_MANAGER)
        page = await desk.get("/operations")
        for word in (EARLY, "threshold not met", "Risk rated", "The staff’s desk"):
            assert word in page.text
        found = re.search(r'name="mark" value="([0-9a-f]+)"', page.text)
        assert found is not None
        said = {"form_token": form_token(page), "mark": found[1]}

        again = await desk.post("/operations/redrive", data=said)
        assert again.status_code == 400
        assert "It was refused again: threshold not met. It stays there" in again.text
        assert f'href="#redrive-{found[1]}"' in again.text

        living.pass_time(timedelta(minutes=1))
        await meet_the_threshold(living)
        warned = await desk.post("/operations/redrive", data=said)
        assert (warned.status_code, "threshold decided" in warned.text) == (409, True)

        done = await desk.post("/operations/redrive", data={**said, "anyway": "yes"})
        assert (done.status_code, done.headers["location"]) == (303, "/operations")
        page = await desk.get("/operations")
        assert "The message was handled again: accepted." in page.text
        assert EARLY not in page.text
        gone = await desk.post("/operations/redrive", data=said)
        assert (gone.status_code, "no longer in quarantine" in gone.text) == (400, True)
        recorded = [json.loads(entry.body) for entry in await whole_chain(dashboard.given.store, CHAIN)]
    assert living.hub.facets(living.cases["new"])["rag"] == "red"
    assert [entry["anyway"] for entry in recorded] == [False, False, True]
    for entry in recorded:
        assert entry["by"] == {
            "agency": "csc_staffordshire",
            "person": "MASH-MGR-01",
            "roles": ["mash_manager"],
        }
        assert (entry["message"], entry["mark"]) == (EARLY, found[1])


async def test_nothing_is_handled_again_that_cannot_go_on_record_d15(
    living: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_dashboard(living) as dashboard:
        await rate_too_early(living)
        await meet_the_threshold(living)
        desk = await dashboard.signed_in(MASH_MANAGER)
        page = await desk.get("/operations")
        (item,) = (await operations(dashboard.given)).kept.quarantine.first  # type: ignore[union-attr]

        async def fails(*entries: object) -> None:
            raise StoreError("gone")

        with monkeypatch.context() as failing:
            failing.setattr(dashboard.given.store, "append_audit", fails)
            said = {"form_token": form_token(page), "mark": item.mark, "anyway": "yes"}
            assert (await desk.post("/operations/redrive", data=said)).status_code == 500
        assert len(await dashboard.given.store.quarantined()) == 1


async def test_a_full_quarantine_is_shown_and_counted_without_reading_what_is_in_it(
    living: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_dashboard(living) as dashboard:
        at = datetime(2012, 3, 1, 9, tzinfo=UTC)
        item = Quarantined("", "hub.routine", "t", "k", "not_json", (), "staff", at, 1, {}, b"sealed")
        store, read = dashboard.given.store, []
        await store.quarantine([replace(item, message_id=f"m-{number:04}") for number in range(1_100)])
        asked = store.quarantined

        async def noted(*what: Any, **how: Any) -> list[Quarantined]:
            found = await asked(*what, **how)
            read.extend(found)
            return found

        monkeypatch.setattr(store, "quarantined", noted)
        page = (await (await dashboard.signed_in(MASH_MANAGER)).get("/operations")).text
    assert 'data-item="Quarantine" data-says="1100 messages"' in page
    assert "The oldest 100 of 1100" in page
    assert {len(one.body) for one in read} == {0}
    assert len(read) == 100


async def test_whoever_may_not_operate_redrives_nothing(living: Scene) -> None:
    async with a_dashboard(living) as dashboard:
        await rate_too_early(living)
        (mark,) = (await operations(dashboard.given)).kept.quarantine.first  # type: ignore[union-attr]
        await meet_the_threshold(living)
        desk = await dashboard.signed_in("CSS-SP-01@csc_staffordshire")
        said = {"form_token": form_token(await desk.get("/you")), "mark": mark.mark, "anyway": "yes"}
        assert (await desk.post("/operations/redrive", data=said)).status_code == 403
        assert len(await dashboard.given.store.quarantined()) == 1


async def test_a_change_is_told_once_and_the_time_alone_is_none(scene: Scene) -> None:
    async with a_dashboard(scene) as dashboard:
        dashboard.clock.show(dashboard.clock.now() + timedelta(seconds=30))
        first = (await operations(dashboard.given)).digest()
        dashboard.clock.show(dashboard.clock.now() + timedelta(seconds=1))
        assert (await operations(dashboard.given)).digest() == first
        seen_by(dashboard).seen = replace(ALL_WELL, delayed=1)
        assert (await operations(dashboard.given)).digest() != first


async def test_the_messages_of_a_case_are_shown_with_who_when_and_what_became_of_them(scene: Scene) -> None:
    case, noon = scene.cases["issued"], datetime(2012, 3, 5, 12, tzinfo=UTC)
    async with a_dashboard(scene) as dashboard:
        seen_by(dashboard).kept = (
            Span(
                "a" * 16,
                None,
                "",
                "agency.police",
                noon,
                noon + timedelta(seconds=2),
                "accepted",
                attributes={
                    "messaging.message.id": "m-of-a-span",
                    "mash.type": "mash.check.requested.v1",
                    "mash.sender": "hub",
                    "mash.said": "2012-03-05T11:59:00Z",
                },
            ),
        )
        desk = await dashboard.signed_in(MASH_MANAGER)
        page = (await desk.get(f"/operations/cases/{case}")).text
        none = await desk.get("/operations/cases/C-NONE")
        found = await desk.post(
            "/operations/find", data={"form_token": form_token(await desk.get("/you")), "id": case.lower()}
        )
        lost = await desk.post(
            "/operations/find", data={"form_token": form_token(await desk.get("/you")), "id": "Tilly"}
        )
    assert (none.status_code, found.headers["location"]) == (404, f"/operations/cases/{case}")
    assert (lost.status_code, 'href="#id"' in lost.text, "Tilly" in lost.text) == (400, True, False)
    for said in ("m-of-a-span", "taken after 60.0 s", "took 2.0 s", "Package issued", "Referral received"):
        assert said in page
    assert page.count("<svg") == page.count('<th scope="row"')
    assert not [one for one in (TEXT, WITHHELD, " style=") if one in page]


async def test_without_spans_the_page_says_that_it_does_not_know_everything(scene: Scene) -> None:
    async with a_dashboard(scene) as dashboard:
        desk = await dashboard.signed_in(MASH_MANAGER)
        page = (await desk.get(f"/operations/cases/{scene.cases['issued']}")).text
    assert "No spans of this case are kept here" in page
    assert "Check requested" in page


async def test_the_installation_is_shown_as_the_doctor_finds_it(scene: Scene) -> None:
    async with a_dashboard(scene) as dashboard:
        seen_by(dashboard).found = (
            Finding("Python", True, "3.12"), Finding("store", False, "gone", "bring it back"),
        )  # fmt: skip
        page = (await (await dashboard.signed_in(MASH_MANAGER)).get("/operations/installation")).text
    assert "bring it back" in page
    assert page.count("not well") == 1


@pytest.mark.parametrize(
    ("sender", "reason", "done_with"),
    [
        ("staff", "threshold_not_met", True),
        ("staff", "payload_invalid", True),
        ("staff", "handler_failed", False),
        ("staff", "not_sealed", False),
        ("agency.police", "marking_unknown", False),
        (None, "sender_unknown", False),
    ],
)
def test_only_what_the_rules_refused_to_a_person_is_done_with(
    sender: str | None, reason: str, done_with: bool
) -> None:
    one = InQuarantine("m", "m-1", None, reason, (), sender, datetime(2012, 3, 5, tzinfo=UTC), 1)
    assert one.done_with is done_with
    assert QuarantineList((one,), 101).to_see_to == 101 - done_with
