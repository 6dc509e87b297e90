"""What every kind of document that a source begins has in common: its key, and who may begin it where."""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256

from agents.coordinator.setting import Setting
from agents.deciding import Refused
from messages.parties import HUB
from messages.referral import PersonConcerned
from messages.words import Part

AHEAD = timedelta(days=1)
"""How far ahead of the hub's clock a source's may be; further ahead is a slip, of the year for instance."""


def key_for(prefix: str, source: str, reference: str) -> str:
    """The key of what a source says under a reference of its own: the same whenever it is said again, and
    telling nothing else."""
    digest = sha256(f"{source}\n{reference}".encode()).digest()
    return prefix + b32encode(digest)[:12].decode()


def case_id_for(source: str, referral_id: str) -> str:
    """The case of a referral: the same for the same source and referral id, and telling nothing else."""
    return key_for("C-", source, referral_id)


def require_source(source: str, setting: Setting) -> None:
    """A source of the partnership, on its own connection, or the hub for what it brings itself. [B03]

    Raises
    ------
    Refused
        ``source_unknown``.
    """
    known = setting.partnership.sources
    if source not in known or setting.sender not in (f"source.{source}", HUB):
        raise Refused(
            "source_unknown",
            f"Say it as one of: {', '.join(sorted(known))}, on its own connection.",
            fields=("data.source",),
        )


def require_authorities(given: Mapping[str, str], setting: Setting) -> None:
    """Authorities that the hub serves, by the field that each stands in. [C03]

    Raises
    ------
    Refused
        ``authority_unknown``, with the fields.
    """
    known = setting.partnership.authorities
    if unknown := tuple(field for field, code in given.items() if code not in known):
        raise Refused("authority_unknown", f"Give one of: {', '.join(known)}.", fields=unknown)


def require_people(given: Mapping[str, PersonConcerned]) -> None:
    """Somebody can be asked about, and only a referrer stays unnamed; by the field that each stands in.
    [C08, D13]

    Raises
    ------
    Refused
        ``only_referrer_unnamed`` or ``nobody_to_ask_about``.
    """
    unnamed = tuple(field for field, p in given.items() if not p.may_be_named and p.part is not Part.REFERRER)
    if unnamed:
        raise Refused(
            "only_referrer_unnamed",
            "Only a referrer may stay unnamed (may_be_named).",
            fields=tuple(f"{field}.may_be_named" for field in unnamed),
        )
    if all(p.part is Part.REFERRER for p in given.values()):
        raise Refused(
            "nobody_to_ask_about",
            "Name at least one person that the concern is about.",
            fields=tuple(sorted({".".join(field.split(".")[:2]) for field in given})),
        )


def require_made(at: datetime, setting: Setting, *, field: str) -> None:
    """Raises `Refused` for a moment that has not come."""
    if at > setting.now + AHEAD:
        name = field.rpartition(".")[2]
        raise Refused(
            "made_in_the_future",
            f"Correct {name}: it is later than the hub's clock, {setting.now.isoformat('T', 'minutes')}.",
            fields=(field,),
        )
