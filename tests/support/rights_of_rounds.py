"""The decisions on DIALs, missing children and daily rounds, for the matrix of decision rights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from agents.coordinator import domestic_abuse, missing_children
from agents.coordinator.incoming import case_id_for
from messages.dial import DialAlerted, DialCheckRecorded, DialHistoryRecorded, DialScreened
from messages.hate_crime import HateCrime, HateStrand
from messages.missing import MissingChildFlagged, MissingReported
from messages.rounds import HateCrimeFlagged, ReviewHeld
from messages.words import Actor, Category, Mode, Part, Rag, Said
from tests.support.procedure import SENIOR_PRACTITIONER, SERGEANT, child, dial, referral, secret, why
from tests.support.whole_hub import TUESDAY, WholeHub

STOKE_SP = Actor(person="CSK-SP-01", role="senior_practitioner", agency="csc_stoke")
RESEARCHER = Actor(person="POL-RES-01", role="police_researcher", agency="police")
PRACTITIONER = Actor(person="CSS-PR-01", role="practitioner", agency="csc_staffordshire")
DIAL = domestic_abuse.key_of("police_cru", "DIAL-1")
HATE_CRIME = case_id_for("first_response", "R-1")
CHILD = missing_children.key_of("police_cru", "MP-1")


@dataclass(frozen=True, slots=True)
class RoundsDecision:
    """A decision, the hub on which it is tried, how it is said and about what, and who alone may take it."""

    name: str
    ids: str
    before: Callable[[WholeHub], None]
    about: str
    say: Callable[[Actor], Said]
    who: frozenset[tuple[str, str]]


def _received(hub: WholeHub) -> None:
    hub.say(dial(), "source.police_cru")


def _with_history(hub: WholeHub) -> None:
    _received(hub)
    hub.say(_history(RESEARCHER), about=DIAL)


def _ready(hub: WholeHub) -> None:
    _with_history(hub)
    hub.say(_check(PRACTITIONER), about=DIAL)


def _reported(hub: WholeHub) -> None:
    said = MissingReported(
        report_id="R-1",
        source="police_cru",
        person_ref="MP-1",
        reported_at=TUESDAY,
        authority="staffordshire",
        person=child(),
        circumstances=secret("not home"),
    )
    hub.say(said, "source.police_cru")


def _history(by: Actor) -> Said:
    return DialHistoryRecorded(by=by, known=True, history=secret("two call-outs"))


def _check(by: Actor) -> Said:
    return DialCheckRecorded(by=by, known=True, findings=secret("known"))


def _alert(by: Actor) -> Said:
    return DialAlerted(by=by, rag=Rag.RED, action="officers_sent_back", rationale=why())


def _everybody_and(by: Actor) -> tuple[Actor, ...]:
    return tuple(dict.fromkeys((SERGEANT, SENIOR_PRACTITIONER, STOKE_SP, by)))


def _screen(by: Actor) -> Said:
    return DialScreened(
        by=by,
        participants=_everybody_and(by),
        mode=Mode.FACE_TO_FACE,
        context=secret("in full"),
        action="visit",
    )


def _review(round_: str, everybody: bool = False) -> Callable[[Actor], Said]:
    return lambda by: ReviewHeld(
        by=by,
        round=round_,
        day=date(2012, 3, 6),
        mode=Mode.FACE_TO_FACE,
        participants=_everybody_and(by) if everybody else (by,),
    )


def _reviewed_alone(hub: WholeHub) -> None:
    said = referral(
        category=Category.HATE_CRIME,
        people=(child().model_copy(update={"part": Part.VICTIM}),),
        section_47_belief=None,
        hate_crime=HateCrime(strands=(HateStrand.RACE,), vulnerable_person=False),
    )
    hub.say(said, "source.first_response")


def _nothing(hub: WholeHub) -> None:
    pass


_CHILDREN = ("csc_staffordshire", "csc_stoke")
_QUORUM = frozenset({("police_sergeant", "police"), *(("senior_practitioner", a) for a in _CHILDREN)})
_RESEARCH = frozenset({("police_researcher", "police")})
_MISPER = frozenset({("misper_coordinator", "police")})

DECISIONS = (
    RoundsDecision("police history of a DIAL", "H03", _received, DIAL, _history, _RESEARCH),
    RoundsDecision(
        "lateral checks of a DIAL",
        "H03",
        _with_history,
        DIAL,
        _check,
        frozenset((role, a) for role in ("practitioner", "senior_practitioner") for a in _CHILDREN),
    ),
    RoundsDecision(
        "DIAL action before the meeting",
        "H07",
        _received,
        DIAL,
        _alert,
        _RESEARCH | {("first_response_researcher", "csc_staffordshire")},
    ),
    RoundsDecision("DIAL outcome", "H04", _ready, DIAL, _screen, _QUORUM),
    RoundsDecision(
        "hold the DIAL meeting",
        "H04",
        _nothing,
        "round/dial_meeting",
        _review("dial_meeting", everybody=True),
        _QUORUM,
    ),
    RoundsDecision(
        "hold the hate crime review",
        "I01",
        _nothing,
        "round/hate_crime_review",
        _review("hate_crime_review"),
        frozenset({("public_protection_coordinator", "police")}),
    ),
    RoundsDecision(
        "refer a hate crime that was reviewed",
        "I04",
        _reviewed_alone,
        HATE_CRIME,
        lambda by: HateCrimeFlagged(by=by, rationale=why()),
        frozenset({("public_protection_coordinator", "police")}),
    ),
    RoundsDecision(
        "hold the missing children review",
        "I08",
        _nothing,
        "round/missing_children_review",
        _review("missing_children_review"),
        _MISPER,
    ),
    RoundsDecision(
        "missing child is of concern",
        "I08-I10",
        _reported,
        CHILD,
        lambda by: MissingChildFlagged(by=by, rationale=why()),
        _MISPER,
    ),
)
