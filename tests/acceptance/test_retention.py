"""How long a case is kept, and the end of its content. [L09, M8]"""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from typer.testing import CliRunner, Result

import store.connect
from agents.coordinator import counted
from agents.coordinator.governance import is_decided
from agents.coordinator.retention import Keeping, term_of
from agents.deciding import Refused
from agents.partnership import Partnership, PartnershipInvalid
from agents.registers import AgencyRetention, JointRetention, Retention
from messages.governance import BreachReported, CasePurgeRequested, CaseStayDecided
from messages.package import OutcomeReported
from messages.words import Actor, Course
from ops.cli import app
from ops.clocks import SystemClock
from ops.engines import keys_of, vault_of
from ops.package_view import read_package
from ops.problem import Problem
from ops.settings import Settings
from store.port import Kept, OutboxEntry, Quarantined, Step
from store.quarantine import Quarantine
from store.vault import ContentDestroyed, Reader, Vault, access_key, text_ref
from tests.support import procedure
from tests.support.partnership_folder import PartnershipFolder
from tests.support.procedure import (
    CHILDRENS_TEAM,
    CORE_CHILD,
    DETECTIVE,
    POLICE_TEAM,
    WORKER,
    Procedure,
    element,
    referral,
    release,
    secret,
)

pytestmark = pytest.mark.by_rules
"""Six years of midnights take long on an engine; a DIAL's end is tried there."""

PARTNERSHIP = procedure.PARTNERSHIP.model_copy(update={"rounds": {}})
"""Without daily rounds, so that years pass quickly."""
TOKEN = "token-77aa"
READER = Reader("CSS-SP-01", "senior_practitioner", "csc_staffordshire")


def champion(agency: str) -> Actor:
    (officer,) = (one.person for one in PARTNERSHIP.liaison if one.agency == agency)
    return Actor(person=officer, role="data_protection_champion", agency=agency)


POLICE, CHILDREN, EDUCATION, STOKE, CAMHS = (
    champion(agency) for agency in ("police", "csc_staffordshire", "education", "csc_stoke", "camhs")
)


def closed(of_the_police: Course, of_social_work: Course) -> Procedure:
    """A case with an element of the police and one of education, closed by what both teams report."""
    hub = Procedure(PARTNERSHIP)
    hub.until_directed()
    hub.answer("police", element("e1", "police"))
    hub.answer("education", element("e2", "education"))
    hub.nothing_from(*CORE_CHILD[2:])
    hub.discuss("e1", "e2")
    for one in ("e1", "e2"):
        hub.decide(one, release())
    hub.assess()
    hub.agree()
    package_id = hub.case.packages[0].package_id
    hub.say(OutcomeReported(package_id=package_id, by=DETECTIVE, course=of_the_police), POLICE_TEAM)
    hub.say(OutcomeReported(package_id=package_id, by=WORKER, course=of_social_work), CHILDRENS_TEAM)
    assert hub.case.closed_at is not None
    return hub


def investigated_by_the_police() -> Procedure:
    return closed(Course.SINGLE_AGENCY_INVESTIGATION, Course.NO_FURTHER_ACTION)


def past_its_time() -> Procedure:
    """Six years and some days after the police's investigation."""
    hub = investigated_by_the_police()
    hub.wait(timedelta(days=6 * 366))
    return hub


def investigated_by_nobody() -> Procedure:
    return closed(Course.STRATEGY_DISCUSSION, Course.NO_FURTHER_ACTION)


def purge(hub: Procedure, *champions: Actor) -> None:
    """One message from each."""
    for one in champions or (POLICE, EDUCATION, CHILDREN):
        hub.say(CasePurgeRequested(by=one))


def refusal(hub: Procedure, by: Actor = POLICE) -> str:
    with pytest.raises(Refused) as refused:
        purge(hub, by)
    return refused.value.reason


def in_a_year() -> Retention:
    """The champions of all agencies have set a rule for what nobody investigated."""
    everybody = tuple(one.person for one in PARTNERSHIP.liaison)
    return PARTNERSHIP.retention.model_copy(
        update={"uninvestigated": JointRetention(years=1, since=date(2012, 1, 1), agreed_by=everybody)}
    )


