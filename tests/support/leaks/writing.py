"""What people write about a case: each text with a word of its own."""

from __future__ import annotations

from typing import Any

from messages.confidential import Confidential
from messages.words import Choice, ElementChoice, FiveTests, Harm, Rationale
from tests.support.canaries import Canaries


class Writing:
    """Texts of all kinds, by a label that says what they are about."""

    def __init__(self) -> None:
        self.words = Canaries()

    def text(self, label: str) -> Confidential:
        return Confidential(self.words.text(label))

    def why(self, what: str) -> Rationale:
        names = ("reason", "proportionality", "early_risk", "timeliness", "coordination")
        return Rationale(**{name: self.text(f"{what}: {name}") for name in names})

    def grounds(self, what: str, choice: Choice = Choice.RELEASE, **more: Any) -> ElementChoice:
        names = ("relevance", "necessity", "justification", "proportionality", "why")
        return ElementChoice(
            choice=choice,
            tests=FiveTests(**{name: self.text(f"{what}: {name}") for name in names}),
            harm=Harm(considered=self.text(f"{what}: harm considered")),
            legal_basis="children_act_2004",
            purpose="safeguarding_children",
            **more,
        )

    def withhold(self, what: str) -> ElementChoice:
        return ElementChoice(choice=Choice.WITHHOLD, reason=self.text(f"{what}: reason to withhold"))
