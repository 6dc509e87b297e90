"""On RabbitMQ and MongoDB, each agent a process of its own: from `mash provision` to a package."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import shutil
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from pydantic import SecretStr
from typer.testing import CliRunner
from yarl import URL

import ops.demo
from ops import processes
from ops.cli import app
from ops.problem import Problem
from ops.processes import Children
from ops.provisioning import provision_all
from ops.settings import Settings
from tests.support.servers import MongoServer, RabbitServer

AGENCIES = ("csc_staffordshire", "education", "police", "primary_care")
WORLD = Path(ops.demo.__file__).parent / "world" / "agencies"
LIMIT_S = 60.0

pytestmark = pytest.mark.asyncio(loop_scope="module")

PRACTITIONER = {"person": "CSS-SP-01", "role": "senior_practitioner", "agency": "csc_staffordshire"}
WHY = dict.fromkeys(("reason", "proportionality", "early_risk", "timeliness", "coordination"), "because")
REFERRAL = {
    "referral_id": "R-1",
    "source": "first_response",
    "category": "child_protection",
    "made_at": "2026-03-02T09:00:00Z",
    "authority": "staffordshire",
    "people": [{"person_id": "p1", "part": "child", "given_name": "Zebedee", "family_name": "Quillfeather"}],
    "concern": "a concern with a token-a81f",
    "section_47_belief": {
        "by": {"person": "CSS-PR-01", "role": "practitioner", "agency": "csc_staffordshire"},
        "why": "injuries unexplained",
    },
}


@dataclass(frozen=True)
class Hub:
    """A provisioned hub with its agents running, and its command line."""

    settings: Settings
    folder: Path
    children: Children

    async def mash(self, *words: str, given: object = None) -> tuple[int, str, str]:
        """Run a command; returns its exit code and what it printed."""
        command = [*words, "--config", str(self.folder / "settings.toml")]
        text = json.dumps(given) if given is not None else None
        done = await asyncio.to_thread(CliRunner().invoke, app, command, input=text)
        return done.exit_code, done.stdout, done.stderr

    async def decide(self, case: str, type_: str, **data: Any) -> None:
        said = {"type": type_, "case": case, "data": {"by": PRACTITIONER, "rationale": WHY, **data}}
        code, _, err = await self.mash("decide", "-", given=said)
        assert (code, err) == (0, "")

    async def case(self, case: str) -> dict[str, Any]:
        code, out, err = await self.mash("case", case, "--json")
        assert (code, err) == (0, "")
        page: dict[str, Any] = json.loads(out)
        return page

    async def until_needs(self, case: str, needs: list[str]) -> None:
        async with asyncio.timeout(LIMIT_S):
            while (await self.case(case))["needs"] != needs:
                self.children.check()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hub(
    rabbitmq_server: RabbitServer, mongo_server: MongoServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Hub]:
    """One hub for the module: its tests use cases of their own."""
    place = tmp_path_factory.mktemp("hub")
    # A copy, because workers write back into their agency's folder.
    shutil.copytree(WORLD, place / "agencies")
    name = f"cli-{secrets.token_hex(4)}"
    broker = URL(rabbitmq_server.amqp_url).with_path(f"/{name}")
    management = URL(rabbitmq_server.management_url)
    administrator = management.with_user(rabbitmq_server.user).with_password(rabbitmq_server.password)
    settings = Settings(
        broker_url=SecretStr(str(broker)),
        management_url=SecretStr(str(administrator)),
        store_url=SecretStr(str(URL(mongo_server.url).with_path(f"/{name}", keep_query=True))),
        data=place / "data",
        agencies=place / "agencies",
    )
    await provision_all(settings)
    folder = place / "run"
    async with processes.running(settings, AGENCIES, folder) as children:
        yield Hub(settings, folder, children)


async def test_a_referral_becomes_a_package_across_processes(hub: Hub) -> None:
    code, out, err = await hub.mash("refer", "-", given=REFERRAL)
    assert (code, err) == (0, "")
    case = out.strip()

    await hub.decide(case, "threshold.decided.v1", met=True)
    await hub.decide(case, "risk.rated.v1", rag="red")
    await hub.decide(
        case, "enquiry.directed.v1", purpose="safeguarding_children", legal_basis="children_act_2004"
    )
    await hub.until_needs(case, ["assessment"])
    await hub.decide(case, "assessment.made.v1", suggested_course="strategy_discussion")
    await hub.decide(case, "package.agreed.v1")

    page = await hub.case(case)
    assert [p["version"] for p in page["packages"]] == [1]
    assert {c["agency"]: c["state"] for c in page["checks"]} == dict.fromkeys(AGENCIES, "nothing_found")
    code, out, err = await hub.mash(
        "package", case, "--json", "--as", "POL-SGT-01@police", "--purpose", "safeguarding_children"
    )
    assert (code, err) == (0, "")
    package = json.loads(out)
    assert package["as_sent"] is True
    assert package["concern"] == "a concern with a token-a81f"
    assert (await hub.mash("audit", "verify", case))[:2] == (0, "2 chains verified\n")
    logs = "".join(child.log.read_text() for child in hub.children.each)
    assert "token-a81f" not in logs
    assert "Quillfeather" not in logs


async def test_a_refused_decision_names_the_field_and_stays_in_quarantine(hub: Hub) -> None:
    referral = {**REFERRAL, "referral_id": "R-2"}
    case = (await hub.mash("refer", "-", given=referral))[1].strip()
    by = {"person": "CSS-PR-01", "role": "practitioner", "agency": "csc_staffordshire"}

    said = {"type": "threshold.decided.v1", "case": case, "data": {"by": by, "met": True, "rationale": WHY}}
    code, _, err = await hub.mash("decide", "-", given=said)

    assert code == 1
    assert "role_may_not at data.by.role" in err
    found = json.loads((await hub.mash("quarantine", "list", "--json"))[1])
    assert [one["reason"] for one in found] == ["role_may_not"]
    code, _, err = await hub.mash("quarantine", "redrive", found[0]["message_id"])
    assert code == 1
    assert "still refused" in err


async def test_a_hub_whose_agent_dies_says_which_and_where_its_log_is(hub: Hub) -> None:
    victim = hub.children.each[-1]
    os.kill(victim.pid, signal.SIGKILL)
    async with asyncio.timeout(LIMIT_S):
        while True:
            try:
                hub.children.check()
            except Problem as problem:
                assert victim.name in str(problem)
                assert str(victim.log) in str(problem)
                return
            await asyncio.sleep(0.05)
