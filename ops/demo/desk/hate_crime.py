"""The level of response to a hate crime, once adult social care has answered. [I03, G3.20]"""

from __future__ import annotations

from collections.abc import Iterator

from agents.coordinator import hate_crime
from messages.hate_crime import HateResponseDecided
from messages.parties import STAFF
from ops.demo.desk.acts import A_MOMENT, Act, Scene
from ops.demo.desk.wording import rationale


def acts(scene: Scene) -> Iterator[Act]:
    """The Public Protection Co-ordinator and adult social care set it a moment after the answer."""
    if not hate_crime.wants_response(scene.case):
        return
    levels = scene.cast.partnership.response_levels
    asked = [check for check in scene.case.round_checks if check.adult_social_care]
    yield Act(
        "hate-response",
        max(check.answered_at for check in asked if check.answered_at) + A_MOMENT,
        STAFF,
        HateResponseDecided(
            by=scene.cast.anybody_with_right("hate_response"),
            adult_social_care=scene.cast.with_right(asked[0].agency, "hate_response_adult_social_care"),
            level=levels[len(levels) // 2],
            rationale=rationale("What adult social care knows of earlier incidents calls for this level."),
        ),
    )
