"""A disagreement about an element: line managers, panel, data controller. [D22, K01-K08, M2.8, M6]"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from agents.coordinator.case import Case
from agents.coordinator.disputes import Dispute, DisputeStage, Proposal
from agents.coordinator.elements import Authority, Element, standing
from agents.partnership import Partnership
from messages.escalation import (
    ControllerDecided,
    DisclosureDisputed,
    EscalationConvened,
    EscalationDecided,
    ManagementActed,
    SettlementConfirmed,
)
from messages.words import Actor, Choice
from ops.dashboard import words
from ops.dashboard.forms import Field, Kind, Option
from ops.dashboard.tasks import asking, choosing, in_the_hub
from ops.dashboard.tasks.task import About, Situation, Task
from ops.dashboard.viewer import Viewer

_FINAL = frozenset({Authority.PANEL, Authority.CONTROLLER})
_CHOICES: Mapping[Choice, str] = {
    Choice.RELEASE: "Release it as it is",
    Choice.RELEASE_SANITISED: "Release it sanitised",
    Choice.WITHHOLD: "Withhold it",
}

_OF_A_SIDE = frozenset(
    {"view", "release", "answer_check", "dispute", "management", "convene", "final_decision"}
)

Found = tuple[Dispute, Element]


def disputes(case: Case) -> Iterator[Found]:
    """Every dispute of a case with the element that it is about."""
    for dispute in case.disputes:
        element = case.element(dispute.element_id)
        if element is not None:
            yield dispute, element


def of(at: Situation) -> Found:
    """The dispute that a task is about. It is one of those that the task is open for."""
    for dispute, element in disputes(at.case):
        if dispute.dispute_id == at.about:
            return dispute, element
    raise LookupError("a task is opened for what it can be about alone")


def proposed(case: Case, dispute: Dispute) -> Proposal | None:
    """What was agreed and waits for the others to say so. [K01, K03]"""
    return dispute.proposed(case.round.number, case.answers)


def sides(dispute: Dispute, element: Element) -> frozenset[str]:
    """The owner, and the agency that disputes."""
    return frozenset({element.owner, dispute.by.agency})


def is_side(case: Case, viewer: Viewer) -> bool:
    """Whether the person's agency is one of the two sides of a dispute of the case."""
    return any(viewer.agency in sides(dispute, element) for dispute, element in disputes(case))


def sits(case: Case, viewer: Viewer) -> bool:
    """Whether the person was called to a panel in the case. [K03]"""
    return any(_is(viewer, member) for dispute in case.disputes for member in dispute.panel)


def has_part(viewer: Viewer, dispute: Dispute, element: Element) -> bool:
    """Whether a person speaks for one of the two sides, or was called to the panel. [K03]"""
    of_a_side = speaks_for_a_side(viewer) and viewer.agency in sides(dispute, element)
    return of_a_side or any(_is(viewer, one) for one in dispute.panel)


def speaks_for_a_side(viewer: Viewer) -> bool:
    """Whether a person has to do with the disputes of their agency. Who sits on panels alone has not: theirs
    are those that they are called to."""
    return bool(_OF_A_SIDE & viewer.rights)


def _is(viewer: Viewer, actor: Actor) -> bool:
    return (viewer.person, viewer.agency) == (actor.person, actor.agency)


def _seat(at: Situation, actors: Iterable[Actor]) -> str | None:
    """The role in which this person was named."""
    return next((actor.role for actor in actors if _is(at.viewer, actor)), None)


def _open(
    stage: DisputeStage, whose: Callable[[Situation, Dispute, Element], bool]
) -> Callable[[Situation], Sequence[About]]:
    """The disputes at a stage that are this person's to deal with."""

    def found(at: Situation) -> Sequence[About]:
        if at.case.closed_at is not None:
            return ()
        return [
            About(dispute.dispute_id, dispute.dispute_id)
            for dispute, element in disputes(at.case)
            if dispute.stage is stage and whose(at, dispute, element)
        ]

    return found


def _shown(at: Situation) -> Sequence[tuple[str, str]]:
    dispute, element = of(at)
    read = next((d for d in (at.content or {}).get("disputes", ()) if d["dispute_id"] == at.about), None)
    said = []
    if read is not None:
        said += [(f"Position of {read['by']['person']}", read["position"])]
        for tried in read["reasons"]:
            said += [(f"Reason given by {tried['by']['person']}", tried["reason"])]
            said += [_viewed(one) for one in tried["views"]]
    return (
        ("Element", at.called[element.element_id]),
        *choosing.shown(at, element),
        ("Disputed by", words.agency_in_words(dispute.by.agency, at.partnership)),
        ("Ground", words.in_words(dispute.ground)),
        *said,
    )


