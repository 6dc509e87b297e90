"""For every agency that takes part somebody answers, decides and sits on a panel. [D03, K01-K03, K06, C06]"""

from __future__ import annotations

from collections.abc import Iterator

from agents.partnership.checks.finding import Found, holders, listed
from agents.partnership.model import Agency, Partnership

SPEAKS = {
    "answer_check": "answers its checks",
    "release": "decides what of its information leaves",
    "management": "acts as its line manager",
    "final_decision": "is its data controller",
}
"""What somebody of each agency has to do, by the right to it."""


def _taking_part(p: Partnership) -> Iterator[tuple[str, Agency]]:
    """Those that have signed: of others nothing is asked, and nobody of theirs may act. [C09]"""
    return ((code, agency) for code, agency in p.agencies.items() if agency.signed_on is not None)


def who_speaks_for_each(p: Partnership) -> Iterator[Found]:
    """Agencies of which nobody could answer or decide."""
    for code, _ in _taking_part(p):
        for right, what in SPEAKS.items():
            roles = p.rights.get(right, ())
            if roles and not holders(p, right, code):
                yield (
                    f"agencies.{code}",
                    f"nobody of it {what}; give a person of {code} in [[staff]] a role of the right {right}: "
                    f"{listed(roles)}",
                )


def panel_seats(p: Partnership) -> Iterator[Found]:
    """Agencies for which nobody could sit on an escalation panel. [K02, K03]"""
    may = p.rights.get("panel", ())
    for code, agency in _taking_part(p):
        if not agency.panel_roles:
            yield (
                f"agencies.{code}.panel_roles",
                f"is missing: nobody is on a panel for {code}; name roles of the right panel, {listed(may)}",
            )
        for role in agency.panel_roles:
            if role not in may:
                yield "rights.panel", f"has no {role}, who speaks for {code}; add it"
        roles = set(agency.panel_roles)
        if roles and not any(s.agency == code and roles & set(s.roles) for s in p.staff):
            yield (
                f"agencies.{code}.panel_roles",
                f"nobody of {code} in [[staff]] is {listed(agency.panel_roles)}; give somebody the role",
            )
