"""What a field team says of a package: received, more is needed, this is what we did. [D20, G03, M3.7]

Each is said in the name of one team about one package that it received; who belongs to two teams says it for
each of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from agents.coordinator.package_record import PackageRecord
from messages.package import InformationRequested, OutcomeReported, PackageAcknowledged
from messages.words import Course
from ops.dashboard import words
from ops.dashboard.forms import Field, Kind, Option
from ops.dashboard.tasks import asking
from ops.dashboard.tasks.task import About, Situation, Task

_COURSES: Mapping[Course, str] = {
    Course.STRATEGY_DISCUSSION: "Strategy discussion",
    Course.SINGLE_AGENCY_INVESTIGATION: "Investigation by one agency",
    Course.JOINT_INVESTIGATION: "Joint investigation",
    Course.OTHER_SERVICES: "Other services",
    Course.NO_FURTHER_ACTION: "No further action",
}


def _received(at: Situation) -> Iterator[tuple[PackageRecord, str]]:
    """Every package with each team of this person that received it, the latest first."""
    for package in reversed(at.case.packages):
        for team in sorted(at.viewer.teams & set(package.recipients)):
            yield package, team


def _about(at: Situation, package: PackageRecord, team: str) -> About:
    title = f"version {package.version}, {words.team_in_words(team, at.partnership)}"
    return About(f"{package.version}/{team}", title)


def _meant(at: Situation) -> tuple[PackageRecord, str]:
    """The package and the team that it is about. One that is not open is never asked for."""
    return next(one for one in _received(at) if _about(at, *one).id == at.about)


def _to_acknowledge(at: Situation) -> Sequence[About]:
    """Every package that has not been acknowledged, of a closed case too. [A07]"""
    return [_about(at, p, team) for p, team in _received(at) if team not in p.acknowledged_by]


def _to_ask_about(at: Situation) -> Sequence[About]:
    """The last package of each team: what is asked begins a round after it. [D20]"""
    if at.case.closed_at is not None:
        return ()
    last: dict[str, About] = {}
    for package, team in _received(at):
        last.setdefault(team, _about(at, package, team))
    return tuple(last.values())


def _to_report_on(at: Situation) -> Sequence[About]:
    """The last package of each round that the team has not reported on; a supplement of the same round needs
    no report of its own. [G03, G04]"""
    if at.case.closed_at is not None:
        return ()
    rounds = {package.package_id: package.round for package in at.case.packages}
    done = {(rounds[one.package_id], one.team) for one in at.case.outcomes if one.package_id in rounds}
    last: dict[tuple[int, str], About] = {}
    for package, team in _received(at):
        if (package.round, team) not in done:
            last.setdefault((package.round, team), _about(at, package, team))
    return tuple(last.values())


def _question_fields(at: Situation) -> Sequence[Field]:
    return (
        Field(
            "question",
            "What do you need to know?",
            hint="The hub asks the agencies anew, and each owner decides again what may leave.",
            needed="Enter what you need to know",
        ),
        Field(
            "why",
            "Why do you need it?",
            hint="What has changed, or what you found.",
            needed="Enter why you need it",
        ),
    )


def _outcome_fields(at: Situation) -> Sequence[Field]:
    package, _ = _meant(at)
    suggested = package.issued.suggestion
    hint = "The course is your team’s own."
    if suggested is not None:
        hint = f"The hub suggested: {_COURSES[suggested.course].lower()}. It binds nobody. {hint}"
    return (
        Field(
            "course",
            "Which course did your team take?",
            Kind.RADIOS,
            hint=hint,
            options=tuple(Option(course.value, text) for course, text in _COURSES.items()),
            needed="Choose the course that your team took",
        ),
        Field("note", "What the hub should know about it"),
    )


def _package(at: Situation, said: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**said, "package_id": _meant(at)[0].package_id}


def _request(at: Situation, said: Mapping[str, Any]) -> Mapping[str, Any]:
    """With an id of the request that is the same however often one form is sent."""
    return {**_package(at, said), "request_id": asking.made_id(at, "task-back")}


def _sender(at: Situation) -> str:
    return f"team.{_meant(at)[1]}"


TASKS = (
    Task(
        "acknowledge",
        "Acknowledge the package",
        "field_team",
        PackageAcknowledged,
        lambda at: (),
        "The hub knows that your team has the package.",
        open_for=_to_acknowledge,
        data=_package,
        reads=False,
        sender=_sender,
    ),
    Task(
        "ask_for_more",
        "Ask the hub for more",
        "field_team",
        InformationRequested,
        _question_fields,
        "Your question is with the hub. What comes of it is sent to your team as a supplement.",
        open_for=_to_ask_about,
        data=_request,
        reads=False,
        sender=_sender,
    ),
    Task(
        "outcome",
        "Report what your team did",
        "field_team",
        OutcomeReported,
        _outcome_fields,
        "The hub knows what your team did.",
        open_for=_to_report_on,
        data=_package,
        reads=False,
        sender=_sender,
    ),
)
