"""The page of a package: everything the team has to see, and nothing that a text could smuggle in."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from agents.partnership import Partnership, bundled, read_partnership
from messages.confidential import Confidential
from messages.package import AgencyLine, PackageIssued, ReleasedElement, Suggestion
from messages.referral import NativeForm, PersonConcerned
from messages.words import Actor, AnswerState, Category, Course, Part, Rag, Rationale
from ops.demo.pages import as_json, page

NOON = datetime(2012, 7, 2, 12, 0, tzinfo=UTC)


def _package() -> PackageIssued:
    by = Actor(person="CSS-SP-01", role="senior_practitioner", agency="csc_staffordshire")
    why = Rationale(reason=Confidential("It fits."), proportionality=Confidential("No more."))
    return PackageIssued(
        package_id="C-1/package/1",
        version=1,
        kind="partial",
        round=1,
        recipient="children_social_work_staffordshire",
        category=Category.CHILD_PROTECTION,
        rag=Rag.RED,
        received_at=NOON,
        due_at=NOON + timedelta(hours=2),
        issued_at=NOON + timedelta(hours=2),
        on_time=True,
        marking="restricted",
        purpose="safeguarding_children",
        people=(
            PersonConcerned(
                person_id="child",
                part=Part.CHILD,
                given_name=Confidential("<b>Ann</b>"),
                family_name=Confidential("Thistle"),
            ),
        ),
        concern=Confidential("Hurt & <script>alert(1)</script>"),
        suggestion=Suggestion(
            course=Course.JOINT_INVESTIGATION, by=by, rationale=why, urgent_facts=Confidential("Go $now.")
        ),
        agencies=(
            AgencyLine(agency="police", state=AnswerState.FOUND, released=1, withheld=2),
            AgencyLine(agency="housing", state=AnswerState.OUTSTANDING, off_hub=True),
        ),
        elements=(
            ReleasedElement(
                element_id="C-1/police/1",
                agency="police",
                owner="probation",
                about=("child",),
                kind="risk_report",
                marking="restricted",
                sanitised=True,
                text=Confidential("A man of the household is on licence."),
                conditions=(Confidential("Not to be quoted."),),
            ),
        ),
        waiting_for=("housing",),
        agreed_by=by,
        sha256="0" * 64,
    )


def _page() -> str:
    partnership: Partnership = read_partnership(bundled("staffordshire-2012"))
    return page(_package(), ("children_social_work_staffordshire",), partnership)


def test_a_text_stays_a_text() -> None:
    shown = _page()
    assert "<script>" not in shown
    assert "Hurt &amp; &lt;script&gt;" in shown
    assert "&lt;b&gt;Ann&lt;/b&gt; Thistle" in shown
    assert "Go $now." in shown


def test_what_is_urgent_comes_before_everything_else() -> None:
    shown = _page()
    assert shown.index("First:") < shown.index("The concern") < shown.index("What was released")


def test_a_released_element_shows_whose_it_is_and_on_what_condition() -> None:
    shown = _page()
    assert "A man of the household is on licence." in shown
    assert "belongs to Probation Service; in sanitised form" in shown
    assert "<strong>Condition:</strong> Not to be quoted." in shown


def test_the_sources_own_form_stands_at_the_end_as_it_came() -> None:
    partnership: Partnership = read_partnership(bundled("staffordshire-2012"))
    form = NativeForm(form="ap1", media_type="text/plain", document=Confidential("Seen by: <i>Ann</i>"))
    shown = page(_package().model_copy(update={"form": form}), ("adult_special_investigation",), partnership)
    assert "<h2>Form AP1</h2>" in shown and "Seen by: &lt;i&gt;Ann&lt;/i&gt;" in shown
    drawn = form.model_copy(update={"media_type": "application/pdf"})
    shown = page(_package().model_copy(update={"form": drawn}), ("adult_special_investigation",), partnership)
    assert "comes with the package as application/pdf" in shown and "Seen by" not in shown


def test_silence_never_reads_as_nothing_known() -> None:
    shown = _page()
    assert "<td>Housing Providers</td><td>has not answered</td>" in shown
    assert "<td>holds information</td><td>2 withheld</td>" in shown
    assert "Still waiting for:</strong> Housing Providers. Silence does not mean" in shown


def test_times_are_local() -> None:
    assert "Received Mon 02 Jul 2012 13:00 BST, due Mon 02 Jul 2012 15:00 BST" in _page()


def test_the_json_has_the_texts_and_no_single_recipient() -> None:
    said = json.loads(as_json(_package()))
    assert said["elements"][0]["text"] == "A man of the household is on licence."
    assert "recipient" not in said
