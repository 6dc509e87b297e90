"""The record of a case cannot be changed without its showing. [L14, D, M6.2]"""

from __future__ import annotations

from dataclasses import replace

from store import audit
from store.port import AuditEntry
from tests.support.procedure import CORE_CHILD, Procedure, element, release

SECRET = b"s" * 32


def record_of(hub: Procedure) -> list[AuditEntry]:
    """What went on the record of a case, chained as the hub chains it."""
    bodies = [
        audit.canonical(
            {
                "act": fact.what,
                "at": hub.now.isoformat(),
                "by": fact.by.model_dump(mode="json") if fact.by else None,
                "detail": dict(fact.detail),
                "message": None,
            }
        )
        for fact in hub.facts
    ]
    return list(audit.link(0, "", hub.case.case_id, bodies, SECRET))


def a_whole_case() -> Procedure:
    hub = Procedure()
    hub.until_directed()
    hub.answer("police", element("e1", "police"))
    hub.nothing_from(*CORE_CHILD[1:])
    hub.discuss("e1")
    hub.decide("e1", release())
    hub.assess()
    hub.agree()
    return hub


def test_altering_one_byte_of_the_record_is_detected_and_the_place_is_named_l14() -> None:
    hub = a_whole_case()
    chain = record_of(hub)
    key, head = hub.case.case_id, audit.Head(len(chain), chain[-1].hash)
    assert len(chain) > 8
    assert audit.verify(key, chain, head, SECRET) is None
    for place, entry in enumerate(chain):
        for at in range(0, len(entry.body), 7):
            byte = chr(ord(entry.body[at]) ^ 1)
            altered = replace(entry, body=entry.body[:at] + byte + entry.body[at + 1 :])
            found = audit.verify(key, [*chain[:place], altered, *chain[place + 1 :]], head, SECRET)
            assert found is not None
            assert (found.seq, found.problem) == (entry.seq, "altered")


def test_leaving_out_or_adding_to_the_record_is_detected_l14() -> None:
    hub = a_whole_case()
    chain = record_of(hub)
    key, head = hub.case.case_id, audit.Head(len(chain), chain[-1].hash)
    for place in range(len(chain)):
        assert audit.verify(key, chain[:place] + chain[place + 1 :], head, SECRET) is not None
    forged = audit.link(len(chain), chain[-1].hash, key, ["{}"], b"another secret, of 32 bytes long")
    assert audit.verify(key, [*chain, *forged], head, SECRET) is not None
