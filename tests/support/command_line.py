"""What tests hand to the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from typer.testing import Result

Mash = Callable[..., Result]
"""Runs a command: ``mash("refer", "-", given="…")``."""

PRACTITIONER = {"person": "CSS-PR-01", "role": "practitioner", "agency": "csc_staffordshire"}


def referral(**changes: Any) -> dict[str, Any]:
    """A sound referral, unless changed."""
    return {
        "referral_id": "R-1",
        "source": "first_response",
        "category": "child_protection",
        "made_at": "2026-03-02T09:00:00Z",
        "authority": "staffordshire",
        "people": [
            {
                "person_id": "p1",
                "part": "child",
                "given_name": "Zebedee",
                "family_name": "Quillfeather",
                "date_of_birth": "2015-04-01",
            }
        ],
        "concern": "a concern with token-77aa",
        "section_47_belief": {"by": PRACTITIONER, "why": "injuries"},
        **changes,
    }


def as_text(value: object) -> str:
    return json.dumps(value)
