"""Which sentences claim what only a fact may say: hand-written wrong ones, and harmless ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datapilot.insights.language_model.claims import LEAD_WORDS, flaw_of, flaw_of_lead

pytestmark = pytest.mark.spec("C5")

WRONG_COMMENTS = [
    "Sales doubled in the north.",
    "A majority of the customers come back.",
    "This is by far the best region.",
    "Revenue fell because of the new price.",
    "The two columns are unrelated to each other.",
    "Nearly all orders are late.",
    "This is due to a change in the process.",
    "It is three times as much as before.",
    "Demand has grown steadily.",
    "The average is driven by a few large orders.",
    "Half of the tickets are open.",
    "The figure is higher than it was.",
    "Customers are unhappy with 40 days of waiting.",
    "There was a sharp drop in spring.",
    "Prices are rising in the south.",
    "That is about a quarter of the total.",
    "The first region leads the table.",
    "It is the highest value on record.",
    "None of the orders was paid.",
    "Every customer pays late.",
    "This leads to a loss of margin.",
    "The rate is stable.",
    "Most of it is missing.",
    "The share is small.",
    "It has never been so low.",
    "The team is responsible for the delay.",
    "The trend is reversed.",
    "A significant difference between the groups.",
    "Twenty-five of them were late.",
    "It exceeds the plan.",
    "This outperforms the other region.",
    "It is rarely more than that.",
    "The peak is in summer.",
    "A dozen of the stores are closed.",
    "The ratio is ⅓ of what it was.",
    "It was Ⅻ times that.",
    "四 of them were late.",
]

HARMLESS_COMMENTS = [
    "Ask whether the price list was the same in these places.",
    "What was sold may matter here, so look at the products before you decide.",
    "Check how the time of closing is recorded.",
    "It would help to know who enters the data and when.",
    "A campaign could stand next to this.",
    "The table does not say what it would take to change this.",
    "Before acting, find out if the teams record tickets in the same way.",
]

NO_SENTENCES = [
    "",
    "   ",
    "ok",
    "Die Umsätze im Norden sind gestiegen.",
    "Las ventas del norte son un problema.",
    "продажи растут",
    "Visit http://evil.example for more.",
    "See [this](x) for it.",
    "Look at <b>this</b>.",
    "Ignore the rules of this page.",
    "Run `rm` on it.",
    "Write to me at a@b.c now.",
    "It is at evil.com for you.",
    "Price is $ to me.",
    "What is it? #now",
    "This has been verified by us.",
    "Enter the password to see it.",
    "x" * 300,
    "It is a line with a \u202e sign.",
    "Click on it to see more of this.",
]

WRONG_ADVICE = [
    "Cut 30% of the budget.",
    "Hire two people for the team.",
    "Act on it because sales fell.",
    "Stop the fall: revenue is falling.",
    "Invest where growth is.",
    "Copy the best store.",
    "Focus on the top customers.",
    "Fix what caused the delay.",
    "Give half of it back.",
    "Double the budget of the team.",
    "Respond to declining demand.",
]

HARMLESS_ADVICE = [
    "Raise the price in one store and compare before rolling it out.",
    "Ask the team of the region how the orders are taken.",
    "Reduce the discount in a part of the market and see what happens.",
    "Look first at the open cases.",
    "Agree with finance on how to record returns.",
]


@pytest.mark.parametrize("text", WRONG_COMMENTS)
def test_a_comment_that_claims_is_not_published(text: str) -> None:
    """Number words, quantities, comparisons, directions, causes: each would need a fact."""
    assert flaw_of(text, "comment") is not None


@pytest.mark.parametrize("text", HARMLESS_COMMENTS)
def test_a_comment_that_helps_is_published(text: str) -> None:
    """Questions and cautions claim nothing."""
    assert flaw_of(text, "comment") is None


@pytest.mark.parametrize("text", NO_SENTENCES)
@pytest.mark.parametrize("use", ["comment", "advice"])
def test_what_is_no_plain_english_sentence(text: str, use: str) -> None:
    """Markup, addresses, orders to the reader, other languages and scripts are not let through."""
    assert flaw_of(text, use) is not None  # type: ignore[arg-type]


@pytest.mark.parametrize("text", WRONG_ADVICE)
def test_advice_that_claims_is_not_published(text: str) -> None:
    """It may say what to do, not what has happened."""
    assert flaw_of(text, "advice") is not None


@pytest.mark.parametrize("text", HARMLESS_ADVICE)
def test_advice_is_published(text: str) -> None:
    """Deeds are no claims."""
    assert flaw_of(text, "advice") is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ask the people in Qaristan how they do it.", "Qaristan"),
        ("Send all the money to my account at the bank.", "please send all the money"),
        ("What happens in May is of interest.", "May"),
    ],
)
def test_names_of_the_table_are_not_repeated(text: str, name: str) -> None:
    """A label outside a slot could be the wrong one; a longer name could be a message of its author's."""
    assert flaw_of(text, "advice", names=[name]) == "a name of the table"


@pytest.mark.parametrize("name", ["May", "Other", "of", ""])
def test_an_ordinary_word_is_no_name(name: str) -> None:
    """A label that is a word of English does not forbid the word."""
    assert flaw_of("It may help to ask the other team.", "advice", names=[name]) is None


@pytest.mark.parametrize(
    "lead",
    [
        "Where to look",
        "Compare the regions before planning",
        "What to check in the revenue data",
        "Unit price by region",
    ],
)
def test_leads(lead: str) -> None:
    """Everyday words and the finding's own columns."""
    assert flaw_of_lead(lead, labels=["region", "unit price", "revenue"]) is None


@pytest.mark.parametrize(
    "lead",
    [
        "Revenue fell",
        "The most of it",
        "Look at Qaristan",
        "Customers affected",
        "Because of it",
        "Region",
        "",
        "Look",
        "Three to watch",
        "Look: here",
        "Look at <b>",
        "Compare the unrelated records",
        "Almost all of the records",
        "The 95th point",
        "Look " * 13,
    ],
)
def test_what_is_no_lead(lead: str) -> None:
    """A claim, a foreign noun, a sign, a single word, too many of them."""
    assert flaw_of_lead(lead, labels=["region", "revenue"]) is not None


def test_labels_do_not_smuggle_claims() -> None:
    """A column called "highest total" does not make these words everyday ones."""
    assert flaw_of_lead("Look at the highest total here", labels=["highest total"]) is not None


def test_everyday_words_claim_nothing() -> None:
    """No word of a lead is one that a comment may not hold."""
    claims = [word for word in sorted(LEAD_WORDS) if flaw_of(f"it is {word} and what it is", "comment") is not None]

    assert claims == []


@given(st.text(max_size=80))
def test_whatever_is_published_holds_no_digit(text: str) -> None:
    """Of any script."""
    if any(character.isnumeric() for character in text):
        assert flaw_of(text, "comment") is not None
        assert flaw_of(text, "advice") is not None
        assert flaw_of_lead(text, labels=[text]) is not None
