"""The made-up names, places and phrases of the sample world. None of them is anybody's."""

from __future__ import annotations


def listed(text: str, between: str | None = None) -> list[str]:
    """A list from a text, taken apart at blanks or at ``between``."""
    return [" ".join(part.split()) for part in text.split(between)]


FAMILY_FIRST = listed(
    """
    Amber Birch Cinder Dusk Elder Flint Gorse Hazel Iron Juniper Knot Larch Mallow Nettle Oat Pike Quince
    Rush Sorrel Tansy Vetch Wren
    """
)
FAMILY_LAST = listed(
    """
    arrow bank crest dell fold garth holme keld loft marl ness pool rigg stile thorpe
    """
)
"""Family names are a first and a last part: ``Birchgarth``."""

GIVEN = listed(
    """
    Abigail Adela Albert Alexander Alfred Alison Andrew Anthony Arthur Barbara Benjamin Brisella Catherine
    Charles Charlotte Christine Christopher Corvina Daniel David Dellara Deborah Dorothy Edward Eleanor
    Elizabeth Emrin Florence Frances Frederick Galdor Geoffrey George Georgina Gerald Harold Harriet Helena
    Henry Isabel Isolina James Jennifer Jessica Joanna Joseph Joshua Kenneth Kestrin Laurence Leonard
    Lillian Loris Lucinda Madeleine Margaret Matthew Meriel Michael Miravel Nathaniel Nicholas Nicola Odo
    Oliver Pamela Patricia Penelope Peter Quentin Rachel Raymond Rebecca Richard Robert Rosemary Samantha
    Samuel Sarah Selwyn Simon Sophia Stephen Susan Talwyn Teresa Theodore Thomas Timothy Undine Valerie
    Victoria Vincent Walter Wilfred William Winifred Ysella Zachary
    """
)

STREETS = listed(
    """
    Lanternpost Row, Saddler's Wynd, Pickle Hill, Bellfounder Lane, Ropewalk Terrace, Tollgate Cottages,
    Weir Bank, Chandler's Close, Drovers' Lane, Sheepwash Lane, Mercer Street, Quarry Edge, Almshouse Row,
    Wharf Cottages, Orchard Rise, Fennel Street, Tenter Field, Smithy Brow, Linden Mews, Glover Street,
    Beacon Lane, Tanner's Row, Beech Walk, Plover Close
    """,
    ",",
)
POTTERY_STREETS = listed(
    """
    Saggarbank Yard, Bottle Oven Road, Flint Mill Court, Kiln Lane, Potbank Street, Clay Pit Lane, Crate
    Street, Slipware Way, Nightsoil Lane, Etruria Cut, Marl Hole Terrace, Oatcake Row
    """,
    ",",
)

TOWNS = {
    "staffordshire": (
        ("Little Wending", "ZZ3"),
        ("Great Wending", "ZZ3"),
        ("Thornybrook", "ZZ4"),
        ("Marlpit Green", "ZZ5"),
        ("Otterford", "ZZ6"),
    ),
    "stoke": (("Kilnhollow", "ZZ1"), ("Bottle End", "ZZ2")),
}
"""Towns that are on no map, with postcodes that are given to nobody (ZZ is no postcode area)."""

PHRASES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "police": (
        ("attendance", "protect", "Officers attended after a call about noise. No offences disclosed."),
        ("crime_report", "protect", "Reported the theft of a bicycle from the front garden."),
        ("lost_property", "protect", "Reported a lost purse; found and returned."),
        ("attendance", "protect", "Officers gave advice after a dispute about a hedge."),
    ),
    "csc": (
        ("case_status", "protect", "One contact, no further action."),
        ("case_status", "protect", "Closed after an initial assessment; advice given."),
        ("assessment", "restricted", "Family support for six weeks after the birth of a sibling."),
    ),
    "asc": (
        ("assessment", "restricted", "Assessed for equipment in the bathroom; provided."),
        ("assessment", "restricted", "Two care calls a day; reviewed every year."),
        ("case_status", "protect", "Asked about meals at home; given a list."),
    ),
    "education": (
        ("school_attendance", "protect", "Attendance above 95 per cent."),
        ("school_attendance", "protect", "Attendance between 85 and 90 per cent; letters sent home."),
        ("school_concern", "protect", "Often without lunch; a free meal was arranged."),
    ),
    "primary_care": (
        ("consultation", "restricted", "Seen for a cough; advice given."),
        ("unrelated_treatment", "restricted", "Vaccinations up to date."),
        ("consultation", "restricted", "Missed two appointments; a letter was sent."),
    ),
    "adult_mental_health": (("care_plan", "confidential", "Reviewed every six months; stable."),),
    "camhs": (("care_plan", "confidential", "Waiting for a first appointment."),),
    "probation": (("risk_report", "restricted", "Unpaid work completed; low risk."),),
    "housing": (
        ("tenancy_note", "protect", "Tenancy since 2006; rent is paid."),
        ("tenancy", "protect", "Asked to move to a ground floor."),
        ("anti_social_behaviour", "restricted", "Complaint about music; settled by a visit."),
    ),
}
"""What is held about the people who are in no referral: kind, marking and text, by the kind of agency."""
