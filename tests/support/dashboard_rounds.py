"""A dashboard's hub in which something is before each of the daily rounds, and a case is done with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from agents.coordinator import domestic_abuse, missing_children
from agents.coordinator.incoming import case_id_for
from messages.dial import AtTheScene
from messages.hate_crime import HateCrime, HateStrand
from messages.missing import MissingReported
from messages.words import Category, Part, Said
from tests.support.dashboard import Scene, a_scene
from tests.support.procedure import child, dial, referral, secret

RESEARCHER = "POL-RES-01@police"
PRACTITIONER = "CSS-PR-01@csc_staffordshire"
SENIOR = "CSS-SP-01@csc_staffordshire"
MISPER = "POL-MPC-01@police"
PROTECTION = "POL-PPC-01@police"
ACCOUNT = "CANARY-OF-THE-NIGHT shouting heard"
CIRCUMSTANCES = "CANARY-OF-THE-CHILD not home"
HATE = "CANARY-OF-THE-STREET abuse shouted"

DIALS = tuple(domestic_abuse.key_of("police_cru", f"DIAL-{n}") for n in (1, 2))
CHILD = missing_children.key_of("police_cru", "MP-1")
HATE_CRIME = case_id_for("first_response", "R-HATE")


@dataclass(frozen=True)
class Daily:
    """The scene, and how something more is said in its hub."""

    scene: Scene

    def say(self, payload: Said, sender: str, about: str = "new") -> None:
        """A message of somebody who does not sit at the dashboard."""
        hub = self.scene.hub
        self.scene.thread.submit(lambda: hub.say(payload, sender, about)).result()


def reported(daily: Daily, number: int) -> MissingReported:
    """A report of the missing child, each made at a moment of its own."""
    return MissingReported(
        report_id=f"R-{number}",
        source="police_cru",
        person_ref="MP-1",
        reported_at=daily.scene.now - timedelta(minutes=number - 1),
        authority="staffordshire",
        person=child(),
        circumstances=secret(CIRCUMSTANCES),
    )


@contextmanager
def a_daily_scene(folder: Path) -> Iterator[Daily]:
    """Two DIALs, a missing child and a hate crime that is reviewed alone."""
    with a_scene(folder) as scene:
        daily = Daily(scene)
        now = scene.now
        at_the_scene = AtTheScene(
            officer="PC-4711",
            at=now - timedelta(hours=5),
            imminent_threat=True,
            action="risk_removed",
            what=secret("the man was arrested"),
        )
        incident = now - timedelta(hours=6)
        for n in (1, 2):
            came = dial().model_copy(
                update={
                    "dial_id": f"DIAL-{n}",
                    "incident_at": incident,
                    "account": secret(f"{ACCOUNT} {n}"),
                    "at_the_scene": at_the_scene,
                }
            )
            daily.say(came, "source.police_cru")
        daily.say(reported(daily, 1), "source.police_cru")
        crime = referral(
            referral_id="R-HATE",
            category=Category.HATE_CRIME,
            people=(child().model_copy(update={"part": Part.VICTIM}),),
            section_47_belief=None,
            concern=secret(HATE),
            hate_crime=HateCrime(strands=(HateStrand.RACE,), vulnerable_person=False),
        )
        daily.say(crime, "source.first_response")
        yield daily