def _viewed(one: Mapping[str, Any]) -> tuple[str, str]:
    """What a member of the panel held, and why. [K07]"""
    return f"View of {one['actor']['person']}: {words.in_words(one['position'])}", one["view"]


# Disputing a decision


def _dispute_open(at: Situation) -> Sequence[About]:
    if at.case.closed_at is not None or at.partnership.agencies[at.viewer.agency].outside(at.case.category):
        return ()
    called = at.called
    return [
        About(element.element_id, f"{called[element.element_id]}, {words.in_words(standing(element).value)}")
        for element in at.case.elements
        if element.owner != at.viewer.agency
        and element.decision is not None
        and element.decision.authority not in _FINAL
        and element.dispute_id is None
    ]


def _dispute_shown(at: Situation) -> Sequence[tuple[str, str]]:
    element = at.case.element(at.about or "")
    if element is None:
        return ()
    return (*choosing.shown(at, element), ("Decided", words.in_words(standing(element).value)))


def _dispute_fields(at: Situation) -> Sequence[Field]:
    return (
        Field(
            "ground",
            "What you dispute",
            Kind.RADIOS,
            options=(
                Option("relevance", "Whether it is relevant"),
                Option("necessity", "Whether it is necessary"),
            ),
            needed="Choose what you dispute",
        ),
        Field(
            "position",
            "Your position",
            hint="What you hold, and why. The line managers of both agencies and a panel read it.",
            needed="Enter your position",
        ),
    )


def next_number(case: Case) -> int:
    """The next free number of a dispute of the case."""
    taken = {dispute.dispute_id for dispute in case.disputes}
    return next(n for n in range(1, len(taken) + 2) if f"{case.case_id}/dispute/{n}" not in taken)


def _dispute_data(at: Situation, said: Mapping[str, Any]) -> Mapping[str, Any]:
    dispute_id = f"{at.case.case_id}/dispute/{next_number(at.case)}"
    return {**said, "dispute_id": dispute_id, "element_id": at.about}


# Line managers


def _other_side(at: Situation) -> str:
    dispute, element = of(at)
    return next(agency for agency in sides(dispute, element) if agency != at.viewer.agency)


def _outcome(at: Situation, name: str, question: str, yes: str, no: str) -> Field:
    """Agreed or not, and on what. What waits for its confirmation can only be said not to have been."""
    dispute, element = of(at)
    agreed = Option(
        "yes", yes, data=True, fields=choosing.fields(at, element, "outcome", may_leave_open=False)
    )
    waits = proposed(at.case, dispute) is not None
    return Field(
        name,
        question,
        Kind.RADIOS,
        hint="Somebody has recorded an agreement that waits to be confirmed. Here you can say that there is "
        "none." if waits else "",
        options=(*(() if waits else (agreed,)), Option("no", no, data=False)),
        needed="Choose yes or no",
    )  # fmt: skip


def _management_fields(at: Situation) -> Sequence[Field]:
    return (
        Field(
            "other_side",
            "Line manager of the other side",
            Kind.SELECT,
            options=asking.people(at.partnership, "management", of=[_other_side(at)]),
            needed="Choose the line manager of the other side",
        ),
        _outcome(
            at,
            "settled",
            "Is it settled between the two of you?",
            "Yes, and the other manager will confirm it",
            "No, it goes to a panel",
        ),
        Field("reason", "Reason", hint="What was said, and what it rests on.", needed="Enter the reason"),
    )


def _with_outcome(at: Situation, said: Mapping[str, Any], agreed: str) -> dict[str, Any]:
    _, element = of(at)
    rest = {name: value for name, value in said.items() if not name.startswith("outcome.")}
    outcome = {"outcome": choosing.choice(at, element, "outcome", said)} if said.get(agreed) else {}
    return {**rest, **outcome, "dispute_id": at.about}


# Confirming what was agreed


def _confirms(at: Situation, dispute: Dispute, element: Element) -> bool:
    proposal = proposed(at.case, dispute)
    if proposal is None:
        return False
    named = [one for one in proposal.named if one not in proposal.confirmed_by]
    return _seat(at, named) is not None


