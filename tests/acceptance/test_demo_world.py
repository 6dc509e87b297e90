"""The whole sample world on the embedded engine: every outcome is the one that people wrote down."""

from __future__ import annotations

import csv
import itertools
import json
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agents.coordinator import adults
from agents.coordinator.case import Case
from agents.partnership import Partnership, bundled, read_partnership
from messages.words import Category, Rag
from ops.as_at import as_at
from ops.case_views import case_from
from ops.clocks import LoopClock, run_virtual
from ops.demo import make_world
from ops.demo.daily_expected import DailyRow
from ops.demo.pages import as_json, write_packages
from ops.demo.run import DemoResult, Progress, run_demo
from ops.demo.sample_world import WORLD, lay_out_agencies, read_world
from ops.embedded_hub import EmbeddedHub, embedded_hub
from store.audit_check import chains, verify_chain, whole_chain
from store.port import Store

PARTNERSHIP = read_partnership(bundled("staffordshire-2012"))
PLAYED = read_world(PARTNERSHIP)
REFERRALS = tuple(sorted(PLAYED.expected))
DAILY = (*PLAYED.dials, *PLAYED.missing, *PARTNERSHIP.rounds)
FIELDS = (
    "referral_id", "case_id", "category", "rag", "asked", "answered", "found", "released", "sanitised",
    "withheld", "waiting", "issued_at", "due_at", "on_time", "sent_to", "as_expected",
)  # fmt: skip


@dataclass(frozen=True)
class Ran:
    """A run of the demo and what it left behind."""

    result: DemoResult
    progress: list[Progress]
    bad_chains: list[str]
    unsettled: int
    dead: int
    cases: list[tuple[Case, list[dict[str, Any]]]]
    partnership: Partnership


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    return _run(tmp_path_factory.mktemp("demo"))


def _run(folder: Path) -> Ran:
    partnership = PARTNERSHIP
    agencies = lay_out_agencies(folder / "agencies")
    numbers = itertools.count(1)

    async def play() -> Ran:
        progress: list[Progress] = []
        hub = embedded_hub(
            folder / "hub",
            partnership,
            agencies,
            secret=b"d" * 32,
            clock=LoopClock(PLAYED.start),
            new_id=lambda: f"id-{next(numbers)}",
        )
        async with hub as running:
            result = await run_demo(running, progress.append)
            left = await _left_behind(running)
            return Ran(result, progress, *left, await _cases(running.store), partnership)

    return run_virtual(play())


async def _left_behind(hub: EmbeddedHub) -> tuple[list[str], int, int]:
    """Audit chains that do not verify, documents with something unsent, messages nobody could handle."""
    for runtime in hub.runtimes.values():
        await runtime.settle()
    secret = hub.given.audit_secret
    bad = [key async for key in chains(hub.store) if await verify_chain(hub.store, key, secret)]
    unsettled = [(await runtime.health()).unsettled for runtime in hub.runtimes.values()]
    return bad, sum(unsettled), len(await hub.given.quarantine.listed())


async def _cases(store: Store) -> list[tuple[Case, list[dict[str, Any]]]]:
    """Every case as it stands at the end, and its whole record."""
    rows = (await store.find({"kind": "case"}, limit=100)).rows
    return [
        (case_from(kept), [json.loads(entry.body) for entry in await whole_chain(store, kept.key)])
        for kept in rows
    ]


def test_the_record_alone_tells_how_every_case_stood_at_any_moment_d14(ran: Ran) -> None:
    assert len(ran.cases) >= 35
    for case, acts in ran.cases:
        moments = sorted({datetime.fromisoformat(act["at"]) for act in acts})
        view = as_at(acts, moments[-1])
        assert view is not None
        assert view["entries"] == len(acts)
        assert (view["rating"] or {}).get("rag") == (case.rating.rag if case.rating else None)
        assert [(c["agency"], c["round"], c["state"]) for c in view["checks"]] == [
            (c.agency, c.round, c.state) for c in case.checks
        ]
        assert {id_: (e["decision"] or {}).get("choice") for id_, e in view["elements"].items()} == {
            e.element_id: e.decision.choice.choice if e.decision else None for e in case.elements
        }
        assert [p["sha256"] for p in view["packages"]] == [p.sha256 for p in case.packages]
        assert set(view["disputes"]) == {d.dispute_id for d in case.disputes}
        pathway = adults.record_of(case)
        assert [s["met"] for s in view["adult_signatures"]] == [s.met for s in pathway.signatures]
        decided = pathway.decision
        steps = (decided.strategy, decided.plan, decided.route) if decided else (None, None, None)
        assert [view[f"adult_{step}"] is None for step in ("strategy", "plan", "route")] == [
            step is None for step in steps
        ]
        assert (view["closed_at"] is None) == (case.closed_at is None)
        assert as_at(acts, moments[0] - timedelta(microseconds=1)) is None


