"""What a package says in codes, in the words of whoever reads it. [C05, C06, C07]"""

from __future__ import annotations

from collections.abc import Mapping

from messages.words import AnswerState

ANSWERS: Mapping[AnswerState, str] = {
    AnswerState.FOUND: "holds information",
    AnswerState.NOTHING_FOUND: "was asked and holds nothing",
    AnswerState.NOTHING_RELEVANT: "was asked and holds nothing relevant",
    AnswerState.SEVERAL_FIT: "knows several people who may be meant; nothing was revealed",
    AnswerState.WITHHELD: "answered and withholds everything",
    AnswerState.UNAVAILABLE: "could not search its records",
    AnswerState.UNREADABLE: "sent an answer that could not be read",
    AnswerState.OUTSTANDING: "has not answered",
}
"""How an agency stands to what it was asked; what is left open never reads as nothing known."""

KINDS: Mapping[str, str] = {
    "full": "Package",
    "partial": "Partial package: something is outstanding",
    "supplement": "Supplement to an earlier package",
}
"""What a package is to the others of its case."""

SILENCE = "Silence does not mean that nothing is known."