def ruled_by(rules: Retention) -> Partnership:
    return PARTNERSHIP.model_copy(update={"retention": rules})


def test_where_an_investigation_followed_the_rule_of_the_agency_holds_l09() -> None:
    case = investigated_by_the_police().case
    found = term_of(case, (), PARTNERSHIP, date(2012, 3, 6))
    assert (found.keeping, found.rule, found.until) == (Keeping.KEPT, "police", date(2018, 3, 5))
    assert term_of(case, (), PARTNERSHIP, date(2018, 3, 5)).keeping is Keeping.KEPT
    assert term_of(case, (), PARTNERSHIP, date(2018, 3, 6)).keeping is Keeping.OVER


def test_of_several_agencies_that_investigated_the_longest_rule_holds_l09() -> None:
    case = closed(Course.JOINT_INVESTIGATION, Course.JOINT_INVESTIGATION).case
    found = term_of(case, (), PARTNERSHIP, date(2018, 3, 6))
    assert (found.keeping, found.rule, found.until) == (Keeping.KEPT, "csc_staffordshire", date(2087, 3, 5))


def test_an_agency_that_investigated_and_has_no_rule_holds_the_case_l09() -> None:
    rules = Retention(by_agency={"csc_staffordshire": AgencyRetention(title="schedule", years=1)})
    assert (
        term_of(investigated_by_the_police().case, (), ruled_by(rules), date(2100, 1, 1)).keeping
        is Keeping.HELD
    )


def test_a_case_that_nobody_investigated_is_held_for_want_of_a_rule_however_old_l09() -> None:
    hub = investigated_by_nobody()
    assert term_of(hub.case, (), PARTNERSHIP, date(2200, 1, 1)).keeping is Keeping.HELD
    hub.wait(timedelta(days=80 * 365))
    assert refusal(hub) == "retention_held"
    away = Procedure(PARTNERSHIP)
    away.refer(section_47_belief=None)
    assert term_of(away.case, (), PARTNERSHIP, date(2200, 1, 1)).keeping is Keeping.HELD


class NeverRead:
    """A vault that says when somebody gets to it."""

    async def read(self, *what: object, **how: object) -> dict[str, str]:
        raise AssertionError("the vault was read")


def use(hub: Procedure, purpose: str) -> None:
    asyncio.run(
        read_package(
            hub.case,
            None,
            cast(Vault, NeverRead()),
            reader=READER,
            purpose=purpose,
            partnership=PARTNERSHIP,
            today=date(2013, 1, 1),
        )
    )


def test_a_case_that_is_held_is_put_to_no_secondary_use_l09() -> None:
    with pytest.raises(Problem, match="is held: no rule of retention covers it"):
        use(investigated_by_nobody(), "prevention_and_detection_of_crime")
    for hub, purpose in (
        (investigated_by_nobody(), "safeguarding_children"),
        (investigated_by_the_police(), "prevention_and_detection_of_crime"),
    ):
        with pytest.raises(AssertionError, match="the vault was read"):
            use(hub, purpose)


def test_a_rule_for_cases_without_investigation_ends_the_hold_from_its_date_on_l09() -> None:
    everybody = tuple(one.person for one in PARTNERSHIP.liaison)
    rules = Retention(
        uninvestigated=JointRetention(years=2, since=date(2013, 1, 1), agreed_by=everybody),
    )
    case = investigated_by_nobody().case
    assert term_of(case, (), ruled_by(rules), date(2012, 12, 31)).keeping is Keeping.HELD
    assert term_of(case, (), ruled_by(rules), date(2013, 1, 1)).until == date(2014, 3, 5)


def test_a_rule_for_cases_without_investigation_is_set_by_the_champions_of_all_agencies_l09(
    tmp_path: Path,
) -> None:
    folder = PartnershipFolder(tmp_path)
    everybody = [one.person for one in PARTNERSHIP.liaison]
    rule = "[retention.uninvestigated]\nyears = 2\nsince = 2013-01-01\nagreed_by = "
    folder.add("retention.toml", f"{rule}{json.dumps(everybody[1:])}")
    missing = r"retention.toml: .*agreed_by: lacks POL-DPO-01: .* jointly"
    with pytest.raises(PartnershipInvalid, match=missing):
        folder.read()
    folder.replace("retention.toml", json.dumps(everybody[1:]), json.dumps(everybody))
    assert folder.read().retention.uninvestigated is not None


