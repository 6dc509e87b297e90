"""What a person hands to the command line as JSON, checked before anything is sent.

A message is plain JSON here, with plain text in its confidential fields; it is sealed on the way out.
A field that the message type does not know is refused, because in a file written by hand it is a
spelling mistake and not a newer version.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from messages.catalogue import CATALOGUE, Kind
from messages.codec import MAX_BYTES
from messages.confidential import Confidential
from messages.parties import STAFF, kind_of
from messages.referral import ReferralReceived
from messages.refusal import PROBLEMS, Unacceptable, problems_of
from messages.strict_json import parse_object
from messages.words import Id, Party, Said
from ops.problem import WrongInput

MOST_PLACES = 50
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_CURLY = ("\N{LEFT DOUBLE QUOTATION MARK}", "\N{RIGHT DOUBLE QUOTATION MARK}")
_Payload = TypeVar("_Payload", bound=Said)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")

_TAKES = PROBLEMS | {
    "extra_forbidden": "no such key; correct the spelling or take it out",
    "unknown_field": "is no field of this message; correct the spelling or take it out",
}
_ENUM_MEMBER = re.compile(r"<[^:>]*: ('[^']*')>")


class _Decision(BaseModel):
    """A message as `mash decide` takes it."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    type: str
    case: Id
    data: dict[str, Any]
    sender: Party = STAFF


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody says about a case: as which party, and what."""

    sender: str
    case: str
    payload: Said


def read_text(source: str) -> bytes:
    """The bytes of a file, or of standard input for ``-``. Raises `WrongInput`."""
    if source == "-":
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    try:
        with Path(source).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise WrongInput(f"no such file: {source}; give a JSON file, or - for standard input") from None
    except OSError as error:
        raise WrongInput(f"{source}: cannot be read: {error.strerror}; give a JSON file") from None


def read_referral(body: bytes) -> ReferralReceived:
    """A referral source's form. Raises `WrongInput` with the places and what each takes."""
    return _payload(ReferralReceived, parsed(body, "the referral"), "the referral")


def read_decision(body: bytes) -> Decision:
    """``{"type": "risk.rated.v1", "case": "C-…", "data": {…}}``, with ``"sender"`` when it is not staff.

    Raises
    ------
    WrongInput
        with the places and what each takes.
    """
    raw = parsed(body, "the decision")
    problems: tuple[str, ...] = ()
    head = None
    try:
        head = _Decision.model_validate(raw, strict=True)
    except ValidationError as error:
        problems = places(error, _Decision)
    if head is None:
        raise WrongInput('a decision is {"type": …, "case": …, "data": {…}}; in this one', problems)
    declaration = CATALOGUE.get(f"mash.{head.type.removeprefix('mash.')}")
    if declaration is None and (meant := _with_version(head.type)):
        raise WrongInput(f"type: needs its version: did you mean {meant}?")
    if declaration is None or not declaration.senders - {Kind.HUB, Kind.SOURCE}:
        staff, others = _types(by_staff=True), _types(by_staff=False)
        raise WrongInput(f"type: is none of {staff}; nor, of what others say with their sender, {others}")
    if kind_of(head.sender) not in declaration.senders:
        may = " or ".join(sorted(f"{kind}.…" if kind != Kind.STAFF else kind for kind in declaration.senders))
        raise WrongInput(f"sender: {declaration.title} is said by {may}; add or correct sender")
    payload = _payload(declaration.payload, head.data, "the decision", "data.")
    return Decision(head.sender, head.case, payload)


def _with_version(said: str) -> str | None:
    """The type of this name in its latest version, or None when there is none."""
    name = f"mash.{said.removeprefix('mash.')}.v"
    versions = [kind for kind in CATALOGUE if kind.startswith(name) and kind[len(name) :].isdecimal()]
    return max(versions, key=lambda kind: int(kind[len(name) :])).removeprefix("mash.") if versions else None


def _types(*, by_staff: bool) -> str:
    """What staff say, or what only others say for whom a sender is given: a field team, an agency."""
    said = (d for d in CATALOGUE.values() if d.senders - {Kind.HUB, Kind.SOURCE})
    return ", ".join(sorted(d.title for d in said if (Kind.STAFF in d.senders) is by_staff))


def parsed(body: bytes, what: str) -> dict[str, Any]:
    """The JSON object that ``what`` is. Raises `WrongInput`."""
    if len(body) > MAX_BYTES:
        raise WrongInput(f"{what} is too large: at most {MAX_BYTES} bytes")
    try:
        return parse_object(body)
    except Unacceptable as why:
        place = _where_json_ends(body)
        remedy = _by_an_editor(body) or why.remedy
        raise WrongInput(f"{what} cannot be read ({why.reason}{place}): {remedy}") from None


