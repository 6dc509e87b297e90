"""Whether somebody has anything to do with what they decide about: the rule of the dashboard's pages, for
programs. [C10, D02, H03, I08, K03, M2.4]"""

from __future__ import annotations

from agents.coordinator.case import Case
from agents.coordinator.daily_rounds import Round
from agents.coordinator.dial_record import Dial
from agents.coordinator.missing_record import MissingPerson
from messages.catalogue import Kind
from messages.parties import kind_of
from messages.words import Category
from ops import case_views, who_reads
from ops.dashboard.given import Given
from ops.dashboard.reading_on_record import asking_by
from ops.dashboard.tasks import IN_ROUNDS, OF_CHAMPIONS, TASKS, Document
from ops.dashboard.viewer import Viewer
from ops.problem import WrongInput
from ops.reading_input import Decision
from ops.who_reads import Denied


async def document_of(said: Decision, given: Given) -> Document | None:
    """What a decision is about, None where there is no such thing. Raises StoreError."""
    kept = (await given.store.load([said.case])).get(said.case)
    if kept is not None and kept.facets.get("kind") == "round":
        return Round.model_validate_json(kept.state)
    try:
        return await case_views.look_up_any(given.store, said.case)
    except WrongInput:
        return None


def stranger_to(document: Document, said: Decision, viewer: Viewer, given: Given) -> str | None:
    """Why this person has no part in what they decide about, as a code; None when they have."""
    if kind_of(said.sender) is Kind.TEAM:
        own = viewer.of_team(document, given.partnership) if isinstance(document, Case) else frozenset()
        return None if said.sender.removeprefix("team.") in own else "not_sent_to_your_team"
    tasks = [task for task in TASKS.values() if task.payload is type(said.payload) and task.fits(document)]
    if any(task.name in OF_CHAMPIONS for task in tasks):
        return None  # by the right alone: they see its rule and its times, never content [L09]
    if isinstance(document, Case):
        sees = viewer.sees_cases and viewer.may_see(document)
        if sees or any(task.may(viewer) and task.also_for(document, viewer) for task in tasks):
            return None
        if document.category is not Category.HATE_CRIME or not any(one.name in IN_ROUNDS for one in tasks):
            return "not_your_agencys_case"
    try:
        _require_part(document, viewer, given)
    except Denied as denied:
        return denied.reason
    return None


def _require_part(document: Document, viewer: Viewer, given: Given) -> None:
    """In a daily round or in what is before one. Raises `Denied`."""
    who, partnership, today = asking_by(viewer, ""), given.partnership, given.today
    match document:
        case Dial():
            who_reads.reader_of_dial(document, who, partnership, today)
        case MissingPerson():
            who_reads.reader_of_missing(document, who, partnership, today)
        case Round():
            who_reads.reader_of_round(document.code, who, partnership, today)
        case Case():  # of hate crime, which a round reviews
            code = partnership.round_of("hate_crimes")
            if code is None:
                raise Denied("no_need_to_know", f"no round reviews {document.case_id}")
            who_reads.reader_of_round(code, who, partnership, today)
