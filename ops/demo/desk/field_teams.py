"""The field teams: they acknowledge packages, task back, and report what they did; and how a case ends.

[A07, D20, G03]
"""

from __future__ import annotations

from collections.abc import Iterator

from agents.coordinator import closing, package, suggestions
from messages.confidential import Confidential
from messages.package import CaseEnded, InformationRequested, OutcomeReported, PackageAcknowledged
from messages.parties import STAFF
from ops.demo.desk.acts import A_MOMENT, AN_HOUR, Act, Scene
from ops.demo.desk.wording import rationale


def acts(scene: Scene) -> Iterator[Act]:
    """Acknowledgements of what arrived, and the question of a team that needs more."""
    case, back = scene.case, scene.script.task_back
    for issued in case.packages:
        for team in issued.recipients:
            party = f"team.{team}"
            if team not in issued.acknowledged_by and (party, issued.package_id) in scene.in_hand:
                yield Act(
                    f"acknowledged/{issued.version}/{team}",
                    issued.issued_at + A_MOMENT,
                    party,
                    PackageAcknowledged(
                        package_id=issued.package_id, by=scene.cast.person(scene.cast.team_members[team])
                    ),
                )
    if back is not None and case.packages and case.round.number == 1:
        first = case.packages[0]
        yield Act(
            "task-back",
            first.issued_at + back.after,
            f"team.{back.team}",
            InformationRequested(
                request_id=f"{case.case_id}/task-back/1",
                package_id=first.package_id,
                by=scene.cast.person(scene.cast.team_members[back.team]),
                question=Confidential(back.question),
                why=Confidential(back.why),
            ),
        )


def ended(scene: Scene) -> Iterator[Act]:
    """A manager ends the case once nothing keeps it open but somebody's silence. [A07, C06]"""
    reasons = set(closing.open_because(scene.case)) if scene.case.packages else set()
    if reasons and reasons <= closing.SILENCES:
        said = CaseEnded(
            by=scene.cast.manager(),
            rationale=rationale("The teams have what there is, and were told who has not answered."),
        )
        yield Act("ended", scene.quiet_since + AN_HOUR, STAFF, said)


def outcome(scene: Scene) -> Iterator[Act]:
    """The end: each team's own course, once nothing else is left to do or to wait for. [A07, G03]"""
    case = scene.case
    if not case.round_packages or package.has_news(case) or case.assessment is None:
        return
    if any(set(p.recipients) - set(p.acknowledged_by) for p in case.packages):
        return
    play, last = scene.script.outcome, case.packages[-1]
    for team in suggestions.unreported(case):
        yield Act(
            f"outcome/{team}",
            max(last.issued_at + AN_HOUR, scene.quiet_since + AN_HOUR),
            f"team.{team}",
            OutcomeReported(
                package_id=last.package_id,
                by=scene.cast.person(scene.cast.team_members[team]),
                course=play.course if play else case.assessment.course,
            ),
        )
