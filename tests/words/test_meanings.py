"""What the words of a column's name say, in whatever language and script they are written."""

import pytest

from datapilot.insights.wording.owners import owner
from datapilot.words.meanings import comes_in, name_words, names_event, names_level, names_profit


@pytest.mark.spec("C6")
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("कुल बिक्री", ["कुल", "बिक्री"]),
        ("मुनाफ़ा", ["मुनाफ़ा"]),
        ("売上総額", ["売上", "総額"]),
        ("Umsatz_2024", ["umsatz"]),
        ("", ["unnamed", "column"]),
    ],
    ids=["vowel signs stay in their word", "so does a dot below a letter", "no spaces: what is known stands apart",
         "figures and signs are no words", "a column without a name has the words it is called by"],
)  # fmt: skip
def test_words_of_a_name(name: str, words: list[str]) -> None:
    """A name falls into words as a reader of its script would cut it."""
    assert name_words(name) == words


@pytest.mark.spec("C6")
@pytest.mark.parametrize(
    "name",
    [
        "净利润",
        "粗利益",
        "영업이익",
        "صافي الربح",
        "Чистая прибыль",
        "Net kâr",
        "Zysk netto",
        "Καθαρά κέρδη",
        "רווח נקי",
        "शुद्ध लाभ",
        "P/L (£)",
    ],
)  # fmt: skip
def test_profit_in_ten_languages(name: str) -> None:
    """What was earned is known as such, so that a fall of it is bad news."""
    assert names_profit(name)


@pytest.mark.spec("C6")
@pytest.mark.parametrize(
    ("earned", "spent"),
    [
        ("销售额", "费用"), ("売上高", "経費"), ("매출액", "비용"), ("المبيعات", "المصروفات"), ("Выручка", "Расходы"),
        ("Satış geliri", "Gider"), ("Przychody", "Koszty"), ("Έσοδα", "Έξοδα"), ("הכנסות", "הוצאות"), ("बिक्री", "खर्च"),
    ],
)  # fmt: skip
def test_money_in_and_out_in_ten_languages(earned: str, spent: str) -> None:
    """A heading says whether what stands below it came in or went out, and finance answers for what went out."""
    assert comes_in(earned) is True
    assert comes_in(spent) is False
    assert owner(spent) == "finance"


@pytest.mark.spec("C6")
@pytest.mark.parametrize(
    ("heading", "is_earned"),
    [
        ("In", True), ("Out", False), ("Cost of sales", False), ("Income tax", False),
        ("Other income and expenses", None), ("Opening balance", None),
    ],
)  # fmt: skip
def test_heading_that_says_both_sides_is_decided_by_what_it_is_about(heading: str, is_earned: bool | None) -> None:
    """Cost of sales is a cost and income tax a tax; income and expenses together are neither."""
    assert comes_in(heading) is is_earned


@pytest.mark.spec("C6")
@pytest.mark.parametrize(
    "name", ["库存", "在庫数", "재고", "الرصيد", "Остаток", "Stok", "Zapasy", "Υπόλοιπο", "יתרה", "शेष राशि"]
)
def test_levels_in_ten_languages(name: str) -> None:
    """What is on hand adds up at one moment and never over time."""
    assert names_level(name)


@pytest.mark.spec("C6")
@pytest.mark.parametrize("name", ["New subscribers", "Net new MRR", "employees hired"])
def test_what_joined_or_left_is_no_level(name: str) -> None:
    """Subscribers are so many at a time, those that were won in a month add up."""
    assert not names_level(name)


@pytest.mark.spec("C6")
def test_a_part_of_a_word_is_not_the_word() -> None:
    """Turkish "kar" is no part of "karton", and what becomes of an order is told by its own word only."""
    assert not names_profit("Karton")
    assert names_event("Возврат")
    assert not names_event("Срок возвратности")
