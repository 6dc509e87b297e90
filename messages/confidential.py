"""Personal data and free text, as a value that shows itself nowhere.

A `Confidential` is either the text itself or a reference to where the vault keeps it. Its repr, its
str, its log form and its default serialisation are all the same fixed word. It leaves memory in two
ways only, each by a context handed to pydantic: sealed for a receiver (`SealingContext`), or as a
reference to the vault (`KeepingContext`).
"""

from __future__ import annotations

import re
from typing import Any, NoReturn, Protocol

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticCustomError, core_schema

HIDDEN = "[confidential]"
MAX_TEXT = 20_000
"""Characters in one confidential text."""

_SURROGATE = re.compile("[\ud800-\udfff]")


class NotHere(Exception):
    """The text was asked of a value that only refers to the vault."""


class WritesContent(Protocol):
    """A serialisation context: turns a value into its JSON form."""

    def write(self, value: Confidential) -> dict[str, Any]: ...


class ReadsContent(Protocol):
    """A validation context: turns a JSON form back into a value, or raises KeyError."""

    def read(self, form: dict[str, Any]) -> Confidential: ...


class Confidential:
    """A text that must not be seen outside the vault and the people entitled to it.

    ``ref`` names the vault's record of it once it has one.
    """

    __slots__ = ("_text", "ref")

    def __init__(self, text: str | None, ref: str | None = None) -> None:
        self._text = text
        self.ref = ref

    @classmethod
    def kept(cls, ref: str) -> Confidential:
        """A value that stands for what the vault keeps under ``ref``."""
        return cls(None, ref)

    def reveal(self) -> str:
        """The text itself. Raises `NotHere` when this value is only a reference."""
        if self._text is None:
            raise NotHere("this value refers to the vault; read it there")
        return self._text

    def put_away(self) -> None:
        """The vault has it: let go of the text, keep the reference. Without one, the text stays."""
        if self.ref is not None:
            self._text = None

    @property
    def here(self) -> bool:
        """Whether the text is in memory."""
        return self._text is not None

    def __repr__(self) -> str:
        return HIDDEN

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return HIDDEN

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Confidential) and (self._text, self.ref) == (other._text, other.ref)

    def __hash__(self) -> int:
        return hash((self._text, self.ref))

    def __reduce__(self) -> NoReturn:
        raise TypeError("a confidential value is not pickled")

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.with_info_plain_validator_function(
            _validate,
            serialization=core_schema.plain_serializer_function_ser_schema(_serialise, info_arg=True),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {
            "type": "object",
            "properties": {"sealed": {"type": "integer", "minimum": 0}},
            "required": ["sealed"],
            "additionalProperties": False,
            "description": "Confidential: the position of the text in the list sealed in the envelope.",
        }


def _validate(value: Any, info: core_schema.ValidationInfo) -> Confidential:
    if isinstance(value, Confidential):
        found = value
    elif info.context is not None:
        if not isinstance(value, dict):
            raise PydanticCustomError("not_sealed", "must be sealed for the receiver")
        try:
            found = info.context.read(value)
        except (KeyError, IndexError, TypeError):
            raise PydanticCustomError("place_unknown", "must point at a sealed text") from None
    elif isinstance(value, str):
        found = Confidential(value)
    else:
        raise PydanticCustomError("text_expected", "must be a text")
    if found.here:
        text = found.reveal()
        if not text.strip():
            raise PydanticCustomError("text_empty", "must not be empty")
        if len(text) > MAX_TEXT:
            raise PydanticCustomError("text_too_long", "must have at most 20000 characters")
        if text == HIDDEN:
            raise PydanticCustomError("text_hidden", "must be the text, not the word that stands for it")
        if not text.isascii() and _SURROGATE.search(text):
            raise PydanticCustomError("text_not_unicode", "must be valid Unicode")
    return found


def _serialise(value: Confidential, info: core_schema.SerializationInfo) -> Any:
    if info.context is None:
        return HIDDEN
    return info.context.write(value)