def test_at_a_moment_nothing_that_came_later_is_known_d14(ran: Ran) -> None:
    issued = 0
    for _, acts in ran.cases:
        for act in acts:
            if act["act"] == "package.issued":
                issued += 1
                moment = datetime.fromisoformat(act["at"])
                at, before = as_at(acts, moment), as_at(acts, moment - timedelta(microseconds=1))
                assert at is not None and before is not None
                assert len(at["packages"]) > len(before["packages"])
                known = [a for a in acts if datetime.fromisoformat(a["at"]) < moment]
                decided = [a["detail"]["element_id"] for a in known if a["act"] == "element.decided"]
                assert {id_ for id_, e in before["elements"].items() if e["decision"]} == set(decided)
    assert issued >= 30


@pytest.mark.parametrize("referral", REFERRALS)
def test_a_referral_of_the_sample_world_comes_out_as_the_guidance_says(ran: Ran, referral: str) -> None:
    assert next(r for r in ran.result.rows if r.name == referral).differences == ()


@pytest.mark.parametrize("name", DAILY)
def test_a_dial_a_missing_person_and_a_daily_round_come_out_as_the_guidance_says(ran: Ran, name: str) -> None:
    rows = (*ran.result.dials, *ran.result.missing, *ran.result.rounds)
    assert next(row for row in rows if row.outcome.name == name).differences == ()


def test_every_form_has_a_row_and_all_are_as_expected(ran: Ran) -> None:
    forms = list((WORLD / "referrals").glob("*.json"))
    brought = [row for row in ran.result.rows if not row.name.startswith("DEMO-")]
    assert len(ran.result.rows) == len(forms) + len(brought) == len(REFERRALS)
    assert len(forms) >= 44 and len(brought) == 5
    assert ran.result.ok
    assert ran.result.as_expected == ran.result.total == len(REFERRALS) + len(DAILY)


def test_what_a_dial_or_a_missing_child_brings_has_a_case_of_its_own_h05_h09_h10_i09(ran: Ran) -> None:
    said = ran.result.as_json()
    referrals = {row["referral_id"]: row["case_id"] for row in said["referrals"]}
    brought = [referral for row in said["dials"] for referral in row["cases"]]
    brought += [case["referral_id"] for row in said["missing"] for case in row["cases"]]
    assert len(brought) == 5
    assert all(referrals[referral] is not None for referral in brought)


def test_one_outcome_that_differs_is_enough_to_fail_whatever_it_is_of(ran: Ran) -> None:
    def differs(rows: tuple[DailyRow, ...]) -> tuple[DailyRow, ...]:
        return (replace(rows[0], differences=("refused: -, expected quorum_missing",)), *rows[1:])

    for otherwise in (
        replace(ran.result, dials=differs(ran.result.dials)),
        replace(ran.result, missing=differs(ran.result.missing)),
        replace(ran.result, rounds=differs(ran.result.rounds)),
    ):
        assert not otherwise.ok
        assert otherwise.as_expected == otherwise.total - 1


def test_a_supervision_call_leaves_no_content_on_the_record_j04_j05(ran: Ran) -> None:
    calls = [act for _, acts in ran.cases for act in acts if act["act"] == "supervision.recorded"]
    assert [sorted(act["detail"]) for act in calls] == [
        ["call_id", "called_at", "consulted", "ground", "outcome", "supervisor"]
    ]


def test_what_is_printed_as_json_has_the_fields_that_were_asked_for(ran: Ran) -> None:
    said = ran.result.as_json()
    assert said["engine"] == {"broker": "embedded", "store": "sqlite"}
    parts = ("referrals", "dials", "missing", "rounds")
    assert tuple(said) == ("engine", *parts, "as_expected", "total")
    assert said["as_expected"] == said["total"] == sum(len(said[part]) for part in parts)
    assert all(row["as_expected"] for part in parts for row in said[part])
    assert all(tuple(row) == FIELDS for row in said["referrals"])
    assert [r["referral_id"] for r in said["referrals"] if r["case_id"] is None] == ["DEMO-28"]


def test_the_audit_verifies_and_nothing_is_left_to_send(ran: Ran) -> None:
    assert ran.bad_chains == []
    assert ran.unsettled == 0


