"""The audit chain: any change to it is found, and the entry is named [L14]."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.audit import Finding, Head, canonical, link, verify
from store.port import AuditEntry

SECRET = b"the secret that the database does not hold"
KEY = "case-1"


def a_chain(length: int, secret: bytes = SECRET) -> list[AuditEntry]:
    return list(link(0, "", KEY, [canonical({"act": "tested", "n": n}) for n in range(length)], secret))


def head_of(chain: list[AuditEntry], pending: int = 0) -> Head:
    return Head(chain[-1].seq, chain[-1].hash, tuple(chain[len(chain) - pending :]))


def found(chain: list[AuditEntry], head: Head | None) -> Finding | None:
    return verify(KEY, chain, head, SECRET)


chains = st.integers(min_value=1, max_value=12).map(a_chain)


@given(chains, st.data())
def test_a_chain_that_nobody_touched_verifies_wherever_its_tail_is_kept(
    chain: list[AuditEntry], data: st.DataObject
) -> None:
    pending = data.draw(st.integers(0, len(chain)))
    copied = data.draw(st.integers(0, pending))
    assert found(chain[: len(chain) - pending + copied], head_of(chain, pending)) is None
    assert found(chain, None) is None


@given(chains, st.data())
def test_a_pending_entry_that_was_copied_before_an_earlier_one_is_no_finding(
    chain: list[AuditEntry], data: st.DataObject
) -> None:
    uncopied = data.draw(st.sets(st.sampled_from(chain)))
    kept = [entry for entry in chain if entry not in uncopied]
    assert found(kept, head_of(chain, pending=len(chain))) is None


@given(chains, st.data())
def test_one_changed_character_of_any_field_is_found_and_named(
    chain: list[AuditEntry], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(chain) - 1))
    name = data.draw(st.sampled_from(["key", "body", "previous", "hash"]))
    text: str = getattr(chain[at], name)
    place = data.draw(st.integers(0, max(len(text) - 1, 0)))
    other = data.draw(st.characters().filter(lambda c: c != text[place : place + 1]))
    tampered = [*chain]
    change: dict[str, Any] = {name: text[:place] + other + text[place + 1 :]}
    tampered[at] = replace(chain[at], **change)
    for head in (head_of(chain), None):
        assert found(tampered, head) == Finding(KEY, at + 1, "altered")


@given(chains, st.data())
def test_a_changed_place_is_found_and_named(chain: list[AuditEntry], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(chain) - 1))
    seq = data.draw(st.integers(-3, 20).filter(lambda n: n != at + 1))
    tampered = [*chain]
    tampered[at] = replace(chain[at], seq=seq)
    finding = found(tampered, head_of(chain))
    assert finding is not None
    assert finding.seq in (at + 1, seq)


@given(chains, st.data())
def test_a_deleted_entry_is_missing_wherever_it_was(chain: list[AuditEntry], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(chain) - 1))
    assert found(chain[:at] + chain[at + 1 :], head_of(chain)) == Finding(KEY, at + 1, "missing")


@given(chains, st.data())
def test_a_cut_off_tail_is_found_where_it_begins(chain: list[AuditEntry], data: st.DataObject) -> None:
    length = data.draw(st.integers(0, len(chain) - 1))
    assert found(chain[:length], head_of(chain)) == Finding(KEY, length + 1, "missing")


@given(st.integers(2, 12).map(a_chain), st.data())
def test_two_entries_that_changed_places_are_found(chain: list[AuditEntry], data: st.DataObject) -> None:
    one = data.draw(st.integers(0, len(chain) - 2))
    two = data.draw(st.integers(one + 1, len(chain) - 1))
    swapped = [*chain]
    swapped[one], swapped[two] = chain[two], chain[one]
    assert found(swapped, head_of(chain)) == Finding(KEY, one + 1, "out of order")
    renumbered = [replace(entry, seq=seq) for seq, entry in enumerate(swapped, 1)]
    assert found(renumbered, head_of(chain)) == Finding(KEY, one + 1, "altered")


@given(chains, st.data())
def test_an_inserted_entry_is_found(chain: list[AuditEntry], data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(chain)))
    again = [*chain[:at], chain[at - 1], *chain[at:]]
    assert found(again, None) == Finding(KEY, at, "inserted")
    forged = link(len(chain), chain[-1].hash, KEY, ["{}"], SECRET)
    assert found([*chain, *forged], head_of(chain)) == Finding(KEY, len(chain) + 1, "inserted")


def test_a_chain_made_without_the_secret_does_not_verify_even_when_its_document_agrees() -> None:
    forged = a_chain(3, b"another secret")
    assert found(forged, head_of(forged)) == Finding(KEY, 1, "altered")


def test_a_chain_cannot_be_passed_off_as_another_ones() -> None:
    chain = a_chain(2)
    assert verify("case-2", chain, head_of(chain), SECRET) == Finding("case-2", 1, "altered")


def test_an_entry_from_another_history_of_the_same_chain_does_not_fit() -> None:
    chain = a_chain(2)
    other = link(0, "", KEY, [canonical({"act": "otherwise"}), chain[1].body], SECRET)
    grafted = [chain[0], replace(other[1], previous=chain[0].hash)]
    assert found(grafted, head_of(grafted)) == Finding(KEY, 2, "altered")


def test_a_changed_head_or_pending_entry_is_found() -> None:
    chain = a_chain(3)
    assert found(chain, Head(3, "0" * 64)) == Finding(KEY, 3, "altered")
    assert found(chain, Head(4, chain[-1].hash)) == Finding(KEY, 4, "missing")
    assert found(chain[:2], Head(3, chain[2].hash, (replace(chain[2], body="{}"),))) == Finding(
        KEY, 3, "altered"
    )
    assert found(chain, Head(3, chain[2].hash, (replace(chain[2], body="{}"),))) == Finding(KEY, 3, "altered")


def test_no_entries_and_an_empty_head_are_whole() -> None:
    assert found([], Head(0, "")) is None
    assert found([], None) is None


def test_a_body_is_written_in_one_way_only() -> None:
    assert canonical({"b": [1, None], "a": "é"}) == canonical({"a": "é", "b": [1, None]})
    assert canonical({"b": 1, "a": True}) == '{"a":true,"b":1}'
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical({"a": float("nan")})
