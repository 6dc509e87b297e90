"""Matters that keep a local link outside the hub: a notice and no package. [B07, G05, G3.15]

In the guidance: Stoke-on-Trent's children but for domestic abuse, because its children's service takes part
in joint screening alone. What police lead and professional concern cover them like any other child. [B10]
"""

from __future__ import annotations

from agents.partnership import LocalRoute, Partnership
from messages.referral import ReferralReceived


def fitting(said: ReferralReceived, partnership: Partnership) -> LocalRoute | None:
    """The local route of a referral's authority and category, or None."""
    for route in partnership.local_routes:
        if route.authority == said.authority and said.category in route.categories:
            return route
    return None


def other_end(route: LocalRoute, agency: str) -> str:
    """Where a referral that this agency brings goes: the link leads from one agency to another."""
    return next(end for end in route.agencies if end != agency)
