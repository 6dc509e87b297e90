"""What field teams say after a package: received, more is needed, this is what we did. [D20, G03, M3.7]"""

from __future__ import annotations

from agents.coordinator import hidden_words, release_gate
from agents.coordinator.authority import require_of_team, require_right
from agents.coordinator.case import Case, Round
from agents.coordinator.clocks import due_after
from agents.coordinator.elements import SETTLED, Element, standing
from agents.coordinator.package_record import Outcome, PackageRecord, TaskBack
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
    and are not used again. While a round that a team asked for is under way, the question joins it if it
    is not directed yet, else it waits for the round's package.
    """
    _, team = _received(case, said.package_id, said.by, setting)
    words = hidden_words.searchable((said.question,), setting)
    asked = TaskBack(team=team, question=said.question, words=words, at=setting.now)
    under_way = case.round.number > 1 and not case.round_packages
    if under_way and case.round.direction is None:
        joined = {
            "asked_by": (*case.round.asked_by, team),
            "questions": (*case.round.questions, said.question),
            "questions_words": (*case.round.questions_words, words),
        }
        after, how = case.with_round(case.round.model_copy(update=joined)), "joined"
    elif under_way:
        after, how = case.model_copy(update={"task_backs": (*case.task_backs, asked)}), "waiting"
    else:
        after, how = _new_round(case, (asked,), setting), "begun"
    fact = Fact(
        "information.requested",
        said.by,
        {"team": team, "round": after.round.number, "request_id": said.request_id, "how": how},
    )
    return Decided(after, (), (fact,))


def begin_waiting(case: Case, setting: Setting) -> Case:
    """Begin the round that waited for the one under way, once that has its package."""
    if not case.task_backs or not case.round_packages or case.closed_at is not None:
        return case
    return _new_round(case, case.task_backs, setting).model_copy(update={"task_backs": ()})


def _new_round(case: Case, asked: tuple[TaskBack, ...], setting: Setting) -> Case:
    """A round for these requests. What the last one left undecided or unsent goes on in it."""
    rating = case.rating
    if rating is None:
        raise ValueError("a package follows a rating")
    start = min(one.at for one in asked)
    fresh = Round(
        number=case.round.number + 1,
        started_at=start,
        asked_by=tuple(dict.fromkeys(one.team for one in asked)),
        questions=tuple(one.question for one in asked),
        questions_words=tuple(one.words for one in asked),
    )
    due_at = due_after(rating.rag, start, setting.partnership.clocks)
    carried = {"at": setting.now, "due_at": due_at, "promise_at": None, "carried_to": fresh.number}
    again = rating.model_copy(update=carried)
    sent = {text for package in case.packages for text in package.texts}
    elements = tuple(
        e.model_copy(update={"round": fresh.number}) if _goes_on(e, sent) else e for e in case.elements
    )
    return case.model_copy(
        update={
            "rounds": (*case.rounds, fresh),
            "ratings": (*case.ratings, again),
            "elements": elements,
            "agreement": None,
        }
    )


def _goes_on(element: Element, sent: set[str]) -> bool:
    if standing(element) not in SETTLED:
        return True
    released = release_gate.release(element)
    return released is not None and released.text.ref not in sent


def report(case: Case, said: OutcomeReported, setting: Setting) -> Decided[Case]:
    """A team reports the course that it took, which is its own. [G03]"""
    _, team = _received(case, said.package_id, said.by, setting)
    if any(done.team == team and done.package_id == said.package_id for done in case.outcomes):
        raise Refused("already_reported", "Your team has reported on this package.", by=said.by)
    outcome = Outcome(team=team, by=said.by, at=setting.now, course=said.course, package_id=said.package_id)
    suggested = case.assessment.course if case.assessment else None
    fact = Fact("outcome.reported", said.by, {"team": team, "course": said.course, "suggested": suggested})
    return Decided(case.model_copy(update={"outcomes": (*case.outcomes, outcome)}), (), (fact,))


def _received(case: Case, package_id: str, by: Actor, setting: Setting) -> tuple[PackageRecord, str]:
    """The package, and the team that speaks, which must have received it, through staff of its own. [G03]"""
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
    require_of_team(by, team, setting)
    return package, team