def test_content_is_destroyed_only_after_its_time_by_a_word_of_each_champion_concerned_l09() -> None:
    hub = investigated_by_the_police()
    assert refusal(hub) == "retention_not_over"
    hub = past_its_time()
    assert refusal(hub, WORKER) == "role_may_not"
    for one, waiting_for in (
        (POLICE, ["csc_staffordshire", "education"]),
        (STOKE, ["csc_staffordshire", "education"]),
        (EDUCATION, ["csc_staffordshire"]),
    ):
        purge(hub, one)
        assert (hub.facts[-1].what, hub.facts[-1].by) == ("purge.agreed", one)
        assert hub.facts[-1].detail["waiting_for"] == waiting_for
        assert hub.case.purge is not None and hub.case.purge.decided_at is None
        assert refusal(hub, one) == "already_agreed"
    # First Response, which brought the referral, is of children's services.
    purge(hub, CHILDREN)
    decision = hub.case.purge
    assert decision is not None and decision.decided_at == hub.now
    assert [c.by for c in decision.consents] == [POLICE, STOKE, EDUCATION, CHILDREN]
    fact = hub.facts[-1]
    assert (fact.what, fact.detail["rule"], fact.detail["kept_until"]) == (
        "purge.decided",
        "police",
        "2018-03-05",
    )
    assert [one["person"] for one in fact.detail["champions"]] == [c.by.person for c in decision.consents]
    assert refusal(hub, CAMHS) == "already_purged"
    breach = BreachReported(
        by=Actor(person="CSS-SP-01", role="senior_practitioner", agency="csc_staffordshire"),
        report_id="B-1",
        person="POL-SGT-01",
        agency="police",
        kind="other",
        account=secret("there is no place for it any more"),
    )
    with pytest.raises(Refused, match="case_purged"):
        hub.say(breach)


def test_a_champion_is_a_liaison_officer_whose_attestation_holds_l07_l09() -> None:
    """Not whoever holds the role, and not while the policy has not been attested."""
    officers = {one.person: one for one in PARTNERSHIP.liaison}
    stale = officers[POLICE.person].model_copy(update={"attested_until": date(2018, 3, 8)})
    for liaison, reason in (
        ([one for one in PARTNERSHIP.liaison if one.agency != "police"], "not_a_liaison_officer"),
        ([*(one for one in PARTNERSHIP.liaison if one.agency != "police"), stale], "policy_not_attested"),
    ):
        hub = past_its_time()
        hub.whole.under(PARTNERSHIP.model_copy(update={"liaison": tuple(liaison)}))
        assert refusal(hub) == reason
        with pytest.raises(Refused, match=reason):
            hub.say(CaseStayDecided(by=POLICE, ground="inquest", stay=True))


def test_one_champion_stays_the_end_of_content_for_an_inquest_or_a_serious_case_review_l09() -> None:
    hub = past_its_time()
    purge(hub, POLICE, EDUCATION)
    hub.say(CaseStayDecided(by=CAMHS, ground="inquest", stay=True))
    assert hub.case.purge is None, "what was agreed before the stay does not count"
    assert refusal(hub, CHILDREN) == "purge_stayed"
    with pytest.raises(Refused, match="already_stayed"):
        hub.say(CaseStayDecided(by=CAMHS, ground="inquest", stay=True))
    hub.say(CaseStayDecided(by=POLICE, ground="serious_case_review", stay=True))
    hub.say(CaseStayDecided(by=CAMHS, ground="inquest", stay=False))
    assert refusal(hub, CHILDREN) == "purge_stayed"
    with pytest.raises(Refused, match="not_stayed"):
        hub.say(CaseStayDecided(by=CAMHS, ground="serious_case_review", stay=False))
    hub.say(CaseStayDecided(by=POLICE, ground="serious_case_review", stay=False))
    purge(hub)
    assert is_decided(hub.case.purge)


