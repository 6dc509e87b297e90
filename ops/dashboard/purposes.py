"""What a person reads a case for: asked once in a session, on record with every reading. [D02, D16]"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from agents.coordinator.case import Case
from ops.dashboard.given import Given
from ops.dashboard.places import Place
from ops.dashboard.rendering import Pages


def ask_purpose(
    given: Given,
    pages: Pages,
    request: Request,
    place: Place,
    case: Case,
    then: str,
    problem: str | None = None,
) -> Response:
    """The page that asks. ``then`` is the address that the person goes on to."""
    return pages.page(
        "purpose.html",
        request,
        400 if problem else 200,
        case_id=case.case_id,
        base=place.of(case.case_id),
        then=then,
        purposes=given.partnership.purposes_for(case.category),
        problem=problem,
    )
