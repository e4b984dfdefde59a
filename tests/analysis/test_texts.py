"""The words of prose and the masks of codes, over all rows, as polars counts them."""

import random
from collections.abc import Sequence
from typing import Any

import polars as pl
import pytest
from tests.engine.tables import column, make_table

from datapilot.analysis import texts
from datapilot.analysis.profiling import profile_table
from datapilot.contracts.profile import ColumnProfile, TextPattern

pytestmark = pytest.mark.spec("B3")


def profile_of(cells: Sequence[str | None], inferred_type: str = "text", **known: Any) -> ColumnProfile:
    """Return the profile of a table's one text column."""
    table = make_table([column("c", "VARCHAR", inferred_type=inferred_type, **known)], [[cell] for cell in cells])
    return profile_table(table).profile.columns[0]


@pytest.mark.parametrize("seed", range(5))
def test_words_and_masks_are_those_that_polars_counts(seed: int) -> None:
    """Words parted by any white space; capitals, other letters and digits of ASCII, with repeated and missing cells."""
    chance = random.Random(seed)
    codes = [f"{chance.choice('KZ')}-{chance.randrange(10, 99)}" for _ in range(200)]
    others = ["".join(chance.choices("aZ7- \t", k=chance.randrange(5))) for _ in range(160)]
    cells = [*codes, *others, *[None] * 40]
    series = pl.Series(cells, dtype=pl.String).drop_nulls()
    words = series.str.count_matches(r"\S+")
    masks = series.str.replace_all("[A-Z]", "A").str.replace_all("[a-z]", "a").str.replace_all("[0-9]", "9")
    often = masks.value_counts().sort(["count", ""], descending=[True, False]).head(5)

    told = profile_of(cells)

    assert (told.min_words, told.max_words) == (words.min(), words.max())
    assert told.mean_words == pytest.approx(words.mean(), rel=1e-9)
    assert [(one.mask, one.count) for one in told.patterns] == often.rows()
    assert [one.share for one in told.patterns] == pytest.approx([count / 400 for count in often["count"]], rel=1e-9)


def test_letters_and_digits_of_every_script_have_a_sign() -> None:
    """Capitals, other letters and digits beyond ASCII are replaced too, marks stay."""
    told = profile_of(["ÄÖ-٣٤/ß日", "ÉÈ-۱۲/éж", "x"], "identifier")

    assert told.patterns == (TextPattern(mask="AA-99/aa", count=2, share=0.666666666667),)
    assert told.mean_words is None


@pytest.mark.parametrize(
    ("cells", "inferred_type", "known"),
    [
        (["AB-12", "AB-13"], "identifier", {"pii": "national_id"}),
        (["Ada Lovelace", "Alan Turing"], "text", {"pii": "name"}),
        (["North", "South"], "categorical", {}),
        ([None, None], "text", {}),
    ],
    ids=["personal codes", "personal texts", "categories", "nothing"],
)
def test_other_columns_have_no_form(cells: list[str | None], inferred_type: str, known: dict[str, Any]) -> None:
    """No mask and no number of words is told of personal cells, of categories and of nothing."""
    told = profile_of(cells, inferred_type, **known)

    assert (told.min_words, told.max_words, told.mean_words, told.patterns) == (None, None, None, ())


def test_long_texts_have_words_and_no_masks() -> None:
    """A text of more than 40 characters is no code."""
    told = profile_of(["word " * 20, "word " * 20])

    assert (told.min_words, told.max_words, told.mean_words) == (20, 20, 20.0)
    assert told.patterns == ()


def test_words_of_chance_lengths_have_no_masks() -> None:
    """Where less than a third of the texts is built alike, no pattern is told; from a third on it is."""
    words = [letter * length for length in (1, 2, 3, 4) for letter in "abc"]

    told, codes = profile_of(words), profile_of([*words, "x", "y", "z"])

    assert told.patterns == ()
    assert codes.patterns[0] == TextPattern(mask="a", count=6, share=0.4)


def test_columns_beyond_the_budget_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Columns are taken whole, in file order; one with too many texts is left out, a smaller one after it is not."""
    monkeypatch.setattr(texts, "TEXT_BUDGET", 4)
    kinds = [column(name, "VARCHAR", inferred_type="text") for name in "abc"]
    rows = [("x", str(number), ("y", "z")[number % 2]) for number in range(6)]

    told = profile_table(make_table(kinds, rows)).profile.columns

    assert [one.max_words for one in told] == [1, None, 1]
