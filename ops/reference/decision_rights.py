"""The page of who may decide what, from the bundled partnership."""

from __future__ import annotations

from agents.coordinator.authority import UNVETTED
from agents.decision_rights import RIGHTS
from agents.partnership import bundled, read_partnership
from ops.reference import NOTE

NAME = "staffordshire-2012"

_OPENING = """\
A decision arrives as a message that names a person, a role and an agency. The hub takes it when the register
of staff knows the person with that role in that agency, the agency and the person have signed the Memorandum,
the person's training holds, and the role holds the right in this table. Anyone else is refused with
`role_may_not`, `role_not_held`, `person_unknown`, `agency_not_signed`, `memorandum_not_signed` or
`training_expired`, and the refusal goes on the record of the case. The person's vetting has to hold too
(`vetting_expired`), but for {unvetted}: a breach, and what a
partner's own staff do with what they know, in their own system or for a field team. A designated supervisor
is not on the register of staff and holds no right.

The table is that of the bundled partnership `staffordshire-2012`. A partnership of your own has its own
`rights.toml`: see [the partnership's folder](partnership-folder.md).
"""
_CLOSING = """\
Where a decision belongs to one agency, the hub also checks the agency: a release is the owner's alone, the
two line managers are those of the owner and of the agency that disputes, the panel has a role-holder of both,
everybody on it sits for the own agency (its `panel_roles`), and the data controller is the owner's. What
managers or a panel agreed is in force when one of each side has said so in a message of their own. Staff of
an agency that is outside the hub in cases like this do not dispute. A Senior Practitioner (the partnership's
`service_roles`) decides the threshold, directs, rates, asks outside the hub, assesses, agrees a package with
gaps and completes a referral of exploitation only in cases of the service that they work for (the agency's
`serves`). The adult threshold takes one signature of each side, of two persons of two agencies, and these two
take the steps after it together. A level of response takes the adult social care that was asked in the case.
For a field team speaks somebody of its `agencies`. A message from an agency's own connection speaks for that
agency's staff only. A purge takes the word of a champion of the agency that brought the matter and of every
agency whose information is in it, each in a message of their own; a champion is the liaison officer of an
agency, with an attestation that holds.
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
    unvetted = ", ".join(f"`{right}`" for right in rights if right in UNVETTED)
    opening = _OPENING.format(unvetted=unvetted)
    parts = [NOTE, "# Decision rights", opening, "\n".join(rows), _CLOSING]
    return "\n\n".join(part.strip() for part in parts) + "\n"