def test_what_is_counted_of_a_case_stays_when_its_content_is_destroyed_l09() -> None:
    hub = past_its_time()
    before = list(counted.of_case(hub.case, PARTNERSHIP.clocks))
    purge(hub)
    assert is_decided(hub.case.purge)
    assert list(counted.of_case(hub.case, PARTNERSHIP.clocks)) == before
    assert "target:amber:on_time" in before


def test_an_open_case_can_be_stayed_before_its_time_l09() -> None:
    hub = Procedure(PARTNERSHIP)
    hub.until_directed()
    hub.say(CaseStayDecided(by=POLICE, ground="inquest", stay=True))
    assert [(one.by, one.ground) for one in hub.case.stays] == [(POLICE, "inquest")]


def test_a_case_whose_content_is_destroyed_is_no_longer_found_by_its_people_l09() -> None:
    hub = past_its_time()
    assert hub.case.identity_hashes
    purge(hub, POLICE, EDUCATION)
    assert hub.case.identity_hashes and hub.case.concern_words
    assert all(found.text_words for found in hub.case.elements)
    purge(hub, CHILDREN)
    assert (hub.case.identity_hashes, hub.case.concern_words, hub.case.unnamed_hashes) == ((), "", ())
    assert [found.text_words for found in hub.case.elements] == [""] * len(hub.case.elements)


def test_a_case_that_is_held_is_still_found_by_its_people_which_is_the_use_it_was_kept_for_l09() -> None:
    """READ: finding an earlier case about the same child is safeguarding, not another use."""
    hub = investigated_by_nobody()
    assert term_of(hub.case, (), PARTNERSHIP, date(2013, 3, 6)).keeping is Keeping.HELD
    hub.whole.say(referral(referral_id="R-2", made_at=hub.now), "source.first_response")
    assert hub.whole.cases()[-1].earlier_cases == (hub.case.case_id,)


def test_an_open_case_is_not_destroyed_and_one_agency_does_not_decide_alone_l09() -> None:
    hub = Procedure(PARTNERSHIP)
    hub.until_directed()
    assert refusal(hub) == "case_open"
    away = Procedure(PARTNERSHIP)
    away.refer(section_47_belief=None)
    away.whole.under(ruled_by(in_a_year()))
    away.wait(timedelta(days=2 * 366))
    purge(away, CHILDREN)
    assert away.facts[-1].detail["waiting_for"] == ["another"]
    purge(away, STOKE)
    assert is_decided(away.case.purge)


def test_the_day_on_which_a_rule_ends_is_one_of_the_partnerships_calendar_l09() -> None:
    """Closed at half past midnight on 1 July where the hub is, which is 30 June by UTC."""
    case = investigated_by_the_police().case.model_copy(
        update={"closed_at": datetime(2012, 6, 30, 23, 30, tzinfo=UTC)}
    )
    assert term_of(case, (), PARTNERSHIP, date(2013, 1, 1)).until == date(2018, 7, 1)


# The end of the content, on a hub's own disk.


