"""What goes wrong for the person at the command line: one clear line, and what to do."""

from __future__ import annotations

FAILED = 1
WRONG_INPUT = 2


class Problem(Exception):
    """Something that the person can do something about. Never carries content.

    ``code`` is the exit code: `FAILED`, or `WRONG_INPUT` for wrong usage or input.
    """

    def __init__(self, what: str, *, code: int = FAILED) -> None:
        self.code = code
        super().__init__(what)


class WrongInput(Problem):
    """A file, an argument or a setting is not as it has to be; ``places`` says where, a line for each."""

    def __init__(self, what: str, places: tuple[str, ...] = ()) -> None:
        self.places = places
        super().__init__("\n".join((what, *(f"  {place}" for place in places))), code=WRONG_INPUT)
