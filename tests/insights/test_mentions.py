"""What people write: a word of comments, subjects or payments, and what goes with it."""

import json
from typing import Any

import numpy as np
import pytest
from tests.insights.reports import report_of
from tests.insights.tables import Cells, collected, insights_of, table_of

from datapilot.contracts.insight import Insight
from datapilot.contracts.profile import ColumnProfile
from datapilot.engine.evaluate import evaluate
from datapilot.insights.language_model.catalogue import PrivacyMode, build_catalogue
from datapilot.insights.subjects.cells import encode
from datapilot.insights.subjects.text_words import is_written, words_of
from datapilot.words.function_words import function_words

SUBJECTS = [
    "Cannot log in after the update", "Screen flickers when docked", "Request for a new monitor",
    "The mail does not sync on my phone", "Question about vacation days", "Please unlock my account",
]  # fmt: skip


WRITTEN = {"inferred_type": "text", "role": "never", "ml_type": "sentence"}


def told(cells: Cells, **known: Any) -> list[Insight]:
    """Return what is told of the first column's words."""
    known = {next(iter(cells)): WRITTEN} | known
    return [one for one in insights_of(cells, **known).analyst_insights if one.kind == "mention"]


def tickets(seed: int, *, slower: float = 1.0, printers_in_spain: float = 0.05, unhappy: float = 0.2) -> Cells:
    """900 tickets; those about refunds take so many times as long, and so many of Spain's are about printers."""
    rng = np.random.default_rng(seed)
    country = rng.choice(["Spain", "France", "Germany", "Italy"], 900)
    is_refund = rng.random(900) < 0.12
    is_printer = ~is_refund & (rng.random(900) < np.where(country == "Spain", printers_in_spain, 0.05))
    asked = np.where(
        is_refund, "Refund is missing again", np.where(is_printer, "Printer jams", rng.choice(SUBJECTS, 900))
    )
    return {
        "subject": [f"{one} ({at})" for at, one in enumerate(asked.tolist())],
        "country": country.tolist(),
        "hours to solve": np.round(rng.exponential(20, 900) * np.where(is_refund, slower, 1.0), 1).tolist(),
        "churned": (rng.random(900) < np.where(is_refund, unhappy, 0.2)).tolist(),
    }


@pytest.mark.spec("C6")
def test_records_that_mention_a_word_are_told_by_what_they_have_more_of() -> None:
    """All figures are facts: a condition on the text is computed and verified as any other."""
    first, *_ = told(tickets(1, slower=3))

    assert first.columns == ("hours to solve", "subject")
    assert "where subject mentions “refund”, against" in first.headline
    assert "have a text without it" in first.detail


@pytest.mark.spec("C6")
def test_a_group_that_mentions_a_word_more_often_is_told() -> None:
    """Half of what Spain asks is about printers, which hardly anybody else asks about."""
    found = told(tickets(2, printers_in_spain=0.5))

    assert [
        one.headline for one in found if "of Spain records mention “printer jams” in subject, against" in one.headline
    ]


@pytest.mark.spec("C6")
def test_what_happens_to_those_who_mention_a_word_is_told() -> None:
    """Of those whose refund is missing most leave."""
    found = told(tickets(3, unhappy=0.7))

    assert [
        one.headline for one in found if "of records that mention “refund” in subject churned, against" in one.headline
    ]


@pytest.mark.spec("C6")
def test_words_that_go_with_nothing_are_only_counted() -> None:
    """Every word is a test of the table's family: of forty words by several columns none is told for chance."""
    found = [one for seed in range(6) for one in told(tickets(seed, slower=1))]

    assert {one.columns for one in found} <= {("subject",)}
    assert all("mentions most: in " in one.headline for one in found)


@pytest.mark.spec("C6")
def test_words_that_name_a_group_are_told_by_its_column() -> None:
    """That those filed under refunds write of refunds is no finding, nor what they have more of than others."""
    cells = tickets(4, slower=3, unhappy=0.7)
    topic = ["Refunds" if one.startswith("Refund") else "Other" for one in cells["subject"]]

    assert any("refund" in one.headline for one in told(cells))
    assert not any("refund" in one.headline for one in told(cells | {"topic": topic}))


