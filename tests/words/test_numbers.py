"""Values are written the way business readers write them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datapilot.contracts.base import Scalar
from datapilot.words.numbers import MINUS, counted, show


@pytest.mark.parametrize(
    ("value", "unit", "form", "text"),
    [
        (1234, None, None, "1,234"),
        (48210, None, None, "48,210"),
        (1_240_000, None, None, "1.24M"),
        (999_999.7, None, None, "1M"),
        (1_234_567_890, "€", None, "€1.23bn"),
        (48210, None, "short", "48.2k"),
        (3200, "€", None, "€3,200"),
        (3.2, "EUR", None, "€3.20"),
        (0.38, "share", None, "38%"),
        (0.3821, "share", "fine", "38.2%"),
        (0.5, "share", "fine", "50%"),
        (0.034, "share", None, "3.4%"),
        (0.008, "share", None, "0.8%"),
        (0.9996, "share", None, "99.9%"),
        (0.00001, "share", None, "under 0.01%"),
        (0.12, "share", "signed", "+12%"),
        (-0.12, "share", None, f"{MINUS}12%"),
        (-0.12, "share", "abs", "12%"),
        (0.25, None, "percent", "25%"),
        (0.8991, None, "coefficient", "0.90"),
        (-0.9992, None, "coefficient", f"{MINUS}0.99"),
        (1.0, None, "coefficient", "1.00"),
        (50.8, "%", None, "50.8%"),
        (51.23, "days", None, "51.2 days"),
        (7.312, "days", None, "7.3 days"),
        (0.512, "days", None, "0.51 days"),
        (106.4, "days", None, "106 days"),
        (1, "days", None, "1 day"),
        (12.3, "kg", "plain", "12.3"),
        (100, "rows", None, "100"),
        (2024, None, "digits", "2024"),
        (123456.789, None, "full", "123,456.789"),
        (0.0452, None, None, "0.0452"),
        (0.0000012, None, None, "0.0000012"),
        (-3.14159, None, None, f"{MINUS}3.14"),
        (12.3, None, "signed", "+12.3"),
        (-0.67, "%", "abs|step", "0.67 points"),
        (1, "%", "step", "1 point"),
        (5, "€", "step", "€5"),
        (-12.3, None, "signed|abs", "12.3"),
        (True, None, None, "yes"),
        (None, None, None, "n/a"),
        ("2024-03-12", None, None, "12 Mar 2024"),
        ("2024-03-12T10:05:00", None, None, "12 Mar 2024 10:05"),
        ("2024-03-12T00:00:00", None, None, "12 Mar 2024"),
        ("2024-03-12T10:05:00", None, "day", "12 Mar 2024"),
        ("North\u202e \x07West", None, None, "North West"),
        ("2024-99-99", None, None, "2024-99-99"),
    ],
)  # fmt: skip
def test_value_is_written_in_business_style(value: Scalar, unit: str | None, form: str | None, text: str) -> None:
    """Each kind of value has one way of being written."""
    assert show(value, unit, form=form) == text


def test_unknown_form_is_refused() -> None:
    """A form nobody knows is a mistake in a template, not a default."""
    with pytest.raises(ValueError, match="no form"):
        show(1, None, form="roman")


def test_long_cell_is_cut_with_an_ellipsis() -> None:
    """A cell of any length takes at most sixty characters of a sentence."""
    shown = show("x" * 500, None)

    assert len(shown) == 60
    assert shown.endswith("…")


_LETTERS = {"k": 1e3, "M": 1e6, "bn": 1e9, "T": 1e12}


@given(st.floats(min_value=1e-5, max_value=1e14) | st.integers(min_value=1, max_value=10**14))
def test_written_number_is_close_to_the_value(value: float) -> None:
    """Reading the text back gives the value to three figures: within half a per cent."""
    text = show(value, None).replace(",", "")
    letter = next((name for name in _LETTERS if text.endswith(name)), "")

    read_back = float(text.removesuffix(letter)) * _LETTERS.get(letter, 1)

    assert math.isclose(read_back, value, rel_tol=0.0051)


@given(st.floats(min_value=0, max_value=1, exclude_min=True, exclude_max=True))
def test_share_is_never_nothing_or_everything(share: float) -> None:
    """A share strictly between none and all is not written as 0% or 100%."""
    text = show(share, "share")

    assert text not in {"0%", "0.0%", "0.00%", "100%", "100.0%"}


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from([None, "share", "€", "days", "%"]))
def test_sign_is_shown_for_negative_values(value: float, unit: str | None) -> None:
    """A negative value always starts with a minus, any other never does."""
    assert show(value, unit).startswith(MINUS) == (value < 0)


@pytest.mark.parametrize(("count", "text"), [(0, "0 rows"), (1, "1 row"), (1546, "1,546 rows")])
def test_noun_follows_its_count(count: int, text: str) -> None:
    """One row is no rows."""
    assert counted(count, "row") == text
