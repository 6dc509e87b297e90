"""A valid payload of every message type, and envelopes around them, for any test that needs one.

The people are made up. Nearly every optional field is given; `smallest` leaves them out.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from pydantic import ValidationError

from messages.catalogue import CATALOGUE, Kind, declaration_of
from messages.envelope import Envelope, Lane
from messages.parties import HUB
from messages.sealing import SealingContext, WireKeys
from messages.words import Said
from tests.support.examples.from_the_hub import FROM_THE_HUB
from tests.support.examples.to_the_hub import TO_THE_HUB
from tests.support.examples.values import NOW

KEYS = WireKeys(secret=b"a secret for tests, 32 bytes long")
PARTIES = {
    Kind.HUB: HUB,
    Kind.STAFF: "staff",
    Kind.AGENCY: "agency.police",
    Kind.TEAM: "team.social-work",
    Kind.SOURCE: "source.school",
}

EXAMPLES: dict[str, Said] = {
    declaration_of(payload).type: payload for payload in (*TO_THE_HUB, *FROM_THE_HUB)
}
"""One payload for each message type, by the type's full name."""


def routes(full_type: str) -> list[tuple[str, str]]:
    """Every pair of sender and receiver that the type may travel between: one end is the hub. What the hub
    says to itself comes last."""
    declaration = CATALOGUE[full_type]
    pairs = product(sorted(declaration.senders), sorted(declaration.receivers))
    found = [(PARTIES[s], PARTIES[r]) for s, r in pairs if Kind.HUB in (s, r)]
    return sorted(found, key=lambda pair: pair == (HUB, HUB))


def envelope(payload: Said, *, message_id: str = "msg-1", lane: Lane = Lane.ROUTINE) -> Envelope:
    """An envelope around a payload, on the first of its type's routes, with every attribute given."""
    source, recipient = routes(declaration_of(payload).type)[0]
    return Envelope(
        id=message_id,
        source=source,
        recipient=recipient,
        subject="case-1",
        time=NOW,
        payload=payload,
        lane=lane,
        correlation_id="ref-1",
        causation_id="msg-0",
        traceparent="00-" + "ab" * 16 + "-" + "cd" * 8 + "-01",
        tracestate="vendor=1",
    )


def on_route(message: Envelope, route: tuple[str, str]) -> Envelope:
    """The same message between two other parties."""
    return replace(message, source=route[0], recipient=route[1])


def texts_of(payload: Said) -> list[str]:
    """Every confidential text of a payload, in the order in which they are written."""
    sealing = SealingContext()
    payload.model_dump_json(context=sealing)
    return sealing.texts


def smallest(payload: Said) -> Said:
    """The same payload without any optional field that it can do without."""
    model = type(payload)
    given = {name: getattr(payload, name) for name in model.model_fields}
    for name, field in model.model_fields.items():
        if field.is_required():
            continue
        fewer = {key: value for key, value in given.items() if key != name}
        try:
            model(**fewer)
        except ValidationError:
            continue
        given = fewer
    return model(**given)
