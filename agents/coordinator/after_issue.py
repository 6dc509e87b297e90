"""What field teams say after a package: received, more is needed, this is what we did. [D20, G03, M3.7]"""

from __future__ import annotations

from agents.coordinator.authority import require_right
from agents.coordinator.case import Case, Outcome, PackageRecord, Round
from agents.coordinator.clocks import due_after
from agents.coordinator.setting import Setting
from agents.deciding import Decided, Fact, Refused
from messages.package import InformationRequested, OutcomeReported, PackageAcknowledged
from messages.words import Actor


def acknowledge(case: Case, said: PackageAcknowledged, setting: Setting) -> Decided[Case]:
    """A team has the package."""
    package, team = _received(case, said.package_id, said.by, setting)
    if team in package.acknowledged_by:
        raise Refused("already_acknowledged", "This package has been acknowledged.", by=said.by)
    done = package.model_copy(update={"acknowledged_by": (*package.acknowledged_by, team)})
    packages = tuple(done if p.package_id == done.package_id else p for p in case.packages)
    fact = Fact("package.acknowledged", said.by, {"package_id": said.package_id, "team": team})
    return Decided(case.model_copy(update={"packages": packages}), (), (fact,))


def task_back(case: Case, said: InformationRequested, setting: Setting) -> Decided[Case]:
    """A team asks for more: a fresh round, with its own direction, discussion and decisions. [D20]

    Its clock starts now, with the allowance of the rating in force. Earlier decisions stay on the record
    and are not used again.
    """
    _, team = _received(case, said.package_id, said.by, setting)
    rating = case.rating
    if rating is None:
        raise ValueError("a package follows a rating")
    fresh = Round(number=case.round.number + 1, started_at=setting.now, asked_by=team, question=said.question)
    due_at = due_after(rating.rag, setting.now, setting.partnership.clocks)
    again = rating.model_copy(update={"due_at": due_at, "promise_at": None})
    after = case.model_copy(
        update={"rounds": (*case.rounds, fresh), "ratings": (*case.ratings, again), "agreement": None}
    )
    fact = Fact(
        "information.requested",
        said.by,
        {"team": team, "round": fresh.number, "request_id": said.request_id, "due_at": due_at.isoformat()},
    )
    return Decided(after, (), (fact,))


def report(case: Case, said: OutcomeReported, setting: Setting) -> Decided[Case]:
    """A team reports the course that it took; the hub's part in the case ends. [A07, G03]"""
    _, team = _received(case, said.package_id, said.by, setting)
    outcome = Outcome(team=team, by=said.by, at=setting.now, course=said.course, package_id=said.package_id)
    after = case.model_copy(update={"outcomes": (*case.outcomes, outcome), "closed_at": setting.now})
    suggested = case.assessment.course if case.assessment else None
    fact = Fact("outcome.reported", said.by, {"team": team, "course": said.course, "suggested": suggested})
    return Decided(after, (), (fact,))


def _received(case: Case, package_id: str, by: Actor, setting: Setting) -> tuple[PackageRecord, str]:
    """The package, and the team that speaks, which must have received it."""
    require_right("field_team", by, setting)
    team = setting.sender.removeprefix("team.")
    package = next((p for p in case.packages if p.package_id == package_id), None)
    if package is None or team not in package.recipients:
        raise Refused(
            "package_unknown",
            "Name a package that your team received.",
            fields=("data.package_id",),
            by=by,
        )
    return package, team
