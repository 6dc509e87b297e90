"""A breach of the Memorandum goes to the agency that employs the person, and nowhere else. [J07, L10, M9]

The hub takes no measure of its own: the person's roles are as they were, until their agency changes the
register.
"""

from __future__ import annotations

from agents.coordinator.authority import require_right
from agents.coordinator.case import Case
from agents.coordinator.governance import BreachReport, is_decided
from agents.coordinator.setting import Setting
from agents.deciding import Decided, Fact, Refused, Sending
from messages.governance import BreachReferred, BreachReported


def report(case: Case, said: BreachReported, setting: Setting) -> Decided[Case]:
    """Refer a breach to the home agency of the person, staff or supervisor. [J07, L10]

    Raises `Refused`: a person whom neither register knows, an id that is taken, or a case whose content
    was destroyed.
    """
    require_right("report_breach", said.by, setting)
    known = setting.partnership
    if not known.roles_of(said.person, said.agency) and not known.supervisor(said.person, said.agency):
        raise Refused(
            "person_not_registered",
            "Name a person of this agency on the register of staff or of supervisors.",
            fields=("data.person", "data.agency"),
            by=said.by,
        )
    if any(done.report_id == said.report_id for done in case.breaches):
        raise Refused(
            "report_taken", "Give each report an id of its own.", fields=("data.report_id",), by=said.by
        )
    if is_decided(case.purge):
        raise Refused("case_purged", "The content of this case was destroyed; it takes no more.", by=said.by)
    kept = BreachReport(
        report_id=said.report_id,
        by=said.by,
        person=said.person,
        agency=said.agency,
        kind=said.kind,
        account=said.account,
        at=setting.now,
    )
    notice = BreachReferred(
        report_id=said.report_id,
        person=said.person,
        kind=said.kind,
        reported_by=said.by.agency,
        reported_at=setting.now,
    )
    # Who is meant stands in the notice and in the case, not in the record that operators list.
    fact = Fact(
        "breach.referred",
        said.by,
        {"report_id": said.report_id, "kind": said.kind, "agency": said.agency},
    )
    after = case.model_copy(update={"breaches": (*case.breaches, kept)})
    return Decided(after, (Sending(f"agency.{said.agency}", notice),), (fact,))
