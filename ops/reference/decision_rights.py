"""The page of who may decide what, from the bundled partnership."""

from __future__ import annotations

from agents.partnership import bundled, read_partnership
from ops.reference import NOTE

NAME = "staffordshire-2012"

RIGHTS = {
    "threshold": ("Whether the hub takes the case", "threshold.decided", "B11, B12"),
    "direct": ("That partners are consulted, and which", "enquiry.directed", "B11, C01-C03"),
    "enquire_outside": ("To ask an agency outside the hub", "enquiry.directed", "C04"),
    "rate": ("The rating at commencement, and every change of it", "risk.rated", "E01, E10"),
    "professional_judgement": (
        "To bring a case below the threshold on professional judgement",
        "referral.received",
        "B09",
    ),
    "section_47_belief": (
        "To hold the belief that the section 47 threshold is met",
        "referral.received",
        "B08, G06",
    ),
    "answer_check": ("To answer a check by hand, for one's own agency", "check.answered", "C06, D01"),
    "record_discussion": ("To record the discussion of elements", "discussion.recorded", "D06"),
    "release": (
        "To release, sanitise or withhold an element of one's own agency; to permit its use by another; "
        "to approve a dated rule",
        "disclosure.decided, permission.decided",
        "D03, D09, D23",
    ),
    "dispute": ("To dispute the decision of another agency", "disclosure.disputed", "D22, K01"),
    "management": ("To act as line manager of one of the two sides", "management.acted", "K01"),
    "convene": ("To call the panel", "escalation.convened", "K01"),
    "panel": ("To sit on the panel and decide there", "escalation.decided", "K02, K03"),
    "final_decision": (
        "The final decision, as data controller of the disputed element",
        "controller.decided",
        "K06",
    ),
    "assess": ("The assessment and the suggested course", "assessment.made", "G02"),
    "agree_package": ("That the package goes out", "package.agreed", "D19"),
    "agree_partial": ("That it goes out with gaps", "package.agreed", "E12"),
    "field_team": (
        "To speak for a field team: acknowledge, task back, report the outcome",
        "package.acknowledged, information.requested, outcome.reported",
        "D20, G03",
    ),
}
"""What each right is for, the messages that claim it, and the requirements behind it."""

_OPENING = """\
A decision arrives as a message that names a person, a role and an agency. The hub takes it when the register
of staff knows the person with that role in that agency, the agency has signed the Memorandum, and the role
holds the right in this table. Anyone else is refused with `role_may_not`, `role_not_held`, `person_unknown`
or `agency_not_signed`, and the refusal goes on the record of the case.

The table is that of the bundled partnership `staffordshire-2012`. A partnership of your own has its own
`rights.toml`: see [the partnership's folder](partnership-folder.md).
"""
_CLOSING = """\
Where a decision belongs to one agency, the hub also checks the agency: a release is the owner's alone, the
two line managers are those of the owner and of the agency that disputes, the panel has a role-holder of both,
everybody on it sits for the own agency (its `panel_roles`), and the data controller is the owner's. Staff of
an agency outside the hub do not dispute. A Senior Practitioner (the partnership's `service_roles`) rates,
asks outside the hub and agrees a package with gaps only in cases of the service that they work for (the
agency's `serves`). A message from an agency's own connection speaks for that agency's staff only.
"""


def page() -> str:
    """The Markdown page.

    Raises
    ------
    KeyError
        for a right that has no sentence here yet.
    """
    rights = read_partnership(bundled(NAME)).rights
    rows = ["| right | for what | message | roles | requirements |", "|---|---|---|---|---|"]
    for right, roles in rights.items():
        what, message, ids = RIGHTS[right]
        holders = ", ".join(f"`{role}`" for role in roles)
        messages = ", ".join(f"`{one}`" for one in message.split(", "))
        rows.append(f"| `{right}` | {what} | {messages} | {holders} | {ids} |")
    parts = [NOTE, "# Decision rights", _OPENING, "\n".join(rows), _CLOSING]
    return "\n\n".join(part.strip() for part in parts) + "\n"