def _by_an_editor(body: bytes) -> str | None:
    """What an editor put into a file that is no JSON for that, and what to do; None when it is not that."""
    if body.startswith(_BYTE_ORDER_MARKS):
        return "It begins with a byte-order mark; save it as UTF-8 without one."
    if any(quote.encode() in body for quote in _CURLY) and _reads_with_straight_quotes(body):
        return f'It has curly quotation marks ({" ".join(_CURLY)}); write straight ones (").'
    return None


def _reads_with_straight_quotes(body: bytes) -> bool:
    try:
        text = body.decode()
        for quote in _CURLY:
            text = text.replace(quote, '"')
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _where_json_ends(body: bytes) -> str:
    """`` at line 3, column 7`` when these bytes are no JSON from there on; empty when they are."""
    try:
        json.loads(body.decode())
    except UnicodeDecodeError as error:
        before = body[: error.start].decode()
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    except json.JSONDecodeError as error:  # its message is left out: it may repeat what is there
        line, column = error.lineno, error.colno
    except (RecursionError, ValueError):  # JSON, but too deep or with a number that is too long
        return ""
    else:
        return ""
    return f" at line {line}, column {column}"


def _payload(model: type[_Payload], raw: dict[str, Any], what: str, prefix: str = "") -> _Payload:
    problems: tuple[str, ...] = ()
    try:
        payload = model.model_validate_json(json.dumps(raw), strict=True)
    except ValidationError as error:
        problems = places(error, model, prefix)
    else:
        known = payload.model_dump(mode="json", context=_AsText())
        problems = tuple(f"{prefix}{place}: {_TAKES['unknown_field']}" for place in _unknown(raw, known))
        if not problems:
            return payload
    raise WrongInput(f"{what} has to be corrected and sent again", problems[:MOST_PLACES])


def places(
    error: ValidationError,
    model: type[BaseModel],
    prefix: str = "",
    name: Callable[[tuple[int | str, ...]], str] | None = None,
    takes: Mapping[str, str] | None = None,
) -> tuple[str, ...]:
    """A line for each problem of data for ``model``: the place and what it takes, never what is there.

    ``name`` calls a place by other words than the model's, and ``takes`` says otherwise than for JSON what
    it takes, by the code of the problem.
    """
    lines = []
    for found in problems_of(error):
        place = ".".join(_named(part) for part in found["loc"])
        if name is not None:
            place = name(found["loc"])
        if takes is not None and found["type"] in takes:
            lines.append(f"{prefix}{place}: {takes[found['type']]}")
            continue
        if found["type"] in ("enum", "literal_error"):
            expected = found.get("ctx", {}).get("expected", "")
            needed = "must be one of " + _ENUM_MEMBER.sub(r"\1", expected)
        else:
            needed = _TAKES.get(found["type"], f"is not right ({found['type']})")
        if found["type"] == "text_empty":
            needed += "; fill it in" if _is_required(model, found["loc"]) else "; fill it in or leave it out"
        lines.append(f"{f'{prefix}{place}'.rstrip('.') or 'the whole'}: {needed}")
    return tuple(lines)


def _is_required(model: type[BaseModel], place: tuple[int | str, ...]) -> bool:
    """Whether the field at a place has to be there. Of a list, whether the list has to be."""
    name, *inner = [part for part in place if isinstance(part, str)]
    field = model.model_fields[name]
    within = _model_in(field.annotation)
    if within is None or not inner:
        return field.is_required()
    return _is_required(within, tuple(inner))


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """What the values of a field, or the entries of its list, are, when they have fields of their own."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_in, get_args(annotation))), None)


def _named(part: int | str) -> str:
    """A field's name; what is no name may be anything, so it is not repeated."""
    return str(part) if isinstance(part, int) or _NAME.fullmatch(part) else "(something)"


def _unknown(raw: Any, known: Any, place: str = "") -> Iterator[str]:
    """The places in ``raw`` that are not in what was understood of it."""
    if isinstance(raw, dict) and isinstance(known, dict):
        for key, value in raw.items():
            here = f"{place}{_named(key)}"
            if key not in known:
                yield here
            else:
                yield from _unknown(value, known[key], f"{here}.")
    elif isinstance(raw, list) and isinstance(known, list):
        for number, (value, understood) in enumerate(zip(raw, known, strict=False)):
            yield from _unknown(value, understood, f"{place}{number}.")


class _AsText:
    """Serialisation of a confidential value as something that is no object."""

    def write(self, value: Confidential) -> Any:
        return None
