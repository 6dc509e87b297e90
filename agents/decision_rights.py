"""The decision rights: a partnership says which roles hold each. [table of decision rights]"""

from __future__ import annotations

RIGHTS = {
    "threshold": ("Whether the hub takes the case", "threshold.decided", "B11, B12"),
    "direct": ("That partners are consulted, and which", "enquiry.directed", "B11, C01-C03"),
    "enquire_outside": ("To ask an agency outside the hub", "enquiry.directed", "C04"),
    "rate": ("The rating at commencement, and every change of it", "risk.rated", "E01, E10"),
    "professional_judgement": (
        "To bring a case below the threshold on professional judgement",
        "referral.received",
        "B09",
    ),
    "section_47_belief": (
        "To hold the belief that the section 47 threshold is met",
        "referral.received",
        "B08, G06",
    ),
    "hate_response": (
        "To set the level of response to a hate crime, with adult social care",
        "hate_response.decided",
        "I03",
    ),
    "hate_response_adult_social_care": (
        "To set it for the adult social care that was asked",
        "hate_response.decided",
        "I03",
    ),
    "complete_cse_referral": (
        "To complete the referral of an exploited child into social care, as practitioner",
        "cse_referral.completed",
        "I06",
    ),
    "cosign_cse_referral": ("To complete it as Senior Practitioner", "cse_referral.completed", "I06"),
    "advise_on_exploitation": ("To advise staff of the hub on exploitation", "advice.recorded", "I05"),
    "answer_check": ("To answer a check by hand, for one's own agency", "check.answered", "C06, D01"),
    "record_discussion": ("To record the discussion of elements", "discussion.recorded", "D06"),
    "release": (
        "To release, sanitise or withhold an element of one's own agency; to permit its use by another; "
        "to approve a dated rule",
        "disclosure.decided, permission.decided",
        "D03, D09, D23",
    ),
    "dispute": ("To dispute the decision of another agency", "disclosure.disputed", "D22, K01"),
    "management": (
        "To act as line manager of one of the two sides, and to confirm what the other recorded",
        "management.acted, settlement.confirmed",
        "K01",
    ),
    "convene": ("To call the panel", "escalation.convened", "K01"),
    "panel": (
        "To sit on the panel, to decide there, and to confirm what another member recorded",
        "escalation.decided, settlement.confirmed",
        "K02, K03",
    ),
    "final_decision": (
        "The final decision, as data controller of the disputed element",
        "controller.decided",
        "K06",
    ),
    "assess": ("The assessment and the suggested course", "assessment.made", "G02"),
    "adult_threshold_social_care": (
        "Adult social care's signature on the adult threshold; then with police the Strategy Discussion, the "
        "Initial Investigation Plan, complex or not",
        "adult_threshold.signed, adult_strategy.recorded, investigation_plan.recorded, adult_route.decided",
        "F01-F07",
    ),
    "adult_threshold_police": (
        "The same for police",
        "adult_threshold.signed, adult_strategy.recorded, investigation_plan.recorded, adult_route.decided",
        "F01-F07",
    ),
    "supply_form": ("To supply the AP1 that a referral came without", "form.supplied", "A13, F04, F06"),
    "sanitise_concern": (
        "The concern in other words, which leaves where the one that was referred would give a source away",
        "concern.sanitised",
        "D11, D13",
    ),
    "agree_package": ("That the package goes out", "package.agreed", "D19"),
    "agree_partial": ("That it goes out with gaps", "package.agreed", "E12"),
    "end_case": ("That the hub's part ends, with the reason", "case.ended", "A07, C06"),
    "confirm_handover": (
        "That the source of a redirected referral has handed it over",
        "referral.handed_over",
        "B12",
    ),
    "field_team": (
        "To speak for a field team: acknowledge, task back, report the outcome",
        "package.acknowledged, information.requested, outcome.reported",
        "D20, G03",
    ),
    "dial_history": ("What the police know of those in a DIAL", "dial_history.recorded", "H03"),
    "dial_check": ("What children's services know of them", "dial_check.recorded", "H03"),
    "dial_alert": ("To act on a DIAL before the meeting", "dial.alerted", "H07, H09"),
    "dial_meeting": ("The outcome of a DIAL, with the quorum", "dial.screened, review.held", "H04, H05"),
    "hate_crime_review": ("To hold the daily hate crime review", "review.held", "I01"),
    "missing_children_review": ("To hold the daily missing children review", "review.held", "I08"),
    "missing_of_concern": ("That a missing child is of concern", "missing_child.flagged", "I09, I10"),
    "view": ("To view, in the hub, what was revealed and released", "mash read, mash package", "D02, L04"),
    "oversee": (
        "To see, with `view`, every case of the hub in the dashboard, and not only those that one's own "
        "agency was asked about",
        "the dashboard",
        "C10, D02",
    ),
    "account_for_data": (
        "To see what became of the information of one's own agency, in every case: who read it and what for, "
        "what was let go or withheld, by whom and on what basis; codes, ids and times, never what it says",
        "the dashboard",
        "D02, D15, L05",
    ),
    "operate": (
        "To watch the hub at work in the dashboard, without content or personal data, and to have messages "
        "in quarantine handled again",
        "the dashboard",
        "D02",
    ),
    "see_figures": (
        "To see, with `oversee`, the management view: numbers of cases, without any of them",
        "the dashboard",
        "J01, K05",
    ),
    "consult_supervisor": (
        "To telephone a designated supervisor, and record that",
        "supervision.recorded",
        "J02-J06",
    ),
    "report_breach": ("To report a breach of the Memorandum", "breach.reported", "J07, L10"),
    "purge": (
        "That content whose time is over is destroyed, jointly with champions of the other agencies",
        "case.purge_requested",
        "L09",
    ),
    "stay_purge": (
        "That nothing of it is destroyed, for an inquest or a serious case review",
        "case.stay_decided",
        "L09",
    ),
}
"""What each right is for, the messages that claim it, and the requirements behind it."""