def test_only_what_the_hub_refused_on_purpose_is_in_quarantine(ran: Ran) -> None:
    daily = PLAYED.expected_daily
    on_purpose = [row.expected.rejected for row in ran.result.rows]
    on_purpose += [dial.refused for dial in daily.dials.values()]
    on_purpose += [person.refused for person in daily.missing.values()]
    assert ran.dead == sum(map(len, on_purpose))


def test_what_was_not_released_is_in_no_package(ran: Ran) -> None:
    sent = "".join(map(as_json, ran.result.packages))
    kept_back = {
        "POL-0401", "POL-0501", "PHC-0601", "PHC-0602", "EDU-0801", "POL-0901", "AMH-1101", "PHC-1201",
        "POL-1301", "HOU-1401", "POL-1501", "HOU-3101", "CAM-3301", "PHC-4401", "PHC-M101",
    }  # fmt: skip
    with (WORLD / "by_hand" / "records.csv").open(encoding="utf-8", newline="") as stream:
        texts = {row["record"]: row["text"] for row in csv.DictReader(stream)}
    assert kept_back <= texts.keys()
    assert [record for record in sorted(kept_back) if texts[record] in sent] == []
    assert texts["POL-0201"] in sent


def test_only_the_packages_that_need_it_carry_the_ap1_f02_f04_f06_a13(ran: Ran) -> None:
    with_ap1 = {package.package_id for package in ran.result.packages if package.form is not None}
    of_adults = [case for case, _ in ran.cases if adults.concerned(case)]
    assert len(of_adults) >= 13
    assert with_ap1 == {
        package.package_id
        for case in of_adults
        for package in case.packages
        if (decision := adults.record_of(case).decision) is not None and decision.met
    }


def test_packages_are_written_as_json_and_as_pages(ran: Ran, tmp_path: Path) -> None:
    files = write_packages(ran.result, ran.partnership, tmp_path)
    assert len(files) == 2 * len(ran.result.packages)
    assert all(file.stat().st_mode & 0o077 == 0 for file in files)
    page = (tmp_path / "DEMO-15-v1.html").read_text(encoding="utf-8")
    assert "Still waiting for:</strong> Staffordshire Police" in page
    assert "Children&#x27;s Social Work Team, Staffordshire and Police Child Abuse Investigation Unit" in page
    hidden = (tmp_path / "DEMO-42-v1.html").read_text(encoding="utf-8")
    assert "Lollipond" not in hidden
    assert "<h2>Form AP1</h2>" in hidden
    assert "hid under a table" in (tmp_path / "DIAL-01-meeting-v1.html").read_text(encoding="utf-8")


def test_progress_goes_from_nothing_to_everything(ran: Ran) -> None:
    assert ran.progress[0].received == 0
    last = ran.progress[-1]
    assert (last.received, last.ended) == (last.total, last.total)
    assert last.packages == len(ran.result.packages)
    assert [p.ended for p in ran.progress] == sorted(p.ended for p in ran.progress)


def test_a_second_run_says_the_same_at_the_same_times(ran: Ran, tmp_path: Path) -> None:
    assert _run(tmp_path).result.as_json() == ran.result.as_json()


def test_the_world_has_every_category_source_and_rating(ran: Ran) -> None:
    world = PLAYED
    assert {form.category for form in world.forms.values()} == set(Category)
    assert {form.source for form in world.forms.values()} == set(ran.partnership.sources)
    assert {expected.rag for expected in world.expected.values()} == {*Rag, None}
    daily = world.expected_daily
    assert all(e.paragraphs and e.requirements and e.why for e in world.expected.values())
    for of in (daily.dials, daily.missing, daily.rounds):
        assert all(e.paragraphs and e.requirements and e.why for e in of.values())


def test_the_agencies_files_are_what_the_generator_writes(tmp_path: Path) -> None:
    make_world.main(tmp_path)
    made = {file.relative_to(tmp_path): file.read_text() for file in tmp_path.glob("*/*.*")}
    assert len(made) == 2 * len(make_world.PREFIX)
    assert [name for name, text in made.items() if (WORLD / "agencies" / name).read_text() != text] == []


def test_some_two_thousand_people_are_known_to_the_agencies_and_many_to_several() -> None:
    agencies_of: Counter[str] = Counter()
    for file in (WORLD / "agencies").glob("*/people.*"):
        with file.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream, delimiter="\t" if file.suffix == ".tsv" else ","))
        agencies_of[file.parent.name] = len(rows)
    assert len(agencies_of) >= 8
    assert 2000 <= sum(agencies_of.values()) <= 4000
