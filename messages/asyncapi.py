"""The AsyncAPI 3.0 document of the hub, generated from the declarations.

A channel for each kind of receiver; an operation for each kind of sender to each channel, and one for
each kind of receiver, from that party's own point of view.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from messages.catalogue import CATALOGUE, Declaration, Kind
from messages.contract_text import INTRODUCTION
from messages.envelope import Attributes, Lane
from messages.schema import Schema, shared_schemas
from messages.topology import EXCHANGE

VERSION = "1.0.0"
"""Of the contract as a whole; each message type has a version of its own."""

_SINGLE = (Kind.HUB, Kind.STAFF)
_SCHEMAS = "#/components/schemas/{model}"
_BINDING = "0.3.0"


def document() -> dict[str, Any]:
    """The whole document, the same each time for the same declarations."""
    return {
        "asyncapi": "3.0.0",
        "id": "urn:mash:hub",
        "info": {
            "title": "Multi-Agency Safeguarding Hub",
            "version": VERSION,
            "description": INTRODUCTION,
            "license": {"name": "MIT"},
            "tags": [{"name": kind.value, "description": _KINDS[kind]} for kind in Kind],
        },
        "defaultContentType": "application/cloudevents+json",
        "servers": {
            "broker": {
                "host": "{host}",
                "protocol": "amqp",
                "protocolVersion": "0.9.1",
                "description": "RabbitMQ, prepared by the hub; with TLS wherever it is not one machine.",
                "variables": {"host": {"description": "Name and port of the hub's broker."}},
                "security": [{"$ref": "#/components/securitySchemes/brokerUser"}],
            }
        },
        "channels": {kind.value: _channel(kind) for kind in Kind},
        "operations": dict(_operations()),
        "components": {
            "messages": {each.title: _message(each) for each in _sorted(CATALOGUE.values())},
            "schemas": {name: _draft_07(each) for name, each in shared_schemas(_SCHEMAS).items()},
            "securitySchemes": {
                "brokerUser": {
                    "type": "userPassword",
                    "description": "Each party has a broker user of its own name, with the right to send "
                    "what this document says and to read its own queues. The broker checks user_id.",
                }
            },
        },
    }


_KINDS = {
    Kind.HUB: "The hub itself: its coordinator.",
    Kind.STAFF: "The desk of the hub's own people: decision makers, managers, coordinators.",
    Kind.AGENCY: "An agency that is asked what it knows and owns what it reveals.",
    Kind.TEAM: "A field team that gets the package: social work, police.",
    Kind.SOURCE: "A referral source.",
}


def _channel(kind: Kind) -> dict[str, Any]:
    received = _sorted(each for each in CATALOGUE.values() if kind in each.receivers)
    party = {} if kind in _SINGLE else {"party": {"description": f"The code of the {kind}."}}
    return {
        "address": ".".join([kind.value, *(["{party}"] if party else []), "{lane}", "{type}"]),
        "title": f"To the {kind}",
        "summary": _KINDS[kind],
        "servers": [{"$ref": "#/servers/broker"}],
        "parameters": {
            **party,
            "lane": {"enum": [lane.value for lane in Lane], "description": "Urgent for RED work."},
            "type": {
                "enum": [each.title for each in received],
                "description": "The message type without its prefix.",
            },
        },
        "messages": {each.title: {"$ref": f"#/components/messages/{each.title}"} for each in received},
        "bindings": {
            "amqp": {
                "is": "routingKey",
                "exchange": {"name": EXCHANGE, "type": "topic", "durable": True, "autoDelete": False},
                "bindingVersion": _BINDING,
            }
        },
    }


def _operations() -> Iterable[tuple[str, dict[str, Any]]]:
    for sender in Kind:
        for receiver in Kind:
            sent = [d for d in CATALOGUE.values() if sender in d.senders and receiver in d.receivers]
            if sent and Kind.HUB in (sender, receiver):
                yield (
                    f"{sender}.sends.to.{receiver}",
                    _operation("send", receiver, sent, {"deliveryMode": 2, "mandatory": True}),
                )
    for receiver in Kind:
        received = [d for d in CATALOGUE.values() if receiver in d.receivers]
        yield f"{receiver}.receives", _operation("receive", receiver, received, {"ack": True})


def _operation(
    action: str, channel: Kind, said: Iterable[Declaration], binding: dict[str, Any]
) -> dict[str, Any]:
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{channel}"},
        "messages": [{"$ref": f"#/channels/{channel}/messages/{each.title}"} for each in _sorted(said)],
        "bindings": {"amqp": {**binding, "bindingVersion": _BINDING}},
    }


def _message(declaration: Declaration) -> dict[str, Any]:
    trace = Attributes.model_fields["traceparent"].description
    return {
        "name": declaration.type,
        "title": declaration.title,
        "summary": declaration.purpose,
        "contentType": "application/cloudevents+json",
        "tags": [{"name": sender.value} for sender in sorted(declaration.senders)],
        "headers": {
            "type": "object",
            "properties": {
                "traceparent": {"type": "string", "description": trace},
                "tracestate": {"type": "string"},
            },
        },
        "correlationId": {"location": "$message.payload#/correlationid"},
        "payload": {
            "allOf": [
                {"$ref": _SCHEMAS.format(model=Attributes.__name__)},
                {
                    "type": "object",
                    "properties": {
                        "type": {"const": declaration.type},
                        "data": {"$ref": _SCHEMAS.format(model=declaration.payload.__name__)},
                    },
                },
            ]
        },
        "bindings": {"amqp": {"messageType": declaration.type, "bindingVersion": _BINDING}},
    }


def _sorted(declarations: Iterable[Declaration]) -> list[Declaration]:
    return sorted(declarations, key=lambda declaration: declaration.type)


def _draft_07(schema: Any) -> Any:
    """The same schema as AsyncAPI 3.0 reads it: a fixed list of items has another keyword there."""
    if isinstance(schema, list):
        return [_draft_07(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found: Schema = {key: _draft_07(each) for key, each in schema.items() if key != "prefixItems"}
    if "prefixItems" in schema:
        found["items"] = _draft_07(schema["prefixItems"])
    return found