@pytest.mark.spec("C6")
def test_payments_without_a_category_are_told_by_whom_they_name() -> None:
    """What comes in is no part of what goes out."""
    rng = np.random.default_rng(5)
    payees = rng.choice(["CITY GROCERY STORE", "SPEEDY FUEL", "RIVER BOOKS"], 300, p=[0.5, 0.2, 0.3]).tolist()
    amounts = [-float(one) for one in rng.integers(5, 60, 300)]
    for at in range(0, 300, 30):
        payees[at], amounts[at] = "SALARY ACME WORKS", 2500.0
    cells = {"purpose": [f"{one} {at + 7000}" for at, one in enumerate(payees)], "amount": amounts}

    found = told(cells, amount={"role": "sum"})

    assert [one for one in found if one.headline.startswith("Records that mention “CITY GROCERY” in purpose make up")]
    assert all(" of what went out: " in one.headline for one in found if len(one.columns) > 1)


@pytest.mark.spec("C5")
def test_a_condition_on_a_text_is_computed_again() -> None:
    """The facts of a finding about words have the values that the engine gives when it is asked anew."""
    table = table_of(tickets(1, slower=3), subject=WRITTEN)
    facts = collected(table)[0].facts
    asked = [one for one in facts if any(part.op == "mentions" for part in one.measure.filters)]

    assert asked
    assert evaluate([one.measure for one in asked], table) == asked


def _column(name: str, ml_type: str = "sentence", words: float = 6.0) -> ColumnProfile:
    return ColumnProfile.model_validate({
        "name": name, "inferred_type": "text", "storage": "VARCHAR", "role": "never", "ml_type": ml_type,
        "missing_count": 0, "missing_share": 0.0, "unique_count": 90, "sample_values": (), "mean_words": words,
        "confidence": 1.0, "reasons": (),
    })  # fmt: skip


@pytest.mark.spec("C6")
@pytest.mark.parametrize(
    ("column", "is_one"),
    [
        (_column("answer_3"), True), (_column("Verwendungszweck", "categorical", 2.5), True),
        (_column("product", "categorical"), False), (_column("title", words=2.7), False),
    ],
)  # fmt: skip
def test_texts_are_what_people_write_not_names_of_things(column: ColumnProfile, is_one: bool) -> None:
    """By their class and length, or because the name of the column says so."""
    assert is_written(column) is is_one


@pytest.mark.spec("C6")
def test_words_are_told_as_they_are_written_and_with_their_company() -> None:
    """A word that begins a text loses its capital, a name in capitals keeps them; numbers and articles are no words."""
    texts = ["The credit card was refused 12345678", "My credit card is gone", "VPN and the login fail", "Login to VPN"]
    found = words_of("comment", encode(np.array(texts * 10, dtype=object)))

    assert [one.text for one in found.words] == ["credit card", "VPN", "refused", "login fail"]
    assert found.mentioned(found.words[0]).model_dump(mode="json", exclude_none=True) == {
        "column": "comment", "op": "mentions", "value": "credit card",
    }  # fmt: skip


@pytest.mark.spec("C6")
def test_a_word_of_one_language_may_mean_something_in_another() -> None:
    """A door is no word of Dutch grammar to an English reader."""
    assert "door" not in function_words({"the": 9, "is": 5, "was": 4, "not": 4, "door": 4})
    assert "door" in function_words({"de": 9, "het": 5, "door": 4, "niet": 4})


@pytest.mark.spec("C8")
@pytest.mark.parametrize("mode", ["strict", "labels"])
def test_no_word_of_a_text_is_told_to_a_model(mode: PrivacyMode) -> None:
    """It is published to whoever owns the table, and leaves as a token like any other cell."""
    cells = tickets(1, slower=3)
    report = report_of(tuple(cells), tuple(zip(*(map(str, column) for column in cells.values()), strict=True)))
    sent = json.dumps(build_catalogue(report, mode=mode).data, ensure_ascii=False).lower()

    assert any("“refund”" in one.headline for one in report.insights.analyst_insights)
    assert "mentions {c" in sent
    assert "refund" not in sent
