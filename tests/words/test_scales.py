"""Which categories have an order of their own, and which."""

import random

import pytest

from datapilot.words.scales import in_own_order

pytestmark = pytest.mark.spec("B4")

ORDERED = [
    "<18 | 18-24 | 25-34 | 65+", "Under 18 | 18 to 24 | 25 to 64 | 65 and over", "unter 18 | 18 bis 30 | über 60",
    "moins de 25 ans | 25-49 ans | 50 ans et plus", "Ages 18-24 | Ages 25-34", "[0, 10) | [10, 20) | [20, 30)",
    "$0-$24,999 | $25,000-$49,999 | $50,000 - $99,999 | $100,000+", "500-1k | 1-5k | 5k+", "0 | 1 | 2 | 3+",
    "Less than $20K | $20K - $40K | $40K - $60K | $120K +", "0 - 999 | 1 000 - 4 999 | 5 000 and more",
    "2019-2020 | 2020-2021", "< 1 year | 1 year | 2 years | 10+ years", "1st class | 2nd class | 3rd class",
    "36 months | 60 months", "1 - Critical | 2 - High | 3 - Moderate | 4 - Low", "Q1 | Q2 | Q3 | Q4",
    "2023 Q4 | 2024 Q1", "Stage I | Stage II | Stage IV", "Level 1 | Level 2 | Level 10", "low | medium | high",
    "niedrig | mittel | hoch", "Faible | Moyen | Élevé", "bajo | medio | alto", "Low risk | Medium risk | High risk",
    "Very unfavorably | Neither favorably nor unfavorably (neutral) | Somewhat favorably | Unfamiliar (N/A)",
    "Small (1-10) | Medium (11-50) | Large (51+)", "S | M | L | XL", "January | May | August", "Jan. | Feb. | Dec.",
    "Mon | Tue | Sun", "Montag | Dienstag | Mittwoch", "Never | Rarely | Often | Always", "A+ | A | A- | B",
    "Strongly disagree | Disagree | Neither agree nor disagree | Agree | Strongly agree",
    "Neutral | Satisfied | Very satisfied | Prefer not to say", "Fair | Good | Very Good | Premium | Ideal",
    "High School | Bachelor's Degree | Master's degree | PhD", "AAA | AA | A | BBB",
    "Less than high school degree | High school degree | Some college or Associate degree | Graduate degree", "H1 | H2",
    "Below | Meets | Exceeds", "Needs improvement | Meets expectations | Exceeds expectations",
    "FY21 Q1 | FY21 Q4 | FY22 Q1", "Q3 FY2023 | Q1 FY2024",
    "Less than a year | 1-2 years | 3-5 years | More than 5 years", "moins d'un an | 1-2 ans | plus de 2 ans",
    "Less than 6 months | 6-12 months | 1-2 years | 3+ years", "3 months | 6 months | 1 year | 2 years",
    "weniger als ein Jahr | 1-2 Jahre | über 2 Jahre", "Within an hour | 1-4 hours | 1-2 days | More than a week",
    "Never | 1-2 times | 3-5 times | More than 5 times", "< 1 month | 1-3 months | 3-12 months | > 1 year",
]  # fmt: skip


@pytest.mark.parametrize("said", ORDERED)
def test_scale_stands_in_its_own_order(said: str) -> None:
    """Whatever order its values come in; what says that nothing is known stands last."""
    values = said.split(" | ")
    mixed = random.Random(7).sample(values, len(values))

    assert in_own_order(mixed) == tuple(values)


@pytest.mark.parametrize(
    "said",
    [
        "North | South | East", "Store 1 | Store 2 | Store 12", "A | B | C", "M | F", "S | M",
        "Male | Female | Unknown", "555-1234 | 555-9999 | 444-1212", "10 - Food | 45 - Retail | 99 - Other",
        "Standard | Express | Economy", "First Class | Standard Class | Second Class | Same Day", "1-3 | 2-5 | 4-9",
        "Gold | Oil | Silver",
        "S1 | S2 | S3", "low | Low", "H1 | H3 | H4", "Mercedes | May", "normal | abnormal", "2WD | 4WD",
        "Less than a year | 1-2 years | Married", "One | Another", "6-18 months | 1-2 years",
    ],
)  # fmt: skip
def test_names_have_no_order(said: str) -> None:
    """One value that has no place in the order of the others is enough, and so are bands that overlap."""
    assert in_own_order(said.split(" | ")) == ()


def test_name_of_the_column_tells_marks_from_names() -> None:
    """A, B and C are marks under a name that says so, and halls or groups under any other."""
    assert in_own_order(["C", "A", "B"], name="loan_grade") == ("A", "B", "C")
    assert in_own_order(["P2", "P1"], name="Priority") == ("P1", "P2")
    assert in_own_order(["P2", "P1"], name="Platform") == ()


def test_numbers_ascend_and_flags_do_not() -> None:
    """Marks of one to five are a scale; yes and no are none, and neither are more values than bars have room for."""
    assert in_own_order([5, 1, 3]) == (1, 3, 5)
    assert in_own_order([True, False]) == ()
    assert in_own_order(list(range(21))) == ()
