"""JSON Schemas of the messages, generated from their declarations.

`schemas` stand alone each (JSON Schema 2020-12); `shared_schemas` are the same definitions once for
all types, as the AsyncAPI document wants them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, models_json_schema

import messages.parties  # noqa: F401  (fills the catalogue)
from messages.catalogue import CATALOGUE
from messages.confidential import Confidential
from messages.envelope import Attributes

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
ENVELOPE = "envelope"
"""The name of the envelope among the schemas; every other has the name of its message type."""

_CONFIDENTIAL: Schema = TypeAdapter(Confidential).json_schema()
_ALONE = "#/$defs/{model}"


class _Untitled(GenerateJsonSchema):
    """No titles made of field names, which say nothing."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def schemas() -> dict[str, Schema]:
    """Every schema by name: the envelope, then each message type with who sends and receives it."""
    found = {ENVELOPE: _alone(Attributes, ENVELOPE, "The envelope of every message")}
    for full_type, declaration in sorted(CATALOGUE.items()):
        found[full_type] = _alone(declaration.payload, full_type, full_type) | {
            "x-senders": sorted(declaration.senders),
            "x-receivers": sorted(declaration.receivers),
        }
    return found


def shared_schemas(ref_template: str) -> dict[str, Schema]:
    """Every definition that any message uses, once, by the name of its class."""
    payloads = [declaration.payload for declaration in CATALOGUE.values()]
    return definitions([Attributes, *payloads], ref_template)


def definitions(
    models: Sequence[type[BaseModel]], ref_template: str, mode: JsonSchemaMode = "validation"
) -> dict[str, Schema]:
    """The definitions of these models and of all that they refer to, by the names of the classes, with one
    for the confidential values; ``mode`` is whether they are of what comes in or of what is shown."""
    _, whole = models_json_schema(
        [(model, mode) for model in models], ref_template=ref_template, schema_generator=_Untitled
    )
    return _definitions(whole, ref_template)


def _alone(model: type[BaseModel], name: str, title: str) -> Schema:
    found = model.model_json_schema(ref_template=_ALONE, schema_generator=_Untitled)
    definitions = _definitions(found, _ALONE)
    body = {key: value for key, value in _tidy(found, _ALONE).items() if key not in ("$defs", "title")}
    head = {"$schema": DIALECT, "$id": f"urn:mash:schema:{name}", "title": title}
    return head | body | ({"$defs": definitions} if definitions else {})


def _definitions(schema: Schema, ref_template: str) -> dict[str, Schema]:
    """The definitions of a schema, with one for the confidential values where there are any."""
    found = {name: _tidy(each, ref_template) for name, each in schema.get("$defs", {}).items()}
    if _CONFIDENTIAL["description"] in str(schema):
        found[Confidential.__name__] = _CONFIDENTIAL
    return dict(sorted(found.items()))


def _tidy(value: Any, ref_template: str) -> Any:
    """The same with references in place of repeated confidential values, and plain Markdown in texts."""
    if isinstance(value, list):
        return [_tidy(each, ref_template) for each in value]
    if isinstance(value, str):
        return value.replace("``", "`")
    if not isinstance(value, dict):
        return value
    if all(value.get(key) == expected for key, expected in _CONFIDENTIAL.items()):
        return {"$ref": ref_template.format(model=Confidential.__name__)}
    return {key: _tidy(each, ref_template) for key, each in value.items()}