def _confirm_shown(at: Situation) -> Sequence[tuple[str, str]]:
    dispute, _ = of(at)
    proposal = proposed(at.case, dispute)
    if proposal is None:
        return _shown(at)
    read: Mapping[str, Any] = next(
        (d for d in (at.content or {}).get("disputes", ()) if d["dispute_id"] == at.about), {}
    )
    choice = ((read.get("proposal") or {}).get("decision") or {}).get("choice") or {}
    return (
        *_shown(at),
        ("Agreed", _CHOICES[proposal.decision.choice.choice]),
        ("Recorded by", ", ".join(actor.person for actor in proposal.confirmed_by)),
        *said_of_choice(choice),
    )


def said_of_choice(choice: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What a choice rests on, in words, from content that was read."""
    if choice.get("sanitised"):
        yield "The text as it leaves", choice["sanitised"]["text"]
    for name, (label, _) in choosing.TESTS.items():
        if choice.get("tests"):
            yield label, choice["tests"][name]
    if choice.get("harm"):
        yield "Harm considered", choice["harm"]["considered"]
    for name, label in (("legal_basis", "Legal basis"), ("purpose", "Purpose")):
        if choice.get(name):
            yield label, words.in_words(choice[name])
    if choice.get("reason"):
        yield "Why it is withheld", choice["reason"]


_CONFIRMED = "confirmed"


def _confirm_fields(at: Situation) -> Sequence[Field]:
    return (
        Field(
            _CONFIRMED,
            "Was this agreed, and do you hold to it?",
            Kind.CHECKBOXES,
            hint="If not, say so under “Record management action” or “Record the panel’s decision”.",
            options=(Option("yes", "Yes, this is what we agreed"),),
            needed="Confirm that this is what was agreed",
        ),
    )


def _confirm_data(at: Situation, said: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"dispute_id": at.about}


def _confirm_role(at: Situation) -> str | None:
    dispute, _ = of(at)
    proposal = proposed(at.case, dispute)
    return _seat(at, proposal.named) if proposal else None


# The panel


def panel_options(partnership: Partnership) -> tuple[Option, ...]:
    """Those on the register who speak for their agency on a panel, in the role named for it. [K02]"""
    holding = set(partnership.rights.get("panel", ()))
    found = []
    for one in sorted(partnership.staff, key=lambda one: (one.agency, one.person)):
        seats = partnership.agencies[one.agency].panel_roles
        role = next((role for role in seats if role in one.roles and role in holding), None)
        if role is not None:
            title = words.agency_in_words(one.agency, partnership)
            found.append(
                Option(
                    f"{one.person}@{one.agency}",
                    f"{one.person}, {words.in_words(role)}, {title}",
                    data={"person": one.person, "role": role, "agency": one.agency},
                )
            )
    return tuple(found)


def _convene_fields(at: Situation) -> Sequence[Field]:
    dispute, element = of(at)
    needed = " and ".join(
        words.agency_in_words(agency, at.partnership) for agency in (element.owner, dispute.by.agency)
    )
    return (
        Field(
            "panel",
            "Who is called",
            Kind.CHECKBOXES,
            hint=f"At least somebody of {needed}.",
            options=panel_options(at.partnership),
            needed="Choose who is called",
        ),
        asking.how_met("How the panel is to meet"),
    )


def _panel_fields(at: Situation) -> Sequence[Field]:
    dispute, _ = of(at)
    return (
        asking.how_met(),
        *(_view(at, n, member) for n, member in enumerate(dispute.panel)),
        _outcome(
            at,
            "agreed",
            "Does everybody who took part hold the same?",
            "Yes, and the others will confirm it",
            "No, the data controller of the owner decides",
        ),
        Field("reason", "Reason", hint="What the panel’s decision rests on.", needed="Enter the reason"),
    )


def _view(at: Situation, number: int, member: Actor) -> Field:
    name = f"views.{number}"
    agency = words.agency_in_words(member.agency, at.partnership)
    fields = (
        Field(
            f"{name}.position",
            f"What {member.person} holds",
            Kind.RADIOS,
            options=tuple(Option(choice, text) for choice, text in _CHOICES.items()),
            needed=f"Choose what {member.person} holds",
        ),
        Field(
            f"{name}.view",
            f"Why {member.person} holds it",
            needed=f"Enter why {member.person} holds it",
            rows=2,
        ),
    )
    return Field(
        name,
        f"{member.person}, {words.in_words(member.role)}, {agency}",
        Kind.CHECKBOXES,
        options=(Option("took_part", "Took part", fields=fields),),
        filled=("took_part",) if _is(at.viewer, member) else (),
    )


def _panel_data(at: Situation, said: Mapping[str, Any]) -> Mapping[str, Any]:
    dispute, _ = of(at)
    rest = {name: value for name, value in said.items() if not name.startswith("views.")}
    views = [
        {
            "actor": member.model_dump(mode="json"),
            "position": said.get(f"views.{n}.position"),
            "view": said.get(f"views.{n}.view"),
        }
        if f"views.{n}" in said
        else None
        for n, member in enumerate(dispute.panel)
    ]
    return {**_with_outcome(at, rest, "agreed"), "views": views}


# The data controller


def _controller_data(at: Situation, said: Mapping[str, Any]) -> Mapping[str, Any]:
    _, element = of(at)
    return {"dispute_id": at.about, "outcome": choosing.choice(at, element, "outcome", said)}


def address(case_id: str, dispute_id: str) -> str:
    """The page of a dispute."""
    return f"/cases/{case_id}/disputes?{urlencode({'about': dispute_id})}"


def _on_page(at: Situation) -> str:
    return address(at.case.case_id, at.about or "")


TASKS = (
    Task(
        "dispute",
        "Dispute a decision",
        "dispute",
        DisclosureDisputed,
        _dispute_fields,
        "The decision is disputed. The element waits until that is settled.",
        open_for=_dispute_open,
        data=_dispute_data,
        shows=_dispute_shown,
    ),
    Task(
        "management",
        "Record management action",
        "management",
        ManagementActed,
        _management_fields,
        "The management action is recorded.",
        open_for=_open(DisputeStage.RAISED, lambda at, d, e: at.viewer.agency in sides(d, e)),
        data=lambda at, said: _with_outcome(at, said, "settled"),
        takes_text=choosing.takes_text,
        shows=_shown,
        also_for=lambda case, viewer: "management" in viewer.rights and is_side(case, viewer),
        may_read=in_the_hub.reads,
        then=_on_page,
    ),
    Task(
        "confirm_settlement",
        "Confirm what the line managers agreed",
        "management",
        SettlementConfirmed,
        _confirm_fields,
        "The settlement is confirmed.",
        open_for=_open(DisputeStage.RAISED, _confirms),
        data=_confirm_data,
        shows=_confirm_shown,
        role=_confirm_role,
        also_for=lambda case, viewer: "management" in viewer.rights and is_side(case, viewer),
        may_read=in_the_hub.reads,
        then=_on_page,
    ),
    Task(
        "convene",
        "Call the panel",
        "convene",
        EscalationConvened,
        _convene_fields,
        "The panel is called.",
        open_for=_open(DisputeStage.MANAGEMENT_FAILED, lambda at, d, e: True),
        data=lambda at, said: {**said, "dispute_id": at.about},
        shows=_shown,
        then=_on_page,
    ),
    Task(
        "panel",
        "Record the panel’s decision",
        "panel",
        EscalationDecided,
        _panel_fields,
        "The panel’s decision is recorded.",
        open_for=_open(DisputeStage.PANEL_CONVENED, lambda at, d, e: _seat(at, d.panel) is not None),
        data=_panel_data,
        takes_text=choosing.takes_text,
        shows=_shown,
        role=lambda at: _seat(at, of(at)[0].panel),
        also_for=sits,
        then=_on_page,
    ),
    Task(
        "confirm_panel",
        "Confirm what the panel agreed",
        "panel",
        SettlementConfirmed,
        _confirm_fields,
        "What the panel agreed is confirmed.",
        final="What both sides of the panel have confirmed settles the dispute, and nobody can change it.",
        open_for=_open(DisputeStage.PANEL_CONVENED, _confirms),
        data=_confirm_data,
        shows=_confirm_shown,
        role=_confirm_role,
        also_for=sits,
        then=_on_page,
    ),
    Task(
        "controller",
        "Decide finally, as data controller",
        "final_decision",
        ControllerDecided,
        lambda at: choosing.fields(at, of(at)[1], "outcome", may_leave_open=False),
        "The data controller’s decision is recorded. It is final.",
        final="Your decision is final: it settles the dispute, and nobody can change it.",
        open_for=_open(DisputeStage.PANEL_DISAGREED, lambda at, d, e: e.owner == at.viewer.agency),
        data=_controller_data,
        takes_text=choosing.takes_text,
        shows=_shown,
        also_for=lambda case, viewer: "final_decision" in viewer.rights and is_side(case, viewer),
        may_read=in_the_hub.reads,
        then=_on_page,
    ),
)