def mash(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(app, [*words, "--data", str(folder)])


OTHERS = 1_001
"""More messages in quarantine than are listed at once, about another case, and older."""


def refused(message_id: str, subject: str, at: datetime) -> Quarantined:
    return Quarantined(
        message_id=message_id,
        queue="hub.routine",
        type="mash.check.answered.v1",
        routing_key="hub.routine.check.answered.v1",
        reason="marking_unknown",
        fields=(),
        user="agency.police",
        at=at,
        attempts=1,
        headers={},
        body=json.dumps({"subject": subject, "data": TOKEN}).encode(),
    )


async def kept_in(
    folder: Path, hub: Procedure, *, version: int, outbox: tuple[OutboxEntry, ...] = ()
) -> None:
    """Keep the case as it stands, and on first sight its content, as the hub's own process does."""
    settings = Settings(data=folder)
    opened = store.connect.connect(f"sqlite:///{folder / 'store'}", agent="coordinator")
    await opened.provision()
    vault = vault_of(opened, keys_of(settings, "hub"), SystemClock())
    key = hub.case.case_id
    before = (await opened.load([key])).get(key) or Kept(key, 0, "")
    facets = hub.whole.coordinator.facets(hub.case)
    after = Kept(key, version, hub.whole.coordinator.dump(hub.case), outbox=outbox, facets=facets)
    assert await opened.commit([Step(before, after, f"t-{version}", hub.now)]) == [True]
    if version == 1:
        await vault.keep(await vault.seal([("m-1", key, [TOKEN])]))
        others = [refused(f"m-q-{n}", "C-ANOTHER", hub.now - timedelta(days=1)) for n in range(OTHERS)]
        items = [*others, refused("m-q", key, hub.now)]
        await Quarantine(opened, keys_of(settings, "hub").quarantine).put(items)
    await opened.close()


async def read_again(folder: Path, case_id: str) -> dict[str, str]:
    opened = store.connect.connect(f"sqlite:///{folder / 'store'}", agent="coordinator")
    vault = vault_of(opened, keys_of(Settings(data=folder), "hub"), SystemClock())
    try:
        return await vault.read(case_id, [text_ref("m-1", 0)], reader=READER, purpose="safeguarding_children")
    finally:
        await opened.close()


async def acts_of(folder: Path, chain: str) -> list[str]:
    opened = store.connect.connect(f"sqlite:///{folder / 'store'}", agent="coordinator")
    try:
        return [json.loads(entry.body)["act"] for entry in await opened.audit(chain)]
    finally:
        await opened.close()


async def in_quarantine(folder: Path) -> int:
    opened = store.connect.connect(f"sqlite:///{folder / 'store'}", agent="coordinator")
    try:
        return await opened.count_quarantined()
    finally:
        await opened.close()


def test_after_a_purge_the_content_is_gone_and_the_record_still_verifies_l09(tmp_path: Path) -> None:
    assert mash(tmp_path, "provision").exit_code == 0
    hub = investigated_by_the_police()
    case_id = hub.case.case_id
    asyncio.run(kept_in(tmp_path, hub, version=1))
    early = mash(tmp_path, "retention", "purge", case_id)
    assert (early.exit_code, "it is not decided" in early.stderr) == (1, True)
    assert asyncio.run(read_again(tmp_path, case_id)) == {"m-1#0": TOKEN}

    hub.wait(timedelta(days=6 * 366))
    purge(hub)
    unsent = OutboxEntry("m-out", "{}")
    asyncio.run(kept_in(tmp_path, hub, version=2, outbox=(unsent,)))
    waiting = mash(tmp_path, "retention", "purge", case_id)
    assert (waiting.exit_code, "still to be sent" in waiting.stderr) == (1, True)
    asyncio.run(kept_in(tmp_path, hub, version=3))

    assert mash(tmp_path, "retention", "purge", case_id).stdout == f"{case_id}: content destroyed\n"
    with pytest.raises(ContentDestroyed):
        asyncio.run(read_again(tmp_path, case_id))
    assert "was destroyed before" in mash(tmp_path, "retention", "purge", case_id).stdout
    assert asyncio.run(in_quarantine(tmp_path)) == OTHERS
    assert "verified" in mash(tmp_path, "audit", "verify").stdout
    by = "POL-DPO-01@police, EDU-DPO-01@education, CSS-DPO-01@csc_staffordshire"
    shown = " ".join(mash(tmp_path, "case", case_id).stdout.split())
    assert "content destroyed on " in shown and f"by {by}" in shown
    as_read = mash(
        tmp_path, "package", case_id, "--as", "POL-SGT-01@police", "--purpose", "safeguarding_children"
    )
    assert as_read.exit_code == 1
    assert "was destroyed on " in as_read.stderr and f"by {by}" in " ".join(as_read.stderr.split())
    acts = asyncio.run(acts_of(tmp_path, access_key(case_id)))
    assert acts == ["vault.read", "vault.forgotten", "vault.read"]
    (row,) = json.loads(mash(tmp_path, "retention", "list", "--json").stdout)["documents"]
    assert (row["id"], row["rule"], row["until"]) == (case_id, "police", "2018-03-05")
    assert (row["purge_decided"], row["destroyed"]) == (True, True)
