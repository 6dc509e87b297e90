"""The sources' own forms: taken as they are, kept as they came, attached where the procedure wants them, and
never a way by which a source is given away. [A12, A13, B03, D13, G2.3-2.5, G3.10, G3.11]"""

from __future__ import annotations

import base64

import pytest

from agents.coordinator import needs
from agents.coordinator.domestic_abuse import Dial
from agents.deciding import Refused
from messages.confidential import NotHere
from messages.dial import DialAlerted
from messages.referral import NativeForm, PersonConcerned
from messages.words import Category, Part, Rag
from tests.acceptance.test_adult_pathway import TEAM_MANAGER, packages
from tests.acceptance.test_domestic_abuse import RESEARCHER, Desk
from tests.support.adult_pathway import answered, directed, met, supplied
from tests.support.procedure import Procedure, adult, element, secret, why, withhold

TOLD = "Seen by Mrs Agnes Oddbody, of the shop next door."
REFERRER = PersonConcerned(
    person_id="p2",
    part=Part.REFERRER,
    given_name=secret("Agnes"),
    family_name=secret("Oddbody"),
    may_be_named=False,
)


def ap1(text: str, media_type: str = "text/plain") -> NativeForm:
    return NativeForm(form="ap1", media_type=media_type, document=secret(text))


def scan(text: str) -> NativeForm:
    return ap1(base64.b64encode(text.encode()).decode(), "application/pdf")


def with_words(form: NativeForm, *words: str) -> Procedure:
    """An AP1 came with the referral; then an agency names words that would give its source away."""
    hub = directed(Procedure(), form=form)
    hub.answer("police", element("e1", "police", source_words=tuple(map(secret, words))))
    rest = [check.agency for check in hub.case.checks if check.agency != "police"]
    hub.nothing_from(*rest)
    hub.discuss("e1")
    hub.decide("e1", withhold())
    hub.assess()
    return met(hub)


def may_not_agree(hub: Procedure) -> str:
    with pytest.raises(Refused) as why_not:
        hub.agree()
    return why_not.value.reason


@pytest.mark.parametrize("words", ["Oddbody", "mrs agnes ODDBODY", "shop next door"])
@pytest.mark.parametrize("media_type", ["text/plain", "application/json"])
def test_an_ap1_that_came_with_the_referral_is_searched_when_an_agency_names_its_source_d13_a13(
    words: str, media_type: str
) -> None:
    hub = with_words(ap1(TOLD, media_type), words)
    assert may_not_agree(hub) == "ap1_shows_source" and "adult_ap1" in needs.needs(hub.case)
    assert [f.detail for f in hub.facts if f.what == "form.shows_source"] == [{"form": "ap1"}]
    hub.say(supplied(form=ap1("Seen by a neighbour.")))
    form = packages(hub.agree())[TEAM_MANAGER].form
    assert form is not None and "adult_ap1" not in needs.needs(hub.case)


@pytest.mark.parametrize("words", ["Oddbod", "next shop", "Agnes of the shop"])
def test_an_ap1_without_the_words_of_a_source_goes_with_the_package_d13_f06(words: str) -> None:
    form = packages(with_words(ap1(TOLD), words).agree())[TEAM_MANAGER].form
    assert form is not None and form.form == "ap1"


def test_a_form_that_cannot_be_searched_does_not_leave_while_a_source_has_to_stay_hidden_d13_a13() -> None:
    assert packages(with_words(scan("a scan")).agree())[TEAM_MANAGER].form is not None
    hub = with_words(scan("a scan"), "Oddbody")
    assert may_not_agree(hub) == "ap1_shows_source"
    with pytest.raises(Refused, match="form_not_searchable"):
        hub.say(supplied(form=scan("another scan")))
    with pytest.raises(Refused, match="source_would_show"):
        hub.say(supplied(form=ap1(TOLD)))
    hub.say(supplied(form=ap1("what it says, without the name")))
    assert packages(hub.agree())[TEAM_MANAGER].form is not None


@pytest.mark.parametrize("told", ["Told by A. Oddbody", "Agnes rang", "ODDBODY, Agnes"])
def test_an_ap1_that_names_a_referrer_who_must_stay_unnamed_does_not_leave_d13_a13(told: str) -> None:
    hub = met(answered(directed(Procedure(), form=ap1(told), people=(adult(), REFERRER))))
    assert may_not_agree(hub) == "ap1_shows_source"
    with pytest.raises(Refused, match="source_would_show"):
        hub.say(supplied(form=ap1(told)))


def test_a_name_that_the_referrer_shares_with_others_gives_nobody_away_by_itself_d13() -> None:
    aunt = REFERRER.model_copy(update={"family_name": secret("Thornquist")})
    for told, hidden in (("Tilly Thornquist is at risk", False), ("says Thornquist, Agnes", True)):
        hub = met(answered(directed(Procedure(), form=ap1(told), people=(adult(), aunt))))
        assert hub.case.form_shows_source == hidden, told


def test_a_form_that_never_leaves_is_kept_as_it_came_whatever_it_says_a13() -> None:
    hub = Procedure()
    told = NativeForm(form="first_response", media_type="text/plain", document=secret(TOLD))
    hub.until_directed(form=told)
    hub.answer("police", element("e1", "police", source_words=(secret("Oddbody"),)))
    assert hub.case.form is not None and not hub.case.form_shows_source
    hub.nothing_from("education", "primary_care", "csc_staffordshire")
    hub.discuss("e1")
    hub.decide("e1", withhold())
    hub.assess()
    assert all(package.form is None for package in packages(hub.agree()).values())
    (fact,) = [f for f in hub.facts if f.what == "referral.received"]
    assert fact.detail["form"] == "first_response" and len(fact.detail["form_hash"]) == 32
    with pytest.raises(NotHere):
        hub.case.form.document.reveal()


def test_the_record_shows_another_hash_for_a_form_that_differs_by_one_character_a13() -> None:
    hashes = set()
    for text in (TOLD, TOLD, f"{TOLD} "):
        hub = Procedure()
        hub.refer(form=NativeForm(form="first_response", media_type="text/plain", document=secret(text)))
        hashes.add(next(f.detail["form_hash"] for f in hub.facts if f.what == "referral.received"))
    assert len(hashes) == 2


DIAL = NativeForm(form="dial", media_type="text/csv", document=secret("DIAL-1,as it was written"))


def test_the_dial_goes_with_the_case_that_research_makes_of_it_h07_h09_a13() -> None:
    desk = Desk()
    key = desk.receive(form=DIAL)
    desk.hub.say(DialAlerted(by=RESEARCHER, rag=Rag.RED, action="visit_at_once", rationale=why()), about=key)
    (case,) = desk.hub.cases()
    assert case.form is not None and case.form.form == "dial"
    dial = desk.hub.documents[key]
    assert isinstance(dial, Dial) and dial.form is not None


def test_the_dial_goes_with_what_adult_social_care_is_referred_h10_a13() -> None:
    desk = Desk()
    desk.receive(form=DIAL, adult_at_risk=True, people=(adult(),))
    (case,) = desk.hub.cases()
    assert case.category is Category.ADULT_PROTECTION
    assert case.form is not None and case.form.form == "dial"


def test_the_record_of_a_dial_has_the_hash_of_its_document_a13_h01() -> None:
    desk = Desk()
    desk.receive(form=DIAL)
    (fact,) = desk.hub.recorded("dial.received")
    assert fact.detail["form"] == "dial" and len(fact.detail["form_hash"]) == 32
