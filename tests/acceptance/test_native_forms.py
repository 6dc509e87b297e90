"""The sources' own forms: taken as they are, kept as they came, attached where the procedure wants them, and
never a way by which a source is given away. [A12, A13, B03, D13, G2.3-2.5, G3.10, G3.11]"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from agents.coordinator import needs
from agents.coordinator.dial_record import Dial
from agents.deciding import Refused
from agents.partnership import Partnership, PartnershipInvalid, bundled, read_partnership
from messages.confidential import NotHere
from messages.dial import DialAlerted
from messages.referral import NativeForm, PersonConcerned, ReferralReceived
from messages.words import Actor, Category, Part, Rag
from ops.form_document import Document
from ops.native_forms import Filled, completing, read_form
from ops.problem import WrongInput
from tests.acceptance.test_adult_pathway import TEAM_MANAGER, packages
from tests.acceptance.test_domestic_abuse import RESEARCHER, Desk
from tests.support.adult_pathway import answered, directed, met, refer, supplied
from tests.support.partnership_folder import PartnershipFolder
from tests.support.procedure import PARTNERSHIP, SERGEANT, Procedure, adult, element, secret, why, withhold

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
    carer = adult("p3").model_copy(update={"given_name": secret("Agnes"), "family_name": secret("Fennel")})
    for told, hidden in (
        ("Tilly Thornquist is cared for by Agnes Fennel", False),
        ("says Agnes Thornquist", True),
        ("says Thornquist, Agnes", True),
    ):
        hub = Procedure()
        refer(hub, form=ap1(told), people=(adult(), aunt, carer))
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


def test_only_a_form_that_leaves_is_refused_for_what_it_shows_d13_a13() -> None:
    hub = with_words(ap1("Seen by a neighbour."), "Oddbody")
    hub.say(supplied(form=NativeForm(form="contact_note", media_type="text/plain", document=secret(TOLD))))
    form = packages(hub.agree())[TEAM_MANAGER].form
    assert form is not None and form.form == "ap1"


def test_what_came_is_never_replaced_and_only_what_is_missing_is_supplied_a13() -> None:
    hub = with_words(ap1("Seen by a neighbour."), "Oddbody")
    came = hub.case.form
    assert came is not None
    with pytest.raises(Refused, match="form_there"):
        hub.say(supplied(form=ap1("another story")))
    note = NativeForm(form="contact_note", media_type="image/png", document=secret("bm90ZQ=="))
    hub.say(supplied(form=note))
    with pytest.raises(Refused, match="form_there"):
        hub.say(supplied(form=note))
    assert hub.case.form == came and hub.case.leaving_form == came
    assert [kept.form.form for kept in hub.case.forms] == ["ap1", "contact_note"]


def test_a_form_that_may_not_leave_stays_beside_the_one_that_leaves_a13_d13() -> None:
    hub = with_words(ap1(TOLD), "Oddbody")
    came = hub.case.form
    hub.say(supplied(form=ap1("Seen by a neighbour.")))
    with pytest.raises(Refused, match="form_there"):
        hub.say(supplied(form=ap1("Seen by somebody.")))
    first, second = hub.case.forms
    assert first.form == came and first.by is None and second.by is not None


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


# What each source hands in

LARKMOOR = read_partnership(bundled("larkmoor-2026"))
WORLDS = {"staffordshire-2012": ("world", PARTNERSHIP), "larkmoor-2026": ("world_larkmoor", LARKMOOR)}
SOURCES = [(name, source) for name, (_, p) in WORLDS.items() for source in p.sources]
LEFT_OPEN = {"emergency_duty": {"authority": "staffordshire"}, "adult_duty": {"made_at": "2026-11-23T08:00"}}
"""What these two forms leave to a person of the hub."""
WHO = {
    "staffordshire-2012": Actor(person="CSS-PR-01", role="duty_worker", agency="csc_staffordshire"),
    "larkmoor-2026": Actor(person="FAM-CASE", role="caseworker", agency="family_services"),
}


def example(name: str, source: str) -> bytes:
    return (Path("ops/demo") / WORLDS[name][0] / "forms" / f"{source}.json").read_bytes()


def handed_in(
    source: str, change: Mapping[str, Any] | None = None, completed: Mapping[str, str] | None = None
) -> Filled:
    """The example of a source of 2012, with some of its fields filled in otherwise."""
    filled = {**json.loads(example("staffordshire-2012", source)), **(change or {})}
    completed = LEFT_OPEN.get(source, {}) if completed is None else completed
    who = WHO["staffordshire-2012"]
    return read_form(json.dumps(filled).encode(), source, PARTNERSHIP, completed=completed, by=who)


def wrong(source: str, change: Mapping[str, Any], completed: Mapping[str, str] | None = None) -> str:
    with pytest.raises(WrongInput) as why_not:
        handed_in(source, change, completed)
    assert why_not.value.code == 2
    return "\n".join(why_not.value.places)


def taken(said: ReferralReceived, partnership: Partnership = PARTNERSHIP) -> Procedure:
    """What the hub makes of it."""
    hub = Procedure(partnership, start=datetime(2026, 11, 23, 12, tzinfo=UTC))
    hub.say(said, f"source.{said.source}")
    return hub


@pytest.mark.parametrize(("name", "source"), SOURCES)
def test_each_source_hands_in_its_own_form_and_the_hub_takes_it_a12_b03(name: str, source: str) -> None:
    partnership = WORLDS[name][1]
    body = example(name, source)
    said = read_form(body, source, partnership, completed=LEFT_OPEN.get(source), by=WHO[name]).referral
    hub = taken(said, partnership)
    assert hub.case.source == source and hub.case.closed_at is None
    assert said.form is not None and said.form.document.reveal() == body.decode()
    (fact,) = [f for f in hub.facts if f.what == "referral.received"]
    assert fact.detail["form"] == said.form.form and fact.detail["form_hash"]


def test_the_six_sources_have_a_form_each_and_ap1_is_that_of_both_contact_centres_b03_a13() -> None:
    kinds = {s: form.document for form in PARTNERSHIP.source_forms.values() for s in form.sources}
    assert set(kinds) == set(PARTNERSHIP.sources) and len(kinds) == 6
    assert [source for source, kind in kinds.items() if kind == "ap1"] == [
        "staffordshire_adult_contact",
        "stoke_adult_contact",
    ]
    assert kinds["first_response"] == "first_response"


@pytest.mark.parametrize(
    ("source", "authority"),
    [("staffordshire_adult_contact", "staffordshire"), ("stoke_adult_contact", "stoke")],
)
def test_what_a_form_lacks_follows_from_who_sends_it_a12(source: str, authority: str) -> None:
    said = handed_in(source).referral
    assert (said.authority, said.category) == (authority, Category.ADULT_PROTECTION)


def test_every_field_of_a_form_goes_where_the_mapping_says_a12() -> None:
    said = handed_in("first_response").referral
    first, second, mother, referrer = said.people
    assert [p.part for p in said.people] == [Part.CHILD, Part.CHILD, Part.PARENT_OR_CARER, Part.REFERRER]
    assert first.given_name == secret("Peregrine") and first.date_of_birth == secret("2016-05-09")
    assert first.earlier_addresses == (secret("4 Imaginary Court, Fablestone, ZZ5 1QX"),)
    assert second.address is None and mother.date_of_birth is None and not first.identifiers
    assert referrer.family_name == secret("Larkspur") and referrer.may_be_named
    assert said.made_at == datetime(2026, 11, 23, 9, 15, tzinfo=UTC)
    assert "Reason for referral: A handprint" in said.concern.reveal()
    assert "What has been done so far: Mother" in said.concern.reveal()
    assert said.section_47_belief is not None and said.section_47_belief.by.person == "CSS-PR-01"


def test_a_time_on_a_form_is_local_time_a12() -> None:
    said = handed_in("police_cru", {"Submitted": "01/07/2026 07:30"}).referral
    assert said.made_at == datetime(2026, 7, 1, 6, 30, tzinfo=UTC)


def test_a_name_in_one_box_is_read_either_way_round_a12() -> None:
    for written in ("PENHALIGON, Osbert", "Osbert PENHALIGON"):
        person = handed_in("police_cru", {"Persons": [{"Role": "Child", "Name": written}]}).referral.people[0]
        assert (person.given_name, person.family_name) == (secret("Osbert"), secret("PENHALIGON"))


def test_what_a_form_does_not_say_is_not_made_up_a12() -> None:
    empty = {"Section 47": {"Grounds for belief": "", "Practitioner staff number": "CSS-PR-01"}}
    said = handed_in("first_response", empty).referral
    assert said.section_47_belief is None and not said.police_response and not said.routine
    hub = taken(said)
    assert hub.case.route is not None and hub.case.route.to == "not_in_mash"


def test_who_completes_a_form_is_on_record_and_has_the_right_to_a09_a12() -> None:
    body, by = example("staffordshire-2012", "emergency_duty"), "CSS-PR-01@csc_staffordshire"
    said = read_form(
        body,
        "emergency_duty",
        PARTNERSHIP,
        completed={"authority": "staffordshire"},
        by=completing(by, PARTNERSHIP),
    ).referral
    (fact,) = [f for f in taken(said).facts if f.what == "referral.received"]
    who = {"person": "CSS-PR-01", "role": "practitioner", "agency": "csc_staffordshire"}
    assert fact.detail["completed"] == {"by": who, "fields": ["authority"]}
    assert said.completed is not None
    sergeant = said.completed.model_copy(update={"by": SERGEANT})
    with pytest.raises(Refused, match="role_may_not"):
        taken(said.model_copy(update={"completed": sergeant}))
    with pytest.raises(WrongInput, match="--as: must be PERSON@AGENCY"):
        completing("POL-SGT-01@police", PARTNERSHIP)


def test_a_box_that_the_form_leaves_open_is_completed_by_the_hub_and_by_nobody_else_a12() -> None:
    assert "--complete authority=staffordshire or --complete authority=stoke" in wrong(
        "emergency_duty", {}, {}
    )
    assert handed_in("emergency_duty", completed={"authority": "stoke"}).referral.authority == "stoke"
    filled = {"Authority": "SCC"}
    assert handed_in("emergency_duty", filled, {}).referral.authority == "staffordshire"
    assert wrong("emergency_duty", filled, {"authority": "stoke"}).startswith("Authority: the form says it")
    assert "--complete: takes" in wrong("emergency_duty", {}, {"concern": "worse", "authority": "stoke"})
    assert "must be one of staffordshire, stoke" in wrong("emergency_duty", {}, {"authority": "cheshire"})


@pytest.mark.parametrize(
    ("source", "change", "told"),
    [
        (
            "first_response",
            {"Contact received": "2026-11-23"},
            "Contact received: must be a date and time such",
        ),
        (
            "first_response",
            {"Type of contact": "Zzz"},
            "Type of contact: must be one of Child protection, Welfare",
        ),
        ("first_response", {"Type of contact": ""}, "Type of contact: is not filled in"),
        (
            "first_response",
            {"Reason for referral": "", "What has been done so far": ""},
            "Reason for referral and",
        ),
        (
            "first_response",
            {"Children": [{"DOB": "zz"}]},
            "Children > 1 > DOB: must be a date such as 23/11/2012",
        ),
        ("first_response", {"Children": "zz"}, "Children: must be a section"),
        ("first_response", {"Children": ["zz"]}, "Children > 1: must be a section"),
        (
            "first_response",
            {"Section 47": {"Grounds for belief": "zz"}},
            "Section 47 > Practitioner staff number: is missing",
        ),
        (
            "first_response",
            {"Section 47": {"Grounds for belief": "zz", "Practitioner staff number": "Ann Zz"}},
            "Section 47 > Practitioner staff number: must have the form",
        ),
        ("first_response", {"Reason for referral": ["zz"]}, "Reason for referral: must be a text"),
        ("first_response", {"Reason for referral": "zz\ud800"}, "Reason for referral: must be valid Unicode"),
        ("police_cru", {"Persons": []}, "Persons: names nobody"),
        ("police_cru", {"Persons": [{"Name": "zz"}]}, "Persons > 1 > Role: is not filled in"),
        ("police_cru", {"Officer attended": "zz"}, "Officer attended: must be one of yes"),
        (
            "police_cru",
            {"Hate crime": {"Strands": ["zz"]}},
            "Hate crime > Strands: must be one of Disability",
        ),
        ("stoke_children_duty", {"Time": ""}, "Date and Time: is not filled in"),
        ("stoke_adult_contact", {"AP1 number": "an z!"}, "AP1 number: must have the form"),
        (
            "stoke_adult_contact",
            {"Ethnicity": "z" * 20_000},
            "the document: must have at most 20000 characters",
        ),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_what_is_wrong_is_told_in_the_forms_own_words_and_nothing_of_what_is_in_it_a12(
    source: str, change: dict[str, Any], told: str
) -> None:
    said = wrong(source, change)
    assert told in said and "zz" not in said.lower()


def test_fields_that_the_hub_does_not_ask_for_are_no_mistake_a12() -> None:
    assert handed_in("first_response", {"Ofsted number": 7, "Notes": {"a": [None]}}).referral.people


def test_what_the_hub_refuses_is_named_by_the_forms_own_fields_a12() -> None:
    filled = handed_in("police_cru", {"Referral type": "CSE"})
    with pytest.raises(Refused) as why_not:
        taken(filled.referral)
    assert {filled.name_of(place) for place in why_not.value.fields} == {
        "Hate crime > Strands and Hate crime > Vulnerable victim"
    }
    assert filled.name_of("data.people.0.date_of_birth") == "Persons > 1 > DOB"
    assert filled.name_of("authority") == "District"


# The document itself


def test_a_document_is_kept_as_it_came_byte_for_byte_a13() -> None:
    text = "  AP1\r\n\tBox 3:\u00a0“see overleaf” \r\n".encode()
    assert Document.of(text, "ap1.txt").text.encode() == text
    picture = bytes(range(256))
    kept = Document.of(picture, "AP1.PDF")
    assert kept.media_type == "application/pdf" and base64.b64decode(kept.text) == picture
    said = read_form(
        example("staffordshire-2012", "stoke_adult_contact"),
        "stoke_adult_contact",
        PARTNERSHIP,
        document=kept,
    ).referral
    assert said.form is not None and said.form.form == "ap1"
    assert base64.b64decode(said.form.document.reveal()) == picture
    assert "AAEC" not in repr(kept)


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"\xff\xfe", "ap1.txt", "no text in UTF-8"),
        (bytes(15_001), "ap1.pdf", "at most 15000 bytes"),
        (b"MZ", "ap1.exe", "has to be one of .txt"),
    ],
)
def test_a_document_that_cannot_be_kept_as_it_is_is_refused_a13(content: bytes, name: str, told: str) -> None:
    with pytest.raises(WrongInput, match=told):
        Document.of(content, name)


def test_the_longest_picture_fits_into_a_message_a13() -> None:
    said = read_form(
        example("staffordshire-2012", "first_response"),
        "first_response",
        PARTNERSHIP,
        document=Document.of(bytes(15_000), "scan.png"),
    ).referral
    assert taken(said).case.form is not None


def test_an_ap1_from_a_contact_centre_goes_with_the_package_as_it_came_f06_a13() -> None:
    body = example("staffordshire-2012", "staffordshire_adult_contact")
    said = handed_in("staffordshire_adult_contact").referral
    form = NativeForm(form="ap1", media_type="application/json", document=secret(body.decode()))
    hub = met(answered(directed(Procedure(), people=said.people, concern=said.concern, form=form)))
    sent = packages(hub.agree())[TEAM_MANAGER].form
    assert sent is not None and (sent.form, sent.media_type) == ("ap1", "application/json")


def test_an_ap1_whose_alerter_stays_anonymous_does_not_leave_as_it_came_d13_a13() -> None:
    hub = taken(handed_in("stoke_adult_contact").referral)
    assert hub.case.form_shows_source
    assert not taken(handed_in("staffordshire_adult_contact").referral).case.form_shows_source


# The mapping in the partnership's folder


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (
            '"first_response"]',
            '"second_response"]',
            "source_forms.first_response.sources: second_response is not known",
        ),
        (
            'sources = ["first_response"]',
            'sources = ["police_cru"]',
            "source_forms.police_referral.sources: police_cru has the form first_response already",
        ),
        ('{ field = "AP1 number" }', '{ field = "AP1 number", fixed = "x" }', "takes one of field, fields"),
        ('{ field = "AP1 number" }', "{ }", "takes one of field, fields"),
        ('{ field = "AP1 number" }', '{ feild = "AP1 number" }', "referral_id.feild: no such key"),
        (
            'codes = { SCC = "staffordshire"',
            'codes = { SCC = "cheshire"',
            "authority.codes: cheshire is none of",
        ),
        ('category = { fixed = "adult_protection" }', "", "source_forms.ap1.takes: nothing says category"),
        (
            'category = { fixed = "adult_protection" }',
            "category = { fixed = true }",
            "category.fixed: must be a text",
        ),
        (
            "codes = { Y = false, N = true }",
            'codes = { Y = "no" }',
            "may_be_named.codes: must be true or false",
        ),
        ('stoke_adult_contact = "stoke"', "", "by_source: says it for each of staffordshire_adult_contact"),
        ('dates = "%d.%m.%Y"', 'dates = "%d.%m."', "stoke_children.dates: must have day, month and year"),
        ('moments = "%d.%m.%Y %H.%M"', 'moments = "%H.%M"', "stoke_children.moments: must have day"),
        (
            'given_name = { field = "Forename" }',
            'forename = { field = "Forename" }',
            "forename: no such field",
        ),
        ('part = { field = "Is"', 'routine = { field = "Is"', "nothing says part"),
        (
            '"section_47_belief.by.role" = { fixed = "police_sergeant" }',
            "",
            "section_47_belief is said as a whole; add section_47_belief.by.role",
        ),
        ('fixed = "police_sergeant"', 'fixed = "constable"', "by.role.fixed: constable is none of"),
        (
            'sources = ["emergency_duty"]',
            'sources = ["emergency_duty"]\ncompleted_in_hub = ["concern"]',
            "completed_in_hub: a person may complete referral_id, category",
        ),
        (
            'family_name = { field = "Surname" }',
            'family_name = { fields = ["Surname", "Title"] }',
            "family_name.fields: only a text or a moment is put together",
        ),
    ],
)
def test_a_mapping_that_leads_nowhere_is_told_with_file_key_and_what_to_do_a12(
    before: str, after: str, told: str, tmp_path: Path
) -> None:
    folder = PartnershipFolder(tmp_path)
    folder.replace("forms.toml", before, after)
    with pytest.raises(PartnershipInvalid) as why_not:
        folder.read()
    lines = [line for line in str(why_not.value).splitlines() if told in line]
    assert lines and all(line.startswith("forms.toml: ") for line in lines), str(why_not.value)


def test_another_form_is_taken_by_changing_the_configuration_alone_a12_l11(tmp_path: Path) -> None:
    folder = PartnershipFolder(tmp_path)
    folder.replace("forms.toml", '"AP1 number"', '"Alert ref."')
    filled = json.loads(example("staffordshire-2012", "stoke_adult_contact"))
    filled["Alert ref."] = filled.pop("AP1 number")
    read = read_form(json.dumps(filled).encode(), "stoke_adult_contact", folder.read())
    assert read.referral.referral_id == "AP1-S-0078"
