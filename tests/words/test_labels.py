"""Column names become words a reader would say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datapilot.words.labels import is_row_name, label, plural


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("", True), (" ", True), ("Unnamed: 0", True), ("column_1", True), ("Column 12", True), ("Index", True),
        ("#", True), ("S.No.", True), ("row.names", True), ("rownum", True), ("obs", True),
        ("x", False), ("price index", False), ("columns", False), ("rowing", False), ("row height", False),
    ],
)  # fmt: skip
def test_name_that_rows_alone_have(name: str, is_one: bool) -> None:
    """Programs call the numbers of the rows so where nobody gave them a heading; what is measured has a name."""
    assert is_row_name(name) == is_one


@pytest.mark.spec("C6")
@pytest.mark.parametrize(
    ("name", "said"),
    [
        pytest.param("unit_price", "unit price", id="snake case is split"),
        pytest.param("totalRevenue", "total revenue", id="camel case is split"),
        pytest.param("TotalHDDSize", "total HDD size", id="an abbreviation inside camel case stays"),
        pytest.param("CO(GT)", "CO(GT)", id="a formula stays"),
        pytest.param("PT08.S1(CO)", "PT08.S1(CO)", id="a sensor's code stays"),
        pytest.param("budget_2013$", "budget 2013$", id="a sign at the end is no formula"),
        pytest.param("ISO3166-1-Alpha-2", "ISO3166-1-Alpha-2", id="a standard's name stays"),
        pytest.param("pct", "percent", id="a sign alone is no noun"),
        pytest.param("pct_missed", "% missed", id="a sign before a noun is short"),
        pytest.param("customer_id", "customer ID", id="id is written ID"),
        pytest.param("customerID", "customer ID", id="ID stays ID"),
        pytest.param("DOHMH", "DOHMH", id="an agency's letters stay"),
        pytest.param("REVENUE", "revenue", id="a long word in capitals is a word"),
        pytest.param("SALES_AMOUNT", "sales amount", id="shouting is calmed"),
        pytest.param("NO2", "NO2", id="a short code stays"),
        pytest.param("DO (mg/L)", "DO (mg/L)", id="a short code stays beside its unit"),
        pytest.param("Order Date", "order date", id="title case is lowered"),
        pytest.param("Jan", "Jan", id="a month keeps its capital"),
        pytest.param("address.city", "address city", id="a nested record reads as words"),
        pytest.param("  a \t b ", "a b", id="blanks are trimmed and collapsed"),
        pytest.param("it_spend", "it spend", id="the pronoun is not shouted"),
        pytest.param("IT", "IT", id="the department is"),
        pytest.param("Verwendungszweck", "Verwendungszweck", id="a German noun keeps its capital"),
        pytest.param("Стоимость", "стоимость", id="other scripts are words too"),
        pytest.param("", "unnamed column", id="no name at all"),
        pytest.param("\u200b\u202e", "unnamed column", id="a name nobody can see"),
    ],
)
def test_name_is_said_in_words(name: str, said: str) -> None:
    """A column's name is humanised without inventing anything."""
    assert label(name) == said


def test_long_question_keeps_its_capitals() -> None:
    """A survey's question is a sentence of its own; only its length is capped."""
    question = "Which of the following Star Wars films have you seen? Please select all that apply."

    said = label(question)

    assert said == "Which of the following Star Wars films have you seen?…"
    assert said.endswith("…")


@given(st.text())
def test_any_name_becomes_one_safe_line(name: str) -> None:
    """Whatever stands in a header, its label is short, printable, trimmed and not empty."""
    said = label(name)

    assert 0 < len(said) <= 80
    assert said == " ".join(said.split())
    assert not any(ord(character) < 32 or character in "\u202a\u202b\u202d\u202e\u2066\u2067" for character in said)


@pytest.mark.parametrize(
    ("said", "many"),
    [
        pytest.param("department", "departments", id="a plain noun"),
        pytest.param("model category", "model categories", id="the last word changes"),
        pytest.param("hwy", None, id="an abbreviation"),
        pytest.param("maritl", None, id="a word cut short"),
        pytest.param("genus", None, id="a Latin word"),
        pytest.param("school", "schools", id="a word that ends alike"),
        pytest.param("children", "children", id="one that is a plural"),
        pytest.param("branch", "branches", id="a hissing end"),
        pytest.param("units", "units", id="a plural stays"),
        pytest.param("assigned to", None, id="a participle has none"),
        pytest.param("returned", None, id="a state has none"),
        pytest.param("CO(GT)", None, id="a formula has none"),
        pytest.param("what is your view of it", None, id="a question has none"),
    ],
)
def test_plural_is_made_only_where_it_reads_well(said: str, many: str | None) -> None:
    """Better none than a wrong one."""
    assert plural(said) == many
