"""A manager's agreement that the package goes out, also with gaps that it names. [A03, D19, E12, E13]"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from agents.coordinator import gaps, needs, superseded, teams
from agents.coordinator.package import issue_at
from messages.package import PackageAgreed
from ops.dashboard import moments, words
from ops.dashboard.forms import Field, Kind, Option
from ops.dashboard.tasks import asking, managing
from ops.dashboard.tasks.task import About, Situation, Task

_PARTIAL = "partial_at_due"


def _open(at: Situation) -> Sequence[About]:
    """While it is what the case needs; with gaps only for who may send it with them. [E12]"""
    if "agreement" not in needs.needs(at.case) or at.case.leaving_concern is None:
        return ()
    if not gaps.waiting_for(at.case):
        return (About("", ""),)
    partial = managing.roles("agree_partial", at.case, at.partnership, at.now, at.viewer)
    return (About("", "with gaps"),) if partial else ()


def _know(at: Situation) -> Sequence[str]:
    to = "; ".join(words.team_in_words(one, at.partnership) for one in _teams(at))
    said = ["Above is what leaves, word for word."] if at.content is not None else []
    said.append(f"It goes to: {to}." if to else "No field team takes this case.")
    if waiting := gaps.waiting_for(at.case):
        names = "; ".join(words.agency_in_words(one, at.partnership) for one in waiting)
        said.append(f"Still waited for: {names}.")
    if found := superseded.superseded(at.case):
        said.append(
            f"More has been found since this was decided: {', '.join(words.in_words(one) for one in found)}. "
            "It can be decided anew first, or left as it is."
        )
    return said


def _shows(at: Situation) -> Iterator[tuple[str, str]]:
    """What would leave the hub now, word for word: nobody agrees to what they have not seen. [A03]"""
    if at.content is None:
        return
    leaving = at.content["leaving"]
    made = leaving["assessment"]
    if made is not None:
        if made["urgent_facts"]:
            yield "Urgent facts", made["urgent_facts"]
        yield "Suggested course", words.in_words(made["course"]).capitalize()
        for name, text in made["rationale"].items():
            if text:
                yield words.in_words(name).capitalize(), text
    yield "Concern", leaving["concern"] or "It does not leave: it would give a source away."
    for one in leaving["elements"]:
        holder = words.agency_in_words(one["holder"], at.partnership)
        yield f"{holder}: {words.in_words(one['kind'])}", one["text"]
    if not leaving["elements"]:
        yield "From the agencies", "Nothing is released."


def _teams(at: Situation) -> tuple[str, ...]:
    return teams.package_teams(at.case, at.partnership)


def _fields(at: Situation) -> Sequence[Field]:
    rating = at.case.rating
    if not gaps.waiting_for(at.case) or rating is None:
        return asking.rationale()
    goes = issue_at(rating, at.partnership.clocks)
    when = f"at {moments.to_the_minute(goes, at.partnership.clocks.zone)}" if at.now < goes else "at once"
    confirm = Field(
        "if_incomplete",
        "What is still missing",
        Kind.CHECKBOXES,
        hint="If everything comes before, it goes out whole.",
        options=(Option(_PARTIAL, f"Send it {when} with what is missing named in it"),),
        needed="Confirm that it goes out with what is missing, or wait until everything has come",
    )
    return (confirm, *asking.rationale())


def _data(at: Situation, said: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**said, "if_incomplete": _PARTIAL if "if_incomplete" in said else "wait"}


TASKS = (
    Task(
        "agreement",
        "Agree the package",
        "agree_package",
        PackageAgreed,
        _fields,
        "The package is agreed.",
        open_for=_open,
        data=_data,
        know=_know,
        shows=lambda at: tuple(_shows(at)),
        final="What has gone to the field teams cannot be called back.",
    ),
)
