"""What the cases of the hub ask of the runtime, and what they look up for it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from agents.coordinator.cases import RULES, Cases, case_id_for
from messages.codec import from_wire, plain_wire
from messages.disclosure import DiscussionRecorded
from messages.envelope import Envelope
from messages.escalation import DisclosureDisputed
from messages.intake import EnquiryDirected
from messages.package import InformationRequested, PackageAgreed
from messages.words import Said
from tests.support.procedure import KEYS, MONDAY, PARTNERSHIP, adult, child, referral


@pytest.mark.parametrize(
    "payload", [EnquiryDirected, DiscussionRecorded, PackageAgreed, InformationRequested, DisclosureDisputed]
)
def test_what_agents_act_on_next_waits_for_nothing(payload: type[Said]) -> None:
    assert payload in RULES
    assert payload not in Cases.unhurried


class NothingThere:
    """A store without any case."""

    async def keys_with_any(self, name: str, values: Sequence[str], limit: int) -> list[str]:
        return []


def _opened(number: int, **changes: object) -> Envelope:
    said = referral(referral_id=f"R-{number}", **changes)
    envelope = Envelope(f"m-{number}", f"source.{said.source}", "hub", said.referral_id, MONDAY, said)
    return from_wire(plain_wire(envelope, KEYS), user=envelope.source, me="hub", keys=KEYS)[0]


async def test_referrals_that_come_together_know_of_each_other() -> None:
    cases = Cases(PARTNERSHIP, NothingThere(), b"i" * 32)  # type: ignore[arg-type]
    stranger = adult().model_copy(
        update={"family_name": child().given_name, "given_name": child().address, "date_of_birth": None}
    )
    together = [_opened(1), _opened(2, people=(stranger,)), _opened(3)]

    found = await cases.prepare(together)

    assert [found[envelope.id][1] for envelope in together] == [
        (),
        (),
        (case_id_for("first_response", "R-1"),),
    ]
