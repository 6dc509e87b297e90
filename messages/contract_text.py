"""What the contract says in words: how messages are sealed, routed, repeated and refused."""

from __future__ import annotations

from datetime import timedelta

from messages.codec import MAX_BYTES
from messages.confidential import MAX_TEXT
from messages.refusal import PROBLEMS, REMEDIES
from messages.sealing_example import IN_WORDS
from messages.strict_json import MAX_DEPTH
from messages.topology import DEAD_QUEUE, DEFAULT_DELIVERY_LIMIT, DEFAULT_RETRY_DELAYS, EXCHANGE

_DELAYS = ", ".join(f"{delay // timedelta(seconds=1)}" for delay in DEFAULT_RETRY_DELAYS) + " seconds"
_PROBLEMS = "\n".join(f"| `{problem}` | {takes} |" for problem, takes in PROBLEMS.items())
_REMEDIES = "\n".join(f"| `{reason}` | {remedy} |" for reason, remedy in REMEDIES.items())

INTRODUCTION = f"""\
The messages of a Multi-Agency Safeguarding Hub. An agency, a field team or a referral source that
follows this document needs nothing else to take part, in any language.

## Envelope

Each message is one CloudEvents 1.0 event in structured JSON (UTF-8), at most {MAX_BYTES} bytes and
{MAX_DEPTH} levels deep, without duplicate keys, NaN or Infinity. `subject` is the case. Unknown fields
are passed over, so read what you know and leave the rest. Moments are ISO 8601 with their UTC offset.

## Routing

Publish to the topic exchange `{EXCHANGE}` with the routing key `<receiver>.<lane>.<type>`, the type
without `mash.`: `hub.routine.check.answered.v1`. A party is `hub`, `staff`, `agency.<code>`,
`team.<code>` or `source.<code>`; everybody writes to the hub alone. Consume from your two queues,
`<party>.urgent` and `<party>.routine`: RED work is `urgent` and never waits behind the rest, so consume
the two apart.

Publish persistent (delivery mode 2) and mandatory, with publisher confirms, and with the properties
`user_id` (your broker user, which is your party and must be the `source`), `message_id` (the
envelope's `id`) and `type`. Put `traceparent` and `tracestate` into the headers as well as into the
envelope. Queues, users and permissions are there already: declare nothing.

## Sealing

Personal data and free text never stand in a message in the clear. Such a field holds
`{{"sealed": n}}`: the place, from 0, of its text in a list. The list is a JSON array of strings, each
of 1 to {MAX_TEXT} characters that are not all blanks, encrypted as a compact JWE (RFC 7516) into the
envelope's `sealed`:

- protected header `{{"alg": "dir", "enc": "A256GCM", "kid": "<party>", "mid": "<message id>"}}`, with
  no `zip` and no `crit`, at most 1,536 bytes long; other parameters are passed over;
- `kid` is the party that is not the hub, and the key is that party's wire key: 32 bytes that it shares
  with the hub alone, handed over by the hub's operations staff as the file `wire.key`: 44 characters,
  the bytes in base64url with padding (RFC 4648, section 5). Decode them before use;
- `mid` is the envelope's `id`. A receiver refuses a list whose `mid` is another, so that sealed texts
  cannot be moved to another message. `mid` is a private header parameter (RFC 7516, section 4.3), which
  no registry lists: some libraries refuse it until they are told to take it.

A message without confidential fields has no `sealed`.

{IN_WORDS}
## Delivery

A message comes at least once, and may come again: the `id` tells. Handle each `id` once. Acknowledge
when what you did is durable. A delivery that is neither acknowledged nor refused comes back when its
consumer is gone; after {DEFAULT_DELIVERY_LIMIT} such redeliveries it goes to `{DEAD_QUEUE}`. What the hub
could not handle and may later is tried again after {_DELAYS}, then put
aside for its operations staff. Never hold a delivery while a person decides.

## Refusal

What can never succeed is refused at once with `mash.message.rejected.v1`, which names the message, a
reason, the places of the problems (`data.people.0.part: enum`) and what to do, and never repeats
content. Checked in this order: size, sender, shape, version, seal, data, then authority and state.

| reason | what to do |
|---|---|
{_REMEDIES}

Agents of the hub add reasons of their own for authority and state, each with its remedy.

With `envelope_invalid`, `not_sealed` and `payload_invalid` each place comes with the kind of problem.
What concerns several fields names the object that they are in (`data: by_or_rule`). `sealed` by itself
says that the list does not open with your key for this message.

| problem | the place |
|---|---|
{_PROBLEMS}

## Versions

A type carries its version. A released version never changes but by an optional field; everything else
is a new version.
"""
