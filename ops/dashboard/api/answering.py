"""Every way in which a request of a program may not come off, as a problem."""

from __future__ import annotations

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from ops.dashboard.admitting import FormNotTaken, NoSuchCase, NotAllowed, SignInFirst
from ops.dashboard.api import problems
from ops.dashboard.api.problems import NotDone


def answer_to(error: Exception) -> Response:
    """What a program is told of what was raised."""
    match error:
        case NotDone():
            return problems.answer(error.problem)
        case SignInFirst():
            return problems.answer(problems.problem("sign_in_first"))
        case NotAllowed():
            return problems.answer(problems.problem("not_allowed", reason=error.why))
        case FormNotTaken():
            return problems.answer(problems.problem("form_token_wrong"))
        case NoSuchCase():
            return problems.answer(problems.problem("no_such_case"))
        case RequestValidationError():
            # Places alone: what is said of them may repeat what was sent.
            places = [".".join(map(str, one["loc"][1:])) for one in error.errors()]
            return problems.answer(problems.problem("input_wrong", places=places))
        case HTTPException(status_code=405):
            return problems.answer(problems.problem("method_not_taken"), error.headers)
        case HTTPException(status_code=404):
            return problems.answer(problems.problem("no_such_operation"))
    raise error
